"""One DC a term, one vote a term, and an old DC's lease over before the next one acts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hanode.effects import Persist
from hanode.peer_messages import VoteReply
from tests.sim.invariants.violation import fail

if TYPE_CHECKING:
    from tests.sim.machines import Machine
    from tests.sim.parts import CrmPart
    from tests.sim.world import World


class Office:
    def __init__(self, world: World) -> None:
        self._world = world
        self._dc_of: dict[int, str] = {}
        """term -> who was DC in it."""
        self._terms: dict[str, int] = {}
        """machine -> the highest term that its disk has promised."""
        self._votes: dict[tuple[str, int], str] = {}
        """(machine, term) -> for whom its disk says that it voted."""
        self._given: dict[tuple[str, int], str] = {}
        """(machine, term) -> to whom its vote was sent."""
        self._commits: dict[CrmPart, tuple[int, int]] = {}
        """A DC -> its term, and how far its log was committed when it was looked at last."""

    def dc_of(self, term: int) -> str:
        """Who was elected in this term, if anybody was."""
        return self._dc_of.get(term, "")

    def restored(self, machine: Machine) -> None:
        """Its disk is an older one: what it had promised is forgotten there, and here."""
        self._terms.pop(machine.name, None)
        for key in [key for key in self._votes if key[0] == machine.name]:
            del self._votes[key]

    # ------------------------------------------------------------------------------------- a DC

    def one_dc_per_term(self, part: CrmPart) -> None:
        """INV-8."""
        core: Any = part.core
        if not core.seat.leads:
            self._commits.pop(part, None)
            return
        term = core.seat.term
        if core.coordination.walk is not None:
            self.an_old_dc_lost_its_lease_first(part)
        if core.seat.trouble:
            fail("INV-14 a DC can write", f"{part.name} leads term {term}: {core.seat.trouble}")
        if part.machine.disk.vote.term < term:
            fail(
                "INV-14 vote before disk", f"{part.name} leads term {term} before its vote is kept"
            )
        known = self._dc_of.setdefault(term, part.name)
        if known != part.name:
            fail("INV-8 one DC per term", f"{known} and {part.name} in term {term}")
        self.a_dc_commits_by_its_own_term(part)
        self.who_goes_on_alone_has_proof(part)

    def the_log_has_the_dc_of_its_term(self, crm: str, state: Any) -> None:
        """INV-27 of offices: the first entry of a term names its DC, and nobody else comes to
        office in that term by words of an earlier one."""
        elected = self._dc_of.get(state.position.term)
        if elected is not None and state.dc and state.dc != elected:
            fail(
                "INV-27 words of office",
                f"in term {state.position.term} of {elected} the log of {crm} names {state.dc}",
            )

    def an_old_dc_lost_its_lease_first(self, part: CrmPart) -> None:
        """INV-7, cluster rule 3: outside the view of a DC that acts, no earlier DC may act. (One
        that is cut off, as a fencing, may: nobody hears what comes of it.)"""
        whole = self._world.options.isolation == "whole"
        core: Any = part.core
        for other in self._world.crms():
            rival: Any = other.core
            if other is part or not rival.seat.leads or rival.seat.term > core.seat.term:
                continue
            self._world.sometimes("two who take themselves for the DC")
            machine = other.machine
            if machine.cut and whole:
                continue
            if other.name not in core.seat.view.names and machine.lease_until > machine.now:
                fail(
                    "INV-7 lease of the old DC",
                    f"{part.name} leads term {core.seat.term}, {other.name} of term "
                    f"{rival.seat.term} has {machine.lease_until - machine.now:.2f} s left",
                )

    def a_dc_commits_by_its_own_term(self, part: CrmPart) -> None:
        """INV-11, leader completeness: what a majority has of an earlier term may still be lost
        to a later DC, until an entry of the DC's own term stands upon it (Raft, section 5.4.2)."""
        seat: Any = part.core.seat  # type: ignore[attr-defined]
        term, before = self._commits.get(part, (seat.term, seat.commit))
        self._commits[part] = (seat.term, seat.commit)
        if term == seat.term and seat.commit > before:
            found = seat.log.term_at(seat.commit)
            if found != seat.term:
                fail(
                    "INV-11 commits of its own term",
                    f"{part.name}, DC of term {seat.term}, commits {seat.commit} of term {found}",
                )

    def who_goes_on_alone_has_proof(self, part: CrmPart) -> None:
        """INV-24, cluster rule 5: of two nodes alone, one leads by itself only after the other
        has lost its power."""
        seat: Any = part.core.seat  # type: ignore[attr-defined]
        for name in seat.withheld:
            if not self._world.machines[name].boots_ended_by_power_loss:
                fail("INV-24 two alone", f"{part.name} leads without {name}, which was never cut")

    # ----------------------------------------------------------------------------------- a vote

    def what_was_promised_survives(self, machine: Machine, persist: Persist) -> None:
        """INV-8: a term never decreases; in one term a disk has one vote."""
        vote = persist.vote
        assert vote is not None
        if vote.term < self._terms.get(machine.name, 0):
            fail("INV-8 terms", f"{machine.name} goes back to term {vote.term}")
        self._terms[machine.name] = vote.term
        if vote.voted_for and not vote.learner:
            known = self._votes.setdefault((machine.name, vote.term), vote.voted_for)
            if known != vote.voted_for:
                fail(
                    "INV-8 one vote per term",
                    f"{machine.name} in term {vote.term}: {known}, then {vote.voted_for}",
                )

    def a_vote_is_on_disk_before_it_is_sent(
        self, crm: CrmPart, candidate: str, reply: VoteReply
    ) -> None:
        """INV-14 of votes."""
        if not reply.granted or reply.trial:
            return
        vote = crm.machine.disk.vote
        if vote.term < reply.term or (vote.term == reply.term and vote.voted_for != candidate):
            fail(
                "INV-14 vote before disk",
                f"{crm.name} votes for {candidate} in term {reply.term}; on disk is "
                f"{vote.voted_for or 'nobody'} in term {vote.term}",
            )
        known = self._given.setdefault((crm.name, reply.term), candidate)
        if known != candidate:
            fail(
                "INV-8 one vote per term",
                f"{crm.name} gives its vote of term {reply.term} to {known} and to {candidate}",
            )

    def a_crm_remembers_its_term(self, crm: CrmPart) -> None:
        """INV-8: over a restart the term does not decrease."""
        seat: Any = getattr(crm.core, "seat", None)
        promised = self._terms.get(crm.name, 0)
        if seat is not None and seat.term < promised:
            fail("INV-8 terms", f"{crm.name} starts in term {seat.term}, promised was {promised}")
