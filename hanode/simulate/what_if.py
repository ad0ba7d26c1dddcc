"""What is made to happen to a CIB before it is decided about, each a value changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from hanode.cib.configuration import Bundle, Clone, Group, Primitive, Resource
from hanode.cib.document import Cib
from hanode.cib.status import NodeState, ResourceHistory, TicketState
from hanode.pe.simulate import Result, failures, with_result


class Impossible(ValueError):  # noqa: N818 - what the wish was
    """This can't happen in this cluster: why, and what can."""


class OpSpec(NamedTuple):
    """RESOURCE_TASK_INTERVAL@NODE=RC."""

    resource: str
    task: str
    interval_ms: int
    node: str
    rc: int


def read_opspec(text: str) -> OpSpec:
    """Raises Impossible."""
    key, at, rest = text.rpartition("@")
    node, equals, rc = rest.partition("=")
    name, _, interval = key.rpartition("_")
    resource, _, task = name.rpartition("_")
    if task in ("to", "from") and resource.endswith("_migrate"):
        resource, task = resource.removesuffix("_migrate"), f"migrate_{task}"
    right = at and equals and resource and task and node
    if not right or not interval.isdecimal() or not rc.isdecimal():
        raise Impossible(
            f'"{text}" is no operation; give RESOURCE_TASK_INTERVAL@NODE=RC, '
            "as in web_monitor_10000@n1=7"
        )
    return OpSpec(resource, task, int(interval), node, int(rc))


def happen(cib: Cib, what: str, argument: str, now: float) -> tuple[Cib, str]:
    """The CIB after it has happened, and a line that says so. Raises Impossible."""
    return _HAPPENINGS[what](cib, argument, now)


# --------------------------------------------------------------------------------------- nodes


def _state(cib: Cib, name: str) -> NodeState:
    """A node's state; a configured one that nobody has seen gets one."""
    ids = {node.uname: node.id for node in cib.configuration.nodes}
    for state in cib.status.nodes:
        if state.name == name or state.id == ids.get(name, name):
            return state
    if name in ids:
        return NodeState(name, ids[name], unseen=True, in_ccm=False, crmd=False, join="down")
    known = [node.uname for node in cib.configuration.nodes]
    known += [state.name for state in cib.status.nodes if state.name and state.name not in known]
    raise Impossible(f'no node "{name}"; there are {", ".join(known) or "none"}')


def _put(cib: Cib, state: NodeState) -> Cib:
    nodes = list(cib.status.nodes)
    at = next((n for n, old in enumerate(nodes) if old.id == state.id), len(nodes))
    nodes[at : at + 1] = [state]
    return cib._replace(status=cib.status._replace(nodes=tuple(nodes)))


def _up(cib: Cib, name: str, now: float) -> tuple[Cib, str]:
    state = _state(cib, name)._replace(
        in_ccm=True, crmd=True, join="member", expected="member", unseen=False
    )
    return _put(cib, state), f"Bringing node {name} online"


def _down(cib: Cib, name: str, now: float) -> tuple[Cib, str]:
    return _put(cib, _gone(cib, name, "down")), f"Taking node {name} offline"


def _fail(cib: Cib, name: str, now: float) -> tuple[Cib, str]:
    return _put(cib, _gone(cib, name, "member")), f"Failing node {name}"


def _gone(cib: Cib, name: str, expected: str) -> NodeState:
    """Out of the cluster, which expected that or didn't."""
    return _state(cib, name)._replace(
        in_ccm=False, crmd=False, join="down", expected=expected, unseen=False
    )


def _standby(cib: Cib, name: str, now: float) -> tuple[Cib, str]:
    return _with_attribute(cib, name, "on"), f"Putting node {name} into standby"


def _online(cib: Cib, name: str, now: float) -> tuple[Cib, str]:
    return _with_attribute(cib, name, "off"), f"Taking node {name} out of standby"


def _with_attribute(cib: Cib, name: str, standby: str) -> Cib:
    """A transient attribute: it is read after, so it goes before, the configured one."""
    state = _state(cib, name)
    attributes: Mapping[str, str] = {**state.attributes, "standby": standby}
    return _put(cib, state._replace(attributes=attributes))


# --------------------------------------------------------------------------------- operations


def _result(cib: Cib, text: str, now: float) -> tuple[Cib, str]:
    spec = read_opspec(text)
    state = _state(cib, spec.node)
    known = next((entry for entry in state.history if entry.id == spec.resource), None)
    agent = known or _configured(cib, spec.resource)
    rc_wanted = 0 if spec.task != "monitor" or spec.interval_ms else 7
    if spec.task == "monitor" and spec.interval_ms and _is_promoted(known):
        rc_wanted = 8
    result = Result(spec.task, spec.interval_ms, spec.rc, rc_wanted)
    changed = with_result(state, agent, result, int(now))
    if spec.rc != rc_wanted:
        changed = failures(changed, spec.resource, spec.task, spec.interval_ms, int(now))
    told = f"Injecting {spec.resource}_{spec.task}_{spec.interval_ms}@{spec.node}={spec.rc}"
    return _put(cib, changed), f"{told} into the configuration"


def _is_promoted(history: ResourceHistory | None) -> bool:
    """Whether the last thing that it was told was to be promoted."""
    tasks = {"start", "stop", "promote", "demote"}
    told = [op for op in (history.operations if history else ()) if op.task in tasks]
    return bool(told) and max(told, key=lambda op: op.call_id).task == "promote"


def _configured(cib: Cib, name: str) -> ResourceHistory:
    """An empty history for what is configured and never ran there."""
    templates = {template.id: template for template in cib.configuration.templates}
    names = []
    for top in cib.configuration.resources:
        for leaf in _leaves(top):
            names.append(leaf.id)
            if leaf.id == name.partition(":")[0]:
                agent = templates.get(leaf.template, leaf)
                return ResourceHistory(name, agent.class_, agent.provider, agent.type)
    import difflib

    near = difflib.get_close_matches(name, names, 1)
    hint = f'did you mean "{near[0]}"?' if near else "name a primitive"
    raise Impossible(f'no resource "{name}"; {hint}')


def _leaves(resource: Resource) -> tuple[Primitive, ...]:
    match resource:
        case Primitive():
            return (resource,)
        case Group():
            return resource.members
        case Clone():
            return _leaves(resource.child)
        case Bundle():
            return (resource.child,) if resource.child is not None else ()


# ---------------------------------------------------------------------------- tickets, quorum


def _ticket(
    cib: Cib, name: str, granted: bool | None = None, standby: bool | None = None, at: int = 0
) -> Cib:
    tickets = {ticket.id: ticket for ticket in cib.status.tickets}
    ticket = tickets.get(name, TicketState(name))
    if granted is not None:
        ticket = ticket._replace(granted=granted, last_granted=at or ticket.last_granted)
    if standby is not None:
        ticket = ticket._replace(standby=standby)
    tickets[name] = ticket
    return cib._replace(status=cib.status._replace(tickets=tuple(tickets.values())))


def _grant(cib: Cib, name: str, now: float) -> tuple[Cib, str]:
    return _ticket(cib, name, granted=True, at=int(now)), f"Granting ticket {name}"


def _revoke(cib: Cib, name: str, now: float) -> tuple[Cib, str]:
    return _ticket(cib, name, granted=False), f"Revoking ticket {name}"


def _rest(cib: Cib, name: str, now: float) -> tuple[Cib, str]:
    return _ticket(cib, name, standby=True), f"Making ticket {name} standby"


def _activate(cib: Cib, name: str, now: float) -> tuple[Cib, str]:
    return _ticket(cib, name, standby=False), f"Activating ticket {name}"


def _quorum(cib: Cib, text: str, now: float) -> tuple[Cib, str]:
    if text.lower() not in ("0", "1", "true", "false"):
        raise Impossible(f'quorum "{text}" is neither 1 nor 0')
    have = text.lower() in ("1", "true")
    return cib._replace(status=cib.status._replace(have_quorum=have)), f"Setting quorum: {text}"


_HAPPENINGS: dict[str, Callable[[Cib, str, float], tuple[Cib, str]]] = {
    "node-up": _up,
    "node-down": _down,
    "node-fail": _fail,
    "node-standby": _standby,
    "node-online": _online,
    "op-inject": _result,
    "ticket-grant": _grant,
    "ticket-revoke": _revoke,
    "ticket-standby": _rest,
    "ticket-activate": _activate,
    "quorum": _quorum,
}
