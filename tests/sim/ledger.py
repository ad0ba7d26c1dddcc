"""The log as the disks have it: what was committed, by whom it was held then, what was promised."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from hanode.codec import Garbled
from hanode.effects import Persist, Saved
from hanode.events import (
    Entry,
    Event,
    FencingConfirmed,
    FencingIntended,
    FencingLapsed,
    TransitionStarted,
    parts,
)
from hanode.ids import Position

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

    def begin(self, saved: Saved) -> None:
        """Every disk is born with this."""
        for entry in saved.entries:
            self.entries[entry.position] = entry
            self.committed.append(entry.position)
            for name in self._world.machines:
                self.durable.setdefault(name, {})[entry.index] = entry.hash()

    # ------------------------------------------------------------------------------------ disks

    def landed(self, machine: Machine, persist: Persist) -> None:
        """A write has become durable."""
        held = self.durable.setdefault(machine.name, {})
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
        digest, machines = entry.hash(), self._world.machines
        holders = [
            name
            for name in machines
            if self.durable.get(name, {}).get(entry.index) == digest or self._covered(name, entry)
        ]
        if 2 * len(holders) > len(machines) or self._sole_survivor(crm):
            return
        self._fail(
            "INV-14 durable on a majority",
            f"{crm.name} commits {entry.position}, which is on the disks of {holders}",
        )

    def _covered(self, name: str, entry: Entry) -> bool:
        """By a snapshot, or, of a witness, by its position."""
        end = self.ends.get(name)
        return end is not None and end.index >= entry.index and end.term >= entry.term

    def _sole_survivor(self, crm: CrmPart) -> bool:
        """Of two nodes alone, one may go on when the other's power was cut (cluster rule 5)."""
        others = [m for m in self._world.machines.values() if m is not crm.machine]
        return self._world.options.shape == "2" and bool(others[0].boots_ended_by_power_loss)

    # ----------------------------------------------------------------------- what the entries say

    def _read(self, crm: CrmPart, entry: Entry) -> None:
        """Facts that the machines must bear out."""
        try:
            _, event = entry.signed.open()
        except Garbled as error:
            self._fail("INV-26 readable", f"{entry.position}: {error}")
            return
        for part in parts(event):
            self._check(crm, part)
        if type(event).__name__ in NOTED:
            self._world.note("log", str(entry.index), _words(event))

    def _check(self, crm: CrmPart, event: Event) -> None:
        if isinstance(event, TransitionStarted):
            self._world.invariants.no_endless_transitions(crm.name)
        elif isinstance(event, FencingIntended):
            self.intents[event.request] = event
        elif isinstance(event, FencingConfirmed):
            self._confirmed(crm, event)
        elif isinstance(event, FencingLapsed):
            self._lapsed(event)

    def _confirmed(self, crm: CrmPart, event: FencingConfirmed) -> None:
        invariants = self._world.invariants
        invariants.evidence_is_true(crm.name, event.target, event.boot, event.evidence)
        settled = [
            intent
            for intent in self.intents.values()
            if intent.target == event.target and intent.boot <= event.boot
        ]
        for intent in settled:
            del self.intents[intent.request]
        if any(not intent.by for intent in settled):
            invariants.fencing_rate(event.target)

    def _lapsed(self, event: FencingLapsed) -> None:
        """INV-5: an intent lapses when its target is back in a later boot, and only then."""
        intent = self.intents.pop(event.request, None)
        if intent is not None and self._world.machines[intent.target].boot <= intent.boot:
            if self._world.options.shape == "2":
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
        if type(event) is not type(question.event):
            self._fail(
                "INV-11 acknowledged",
                f"at {index} is {_words(event)}, promised was {_words(question.event)}",
            )


NOTED = (
    "DcElected", "ViewAgreed", "NodeReported", "NodeLeft", "FencingIntended", "FencingConfirmed",
    "FencingFailed", "FencingLapsed", "TransitionStarted", "TransitionEnded", "Alarm",
    "CibChanged", "HistoryCleared", "OrderGiven", "OperationFinished",
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
