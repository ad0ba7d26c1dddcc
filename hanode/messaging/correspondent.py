"""What must be known of one peer to believe its heartbeats: its keys, boot, what came already."""

from __future__ import annotations

from hmac import compare_digest
from typing import Any

from hanode.messaging.keys import UNKNOWN_BOOT, Direction
from hanode.messaging.window import Window


class Correspondent:
    """A peer that may write to us, since a secret is shared with it."""

    def __init__(
        self, number: int, receiver: int, receiver_boot: int, cluster: bytes, shared: bytes
    ) -> None:
        self.number = number
        self.boot = UNKNOWN_BOOT
        """The latest that it was ever heard in; proved or, after a hello, only claimed."""
        self.life = 0
        self.newest = 0
        """Of this boot and life: its newest heartbeat on any link."""
        self.windows: dict[int, Window] = {}
        self._receiver_boot = receiver_boot
        self._theirs = Direction(shared, cluster, number, receiver)
        self._ours = Direction(shared, cluster, receiver, number)
        self._turn_to(UNKNOWN_BOOT)

    def seal(self, content: bytes) -> bytes:
        """The MAC for this peer, in the boot that it is known to be in."""
        mac = self._sealing.copy()
        mac.update(content)
        return bytes(mac.digest())

    def proves(self, boot: int, receiver_boot: int, content: bytes, claimed: bytes) -> bool:
        """Whether this peer, in this boot, wrote just this for the boot `receiver_boot` of ours."""
        mac = self._opening_of(boot, receiver_boot)
        mac.update(content)
        return compare_digest(mac.digest(), claimed)

    def greeted(self, boot: int) -> None:
        """It lives, or lived, in this boot; which of the two only its next word can prove."""
        if boot > self.boot:
            self._turn_to(boot)

    def admit(self, boot: int, life: int, link: int, seq: int) -> str:
        """Takes note of a proved heartbeat: 'accepted', or why it is of no use."""
        if boot > self.boot:
            self._turn_to(boot)
        if life != self.life:
            if life < self.life:
                return "old_life"
            self._begin(life)
        window = self.windows.get(link)
        if window is None:
            window = self.windows[link] = Window()
        return "accepted" if window.admit(seq) else "replayed"

    def loss(self) -> float:
        """The share of its heartbeats missed lately, on its best link."""
        return min((w.missed(self.newest) for w in self.windows.values()), default=1.0)

    def _turn_to(self, boot: int) -> None:
        self.boot = boot
        self._sealing = self._ours.mac(self._receiver_boot, boot)
        self._opening = self._theirs.mac(boot, self._receiver_boot)
        self._begin(0)

    def _begin(self, life: int) -> None:
        self.life = life
        self.newest = 0
        self.windows = {}

    def _opening_of(self, boot: int, receiver_boot: int) -> Any:
        if boot == self.boot and receiver_boot == self._receiver_boot:
            return self._opening.copy()
        return self._theirs.mac(boot, receiver_boot)
