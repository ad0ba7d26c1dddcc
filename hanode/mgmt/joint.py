"""Several orders as one event, so that all of them count on the state that was looked at, or none.

Sent one by one, the first would move the state that the others were previewed on; and a console
lost in between would leave half of what its operator meant.
"""

from __future__ import annotations

from collections.abc import Sequence

from hanode.events import VOCABULARY, CibChanged, Event, OrderGiven


def joint(events: Sequence[Event]) -> Event:
    """One event for them all: the one that there is, or an OrderGiven."""
    changes = [event for event in events if isinstance(event, CibChanged)]
    merged = [_merged(changes)] if changes else []
    others = [event for event in events if not isinstance(event, CibChanged)]
    whole = [*merged, *others]
    if len(whole) == 1:
        return whole[0]
    return OrderGiven(tuple(VOCABULARY.pack(event) for event in whole))


def _merged(changes: Sequence[CibChanged]) -> CibChanged:
    """Their edits one after the other, on the version that the first is based on."""
    edits = tuple(edit for change in changes for edit in change.edits)
    why = "; ".join(dict.fromkeys(change.why for change in changes if change.why))
    return CibChanged(changes[0].base, edits, changes[0].by, why)
