"""Consoles that stay attached: told each entry, and a pulse of what is true only now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hanode.inputs import Asked
from hanode.local_messages import Telemetry
from hanode.mgmt.protocol import Entries, Pulse, Subscribe
from hanode.node.pulse import pulse_of

if TYPE_CHECKING:
    from hanode.node.node import Node

SUBSCRIBERS_MAX = 64
DRIFT_MAX = 1024
"""Subjects of telemetry between two pulses."""
BATCH = 500
"""Entries in one answer."""
QUIET = 5.0
"""Seconds after which a subscriber hears from us even if nothing has changed."""
THINKING = 1.0
"""Seconds between two pulses while the PE has been asked and has not answered."""
PULSE_GAP = 0.5
"""Seconds between two pulses while something changes."""


@dataclass(slots=True)
class Subscriber:
    number: int
    sent: int
    """The last index that it was sent."""
    telemetry: bool
    operator: str


class Subscribers:
    """A bounded number."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._subscribers: dict[str, Subscriber] = {}
        self._pulse_at = 0.0
        self._drift: dict[str, dict[str, float]] = {}
        """The LRM's telemetry since the last pulse."""

    def gone(self, client: str) -> None:
        self._subscribers.pop(client, None)

    def subscribe(self, asked: Asked, request: Subscribe) -> None:
        node = self._node
        if len(self._subscribers) >= SUBSCRIBERS_MAX and asked.client not in self._subscribers:
            node.deny(asked, "unavailable", f"{SUBSCRIBERS_MAX} consoles are attached already")
            return
        log, applied = node.seat.log, node.state.position
        after = request.after
        known = (
            after is not None
            and after.index <= applied.index
            and log.has(after.index)
            and log.term_at(after.index) == after.term
        )
        sent = after.index if known and after is not None else applied.index
        self._subscribers[asked.client] = Subscriber(
            request.number, sent, request.telemetry, asked.operator
        )
        if not known:
            self._node.answer(asked.client, self._node.folding.image(request.number))
        self._node.answer(asked.client, self.pulse(request.number))
        self._pulse_at = node.now
        if node.seat.timers.at("pulse") is None:
            self._pulse_again()

    def state_replaced(self) -> None:
        """A snapshot came from the DC: what subscribers have can't be continued."""
        for client, subscriber in self._subscribers.items():
            self._node.answer(client, self._node.folding.image(subscriber.number))
            subscriber.sent = self._node.state.position.index

    def attend(self) -> None:
        """Send each subscriber what it has not seen."""
        applied = self._node.state.position.index
        for client, subscriber in self._subscribers.items():
            while subscriber.sent < applied:
                entries = self._node.folding.entries(subscriber.sent, BATCH)
                if not entries:
                    self._node.answer(client, self._node.folding.image(subscriber.number))
                    subscriber.sent = applied
                    break
                self._node.answer(client, Entries(subscriber.number, entries, applied))
                subscriber.sent = entries[-1].index

    # ---------------------------------------------------------------------------------- telemetry

    def telemetry(self, message: Telemetry) -> None:
        """Of the LRM: kept for the next pulse, a bounded number of subjects."""
        known = message.subject in self._drift
        if self._subscribers and (known or len(self._drift) < DRIFT_MAX):
            self._drift[message.subject] = message.values

    def pulse_changed(self) -> None:
        """Something that a pulse tells may have changed."""
        if self._subscribers:
            self._node.seat.timers.set("pulse", max(self._node.now, self._pulse_at + PULSE_GAP))

    def pulse_due(self) -> None:
        node = self._node
        if not self._subscribers:
            return
        self._pulse_at = node.now
        for client, subscriber in self._subscribers.items():
            if subscriber.telemetry:
                self._node.answer(client, self.pulse(subscriber.number))
        self._drift = {}
        self._pulse_again()

    def _pulse_again(self) -> None:
        node = self._node
        thinking = node.coordination.asked_at is not None
        node.seat.timers.set("pulse", node.now + (THINKING if thinking else QUIET))

    def pulse(self, number: int) -> Pulse:
        return pulse_of(self._node, number, self._drift, self._attached)

    @property
    def _attached(self) -> tuple[str, ...]:
        """Who only asks once in a while does not want telemetry."""
        return tuple(sorted({one.operator for one in self._subscribers.values() if one.telemetry}))
