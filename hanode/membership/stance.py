"""How one peer sees the others, as its last heartbeat said it."""

from __future__ import annotations

from typing import NamedTuple

from hanode.membership.agreement import NONE, Members, Proposed
from hanode.messaging import Letter
from hanode.messaging.wire import IN_VIEW, NEIGHBOUR, NUMBER_LIMIT, PROPOSED


class Stance(NamedTuple):
    """Read once, then compared with the next heartbeat as bytes."""

    raw: bytes = b""
    claims: tuple[tuple[int, int], ...] = ()
    """(number, boot) of those that it hears both ways."""
    proposal: Proposed = NONE
    agreed: Proposed = NONE
    counts_us: bool = False
    has_us_in_view: bool = False
    links: int = 0
    """A bit for each link on which it hears us."""


def read_stance(letter: Letter) -> Stance:
    """Of a letter that is proved; its sender names itself in its header alone."""
    form, data = letter.layout, letter.data
    rows = form.read_rows(data)
    numbers = form.read_stance(data)
    sender = (letter.sender.number, letter.sender.boot)
    _, _, flags, links = rows[letter.row]
    return Stance(
        raw=form.view_of_others(data),
        claims=_rows_with(NEIGHBOUR, rows),
        proposal=_proposed(numbers.proposal, sender, _rows_with(PROPOSED, rows)),
        agreed=_proposed(numbers.view, sender, _rows_with(IN_VIEW, rows)),
        counts_us=bool(flags & NEIGHBOUR),
        has_us_in_view=bool(flags & IN_VIEW),
        links=links,
    )


def _rows_with(flag: int, rows: list[tuple[int, int, int, int]]) -> Members:
    return tuple([(number, boot) for number, boot, flags, _ in rows if flags & flag])


def _proposed(number: int, sender: tuple[int, int], others: Members) -> Proposed:
    if not 0 < number < NUMBER_LIMIT:
        return NONE
    return Proposed(number, tuple(sorted((sender, *others))))
