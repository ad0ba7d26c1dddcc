"""What the log does to the configuration: edits by compare and swap, attributes, tickets."""

from __future__ import annotations

from hanode.cib.edits import EMPTY, BadEdit, apply_edits, version_of
from hanode.cib.options import WITHOUT_CLOCK, property_sets, spelt, timeless
from hanode.cib.xml import read_xml
from hanode.events import (
    AttributeSet,
    CibChanged,
    Edit,
    Entry,
    Statement,
    TicketSet,
)
from hanode.ids import NodeName
from hanode.state import remotes
from hanode.state.cluster import ClusterState
from hanode.state.left_alone import fencing_enabled, stays
from hanode.state.proofs import UNFENCED, let_in
from hanode.state.records import (
    TicketRecord,
)


def cib_changed(state: ClusterState, event: CibChanged, said: Statement, entry: Entry) -> bool:
    """Compare and swap: a change that was based on another version has no effect."""
    if event.base != state.version:
        return False
    left_alone = not fencing_enabled(state) and bool(stays(state))
    edit(state, event.edits)
    if left_alone:
        state.left_alone = entry.index
    state.cib_changed_at, state.cib_changed_by = said.at, event.by or said.actor
    return state.version != event.base


def edit(state: ClusterState, edits: tuple[Edit, ...]) -> None:
    try:
        state.cib = apply_edits(state.cib, edits)
    except BadEdit:
        return  # refused before it was proposed; a replica that replays it agrees
    read_options(state)


def read_options(state: ClusterState) -> None:
    state.version = str(version_of(state.cib))
    root = read_xml(state.cib.encode())
    remotes.forget_unconfigured(state, root)
    values = timeless(property_sets(root))
    state.options = {name: spelt(values, name) for name in WITHOUT_CLOCK}


def is_cib(xml: str) -> bool:
    """Whether it could be put in the place of another configuration."""
    try:
        apply_edits(EMPTY, (Edit("replace", xml=xml),))
    except BadEdit:
        return False
    return True


def node_ids(state: ClusterState, name: NodeName) -> list[str]:
    """What the configuration calls a node: its name, or a number in a CIB from elsewhere."""
    nodes = read_xml(state.cib.encode()).iterfind("configuration/nodes/node")
    return [node.get("id", "") for node in nodes if node.get("uname") == name]


def attribute(state: ClusterState, event: AttributeSet, said: Statement, entry: Entry) -> None:
    node = state.record(event.node)
    if node is None or 0 < event.after < node.cut_at:
        return
    if event.value is None:
        node.attributes.pop(event.name, None)
    else:
        node.attributes[event.name] = event.value
        if event.name == UNFENCED:
            let_in(state, event.node, said.actor, said.at)


def ticket(state: ClusterState, event: TicketSet, said: Statement, entry: Entry) -> None:
    old = state.tickets.get(event.ticket, TicketRecord(event.ticket))
    granted = old.granted if event.granted is None else event.granted
    state.tickets[event.ticket] = TicketRecord(
        event.ticket,
        granted,
        old.standby if event.standby is None else event.standby,
        said.at if granted and not old.granted else old.last_granted,
    )
