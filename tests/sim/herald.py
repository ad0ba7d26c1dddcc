"""A crm that only keeps its heartbeat company: for simulations of membership and quorum alone."""

from __future__ import annotations

from typing import Any

from hanode.effects import TellHeart
from hanode.events import Member
from hanode.ids import ORIGIN
from hanode.inputs import PartUp, Wake
from hanode.local_messages import Standing
from hanode.peer_messages import Roster
from hanode.settings import Timing
from hanode.state import ClusterState


class Herald:
    """Names the members to a heartbeat that comes up, and says that it advances."""

    role = "follower"
    term = 0

    def __init__(self, cluster: bytes, members: tuple[Member, ...], timing: Timing) -> None:
        self._roster = Roster(cluster, members)
        self._timing = timing
        self._next = 0.0
        self.state = ClusterState()

    def step(self, given: Any, now: float) -> list[Any]:
        if isinstance(given, PartUp) and given.part == "heart":
            return [TellHeart(self._roster)]
        if isinstance(given, Wake) and now >= self._next:
            self._next = now + self._timing.keepalive
            return [TellHeart(Standing(0, "", ORIGIN, lrm_alive=True, running=0))]
        return []

    def deadline(self) -> float | None:
        return self._next
