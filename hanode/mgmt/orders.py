"""What an operator does with a running cluster, as events: move, stop, standby, clean up, fence.

Each function takes the state that the operator sees and gives a Proposal: the events, the sentence
to confirm and the command line that does the same. Nothing is sent here, nothing is tried; what
can't be ordered raises CannotOrder. (What resources and constraints there are is changed by
`hanode.mgmt.resources` and `hanode.mgmt.constraints`.)
"""

from __future__ import annotations

import shlex

from hanode.attributes import unfit
from hanode.events import (
    AttributeSet,
    FencingConfirmed,
    FencingIntended,
    HistoryCleared,
    NodeLeaving,
    OperationFinished,
    TicketSet,
    UnfencingOrdered,
)
from hanode.mgmt.draft import Draft
from hanode.mgmt.placement import ban, clear, move
from hanode.mgmt.proposal import Aim, CannotOrder, NothingToDo, Proposal, unknown
from hanode.mgmt.running import ROLES, hands_off, manage, put_back, target_role
from hanode.state import ClusterState
from hanode.state.lawful import overtaken
from hanode.state.operations import failed, is_probe
from hanode.state.proofs import UNFENCED
from hanode.state.records import NodeRecord

__all__ = [
    "ROLES", "CannotOrder", "NothingToDo", "Proposal", "attribute", "ban", "cleanup", "clear",
    "confirm_fenced", "fence", "leave", "maintenance", "manage", "move", "put_back", "standby",
    "target_role", "ticket", "unfence",
]  # fmt: skip

TOLD = (0, 7, 8)
"""Exit codes by which a probe has told what runs."""

# ------------------------------------------------------------------------------------------ nodes


def standby(state: ClusterState, node: str, on: bool) -> Proposal:
    """Whether a node runs resources at all; it stays a member and votes."""
    draft = Draft(state)
    if on:
        owner = draft.entered(node)
        draft.set_pair(owner, "instance_attributes", "standby", "on")
    else:
        draft.drop_pair(draft.node(node), "instance_attributes", "standby")
    says = "Put {} into standby: what it runs moves away." if on else "Let {} run resources again."
    argv = ["node", "standby" if on else "online", node]
    aim = Aim((), emptied=node) if on else None
    lasting = [] if on else _transient(state, node, "standby")
    return draft.propose(says.format(node), argv, aim=aim, also=lasting)


def _transient(state: ClusterState, node: str, name: str) -> list[AttributeSet]:
    """What takes away an attribute of that name which is to last until the node leaves."""
    record = state.record(node)
    told = record is not None and name in record.attributes
    return [AttributeSet(node, name, None)] if told else []


def maintenance(state: ClusterState, on: bool, *, node: str = "", resource: str = "") -> Proposal:
    """Hands off: of a node, a resource, or (neither given) of the whole cluster."""
    draft = Draft(state)
    value, off = "true" if on else "", [] if on else ["--off"]
    if node:
        owner, what = draft.entered(node) if on else draft.node(node), f"node {node}"
        draft.set_pairs(owner, "instance_attributes", {"maintenance": value})
        argv = ["node", "maintenance", node, *off]
    elif resource:
        what = hands_off(draft, resource, on)
        argv = ["resource", "maintenance", resource, *off]
    else:
        what, mode = "the whole cluster", {"maintenance-mode": value}
        draft.set_pairs("crm_config", "cluster_property_set", mode, "cib-bootstrap-options")
        argv = ["property", "set", f"maintenance-mode={'true' if on else 'false'}"]
    says = f"Maintenance of {what}: " + (
        "nothing is started, stopped or watched there." if on else "over; it is managed again."
    )
    also = _transient(state, node, "maintenance") if node and not on else ()
    return draft.propose(says, argv, also=also)


def leave(state: ClusterState, node: str) -> Proposal:
    """Shut a node's hanode down in an orderly way; what it runs moves away first."""
    record = _record(state, node)
    if not record.present:
        raise NothingToDo(f"{node} is not in the cluster's view; there is nothing to shut down")
    line = shlex.join(("hanode", "node", "leave", node))
    sentence = f"Shut hanode down on {node}; what it runs moves away first."
    return Proposal((NodeLeaving(node, record.boot),), sentence, line, risky=True)


def attribute(state: ClusterState, node: str, name: str, value: str | None) -> Proposal:
    """A node attribute that lasts until the node leaves; None takes it away."""
    _record(state, node)
    pair = f"{name}={value}" if value is not None else f"{name}="
    line = shlex.join(("hanode", "node", "attribute", node, pair, "--transient"))
    says = f"to {value!r}" if value is not None else "to nothing"
    return Proposal((AttributeSet(node, name, value),), f"Set {name} of {node} {says}.", line)


def _record(state: ClusterState, node: str) -> NodeRecord:
    record = state.record(node)
    if record is None:
        raise unknown("node", node, [*state.nodes, *state.remotes])
    return record


# -------------------------------------------------------------------- failures, fencing, tickets


def cleanup(
    state: ClusterState, resource: str = "", node: str = "", everywhere: bool = False
) -> Proposal:
    """Forget failures and history, so that it is probed and may be tried again.

    Only where it has failed: what runs well elsewhere stays known, and so does all that depends on
    it. `everywhere` is the operator's word for all there is (refresh).
    """
    if node:
        _record(state, node)
    names = histories(state, resource) if resource else []
    if everywhere:
        cleared = [(name, node) for name in names or [""]]
    else:
        cleared = _failed(state, names, node)
    what = resource or "all resources"
    if not cleared:
        raise NothingToDo(
            f"nothing to clean up: no failure of {what}{f' on {node}' if node else ''} is known "
            "(hanode resource refresh looks anew what runs)"
        )
    nodes = list(dict.fromkeys(name for _, name in cleared if name))
    where = f" on {', '.join(nodes)}" if nodes else ""
    given = ([resource] if resource else []) + (["--node", node] if node else [])
    line = shlex.join(("hanode", "resource", "refresh" if everywhere else "cleanup", *given))
    events = tuple(HistoryCleared(*at) for at in cleared)
    return Proposal(events, f"Forget failures of {what}{where}, and look anew what runs.", line)


def _failed(state: ClusterState, names: list[str], node: str) -> list[tuple[str, str]]:
    """(resource, node) of every failure that is remembered: of these resources, or of any."""
    found = []
    for place, record in sorted({**state.nodes, **state.remotes}.items()):
        counted = [key.removeprefix("fail-count-").partition("#")[0] for key in record.attributes
                   if key.startswith("fail-count-")]  # fmt: skip
        ailing = [
            name for name, kept in record.history.items() if any(map(_went_wrong, kept.values()))
        ]
        if node in ("", place):
            found += [(name, place) for name in dict.fromkeys([*sorted(ailing), *sorted(counted)])]
    return [at for at in found if not names or at[0] in names]


def _went_wrong(done: OperationFinished) -> bool:
    """A failure, or a probe that could not tell: what it needs may have been installed since."""
    return failed(done) or (is_probe(done) and (done.status != "done" or done.rc not in TOLD))


def histories(state: ClusterState, resource: str) -> list[str]:
    """The names under which LRMs remember a resource: members, and numbered instances."""
    draft = Draft(state)
    remembered = sorted(
        {name for node in (*state.nodes.values(), *state.remotes.values()) for name in node.history}
    )
    if resource in remembered and resource not in draft.resource_names():
        return [resource]  # it was removed from the configuration, and failed on the way out
    found = draft.resource(resource)
    members = [p.get("id", "") for p in found.iter("primitive")]
    numbered = [name for name in remembered if name.partition(":")[0] in members]
    return list(dict.fromkeys([*members, *numbered]))


def fence(state: ClusterState, node: str, action: str = "reboot") -> Proposal:
    """Cut a node's life short."""
    if action not in ("reboot", "off"):
        raise CannotOrder(f"unknown fence action {action!r}; actions: reboot, off")
    record = _record(state, node)
    intent = FencingIntended("", node, record.boot, action, "ordered by an operator")
    given = ["fence", "node", node, *(["--off"] if action == "off" else [])]
    how = "power it off" if action == "off" else "reboot it"
    sentence = f"Fence {node}: {how} at once, without stopping what it runs."
    return Proposal((intent,), sentence, shlex.join(("hanode", *given)), risky=True)


def confirm_fenced(state: ClusterState, node: str) -> Proposal:
    """An operator's word that a lost node is down and runs nothing."""
    record = _record(state, node)
    if record.online:
        raise CannotOrder(
            f"{node} is online, so it is not down; shut it down first (hanode node leave {node}), "
            f"or fence it (hanode fence node {node})"
        )
    pending = [i.request for i in state.intents.values() if i.target == node]
    word = FencingConfirmed(pending[0] if pending else "", node, record.boot, "operator")
    sentence = (
        f"Confirm that {node} is powered off and runs nothing. If that is wrong, services will run "
        "twice and data may be lost."
    )
    line = shlex.join(("hanode", "fence", "confirm", node))
    return Proposal((word,), sentence, line, risky=True)


def unfence(state: ClusterState, node: str) -> Proposal:
    """Have the devices that keep a node out let it in again."""
    record = state.nodes.get(node)
    if record is None:
        raise unknown("node", node, list(state.nodes))
    keepers = _keepers(state)
    if not keepers:
        raise CannotOrder(
            "no fence device cuts nodes off (meta provides=isolation or unfencing); one that is "
            f"powered off comes back when it is switched on: look at {node}'s power"
        )
    order = UnfencingOrdered(node, record.boot)
    if no := overtaken(state, order):
        raise CannotOrder(no)
    if record.online and record.attributes.get(UNFENCED, "0") != "0":
        raise NothingToDo(f"{node} is not kept out: its devices have let this boot of it in")
    sentence = f"Let {node} in again: {', '.join(keepers)} is told to switch it on"
    if record.online:
        sentence += ", once what has moved away from it has stopped there."
    else:
        sentence += (
            f". Nobody hears {node}: if it still serves what has moved away from it, that will be "
            "served twice."
        )
    line = shlex.join(("hanode", "fence", "unfence", node))
    return Proposal((order,), sentence, line, risky=not record.online)


def _keepers(state: ClusterState) -> list[str]:
    """Fence devices that cut nodes off, or must let them in."""
    draft = Draft(state)
    stonith = [d.get("id", "") for d in draft.root.iter("primitive") if d.get("class") == "stonith"]
    provided = {name: draft.pair(name, "meta_attributes", "provides") or "" for name in stonith}
    return [n for n, said in provided.items() if "isolation" in said or "unfencing" in said]


def ticket(
    state: ClusterState, name: str, *, granted: bool | None = None, standby: bool | None = None
) -> Proposal:
    """Grant, revoke, or set a site's ticket aside."""
    if not granted and name not in (known := _tickets(state)):
        raise unknown("ticket", name, known)
    if wrong := unfit(name):
        raise CannotOrder(f"ticket {name!r}: {wrong}")
    if granted is not None:
        verb = "grant" if granted else "revoke"
    else:
        verb = "standby" if standby else "activate"
    line = shlex.join(("hanode", "ticket", verb, name))
    sentence = f"{verb.capitalize()} ticket {name} {'for' if granted else 'at'} this site."
    return Proposal((TicketSet(name, granted, standby),), sentence, line, risky=granted is False)


def _tickets(state: ClusterState) -> set[str]:
    """Those that were granted or revoked, or that something depends on."""
    needed = Draft(state).root.iterfind("configuration/constraints/rsc_ticket")
    return {*state.tickets, *(constraint.get("ticket", "") for constraint in needed)}
