"""Which statements of each actor the log has had: one that is brought again is none (INV-27).

An actor numbers its statements one by one, in each life of its crm from a place of its own. They
may come out of order, and some never come: so for each life the highest number is kept, and those
below it that are still missing, as far back as an actor may hold what the log has not taken.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hanode.ids import EventId
from hanode.lean import dataclass
from hanode.settings import EVENTS_IN_FLIGHT

if TYPE_CHECKING:
    from hanode.state.cluster import ClusterState

LIFE = 20
"""Bits of a statement's number that count within a life; those above name the life."""
LIVES_MAX = 8
"""Whose crm has begun so many lives since has nothing left to say of an earlier one."""


@dataclass(frozen=True, slots=True)
class Life:
    """Of one actor's crm, in one boot."""

    boot: int
    newest: int
    missing: tuple[int, ...]


def is_new(state: ClusterState, ident: EventId) -> bool:
    """Whether the log has not had it. What is too old to be told is not new."""
    life = _life(state.said.get(ident.node, ()), ident)
    return life is None or ident.n > life.newest or ident.n in life.missing


def note(state: ClusterState, ident: EventId) -> None:
    """The log has it."""
    lives = state.said.get(ident.node, ())
    life = _life(lives, ident) or Life(ident.boot, ident.n >> LIFE << LIFE, ())
    others = [other for other in lives if other is not life]
    state.said[ident.node] = (*others, _with(life, ident.n))[-LIVES_MAX:]


def _life(lives: tuple[Life, ...], ident: EventId) -> Life | None:
    of_its = (life for life in lives if life.boot == ident.boot)
    return next((life for life in of_its if life.newest >> LIFE == ident.n >> LIFE), None)


def _with(life: Life, number: int) -> Life:
    if number <= life.newest:
        missing = tuple(n for n in life.missing if n != number)
        return Life(life.boot, life.newest, missing)
    oldest = number - EVENTS_IN_FLIGHT
    missing = life.missing
    if number > life.newest + 1:
        missing = (*missing, *range(max(life.newest + 1, oldest), number))
    if missing and missing[0] < oldest:
        missing = tuple(n for n in missing if n >= oldest)
    return Life(life.boot, number, missing)
