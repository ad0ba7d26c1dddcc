"""What this node states: each fact signed once, and said again until it stands in the log."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from hanode.events import (
    STATEMENTS,
    VOCABULARY,
    Event,
    FencingConfirmed,
    Signed,
    Statement,
)
from hanode.identity import Signer
from hanode.ids import EventId, NodeName
from hanode.peer_messages import Propose
from hanode.settings import EVENTS_IN_FLIGHT
from hanode.state.said import LIFE


@dataclass(frozen=True, slots=True)
class Waiting:
    """A fact that is not in the log yet."""

    event: Event
    proposal: Propose
    since: float
    """When it was first brought."""


class Facts:
    """The outbox of one node."""

    def __init__(self, name: NodeName, boot: int, signer: Signer, now: float) -> None:
        self.name = name
        self.boot = boot
        self._signer = signer
        # A restarted crm must not give an old number to a new fact: each life counts from the
        # millisecond at which it began (see state.said).
        self.last = int(now * 1000) << LIFE
        """Number of the latest statement."""
        self.waiting: OrderedDict[EventId, Waiting] = OrderedDict()

    def state(
        self,
        event: Event,
        cluster: bytes,
        at: float,
        now: float,
        cause: str = "",
        basis: int | None = None,
        question: str = "",
    ) -> Propose:
        """A new fact, signed. The oldest is given up when too many wait (INV-31)."""
        self.last += 1
        statement = Statement(self.name, self.boot, self.last, at, cause, VOCABULARY.pack(event))
        payload = STATEMENTS.pack(statement)
        signed = Signed(payload, self._signer.sign("event", cluster, payload))
        proposal = Propose(signed, basis, question)
        self.waiting[statement.id] = Waiting(event, proposal, now)
        if len(self.waiting) > EVENTS_IN_FLIGHT:
            self.waiting.popitem(last=False)
        return proposal

    def proof(self, target: NodeName, boot: int) -> FencingConfirmed | None:
        """Of the end of that boot, on its way into the log."""
        stated = [waiting.event for waiting in self.waiting.values()]
        proofs = [event for event in stated if isinstance(event, FencingConfirmed)]
        return next((p for p in proofs if p.target == target and p.boot >= boot), None)

    def settle(self, ident: EventId) -> Waiting | None:
        """It stands in the log (or never will)."""
        return self.waiting.pop(ident, None)

    def take_back(self, outdated: Callable[[Event], bool]) -> None:
        """What of this kind is not in the log yet is not said again."""
        for ident, one in list(self.waiting.items()):
            if outdated(one.event):
                del self.waiting[ident]
