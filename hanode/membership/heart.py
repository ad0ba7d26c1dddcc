"""The heartbeat process's core: says that this node lives, hears who else does."""

from __future__ import annotations

from random import Random
from typing import Any

from hanode.messaging import KexSecret
from hanode.settings import Timing


class Heart:
    """Inputs: Wake, DatagramArrived, PortRefused, LocalSaid(Roster | Standing).

    Effects: SendDatagram, TellCrm(Heard), PublishLease, FeedWatchdog, Say, Exit.
    """

    def __init__(
        self, name: str, boot: int, life: int, timing: Timing, secret: KexSecret, random: Random
    ) -> None:
        self.name = name
        self.boot = boot
        self.life = life
        self._timing = timing
        self._secret = secret
        self._random = random

    def step(self, given: Any, now: float) -> list[Any]:
        """What is to be done about one input."""
        return []

    def deadline(self) -> float | None:
        """When to be woken at the latest: monotonic seconds."""
        return None
