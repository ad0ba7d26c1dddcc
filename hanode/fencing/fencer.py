"""All fencings that this node does: each order's own course, side by side."""

from __future__ import annotations

import random
from typing import Any

from hanode import inputs
from hanode.effects import Say, TellCrm
from hanode.fencing.fencing import Fencing
from hanode.messages import FenceOrder, FenceResult
from hanode.ra import Site

AT_ONCE = 16


class Fencer:
    """Its tokens are negative, so that they are never those of the LRM that it serves."""

    def __init__(self, site: Site, seed: int) -> None:
        """`seed` is for pcmk_delay_max, the random part of a delay."""
        self._site = site
        self._chance = random.Random(seed)
        self._fencings: dict[str, Fencing] = {}
        self._tokens = 0

    def order(self, order: FenceOrder, now: float) -> list[Any]:
        """Take up an order; the answer is a FenceResult."""
        if len(self._fencings) >= AT_ONCE:
            reason = f"{AT_ONCE} fencings are under way here already"
            return [TellCrm(FenceResult(order.id, order.request, order.target, order.target_boot,
                                        False, "", "", reason, 0))]  # fmt: skip
        fencing = Fencing(order, self._site, self._token, self._chance.random(), now)
        self._fencings[order.id] = fencing
        devices = ", ".join(device.id for level in order.levels for device in level)
        said = Say("warning", f"fencing {order.target} ({order.action}) by {devices or 'nothing'}")
        return [said, *self._after(fencing, fencing.ring(now))]

    def step(self, input: Any, now: float) -> list[Any]:  # noqa: A002 - the field's word
        """Wake, or news of a process of ours."""
        out: list[Any] = []
        if isinstance(input, (inputs.ProcessEnded, inputs.SpawnFailed)):
            fencing = self._of(input.token)
            if fencing is not None:
                out += self._after(fencing, _told(fencing, input, now))
        for fencing in list(self._fencings.values()):
            out += self._after(fencing, fencing.ring(now))
        return out

    def deadline(self) -> float | None:
        times = [at for f in self._fencings.values() if (at := f.deadline()) is not None]
        return min(times, default=None)

    def open_orders(self) -> list[tuple[FenceOrder, tuple[int, ...]]]:
        """What is under way, each with the tokens of its processes."""
        return [(fencing.remaining(), fencing.tokens()) for fencing in self._fencings.values()]

    def _after(self, fencing: Fencing, effects: list[Any]) -> list[Any]:
        if fencing.over:
            self._fencings.pop(fencing.order.id, None)
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
