"""What the log does to the cluster itself: who belongs to it, who may order."""

from __future__ import annotations

from hanode.events import (
    ClusterFounded,
    Edit,
    Entry,
    Member,
    MemberAdded,
    MemberRemoved,
    OperatorAdded,
    OperatorRemoved,
    Statement,
)
from hanode.state.cluster import ClusterState
from hanode.state.configured import edit, is_cib, node_ids, read_options
from hanode.state.records import (
    NodeRecord,
)
from hanode.state.walks import disk_of, lrm_of, timing_of


def founded(state: ClusterState, event: ClusterFounded, said: Statement, entry: Entry) -> None:
    state.cluster, state.name = event.cluster, event.name
    state.operators = {operator.name: operator for operator in event.operators}
    if event.cib and is_cib(event.cib):
        state.cib = event.cib
    for member in event.members:
        enrol(state, member)
    read_options(state)
    state.cib_changed_at, state.cib_changed_by = said.at, said.actor


def member_added(state: ClusterState, event: MemberAdded, said: Statement, entry: Entry) -> None:
    enrol(state, event.member, entry.index)


def enrol(state: ClusterState, member: Member, index: int = 0) -> None:
    """`index`: of the entry that adds it to a cluster which is founded already."""
    state.members[member.name] = member
    state.last_number = max(state.last_number, member.number)
    record = NodeRecord(member.name, enrolled_at=index, cut_at=index)
    state.nodes.setdefault(member.name, record)
    if member.role == "data" and not node_ids(state, member.name):
        node = f'<node id="{member.name}" uname="{member.name}"/>'
        edit(state, (Edit("put", "nodes", node),))


def member_removed(
    state: ClusterState, event: MemberRemoved, said: Statement, entry: Entry
) -> None:
    if state.members.pop(event.name, None) is None:
        return
    state.nodes.pop(event.name, None)
    state.withheld = tuple(name for name in state.withheld if name != event.name)
    of_it = (disk_of(event.name), lrm_of(event.name), timing_of(event.name))
    state.alarms = tuple(one for one in state.alarms if one.subject not in of_it)
    edit(state, tuple(Edit("remove", ident) for ident in node_ids(state, event.name)))


def operator_added(
    state: ClusterState, event: OperatorAdded, said: Statement, entry: Entry
) -> None:
    state.operators[event.operator.name] = event.operator


def operator_removed(
    state: ClusterState, event: OperatorRemoved, said: Statement, entry: Entry
) -> None:
    state.operators.pop(event.name, None)
