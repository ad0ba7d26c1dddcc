"""What an operator does with a running cluster, as events: here maintenance, cleanup and tickets.

Each function takes the state that the operator sees and gives a Proposal: the events, the sentence
to confirm and the command line that does the same. Nothing is sent here, nothing is tried; what
can't be ordered raises CannotOrder. (What resources and constraints there are is changed by
`hanode.mgmt.resources` and `hanode.mgmt.constraints`.)
"""

from __future__ import annotations

import shlex

from hanode.attributes import unfit
from hanode.events import (
    HistoryCleared,
    OperationFinished,
    TicketSet,
)
from hanode.mgmt.draft import Draft
from hanode.mgmt.fencing import confirm_fenced, fence, unfence
from hanode.mgmt.nodes import attribute, leave, lift, record_of, standby
from hanode.mgmt.placement import ban, clear, move
from hanode.mgmt.proposal import CannotOrder, NothingToDo, Proposal, unknown
from hanode.mgmt.running import ROLES, hands_off, manage, put_back, target_role
from hanode.state import ClusterState
from hanode.state.operations import failed, is_probe

__all__ = [
    "ROLES", "CannotOrder", "NothingToDo", "Proposal", "attribute", "ban", "cleanup", "clear",
    "confirm_fenced", "fence", "leave", "maintenance", "manage", "move", "put_back", "standby",
    "target_role", "ticket", "unfence",
]  # fmt: skip

TOLD = (0, 7, 8)
"""Exit codes by which a probe has told what runs."""


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
    also = lift(state, node, "maintenance") if node and not on else ()
    return draft.propose(says, argv, also=also)


def cleanup(
    state: ClusterState, resource: str = "", node: str = "", everywhere: bool = False
) -> Proposal:
    """Forget failures and history, so that it is probed and may be tried again.

    Only where it has failed: what runs well elsewhere stays known, and so does all that depends on
    it. `everywhere` is the operator's word for all there is (refresh).
    """
    if node:
        record_of(state, node)
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
