"""Which statements of each actor the log has had: one that is brought again is none (INV-27).

An actor is who holds a key: another machine that joins under a name that was free has said nothing
yet, and nobody joins with keys that were a member's (state.fitness). It numbers its statements one
by one, in each life of its crm from a place beyond all earlier ones of its boot. They may come out
of order, and some never come: so for each life the highest number is kept, and those below it that
are still missing, as far back as an actor may hold what the log has not taken. Of a life that is
not known (any more), nothing is new once a later one has spoken.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hanode.ids import EventId, NodeName
from hanode.lean import dataclass
from hanode.settings import EVENTS_IN_FLIGHT

if TYPE_CHECKING:
    from hanode.state.cluster import ClusterState

LIFE = 20
"""Bits of a statement's number that count within a life; those above name the life."""
LIVES_MAX = 8
"""Of an actor, remembered: the latest."""


@dataclass(frozen=True, slots=True)
class Life:
    """Of one actor's crm, in one boot."""

    boot: int
    newest: int
    missing: tuple[int, ...]


def is_new(state: ClusterState, ident: EventId) -> bool:
    """Whether the log has not had it. What is too old to be told is not new."""
    lives = _lives(state, ident.node)
    life = _life(lives, ident)
    if life is None:
        return all((ident.boot, ident.n) > _when(other) for other in lives)
    return ident.n > life.newest or ident.n in life.missing


def note(state: ClusterState, ident: EventId) -> None:
    """The log has it. (Of who is no member it takes nothing but the word that founds it.)"""
    member = state.members.get(ident.node)
    if member is None:
        return
    lives = _lives(state, ident.node)
    life = _life(lives, ident) or Life(ident.boot, ident.n >> LIFE << LIFE, ())
    known = [other for other in lives if other is not life]
    known.append(_with(life, ident.n))
    known.sort(key=_when)
    state.said[member.public] = tuple(known[-LIVES_MAX:])


def last_word(state: ClusterState, name: NodeName) -> tuple[int, int]:
    """The boot and the number of the latest statement of this member; zeros before its first."""
    return max(map(_when, _lives(state, name)), default=(0, 0))


def _lives(state: ClusterState, name: NodeName) -> tuple[Life, ...]:
    member = state.members.get(name)
    return state.said.get(member.public, ()) if member is not None else ()


def _when(life: Life) -> tuple[int, int]:
    return life.boot, life.newest


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
