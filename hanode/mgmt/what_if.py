"""The state as it would be if an operator's order were committed now: what a dry run asks the PE.

Nothing is signed and nothing is sent; the fold itself does the work, on a copy.
"""

from __future__ import annotations

from collections.abc import Iterable

from hanode.events import (
    NO_HASH,
    STATEMENTS,
    VOCABULARY,
    Entry,
    Event,
    FencingIntended,
    HistoryCleared,
    Signed,
    Statement,
    ViewAgreed,
)
from hanode.state import ClusterState, apply
from hanode.state.operations import failed
from hanode.state.records import NodeRecord

COUNTS = ("fail-count-", "last-failure-")
"""How the names of attributes begin that remember failures."""


def what_if(state: ClusterState, events: Iterable[Event]) -> ClusterState:
    """A copy of the state after these events."""
    copy = ClusterState.unpack(state.pack())
    for event in events:
        if isinstance(event, HistoryCleared):
            _clean_up(copy, event)
            continue
        _say(copy, event)
        if isinstance(event, FencingIntended):
            _say(copy, _without(copy, event.target))
    return copy


def _clean_up(state: ClusterState, event: HistoryCleared) -> None:
    """After a cleanup the cluster probes and finds what runs; so what is known to run is kept, and
    only what failed is forgotten."""
    for name, node in (*state.nodes.items(), *state.remotes.items()):
        if event.node in ("", name):
            _forget_failures(node, event.resource)


def _forget_failures(node: NodeRecord, resource: str) -> None:
    for name in list(node.history) if not resource else [resource]:
        kept = node.history.get(name, {})
        node.history[name] = {
            key: done for key, done in kept.items() if "failure" not in key and not failed(done)
        }
        if not node.history[name]:
            del node.history[name]
    for name in [n for n in node.attributes if n.startswith(COUNTS)]:
        counted = name.removeprefix(COUNTS[0]).removeprefix(COUNTS[1]).partition("#")[0]
        if resource in ("", counted):
            del node.attributes[name]


def _without(state: ClusterState, lost: str) -> ViewAgreed:
    """A node that is being fenced is as good as lost: this shows what its loss sets in motion."""
    present = tuple((name, state.nodes[name].boot) for name in state.present if name != lost)
    return ViewAgreed(present, state.quorate)


def _say(state: ClusterState, event: Event) -> None:
    index = state.position.index + 1
    statement = Statement("", 0, 0, state.at, "", VOCABULARY.pack(event))
    entry = Entry(state.position.term, index, NO_HASH, Signed(STATEMENTS.pack(statement), b""))
    apply(state, entry, statement, event)
