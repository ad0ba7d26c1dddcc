"""How a new node is let in: a one-time token, and the member that it makes."""

from __future__ import annotations

from random import Random

from hanode.events import Member
from hanode.mgmt.protocol import Enrol
from hanode.state import ClusterState
from hanode.state.fitness import NUMBERS

TOKENS_MAX = 16
SHORTEST, LONGEST = 60.0, 86_400.0
"""Seconds for which a token can be good."""


class Enrolment:
    """The tokens of this node: each lets one node in, once, for a while."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._tokens: dict[str, float] = {}
        """Secret -> until when it is good, monotonic."""

    def make_token(self, seconds: float, now: float) -> str:
        """A new secret of 128 bits; the oldest is given up when there are too many."""
        self._tokens = {token: until for token, until in self._tokens.items() if until > now}
        while len(self._tokens) >= TOKENS_MAX:
            self._tokens.pop(next(iter(self._tokens)))
        token = f"{self._random.getrandbits(128):032x}"
        self._tokens[token] = now + min(max(seconds, SHORTEST), LONGEST)
        return token

    def knows(self, token: str, now: float) -> bool:
        """Whether it is good."""
        return self._tokens.get(token, 0.0) > now

    def spend(self, token: str) -> None:
        """It is good no longer."""
        self._tokens.pop(token, None)


def new_member(request: Enrol, state: ClusterState) -> Member:
    """The member that asks in, with the next free number (0 when all have been given)."""
    number = state.last_number + 1 if state.last_number + 1 in NUMBERS else 0
    return Member(
        name=request.name,
        number=number,
        role=request.role,
        public=request.public,
        kex=request.kex,
        host_key=request.host_key,
        certificate=request.certificate,
        links=request.links,
        stream=request.stream,
    )
