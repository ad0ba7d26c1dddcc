"""Bugs of votes, majorities and commits."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hanode.dc import election, replication, tally
from hanode.ids import Position
from hanode.membership import lease, views, votes
from hanode.node.survivor import Survivor
from hanode.peer_messages import VoteRequest
from hanode.state import views as folding
from tests.sim.mutants.garden import Garden, Mutant


def _small_majority(garden: Garden) -> None:
    garden.put(tally, "majority", lambda voters: max(1, len(voters) // 2))


def _tie_break_on_an_odd_cluster(garden: Garden) -> None:
    """The side with the lowest name has quorum with one vote less than a majority."""

    def quorate(members: Any, present: Any) -> bool:
        voters = sorted(m.name for m in members if votes.votes(m))
        here = [name for name in voters if name in present]
        bonus = bool(voters) and voters[0] in here
        return len(here) + bonus >= len(voters) // 2 + 1

    garden.put(votes, "quorate", quorate)
    garden.put(views, "quorate", quorate)
    garden.put(lease, "majority", lambda voters: max(1, voters // 2))


def _half_a_lease(garden: Garden) -> None:
    """The echo of half the voters renews a lease."""
    garden.put(lease, "majority", lambda voters: max(1, voters // 2))


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


def _own_vote_unsynced(garden: Garden) -> None:
    """(Was in the core.) A candidate's own vote counts before it is on disk."""
    honest = election._stand

    def stand(seat: Any, now: float) -> None:
        honest(seat, now)
        election.own_vote_kept(seat, seat.term, now)

    garden.put(election, "_stand", stand)


def _impatient_voters(garden: Garden) -> None:
    garden.put(election, "may_vote_from", lambda seat: float("-inf"))


def _old_terms_commit(garden: Garden) -> None:
    """Entries of earlier terms are committed by counting (Raft's figure 8)."""

    def commit(seat: Any, now: float) -> None:
        present = seat.view.names
        matches = {name: p.match for name, p in seat.progress.items() if name in present}
        matches[seat.name] = seat.log.durable
        index = tally.committed(matches, seat.data, seat.witnesses, present)
        if index > seat.commit:
            seat.commit = index

    garden.put(replication, "_commit", commit)


def _a_survivor_without_proof(garden: Garden) -> None:
    """Two nodes alone: the order to fence is taken for its success."""
    honest = Survivor._pursue

    def pursue(self: Survivor, other: str) -> None:
        honest(self, other)
        if self._attempts:
            self._claim(other, self._node.state.nodes[other].boot)

    garden.put(Survivor, "_pursue", pursue)


def _anybody_survives(garden: Garden) -> None:
    """Two nodes alone: whoever has just booted may shoot as well."""
    honest = Survivor._learn_right

    def right(self: Survivor) -> None:
        honest(self)
        self._entitled = True

    garden.put(Survivor, "_learn_right", right)


def _withheld_votes_are_forgotten(garden: Garden) -> None:
    """(Was in the core.) A survivor's election does not say that the other's vote is withheld."""
    garden.put(folding, "without_a_vote", lambda state, event: ())


MUTANTS = {
    "small-majority": Mutant("half is a majority", _small_majority),
    "tie-break-on-odd": Mutant(
        "a tie-break on an odd cluster", _tie_break_on_an_odd_cluster, "5", False
    ),
    "half-a-lease": Mutant(
        "half of the voters renew a lease", _half_a_lease, "3", True, "pause,oneway,partition"
    ),
    "any-log": Mutant("a candidate's log is not compared", _any_log_is_good_enough),
    "two-votes": Mutant("a voter votes twice in a term", _two_votes),
    "own-vote-counts-early": Mutant(
        "a candidate's own vote counts before it is on disk", _own_vote_unsynced, "2", True,
        "disk,full,partition,crash",
    ),
    "impatient-voters": Mutant("a vote does not wait for the lease", _impatient_voters, "5", True,
        "refused,partition,crash",),
    "old-terms-commit": Mutant(
        "an earlier term's entries commit by counting", _old_terms_commit, "3", True,
        "crash,power,partition,disk,operator",
    ),
    "survivor-without-proof": Mutant(
        "one of two goes on before the fencing is confirmed", _a_survivor_without_proof, "2"
    ),
    "anybody-survives": Mutant("one of two that just booted goes on alone", _anybody_survives, "2"),
    "withheld-forgotten": Mutant(
        "the other of two counts itself in at once", _withheld_votes_are_forgotten, "2"
    ),
}  # fmt: skip
