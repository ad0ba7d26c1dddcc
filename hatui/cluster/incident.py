"""An incident: a slice of a log as a file, just as a node would have told it to a console.

A line of text for people, then frames of the console's protocol: an image of the state that the
slice begins with, then its entries. What follows the image is signed and chained entry by entry;
the image itself is only as true as whoever wrote the file.
"""

from __future__ import annotations

from hanode.codec import Garbled
from hanode.mgmt.protocol import ANSWERS, Entries, StateImage
from hanode.mgmt.session import Frames, frame
from hanode.state import ClusterState
from hatui.cluster.clock import clock, dated
from hatui.cluster.past import Past

MAGIC = "hatui incident 1"
BATCH = 500


class NoIncident(ValueError):  # noqa: N818 - what the file turns out to be
    """This file can't be played back: why."""


def packed(past: Past, first: int, last: int) -> bytes:
    """Entries `first` to `last`, and the state before them. Raises NoIncident."""
    reach = past.reach
    if reach is None or first <= reach:
        first = (reach or 0) + 1
    start = past.state_at(first - 1)
    entries = [one for one in past.entries if first <= one.index <= last]
    if start is None or not entries:
        raise NoIncident("there is nothing in this stretch that could be played back")
    parts = [_title(start, past, first, last).encode(), b"\n"]
    parts.append(frame(ANSWERS.pack(StateImage(1, start.position, start.pack()))))
    for at in range(0, len(entries), BATCH):
        batch = tuple(entries[at : at + BATCH])
        parts.append(frame(ANSWERS.pack(Entries(1, batch, last))))
    return b"".join(parts)


def unpacked(data: bytes) -> Past:
    """What the file tells. Raises NoIncident."""
    title, newline, rest = data.partition(b"\n")
    if not newline or not title.startswith(MAGIC.encode()):
        raise NoIncident("this is no incident file of hatui (:export FILE writes one)")
    past = Past()
    try:
        answers = [ANSWERS.unpack(message) for message in Frames().feed(rest)]
        for answer in answers:
            if isinstance(answer, StateImage):
                past.anchor(ClusterState.unpack(answer.state))
            elif isinstance(answer, Entries):
                for entry in answer.entries:
                    past.append(entry)
    except Garbled as error:
        raise NoIncident(f"it is damaged: {error}") from None
    if past.reach is None or not past.entries:
        raise NoIncident("it holds no state and entries to play back")
    return past


def _title(start: ClusterState, past: Past, first: int, last: int) -> str:
    """What `head -1` shows."""
    told = past.records(first, last)
    begin, end = (dated(told[0].at), clock(told[-1].at)) if told else ("", "")
    name = start.name or (past.state_at(last) or start).name
    return f"{MAGIC} {name} entries {first}-{last} {begin}-{end}".replace("\n", " ")
