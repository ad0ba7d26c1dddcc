"""Bugs of what is on disk, and of what leaves before it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from hanode.dc import election, following
from hanode.dc.consensus import Consensus
from hanode.dc.log import Log
from hanode.effects import Persist, Saved, Vote, Wrote
from hanode.ids import Position
from hanode.lrm.term import Term
from hanode.node import doors
from hanode.peer_messages import AppendReply, VoteReply
from tests.sim.disk import Disk
from tests.sim.mutants.garden import Garden, Mutant, Plant
from tests.sim.parts import CrmPart, Part


def _said_before_synced(*words: type) -> Plant:
    """These messages leave before the write that they ride on."""

    def plant(garden: Garden) -> None:
        honest = CrmPart._persist

        def persist(self: CrmPart, effect: Persist) -> None:
            early = [e for e in effect.then if type(getattr(e, "message", e)) in words]
            late = tuple(e for e in effect.then if e not in early)
            self._execute(early)
            honest(self, replace(effect, then=late))

        garden.put(CrmPart, "_persist", persist)

    return plant


def _forget_the_vote(garden: Garden) -> None:
    honest = Disk.saved

    def without(self: Disk) -> Saved:
        return replace(honest(self), vote=Vote(0, ""))

    garden.put(Disk, "saved", without)


def _position_before_disk(garden: Garden) -> None:
    honest = Log.reset

    def reset(self: Log, base: Position, base_hash: bytes) -> None:
        honest(self, base, base_hash)
        self.settled = True

    garden.put(Log, "reset", reset)


def _failed_writes_are_fine(garden: Garden) -> None:
    honest = CrmPart._landed

    def landed(self: CrmPart, effect: Persist, ok: bool) -> None:
        honest(self, effect, True)

    garden.put(CrmPart, "_landed", landed)


def _unsynced(garden: Garden) -> None:
    """No fsync: what was written is told at once, and lands a little later."""
    honest = Disk.write

    def write(self: Disk, persist: Persist, done: Callable[[bool], None]) -> None:
        honest(self, persist, lambda ok: None)
        self._agenda.after(0.0, done, True)

    garden.put(Disk, "write", write)


def _term_in_memory(garden: Garden) -> None:
    """The LRM does not wait until a term is on its disk."""
    garden.put(Term, "durable", property(lambda self: True))


def _a_restored_disk_votes(garden: Garden) -> None:
    garden.put(doors, "reminded", lambda seat, peer, said, last_word: None)


def _as_if_written(function: str) -> Plant:
    """To this part of the log's protocol a disk in trouble looks like one that has written."""

    def plant(garden: Garden) -> None:
        part: Any = election if function == "asked" else following
        honest = getattr(part, function)

        def blind(seat: Consensus, message: Any, now: float) -> None:
            trouble, seat.trouble = seat.trouble, ""
            began = len(seat.out)
            honest(seat, message, now)
            seat.trouble = trouble
            if trouble:
                said = [e.then if isinstance(e, Persist) else (e,) for e in seat.out[began:]]
                seat.out[began:] = [effect for each in said for effect in each]

        garden.put(part, function, blind)

    return plant


def _an_lrm_without_memory(garden: Garden) -> None:
    """What it ran is forgotten when its process dies."""
    honest = Part.end

    def end(self: Part, *, silently: bool) -> None:
        honest(self, silently=silently)
        if self.kind == "lrm":
            self.machine.disk.table = b""

    garden.put(Part, "end", end)


MUTANTS = {
    "vote-sent-before-fsync": Mutant(
        "a vote leaves before it is on disk", _said_before_synced(VoteReply)
    ),
    "ack-before-fsync": Mutant(
        "an append is acknowledged before it is on disk", _said_before_synced(AppendReply)
    ),
    "own-write-counts-early": Mutant(
        "the DC counts its own entry before it is on disk", _said_before_synced(Wrote)
    ),
    "position-before-disk": Mutant(
        "a witness's position counts before it is on disk", _position_before_disk, "2w"
    ),
    "no-fsync": Mutant("a write counts before it is synced", _unsynced),
    "eio-is-fine": Mutant(
        "a failed fsync is taken for a good one", _failed_writes_are_fine, "3", True,
        "disk,operator,crash",
    ),
    "full-disk-votes": Mutant(
        "a disk that takes no writes gives votes", _as_if_written("asked"), "3", True,
        "full,crash,partition",
    ),
    "full-disk-acks": Mutant(
        "a disk that takes no writes acknowledges", _as_if_written("appended"), "3", True,
        "full,crash,operator",
    ),
    "vote-forgotten": Mutant("a crash loses term and vote", _forget_the_vote),
    "term-in-memory": Mutant("an LRM forks before its term is on disk", _term_in_memory, "3", True,
        "disk,power,services,crash",),
    "restored-disk-votes": Mutant(
        "a disk restored from an older copy votes", _a_restored_disk_votes, "3", True,
        "laggard,operator",
    ),
    "lrm-forgets": Mutant(
        "a restarted LRM has no memory", _an_lrm_without_memory, "3", True,
        "crash,agents,operator,hanode",
    ),
}  # fmt: skip
