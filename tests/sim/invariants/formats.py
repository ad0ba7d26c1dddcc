"""One format is spoken: nobody is told what it can't read (INV-30). All members have one
version of heartbeats and of entries; where they had several, the lowest would be the bound here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hanode.messaging.wire import HEADER, Header
from tests.sim.invariants.violation import fail

if TYPE_CHECKING:
    from tests.sim.parts import HeartPart

SPOKEN_BY_ALL = 2


def a_heartbeat_is_of_a_version_that_all_speak(part: HeartPart, data: bytes) -> None:
    """INV-30, of what is sent and of what is taken: a later version is not guessed at."""
    version = Header(*HEADER.unpack_from(data)).version
    if version != SPOKEN_BY_ALL:
        fail("INV-30 version gate", f"{part.name}: a heartbeat of version {version}")


def an_entry_is_of_a_kind_that_all_can_read(by: str, position: object, problem: str) -> None:
    """INV-30: what one member could not read, its fold would leave out, and the others' not."""
    fail("INV-30 version gate", f"{by} commits {position}, which nobody can read: {problem}")
