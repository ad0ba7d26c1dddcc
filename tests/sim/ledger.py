"""The log as the disks have it: what was committed, by whom it was held then, what was promised."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from hanode.codec import Garbled
from hanode.effects import Persist, Saved
from hanode.events import (
    CibChanged,
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
from hanode.ids import EventId, Position
from hanode.messages import AppendReply
from tests.sim.invariants.formats import an_entry_is_of_a_kind_that_all_can_read
from tests.sim.scenery import CLUSTER

if TYPE_CHECKING:
    from tests.sim.machines import Machine
    from tests.sim.parts import CrmPart
    from tests.sim.workload import Question
    from tests.sim.world import World

Fail = Callable[[str, str], None]


class Ledger:
    """Knows every entry that ever became durable anywhere, and the one log that was committed."""

    def __init__(self, world: World, fail: Fail) -> None:
        self._world = world
        self._fail = fail
        self.durable: dict[str, dict[int, bytes]] = {}
        """machine -> index -> hash, on its disk now."""
        self.entries: dict[Position, Entry] = {}
        """(term, index) -> the entry. One DC a term makes it one entry."""
        self.committed: list[Position] = [Position(0, 0)]
        """index -> position, of all that anybody has ever applied."""
        self.ends: dict[str, Position] = {}
        """machine -> where a snapshot (or a witness's position) on its disk ends."""
        self.intents: dict[str, FencingIntended] = {}
        self.members: dict[str, Member] = {}
        """As the committed log has them."""
        self._voted_before: tuple[str, ...] = ()
        """Who they were before the last change: what was on its way then was counted by them."""
        self._seen: dict[EventId, int] = {}
        """Each event that was ever committed -> where."""
        self._writes: list[tuple[float, float, int]] = []
        """Acknowledged changes of the configuration: asked when, promised when, index."""

    def begin(self, saved: Saved, members: tuple[Member, ...]) -> None:
        """The disk of every founding member is born with this."""
        self.members = {member.name: member for member in members}
        self._voted_before = tuple(self.members)
        for entry in saved.entries:
            self.entries[entry.position] = entry
            self.committed.append(entry.position)
            for name in self.members:
                self.durable.setdefault(name, {})[entry.index] = entry.hash()

    # ------------------------------------------------------------------------------------ disks

    def landed(self, machine: Machine, persist: Persist) -> None:
        """A write has become durable."""
        held = self.durable.setdefault(machine.name, {})
        if persist.snapshot is not None and persist.truncate is not None and machine.data:
            self._world.sometimes("a DC's snapshot was taken up")
        elif persist.truncate is not None:
            self._world.sometimes("a log lost what was not committed")
        if persist.truncate is not None:
            self._never_below_the_commit(machine, persist.truncate)
            for index in [i for i in held if i > persist.truncate]:
                del held[index]
        if persist.snapshot is not None:
            self.ends[machine.name] = persist.snapshot.last
        for entry in persist.entries:
            held[entry.index] = entry.hash()
            known = self.entries.setdefault(entry.position, entry)
            if known is not entry and known != entry:
                self._fail("INV-12 one entry a place", f"two entries at {entry.position}")

    def _never_below_the_commit(self, machine: Machine, keep: int) -> None:
        """INV-13: what is committed and held is not cut off."""
        if keep + 1 >= len(self.committed):
            return
        entry = self.entries[self.committed[keep + 1]]
        if self.durable[machine.name].get(keep + 1) == entry.hash():
            self._fail("INV-13 truncation", f"{machine.name} drops committed {entry.position}")

    def restored(self, machine: Machine) -> None:
        """Its disk is an older one."""
        self.durable[machine.name] = {e.index: e.hash() for e in machine.disk.entries}
        self.ends.pop(machine.name, None)
        if machine.disk.snapshot is not None:
            self.ends[machine.name] = machine.disk.snapshot.last

    # ------------------------------------------------------------------------------------- commits

    def committed_prefixes_agree(self, crm: CrmPart) -> None:
        """INV-12: what one node applies at an index, every node applies there."""
        core: Any = crm.core
        state = getattr(core, "state", None)
        if state is None:
            return
        position = state.position
        if position.index == crm.applied:
            return
        crm.applied = position.index
        self._compare(crm, state, position)
        self._world.invariants.applied(crm, state)
        self._intents_are_kept(crm, state, position)

    def _intents_are_kept(self, crm: CrmPart, state: Any, position: Position) -> None:
        """INV-5: what was intended stands until it is confirmed or has lapsed."""
        if position == self.committed[-1] and state.intents.keys() != self.intents.keys():
            self._fail(
                "INV-5 intents",
                f"{crm.name} holds {sorted(state.intents)}, the log {sorted(self.intents)}",
            )

    def _compare(self, crm: CrmPart, state: Any, position: Position) -> None:
        if position.index < len(self.committed):
            if self.committed[position.index] != position:
                self._fail(
                    "INV-12 prefixes",
                    f"{crm.name} applies {position}; committed is {self.committed[position.index]}",
                )
            return
        self._extend(crm, position)

    def _extend(self, crm: CrmPart, position: Position) -> None:
        """The first to apply so far: these are the committed entries from now on."""
        entry: Entry | None = self.entries.get(position)
        chain: list[Entry] = []
        while entry is not None and entry.index >= len(self.committed):
            chain.append(entry)
            entry = self._before(entry)
        if not chain:
            self._fail("INV-14 durable", f"{crm.name} applies {position}, which no disk has")
        if entry is not None and entry.position != self.committed[entry.index]:
            self._fail("INV-12 prefixes", f"{crm.name}: {position} forks at {entry.position}")
        for entry in reversed(chain):
            self.committed.append(entry.position)
            self._durable_on_a_majority(crm, entry)
            self._read(crm, entry)

    def _before(self, entry: Entry) -> Entry | None:
        for term in range(entry.term, -1, -1):
            earlier = self.entries.get(Position(term, entry.index - 1))
            if earlier is not None and earlier.hash() == entry.previous:
                return earlier
        return None

    def _durable_on_a_majority(self, crm: CrmPart, entry: Entry) -> None:
        """INV-14: an entry counts only where it is on disk."""
        digest = entry.hash()
        holders = [
            name
            for name in self._world.machines
            if self.durable.get(name, {}).get(entry.index) == digest or self._covered(name, entry)
        ]
        for voters in (tuple(self.members), self._voted_before):
            if 2 * len([name for name in holders if name in voters]) > len(voters):
                return
        if self._sole_survivor(crm):
            return
        self._fail(
            "INV-14 durable on a majority",
            f"{crm.name} commits {entry.position}, which is on the disks of {holders}",
        )

    def what_is_acknowledged_is_on_disk(self, crm: CrmPart, reply: AppendReply) -> None:
        """INV-14 of acknowledgements."""
        end = self.ends.get(crm.name)
        if reply.match in self.durable.get(crm.name, {}) or (end and end.index >= reply.match):
            return
        self._fail("INV-14 acknowledged on disk", f"{crm.name} has no {reply.match} on its disk")

    def _covered(self, name: str, entry: Entry) -> bool:
        """By a snapshot, or, of a witness, by its position."""
        end = self.ends.get(name)
        return end is not None and end.index >= entry.index and end.term >= entry.term

    def _sole_survivor(self, crm: CrmPart) -> bool:
        """Of two nodes alone, one may go on when the other's power was cut (cluster rule 5)."""
        others = [self._world.machines[name] for name in self.members if name != crm.name]
        return self._two_alone and bool(others[0].boots_ended_by_power_loss)

    @property
    def _two_alone(self) -> bool:
        """From the start, or because a third one was lost for good."""
        return len(self.members) == 2 and all(m.role == "data" for m in self.members.values())

    # ----------------------------------------------------------------------- what the entries say

    def _read(self, crm: CrmPart, entry: Entry) -> None:
        """Facts that the machines must bear out."""
        try:
            said, event = entry.signed.open()
        except Garbled as error:
            an_entry_is_of_a_kind_that_all_can_read(crm.name, entry.position, str(error))
            return
        if not self._by_a_member(said, entry.signed):
            self._world.sometimes("an entry of a former member had no force")
            return
        if self._seen.setdefault(said.id, entry.index) != entry.index:
            self._fail("INV-27 no replay", f"{said.id} is at {self._seen[said.id]}, {entry.index}")
        for part in parts(event):
            self._check(crm, part, entry.index)
        if type(event).__name__ in NOTED:
            self._world.note("log", str(entry.index), _words(event))

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
            self._world.sometimes("an operator's order came too late to have force")
        elif isinstance(event, (MemberAdded, MemberRemoved)):
            self._members_changed(event, index)
        elif isinstance(event, FencingIntended):
            self.intents[event.request] = event
        elif isinstance(event, FencingConfirmed):
            self._confirmed(crm, event)
        elif isinstance(event, DcElected):
            self._elected(event)
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
        if isinstance(event, FencingConfirmed) and event.evidence == "operator":
            node = state.nodes.get(event.target)
            return node is not None and node.fenced < event.boot
        return False

    def _members_changed(self, event: MemberAdded | MemberRemoved, index: int) -> None:
        self._voted_before = tuple(self.members)
        if isinstance(event, MemberAdded):
            self.members[event.member.name] = event.member
        else:
            gone = self.members.pop(event.name, None)
            if gone is not None:
                self._world.invariants.former.removed[gone.number] = index
            for request in [r for r, i in self.intents.items() if i.target == event.name]:
                self._world.note("log", "of a node that is gone", request)

    def _elected(self, event: DcElected) -> None:
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
            proof.fencing_rate(event.target)

    def _lapsed(self, event: FencingLapsed) -> None:
        """INV-5: an intent lapses when its target is back in a later boot, and only then."""
        intent = self.intents.pop(event.request, None)
        if intent is not None and self._world.machines[intent.target].boot <= intent.boot:
            if self._two_alone:
                return  # two nodes alone: lapses when both hear each other again (cluster rule 5)
            self._fail(
                "INV-5 intents", f"{event.request} lapsed; {intent.target} is still the same"
            )

    # ----------------------------------------------------------------------------------- promises

    def acknowledged(self, question: Question) -> None:
        """INV-11: what was acknowledged at an index is committed at that index, and is it."""
        index = question.done
        assert index is not None
        if index >= len(self.committed):
            self._fail("INV-11 acknowledged", f"index {index} is not committed anywhere")
        entry = self.entries[self.committed[index]]
        _, event = entry.signed.open()
        if isinstance(event, CibChanged):
            self._in_the_order_of_their_promises(question.asked_at, index)
        if type(event) is not type(question.event):
            self._fail(
                "INV-11 acknowledged",
                f"at {index} is {_words(event)}, promised was {_words(question.event)}",
            )

    def _in_the_order_of_their_promises(self, asked_at: float, index: int) -> None:
        """INV-20: a change that was asked for after another one was promised stands behind it."""
        for _, promised_at, earlier in self._writes:
            if promised_at < asked_at and earlier >= index:
                self._fail("INV-20 linearizable", f"the change at {index} is not after {earlier}")
        self._writes.append((asked_at, self._world.now, index))


NOTED = (
    "DcElected", "ViewAgreed", "NodeReported", "NodeLeft", "FencingIntended", "FencingConfirmed",
    "FencingFailed", "FencingLapsed", "MemberAdded", "MemberRemoved", "NodeLeaving",
    "TransitionStarted", "TransitionEnded", "Alarm", "CibChanged", "HistoryCleared",
    "OrderGiven",     "OperationFinished", "VoteRestored",
)  # fmt: skip


def _words(event: Any) -> str:
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
