"""The log as the disks have it: what was committed, by whom it was held then, what was promised."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hanode.effects import Persist, Saved
from hanode.events import CibChanged, Entry, Member
from hanode.ids import Position
from hanode.peer_messages import AppendReply
from tests.sim.said import Fail, Said, words_of

if TYPE_CHECKING:
    from tests.sim.machines import Machine
    from tests.sim.parts import CrmPart
    from tests.sim.workload import Question
    from tests.sim.world import World


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
        self.said = Said(world, fail)
        self._writes: list[tuple[float, float, int]] = []
        """Acknowledged changes of the configuration: asked when, promised when, index."""

    @property
    def members(self) -> dict[str, Member]:
        """As the committed log has them."""
        return self.said.members

    def begin(self, saved: Saved, members: tuple[Member, ...]) -> None:
        """The disk of every founding member is born with this."""
        self.said.begin(members)
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
        if position == self.committed[-1] and state.intents.keys() != self.said.intents.keys():
            self._fail(
                "INV-5 intents",
                f"{crm.name} holds {sorted(state.intents)}, the log {sorted(self.said.intents)}",
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
            self.said.read(crm, entry)

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
        for voters in (tuple(self.members), self.said.voted_before):
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
        return self.said.two_alone and bool(others[0].boots_ended_by_power_loss)

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
                f"at {index} is {words_of(event)}, promised was {words_of(question.event)}",
            )

    def _in_the_order_of_their_promises(self, asked_at: float, index: int) -> None:
        """INV-20: a change that was asked for after another one was promised stands behind it."""
        for _, promised_at, earlier in self._writes:
            if promised_at < asked_at and earlier >= index:
                self._fail("INV-20 linearizable", f"the change at {index} is not after {earlier}")
        self._writes.append((asked_at, self._world.now, index))
