"""All fencings that this node does: each order's own course, side by side.

Of one target, to let it in and to cut it off exclude each other: whichever came last would have the
last word, and nobody would know of it. A letting-in gives way to a fencing, and waits for one.
"""

from __future__ import annotations

import random
from typing import Any

from hanode import inputs
from hanode.effects import Say, TellCrm
from hanode.fencing.fencing import Fencing
from hanode.local_messages import CALLED_OFF, FenceResult
from hanode.peer_messages import FenceOrder
from hanode.ra import Site

AT_ONCE = 16
ON = "on"
FENCED_FIRST = "it is to be fenced, which comes first"


class Fencer:
    """Its tokens are negative, so that they are never those of the LRM that it serves."""

    def __init__(self, site: Site, seed: int) -> None:
        """`seed` is for pcmk_delay_max, the random part of a delay."""
        self._site = site
        self._chance = random.Random(seed)
        self._fencings: dict[str, Fencing] = {}
        self._held: dict[str, FenceOrder] = {}
        """By id: those whose target has something contrary under way."""
        self._tokens = 0

    def order(self, order: FenceOrder, now: float) -> list[Any]:
        """Take up an order; the answer is a FenceResult."""
        if len(self._fencings) + len(self._held) >= AT_ONCE:
            reason = f"{AT_ONCE} fencings are under way here already"
            return [TellCrm(FenceResult.of(order, False, reason))]
        contrary = self._contrary(order)
        if not contrary:
            return self._begin(order, now)
        self._held[order.id] = order
        out: list[Any] = []
        for fencing in contrary if order.action != ON else ():
            out += self._after(fencing, fencing.abandon(FENCED_FIRST, now), now)
        return out

    def call_off(self, request: str, now: float, why: str = CALLED_OFF) -> list[Any]:
        """Whom this was to fence is not to be. (Whom it may have switched off for a reboot is still
        switched on.)"""
        held = [order for order in self._held.values() if order.request == request]
        out: list[Any] = []
        for order in held:
            del self._held[order.id]
            out.append(TellCrm(FenceResult.of(order, False, why)))
        for fencing in [f for f in self._fencings.values() if f.strikes_for(request)]:
            out += self._after(fencing, fencing.abandon(why, now), now)
        return out

    def _begin(self, order: FenceOrder, now: float) -> list[Any]:
        fencing = Fencing(order, self._site, self._token, self._chance.random(), now)
        self._fencings[order.id] = fencing
        devices = ", ".join(device.id for level in order.levels for device in level)
        said = Say("warning", f"fencing {order.target} ({order.action}) by {devices or 'nothing'}")
        return [said, *self._after(fencing, fencing.ring(now), now)]

    def _contrary(self, order: FenceOrder) -> list[Fencing]:
        return [
            fencing
            for fencing in self._fencings.values()
            if fencing.order.target == order.target
            and (fencing.order.action == ON) != (order.action == ON)
        ]

    def step(self, input: Any, now: float) -> list[Any]:  # noqa: A002 - the field's word
        """Wake, or news of a process of ours."""
        out: list[Any] = []
        if isinstance(input, (inputs.ProcessEnded, inputs.SpawnFailed)):
            fencing = self._of(input.token)
            if fencing is not None:
                out += self._after(fencing, _told(fencing, input, now), now)
        for fencing in list(self._fencings.values()):
            out += self._after(fencing, fencing.ring(now), now)
        return out

    def deadline(self) -> float | None:
        times = [at for f in self._fencings.values() if (at := f.deadline()) is not None]
        return min(times, default=None)

    def open_orders(self) -> list[tuple[FenceOrder, tuple[int, ...]]]:
        """What is under way, each with the tokens of its processes."""
        begun = [(fencing.remaining(), fencing.tokens()) for fencing in self._fencings.values()]
        return begun + [(order, ()) for order in self._held.values()]

    def _after(self, fencing: Fencing, effects: list[Any], now: float) -> list[Any]:
        """What it wants; and, if it is over, what those want that waited for that."""
        if not fencing.over:
            return effects
        self._fencings.pop(fencing.order.id, None)
        for order in [o for o in self._held.values() if not self._contrary(o)]:
            if self._held.pop(order.id, None) is not None:
                effects += self._begin(order, now)
        return effects

    def _of(self, token: int) -> Fencing | None:
        return next((f for f in self._fencings.values() if token in f.tokens()), None)

    def _token(self) -> int:
        self._tokens -= 1
        return self._tokens


def _told(
    fencing: Fencing, news: inputs.ProcessEnded | inputs.SpawnFailed, now: float
) -> list[Any]:
    if isinstance(news, inputs.ProcessEnded):
        return fencing.ended(news.rc, news.output, news.errors, now)
    return fencing.not_started(news.reason, now)
