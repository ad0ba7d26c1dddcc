"""What the committed entries say: facts that the machines must bear out.

Who belongs to the cluster, which fencings are wanted, what was confirmed: as the log has it, read
once, at the moment when the first node applies an entry.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from hanode.codec import Garbled
from hanode.events import (
    DcElected,
    Entry,
    Event,
    FencingConfirmed,
    FencingIntended,
    FencingLapsed,
    Member,
    MemberAdded,
    MemberRemoved,
    Signed,
    Statement,
    TransitionStarted,
    VoteRestored,
    parts,
)
from hanode.ids import EventId
from tests.sim.invariants.formats import an_entry_is_of_a_kind_that_all_can_read
from tests.sim.keys import CLUSTER

if TYPE_CHECKING:
    from tests.sim.parts import CrmPart
    from tests.sim.world import World

Fail = Callable[[str, str], None]


class Said:
    """The reader of one world's log."""

    def __init__(self, world: World, fail: Fail) -> None:
        self._world = world
        self._fail = fail
        self.intents: dict[str, FencingIntended] = {}
        """Fencings that are wanted, by request."""
        self.members: dict[str, Member] = {}
        self.voted_before: tuple[str, ...] = ()
        """Who they were before the last change: what was on its way then was counted by them."""
        self._counted: set[str] = set()
        """Requests of fencings that have taken place: told twice, they count once."""
        self._seen: dict[tuple[EventId, bytes], int] = {}
        """Each event that was ever committed -> where."""

    def begin(self, members: tuple[Member, ...]) -> None:
        """The founders."""
        self.members = {member.name: member for member in members}
        self.voted_before = tuple(self.members)

    @property
    def two_alone(self) -> bool:
        """From the start, or because a third one was lost for good."""
        return len(self.members) == 2 and all(m.role == "data" for m in self.members.values())

    def read(self, crm: CrmPart, entry: Entry) -> None:
        """Facts that the machines must bear out."""
        try:
            said, event = entry.signed.open()
        except Garbled as error:
            an_entry_is_of_a_kind_that_all_can_read(crm.name, entry.position, str(error))
            return
        if not self._by_a_member(said, entry.signed):
            self._world.sometimes("an entry of a former member had no force")
            return
        member = self.members.get(said.actor)
        word = said.id, member.public if member is not None else b""  # namesakes count alike
        if self._seen.setdefault(word, entry.index) != entry.index:
            self._fail("INV-27 no replay", f"{said.id} is at {self._seen[word]}, {entry.index}")
        for part in parts(event):
            self._check(crm, part, entry.index)
        if type(event).__name__ in NOTED:
            self._world.note("log", str(entry.index), words_of(event))

    def _by_a_member(self, said: Statement, signed: Signed) -> bool:
        """Of this place in the log, by the key that it had here."""
        member = self.members.get(said.actor)
        return member is not None and self._world.keys.verify(
            member.public, "event", CLUSTER, signed.payload, signed.signature
        )

    def _check(self, crm: CrmPart, event: Event, index: int) -> None:
        if isinstance(event, TransitionStarted):
            self._world.invariants.bounds.no_endless_transitions(crm.name)
        elif self._overtaken(crm, event):
            self._world.sometimes("a removal or a confirmation came too late to have force")
        elif isinstance(event, (MemberAdded, MemberRemoved)):
            self._members_changed(event, index)
        elif isinstance(event, FencingIntended):
            self.intents[event.request] = event
        elif isinstance(event, FencingConfirmed):
            self._confirmed(crm, event)
        elif isinstance(event, DcElected):
            self._elected()
        elif isinstance(event, VoteRestored):
            self._world.sometimes("a withheld vote was restored")
        elif isinstance(event, FencingLapsed):
            self._lapsed(event)

    def _overtaken(self, crm: CrmPart, event: Event) -> bool:
        """By the word of the first to apply it; INV-12 sees to it that the others say the same."""
        state: Any = crm.core.state  # type: ignore[attr-defined]
        if isinstance(event, MemberRemoved):
            still, known = state.members.get(event.name), self.members.get(event.name)
            return still is not None and known is not None and still.number == known.number
        if isinstance(event, FencingConfirmed) and event.evidence in ("operator", "time-bound"):
            node = state.nodes.get(event.target)
            return node is not None and node.fenced < event.boot
        return False

    def _members_changed(self, event: MemberAdded | MemberRemoved, index: int) -> None:
        self.voted_before = tuple(self.members)
        if isinstance(event, MemberAdded):
            self.members[event.member.name] = event.member
        else:
            gone = self.members.pop(event.name, None)
            if gone is not None:
                self._world.invariants.former.removed[gone.number] = index
            for request in [r for r, i in self.intents.items() if i.target == event.name]:
                self._world.note("log", "of a node that is gone", request)

    def _elected(self) -> None:
        if self.intents:
            self._world.sometimes("a DC was elected amid a fencing")

    def _confirmed(self, crm: CrmPart, event: FencingConfirmed) -> None:
        proof, world = self._world.invariants.proof, self._world
        proof.evidence_is_of_a_kind(crm.name, event.target, event.evidence)
        proof.evidence_is_true(crm.name, event.target, event.boot, event.evidence)
        if world.machines[event.target].boot > event.boot:
            world.sometimes("a fencing was confirmed of a boot before the last")
        if event.request not in self.intents:
            world.sometimes("a result of a fencing that was settled already")
        settled = [
            intent
            for intent in self.intents.values()
            if intent.target == event.target and intent.boot <= event.boot
        ]
        for intent in settled:
            del self.intents[intent.request]
        if event.evidence != "operator" and any(not intent.by for intent in settled):
            if event.request not in self._counted:
                proof.fencing_rate(event.target, event.by)
            self._counted.add(event.request)

    def _lapsed(self, event: FencingLapsed) -> None:
        """INV-5: an intent lapses when its target is back in a later boot, or no member any more
        (which nobody becomes who may still run something), and only then."""
        intent = self.intents.pop(event.request, None)
        if intent is not None and intent.target not in self.members:
            self._world.sometimes("an intent lapsed with its member")
            return
        if intent is not None and self._world.machines[intent.target].boot <= intent.boot:
            if self.two_alone:
                return  # two nodes alone: lapses when both hear each other again (cluster rule 5)
            self._fail(
                "INV-5 intents", f"{event.request} lapsed; {intent.target} is still the same"
            )


NOTED = (
    "DcElected", "ViewAgreed", "NodeReported", "NodeLeft", "FencingIntended", "FencingConfirmed",
    "FencingFailed", "FencingLapsed", "MemberAdded", "MemberRemoved", "NodeLeaving",
    "TransitionStarted", "TransitionEnded", "Alarm", "CibChanged", "HistoryCleared",
    "OrderGiven",     "OperationFinished", "VoteRestored",
)  # fmt: skip


def words_of(event: Any) -> str:
    """An event in one line."""
    name = type(event).__name__
    match name:
        case "DcElected":
            return f"{name} {event.dc} term {event.term}"
        case "ViewAgreed":
            present = " ".join(f"{n}/{boot}" for n, boot in event.present)
            return f"{name} {present}{'' if event.quorate else ' (no quorum)'}"
        case "NodeReported":
            return f"{name} {event.node}/{event.boot} term {event.term}"
        case "FencingIntended":
            return f"{name} {event.target}/{event.boot} {event.action}: {event.reason}"
        case "FencingConfirmed":
            return f"{name} {event.target}/{event.boot} {event.evidence}"
        case "FencingFailed":
            return f"{name} {event.target}: {event.reason}"
        case "TransitionStarted":
            actions = (f"{a.operation or a.task}@{a.node}" for a in event.actions)
            return f"{name} {event.transition}: {'; '.join(actions)}"[:160]
        case "TransitionEnded":
            return f"{name} {event.transition}: {event.outcome}"
        case "OperationFinished":
            return (
                f"{name} {event.node} {event.resource} {event.task}_{event.interval_ms} "
                f"{event.status} {event.rc}"
            )
        case "CibChanged":
            return f"{name} on {event.base}: {event.why}"
        case _:
            return name
