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
    Signed,
    Statement,
    ViewAgreed,
)
from hanode.state import ClusterState, apply


def what_if(state: ClusterState, events: Iterable[Event]) -> ClusterState:
    """A copy of the state after these events."""
    copy = ClusterState.unpack(state.pack())
    for event in events:
        _say(copy, event)
        if isinstance(event, FencingIntended):
            _say(copy, _without(copy, event.target))
    return copy


def _without(state: ClusterState, lost: str) -> ViewAgreed:
    """A node that is being fenced is as good as lost: this shows what its loss sets in motion."""
    present = tuple((name, state.nodes[name].boot) for name in state.present if name != lost)
    return ViewAgreed(present, state.quorate)


def _say(state: ClusterState, event: Event) -> None:
    index = state.position.index + 1
    statement = Statement("", 0, 0, state.at, "", VOCABULARY.pack(event))
    entry = Entry(state.position.term, index, NO_HASH, Signed(STATEMENTS.pack(statement), b""))
    apply(state, entry, statement, event)
