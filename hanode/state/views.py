"""What the log does to nodes: DC, views, reports, who left."""

from __future__ import annotations

from hanode.events import (
    DcElected,
    Entry,
    NodeLeaving,
    NodeLeft,
    NodeReported,
    Statement,
    ViewAgreed,
    VoteRestored,
)
from hanode.ids import NodeName
from hanode.state.cluster import ClusterState
from hanode.state.migrations import source_gone
from hanode.state.operations import cleared, forget, record, running
from hanode.state.records import NodeRecord
from hanode.state.remotes import relay_gone
from hanode.state.walks import end_transition, placed


def dc_elected(state: ClusterState, event: DcElected, said: Statement, entry: Entry) -> None:
    state.term, state.dc, state.office = event.term, event.dc, (said.boot, said.n)
    state.withheld = without_a_vote(state, event)
    end_transition(state, "given up: a new DC", said.at)


def without_a_vote(state: ClusterState, event: DcElected) -> tuple[NodeName, ...]:
    """Of two nodes alone, one can be elected by itself only if the other's vote is withheld."""
    if len(state.members) != 2 or len(state.data_nodes) != 2 or not event.votes:
        return ()
    return tuple(name for name in state.data_nodes if name not in event.votes)


def vote_restored(state: ClusterState, event: VoteRestored, said: Statement, entry: Entry) -> None:
    state.withheld = tuple(name for name in state.withheld if name != event.node)


def view_agreed(state: ClusterState, event: ViewAgreed, said: Statement, entry: Entry) -> None:
    boots = dict(event.present)
    state.quorate = event.quorate
    for name, node in state.nodes.items():
        present = name in boots and boots[name] > node.fenced
        if present != node.present:
            node.present, node.since = present, said.at
        if not present:
            _silent(state, node)
            node.reported = 0  # whatever it did meanwhile, it must report before it counts again
        if name in boots:
            node.boot = max(node.boot, boots[name])


def _silent(state: ClusterState, node: NodeRecord) -> None:
    """It tells nothing more of what it was about to do, or to have done."""
    source_gone(state, node)
    relay_gone(state, node)


def reported(state: ClusterState, event: NodeReported, said: Statement, entry: Entry) -> None:
    node = state.nodes.get(event.node)
    if node is None or event.boot < node.boot or event.boot <= node.fenced:
        return
    if event.boot != node.told_of:  # a new boot: what it knew before is over
        _silent(state, node)
        node.attributes, node.counted, node.unsure, node.calls = {}, {}, (), 0
        node.cut_at = entry.index
        forget(node, list(node.history))
        node.leaving = event.boot if node.leaving == event.boot else 0
    node.boot = node.reported = node.told_of = event.boot
    node.reported_term, node.known = event.term, event.known
    node.expected = True
    for name in event.gone:
        node.attributes.pop(name, None)
    node.attributes.update(event.attributes)
    # What was cleaned up while its LRM was away, that one has not forgotten.
    news = [operation for operation in event.operations if not cleared(node, operation)]
    told = {operation.resource for operation in event.operations}
    # What the LRM knows nothing of, nobody knows: it is probed again.
    forget(node, [name for name in node.history if name not in told])
    for operation in news:
        record(node, placed(state, operation))


def leaving(state: ClusterState, event: NodeLeaving, said: Statement, entry: Entry) -> None:
    if (node := state.nodes.get(event.node)) is not None and event.boot == node.boot:
        node.leaving = event.boot


def left(state: ClusterState, event: NodeLeft, said: Statement, entry: Entry) -> None:
    node = state.nodes.get(event.node)
    if node is None or event.boot != node.boot:
        return
    if running(node) and state.hands_off:
        _gone_with_all_running(node, said.at)
    else:
        over(state, node, said.at)


def _gone_with_all_running(node: NodeRecord, at: float) -> None:
    """Under maintenance a node leaves its services as they are. It may come back to them; whoever
    would start them elsewhere, once maintenance ends, must see to it first that they have ended."""
    node.present, node.since = False, at
    node.leaving, node.reported = 0, 0


def over(state: ClusterState, node: NodeRecord, at: float) -> None:
    """A node's boot has ended, proved: nothing of it runs."""
    _silent(state, node)
    if node.present:
        node.present, node.since = False, at
    node.expected, node.leaving, node.reported, node.told_of = False, 0, 0, 0
    node.attributes, node.counted, node.unsure = {}, {}, ()
    forget(node, list(node.history))
