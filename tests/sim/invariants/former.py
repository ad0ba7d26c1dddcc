"""Who was a member and is no more: its key proves nothing, and nobody hears it (INV-29)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hanode.messaging.wire import HEADER, Header
from tests.sim.invariants.violation import fail

if TYPE_CHECKING:
    from tests.sim.parts import CrmPart, HeartPart

DEAF_WITHIN = 1.0
"""Seconds from a crm's reading of a removal until its node's heartbeat hears that one no more."""


class Former:
    def __init__(self) -> None:
        self.removed: dict[int, int] = {}
        """A former member's number -> the index of its removal."""
        self._read: dict[CrmPart, dict[int, float]] = {}
        """A crm -> the removals that it has read, and when."""

    def read(self, crm: CrmPart, index: int) -> None:
        """This crm has applied the log so far."""
        read = self._read.setdefault(crm, {})
        for number, at in self.removed.items():
            if at <= index:
                read.setdefault(number, crm.world.now)

    def nobody_is_heard_who_was_removed(self, part: HeartPart, data: bytes) -> None:
        """INV-29 of heartbeats: a key that was taken back is worth nothing a second later."""
        crm = part.machine.crm
        if crm is None or not self.removed:
            return
        sender = Header(*HEADER.unpack_from(data)).sender
        read_at = self._read.get(crm, {}).get(sender)
        settled = min(crm.world.now - part.began_at, crm.world.now - part.resumed_at)
        if read_at is not None and crm.world.now - read_at > DEAF_WITHIN < settled:
            fail("INV-29 revocation", f"{part.name} hears number {sender}, which was removed")

    def nothing_of_a_former_member_has_force(
        self, crm: str, state: Any, members: dict[str, Any]
    ) -> None:
        """INV-29 of the log: whatever stands in it after a removal, signed by the key that went,
        changes nothing. `members` are those of the same place in the log."""
        if state.members != members:
            fail("INV-29 members", f"{crm} counts {sorted(state.members)}, not {sorted(members)}")
        if not state.nodes.keys() <= members.keys():
            fail("INV-29 records", f"{crm} knows {sorted(state.nodes.keys() - members.keys())}")
