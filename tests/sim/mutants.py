"""Planted bugs, to see whether the invariants find them: each a small patch, made from outside."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import Any, NamedTuple

from hanode import effects
from hanode.dc import election, replication, tally
from hanode.dc.log import Log
from hanode.effects import Persist, Saved, Vote, Wrote
from hanode.fencing.fencing import Fencing
from hanode.ids import Position
from hanode.lrm import work
from hanode.lrm.lrm import Lrm
from hanode.lrm.term import Gate, Term
from hanode.membership import sight
from hanode.membership.agreement import Agreement
from hanode.membership.clique import bits
from hanode.membership.lease import SentTimes
from hanode.messages import AppendReply, VoteReply, VoteRequest
from hanode.messaging.window import Window
from hanode.node.coordination import Coordination
from hanode.node.shooting import Shooting
from hanode.settings import Timing
from hanode.state import fold
from hanode.state.records import NodeRecord
from tests.sim.disk import Disk
from tests.sim.parts import CrmPart, Part

Plant = Callable[["Garden"], None]


class Mutant(NamedTuple):
    what: str
    plant: Plant
    shape: str = ""
    """The cluster that shows it; empty: any."""
    fencing: bool = True
    """False: where power is cut before anything starts elsewhere, this bug would not show."""


class Garden:
    """Replaces names of the product, and puts them back."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack

    def put(self, owner: Any, name: str, new: Any) -> None:
        old = owner[name] if isinstance(owner, dict) else owner.__dict__[name]

        def back() -> None:
            self._set(owner, name, old)

        self._set(owner, name, new)
        self._stack.callback(back)

    def _set(self, owner: Any, name: str, value: Any) -> None:
        if isinstance(owner, dict):
            owner[name] = value
        else:
            setattr(owner, name, value)


@contextmanager
def planted(name: str) -> Iterator[None]:
    """With this bug in the core; with none, if the name is empty."""
    with ExitStack() as stack:
        if name:
            MUTANTS[name].plant(Garden(stack))
        yield


# ---------------------------------------------------------------------------------- what is durable


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

    def reset(self: Log, base: Position, base_hash: bytes) -> Any:
        dropped = honest(self, base, base_hash)
        self.settled = True
        return dropped

    garden.put(Log, "reset", reset)


# ------------------------------------------------------------------------------------ votes, quorum


def _small_majority(garden: Garden) -> None:
    garden.put(tally, "majority", lambda voters: max(1, len(voters) // 2))


def _any_log_is_good_enough(garden: Garden) -> None:
    honest = election._objection

    def objection(seat: Any, request: VoteRequest, now: float) -> str:
        newest = replace(request, last=Position(10**9, 10**9))
        return honest(seat, newest, now)

    garden.put(election, "_objection", objection)


def _two_votes(garden: Garden) -> None:
    honest = election._objection

    def objection(seat: Any, request: VoteRequest, now: float) -> str:
        if request.term == seat.term:
            seat.voted_for = ""
        return honest(seat, request, now)

    garden.put(election, "_objection", objection)


def _impatient_voters(garden: Garden) -> None:
    garden.put(election, "may_vote_from", lambda seat: float("-inf"))


def _long_lease(garden: Garden) -> None:
    garden.put(Timing, "lease", property(lambda self: self.deadtime * 4))


def _lease_ignored(garden: Garden) -> None:
    garden.put(work, "leased", lambda order: False)


def _one_ear_is_enough(garden: Garden) -> None:
    def mutual(claims: Any) -> dict[int, int]:
        hears = dict.fromkeys(claims, 0)
        for node, claimed in claims.items():
            for other in bits(claimed):
                hears[node] |= other
                hears[other] = hears.get(other, 0) | node
        return hears

    garden.put(sight, "mutual", mutual)


def _own_view_is_agreed(garden: Garden) -> None:
    """A view counts as soon as this node wants it."""
    honest = Agreement.conclude
    garden.put(Agreement, "conclude", lambda self, others, now: honest(self, (), now))


def _replays_welcome(garden: Garden) -> None:
    honest = Window.admit

    def admit(self: Window, number: int) -> bool:
        honest(self, number)
        return True

    garden.put(Window, "admit", admit)


def _lease_from_the_answer(garden: Garden) -> None:
    """A lease counts from when the echo came, not from when the heartbeat left."""
    garden.put(SentTimes, "of", lambda self, seq: self._times[self.newest % self.SIZE])


# ------------------------------------------------------------------------------------------ fencing


def _time_out_is_success(garden: Garden) -> None:
    honest = Fencing._failed

    def failed(self: Fencing, reason: str, now: float) -> list[Any]:
        if "timed out" in reason and not self._powering:
            return self._next_device(now)
        return honest(self, reason, now)

    garden.put(Fencing, "_failed", failed)


def _believe_the_switch(garden: Garden) -> None:
    """No status query after `off`."""
    honest = Fencing.ended

    def ended(self: Fencing, rc: int, output: bytes, errors: bytes, now: float) -> list[Any]:
        attempt = self._attempt
        if attempt is not None and attempt.action == "off" and rc == 0 and not attempt.late:
            self._attempt = None
            return self._next_device(now)
        return honest(self, rc, output, errors, now)

    garden.put(Fencing, "ended", ended)


def _new_dc_forgets_intents(garden: Garden) -> None:
    from hanode.events import DcElected

    honest = fold._HANDLERS[DcElected]

    def elected(state: Any, *rest: Any) -> None:
        honest(state, *rest)
        state.intents.clear()

    garden.put(fold._HANDLERS, DcElected, elected)  # type: ignore[arg-type]


def _cleanup_forgets_intents(garden: Garden) -> None:
    from hanode.events import HistoryCleared

    honest = fold._HANDLERS[HistoryCleared]

    def cleared(state: Any, *rest: Any) -> None:
        honest(state, *rest)
        state.intents.clear()

    garden.put(fold._HANDLERS, HistoryCleared, cleared)  # type: ignore[arg-type]


def _lost_is_as_good_as_left(garden: Garden) -> None:
    """A node that is gone is taken for one that left on purpose."""
    from hanode.state import status

    honest = status._node

    def node(record: NodeRecord, doomed: bool) -> Any:
        found = honest(record, doomed)
        return found if found.in_ccm else found._replace(expected="down")

    garden.put(status, "_node", node)


def _intents_left_to_the_walk(garden: Garden) -> None:
    """(Was in the core.) Only what the PE wants fenced just now is pursued."""
    honest = Shooting._pursue

    def pursue(self: Shooting, target: str) -> None:
        walk = self._node.coordination.walk
        if walk and any(a.kind == "fence" and a.node == target for a in walk.transition.actions):
            honest(self, target)

    garden.put(Shooting, "_pursue", pursue)


def _silence_is_stopped(garden: Garden) -> None:
    """(Was in the core.) An order without an answer counts as not carried out."""
    garden.put(Coordination, "_blame", lambda self, action, why: None)


def _old_evidence(garden: Garden) -> None:
    """Evidence of one boot is taken for the next one as well."""
    from hanode.events import FencingConfirmed

    honest = fold._HANDLERS[FencingConfirmed]

    def confirmed(state: Any, event: Any, *rest: Any) -> None:
        node = state.nodes.get(event.target)
        honest(state, replace(event, boot=node.boot) if node else event, *rest)

    garden.put(fold._HANDLERS, FencingConfirmed, confirmed)  # type: ignore[arg-type]


# --------------------------------------------------------------------------------------- DC and LRM


def _no_waiting_for_reports(garden: Garden) -> None:
    """A DC acts before its LRMs have said what runs."""
    garden.put(Coordination, "_held_back", lambda self: False)
    garden.put(NodeRecord, "online", property(lambda self: self.present))


def _any_term_will_do(garden: Garden) -> None:
    honest = Lrm._unfit

    def unfit(self: Lrm, order: Any) -> str:
        why = honest(self, order)
        return "" if "has seen term" in why else why

    garden.put(Lrm, "_unfit", unfit)
    garden.put(Term, "gate", lambda self, term, task: Gate.OPEN)


def _done_again(garden: Garden) -> None:
    garden.put(Lrm, "_repeated", lambda self, order: False)


def _an_lrm_without_memory(garden: Garden) -> None:
    """What it ran is forgotten when its process dies."""
    honest = Part.end

    def end(self: Part, *, silently: bool) -> None:
        honest(self, silently=silently)
        if self.kind == "lrm":
            self.machine.disk.table = b""

    garden.put(Part, "end", end)


def _old_terms_commit(garden: Garden) -> None:
    """Entries of earlier terms are committed by counting (Raft's figure 8)."""

    def commit(seat: Any) -> None:
        present = seat.view.names
        matches = {name: p.match for name, p in seat.progress.items() if name in present}
        matches[seat.name] = seat.log.durable
        index = tally.committed(matches, seat.data, seat.witnesses, present)
        if index > seat.commit:
            seat.commit = index

    garden.put(replication, "_commit", commit)


def _deaf_to_maintenance(garden: Garden) -> None:
    """The PE is asked about a configuration without maintenance mode."""
    honest = CrmPart._ask

    def ask(self: CrmPart, effect: effects.AskPe) -> None:
        blind = effect.cib.replace(b'name="maintenance-mode" value="true"', b'name="x" value="y"')
        honest(self, replace(effect, cib=blind))

    garden.put(CrmPart, "_ask", ask)


MUTANTS: dict[str, Mutant] = {
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
    "vote-forgotten": Mutant("a crash loses term and vote", _forget_the_vote),
    "small-majority": Mutant("half is a majority", _small_majority),
    "any-log": Mutant("a candidate's log is not compared", _any_log_is_good_enough),
    "two-votes": Mutant("a voter votes twice in a term", _two_votes),
    "impatient-voters": Mutant("a vote does not wait for the lease", _impatient_voters, "", False),
    "old-terms-commit": Mutant("an earlier term's entries commit by counting", _old_terms_commit),
    "long-lease": Mutant("a lease of four dead times", _long_lease, "", False),
    "lease-from-the-answer": Mutant(
        "a lease counts from the echo", _lease_from_the_answer, "", False
    ),
    "lease-ignored": Mutant("starts do not look at the lease", _lease_ignored),
    "one-ear": Mutant("hearing one way counts as hearing", _one_ear_is_enough, "", False),
    "own-view": Mutant("a view is agreed by wanting it", _own_view_is_agreed),
    "replays": Mutant("an equal sequence number is accepted", _replays_welcome),
    "timeout-is-success": Mutant("a fencing that timed out is a success", _time_out_is_success),
    "believe-the-switch": Mutant("no status query after off", _believe_the_switch),
    "dc-forgets-intents": Mutant("a new DC forgets fencing intents", _new_dc_forgets_intents),
    "cleanup-forgets-intents": Mutant("cleanup forgets intents", _cleanup_forgets_intents),
    "lost-is-left": Mutant("a lost node counts as stopped", _lost_is_as_good_as_left),
    "intents-of-the-walk": Mutant("only the walk's fencings are done", _intents_left_to_the_walk),
    "silence-is-stopped": Mutant("an order without answer is not done", _silence_is_stopped),
    "old-evidence": Mutant("evidence outlives its boot", _old_evidence),
    "no-reports": Mutant("a DC acts before the LRMs report", _no_waiting_for_reports),
    "any-term": Mutant("an LRM does not look at terms", _any_term_will_do),
    "done-again": Mutant("an order is done twice", _done_again),
    "lrm-forgets": Mutant("a restarted LRM has no memory", _an_lrm_without_memory),
    "deaf-to-maintenance": Mutant("maintenance mode is not heeded", _deaf_to_maintenance),
}
