"""The fold as the policy engine reads it: `hanode.cib.status` values, no XML."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache

from hanode.cib import status as cib
from hanode.cib.configuration import Configuration
from hanode.cib.document import Cib, parse_configuration
from hanode.cib.xml import read_xml
from hanode.events import OperationFinished
from hanode.state.cluster import ClusterState
from hanode.state.operations import ending, is_probe
from hanode.state.records import NodeRecord

_WALKS = 10**9
"""More than a term ever has."""
_STATUS = {
    "pending": cib.PENDING,
    "done": cib.DONE,
    "cancelled": cib.CANCELLED,
    "timeout": cib.TIMEOUT,
    "error": cib.ERROR,
    "not-installed": cib.NOT_INSTALLED,
}


def status_of(state: ClusterState) -> cib.Status:
    """Nodes, history, tickets and quorum as of the state's position."""
    return cib.Status(
        nodes=(
            *(_node(state, state.nodes[name], _doomed(state, name)) for name in state.data_nodes),
            *(_remote(node, _doomed(state, name)) for name, node in sorted(state.remotes.items())),
            *(_stranger(*node) for node in _configured(state.cib) if node[0] not in state.members),
        ),
        tickets=tuple(
            cib.TicketState(t.id, t.granted, t.standby, int(t.last_granted))
            for _, t in sorted(state.tickets.items())
        ),
        have_quorum=state.quorate,
        dc=state.dc,
    )


def cib_of(state: ClusterState, configuration: Configuration | None = None) -> Cib:
    """Configuration and status together, as the PE wants them. Raises cib.BadCib."""
    if configuration is None:
        configuration = parse_configuration(state.cib.encode())
    return Cib(configuration=configuration, status=status_of(state))


def _doomed(state: ClusterState, name: str) -> bool:
    """An intent to fence this boot stands: it can't be taken back by good behaviour."""
    record = state.record(name)
    boot = record.boot if record else 0
    return any(i.target == name and i.boot >= boot for i in state.intents.values())


def _node(state: ClusterState, node: NodeRecord, doomed: bool) -> cib.NodeState:
    attributes = dict(node.attributes)
    if doomed and node.present:
        attributes["terminate"] = "true"  # who is gone is to be fenced for that
    elif node.leaving and node.present and not doomed:  # gone without a word, it is lost
        attributes["shutdown"] = str(node.leaving)
    # What is just stopping is looked at again, in its turn behind that: taken for running, it would
    # have started what rests upon it. (Not where quorum is lost, and all has to stop.)
    probed = ending(node) if state.quorate and node.online else ()
    return cib.NodeState(
        uname=node.name,
        id=node.name,
        in_ccm=node.present,
        # In the view and not heard of under this boot: on its way in. If that takes too long, the
        # DC wants it fenced; the PE must not, and nothing starts there meanwhile.
        crmd=node.present,
        join="member" if node.online else "pending" if node.present else "down",
        expected="member" if node.expected or node.present or doomed else "down",
        attributes=attributes,
        history=_histories(node, probed),
    )


def _remote(node: NodeRecord, doomed: bool) -> cib.NodeState:
    """A remote node has attributes and history only; whether it is there, its connection tells."""
    return cib.NodeState(
        uname=node.name,
        id=node.name,
        attributes={**node.attributes, **({"terminate": "true"} if doomed else {})},
        history=_histories(node),
        remote=True,
    )


def _histories(node: NodeRecord, probed: Collection[str] = ()) -> tuple[cib.ResourceHistory, ...]:
    known = (n for n in sorted(node.history) if n not in node.unsure and n not in probed)
    return tuple(_history(name, node.history[name]) for name in known)


def _stranger(name: str, ident: str) -> cib.NodeState:
    """Configured, and no member of this cluster (yet): it never had an order of ours, so nothing
    waits for it. A node that is not even mentioned might be anywhere, says the PE."""
    return cib.NodeState(name, ident, in_ccm=False, crmd=False, join="down", expected="down")


@lru_cache(maxsize=2)
def _configured(text: str) -> tuple[tuple[str, str], ...]:
    """Name and id of each node in a configuration; of remote nodes only their connection tells."""
    nodes = read_xml(text.encode()).iterfind("configuration/nodes/node")
    members = [node for node in nodes if node.get("type", "member") == "member"]
    return tuple((node.get("uname", ""), node.get("id", "")) for node in members)


def _history(resource: str, results: dict[str, OperationFinished]) -> cib.ResourceHistory:
    latest = max(results.values(), key=lambda done: done.call_id)
    class_, _, rest = latest.agent.partition(":")
    provider, _, type_ = rest.rpartition(":")
    return cib.ResourceHistory(
        id=resource,
        class_=class_,
        provider=provider,
        type=type_,
        operations=tuple(_operation(resource, key, done) for key, done in sorted(results.items())),
    )


def _operation(resource: str, key: str, done: OperationFinished) -> cib.Operation:
    moved_to = done.peer if done.task == "migrate_to" else ""
    moved_from = done.peer if done.task == "migrate_from" else ""
    return cib.Operation(
        task=done.task,
        interval_ms=done.interval_ms,
        call_id=done.call_id,
        rc=done.rc,
        status=_STATUS.get(done.status, cib.ERROR),
        expected_rc=done.expected_rc,
        last_rc_change=int(done.at),
        last_run=int(done.at),
        exec_ms=done.exec_ms,
        queue_ms=done.queue_ms,
        exit_reason=done.reason,
        id=f"{resource}_{key}",
        key=f"{resource}_{done.task}_{done.interval_ms}",
        on_node=done.node,
        digest=done.digest,
        transition_key=_transition_key(done) if done.digest else "",
        restart_digest=done.restart_digest,
        migrate_source=moved_from or (done.node if moved_to else ""),
        migrate_target=moved_to or (done.node if moved_from else ""),
        reloadable=done.reloadable,
    )


def _transition_key(done: OperationFinished) -> str:
    """In which walk it was ordered, so that which of two nodes spoke later is known whatever their
    clocks say."""
    term, _, rest = done.order.partition(".")
    walk, _, action = rest.partition(".")
    if not (term.isdecimal() and walk.isdecimal() and action.isdecimal()):
        return ""
    number = 2 * (int(term[:18]) * _WALKS + int(walk[:18])) + (not is_probe(done))
    return f"{action}:{number}:{done.expected_rc}:{cib.OURS}"
