"""Fence orders at the LRM's desk: each taken up once, under its term, and always answered.

What a fencing is made of is hanode.fencing's; the desk gets it at birth and hands it orders.
"""

from __future__ import annotations

import dataclasses
from collections import deque
from typing import Any, Protocol

from hanode import inputs
from hanode.effects import Spawn, TellCrm
from hanode.local_messages import CALLED_OFF, FenceResult
from hanode.lrm.saved import FenceBegun
from hanode.lrm.term import Gate, Term
from hanode.peer_messages import ISOLATED, FenceOrder

ACTIONS = ("off", "reboot", "on")
WAITING = 16
RESULTS = 16
FRESH = 30.0
"""Seconds for which a result is said again to a crm that was away."""


class Fencing(Protocol):
    """What is asked of hanode.fencing.Fencer."""

    def order(self, order: FenceOrder, now: float) -> list[Any]: ...
    def call_off(self, request: str, now: float, why: str = ...) -> list[Any]: ...
    def step(self, input: Any, now: float) -> list[Any]: ...  # noqa: A002 - the field's word
    def deadline(self) -> float | None: ...
    def open_orders(self) -> list[tuple[FenceOrder, tuple[int, ...]]]: ...


class FenceDesk:
    def __init__(self, node: str, fencing: Fencing, mark: str, term: Term) -> None:
        self._node = node
        self._fencing = fencing
        self._mark = mark
        self._term = term
        self._waiting: deque[FenceOrder] = deque()
        self._results: dict[str, tuple[FenceResult, float]] = {}
        """By order: the answer, and when it was given."""
        self.out: list[Any] = []
        self.changed = False

    def take(self, order: FenceOrder, now: float) -> None:
        """A new order: it waits for its term to be on disk."""
        if order.target == self._node and order.action != "on":
            self._answer(order, f"{self._node} can't fence itself: let another node do it", now)
        elif order.action not in ACTIONS:
            self._answer(
                order, f"fencing is one of {', '.join(ACTIONS)}, not {order.action!r:.40}", now
            )
        elif len(self._waiting) >= WAITING:
            self._answer(order, f"{WAITING} fencings wait here already", now)
        else:
            self._waiting.append(order)
            self.changed = True

    def call_off(self, request: str, now: float) -> None:
        """Whom this was to fence is back: it is wanted no more."""
        for order in [o for o in self._waiting if o.request == request]:
            self._waiting.remove(order)
            self._answer(order, CALLED_OFF, now)
        self._take_out(self._fencing.call_off(request, now), now)

    def drop_older(self, now: float) -> None:
        """A new term: whom an older one's DC has let in by others the new one may have cut off, by
        somebody else; so that comes to its end before this LRM reports."""
        for order, _ in self._fencing.open_orders():
            if order.term < self._term.seen and _lets_in(order):
                why = f"a newer term, {self._term.seen}, came first"
                self._take_out(self._fencing.call_off(order.request, now, why), now)

    def repeat(self, order: FenceOrder, now: float) -> None:
        """The answer to an order, if it has been given, once more. A former life's is not known."""
        under_way = [one.id for one, _ in self._fencing.open_orders()]
        if order.id in self._results:
            self.out.append(TellCrm(self._results[order.id][0]))
        elif order.id not in under_way and order not in self._waiting:
            self._answer(order, "the lrm was restarted since; what came of it is not known", now)

    def say_again(self, now: float) -> None:
        """Fresh answers once more: a crm that was away may have missed them."""
        fresh = [result for result, at in self._results.values() if now < at + FRESH]
        self.out += [TellCrm(result) for result in fresh]

    def resume(self, order: FenceOrder, now: float) -> None:
        """Of a former life. To give power back is done again; any other is reported as come to
        nothing: who is still to be fenced, or let in, is so by a new order. (To let in who has been
        cut off by others meanwhile would bring back what was proved to be gone.)"""
        if order.action == "on" and not _lets_in(order):
            self._take_out(self._fencing.order(order, now), now)
        else:
            self._answer(order, "the lrm was restarted while it fenced", now)

    def begin(self, now: float) -> None:
        """Hand on what may begin."""
        while self._waiting:
            order = self._waiting[0]
            gate = self._term.gate(order.term, "fence")
            if gate is Gate.WAIT:
                return
            self._waiting.popleft()
            if gate is Gate.OPEN:
                self._take_out(self._fencing.order(order, now), now)
            elif gate is Gate.OLD:
                self._answer(order, f"a newer term, {self._term.seen}, came first", now)
            else:
                self._answer(order, f"term {self._term.seen} can't be written to disk here", now)

    def step(self, input: Any, now: float) -> None:  # noqa: A002 - the field's word
        self._take_out(self._fencing.step(input, now), now)

    def ring(self, now: float) -> None:
        at = self._fencing.deadline()
        if at is not None and at <= now:
            self.step(inputs.Wake(), now)

    def deadline(self) -> float | None:
        return self._fencing.deadline()

    def strikes(self) -> tuple[str, ...]:
        """The requests of those whom it is fencing."""
        return tuple(word.order.request for word in self.words() if word.order.action != "on")

    def words(self) -> list[FenceBegun]:
        """For the table."""
        begun = [
            FenceBegun(order, tuple(f"{self._mark}.{token}" for token in tokens))
            for order, tokens in self._fencing.open_orders()
        ]
        return begun + [FenceBegun(order) for order in self._waiting]

    def _answer(self, order: FenceOrder, reason: str, now: float) -> None:
        self._take_out([TellCrm(FenceResult.of(order, False, reason))], now)

    def _take_out(self, wanted: list[Any], now: float) -> None:
        """What fencing wants, on its way out: its processes are marked, its answers kept."""
        self.changed |= bool(wanted)
        for effect in wanted:
            match effect:
                case Spawn():
                    env = {**effect.env, "HANODE_OPERATION": f"{self._mark}.{effect.token}"}
                    self.out.append(dataclasses.replace(effect, env=env))
                case TellCrm(FenceResult() as result):
                    self._results[result.order] = result, now
                    while len(self._results) > RESULTS:
                        del self._results[next(iter(self._results))]
                    self.out.append(effect)
                case _:
                    self.out.append(effect)


def _lets_in(order: FenceOrder) -> bool:
    """Whether it lets somebody in who was cut off, rather than give power back."""
    kinds = {device.evidence for level in order.levels for device in level}
    return order.action == "on" and ISOLATED in kinds
