"""A fencer on a bench: its clock in our hands, its fence agents played by the test."""

from __future__ import annotations

from typing import Any

from hanode import effects, inputs
from hanode.fencing import Fencer
from hanode.local_messages import FenceResult
from hanode.peer_messages import Device, FenceOrder
from hanode.ra import Site


class Bench:
    def __init__(self) -> None:
        self.now = 0.0
        self.fencer = Fencer(Site("n1", "/run/n1"), seed=3)
        self.calls: list[tuple[int, dict[str, str]]] = []
        """What was asked of fence agents, each with its token, since last answered."""
        self.leased: list[bool] = []
        """Whether each of all calls had to wait for the quorum lease."""
        self.results: list[FenceResult] = []
        self.kills: list[bool] = []
        self.said: list[str] = []

    def take(self, wanted: list[Any]) -> None:
        for effect in wanted:
            match effect:
                case effects.Spawn(token, argv, _, stdin, lease_checked=leased):
                    self.leased.append(leased)
                    lines = stdin.decode().splitlines()
                    said = dict(line.split("=", 1) for line in lines)
                    self.calls.append((token, {"agent": argv[0], **said}))
                case effects.TellCrm(FenceResult() as result):
                    self.results.append(result)
                case effects.Kill(_, hard):
                    self.kills.append(hard)
                case effects.Say(_, text):
                    self.said.append(text)

    def order(self, action: str, *levels: tuple[Device, ...], **more: Any) -> None:
        order = FenceOrder("1.1.1", 1, "n1", 1, "q1", "n2", 7, action, levels, **more)
        self.take(self.fencer.order(order, self.now))

    def wait(self, seconds: float) -> None:
        until = self.now + seconds
        while (at := self.fencer.deadline()) is not None and at <= until:
            self.now = max(self.now, at)
            self.take(self.fencer.step(inputs.Wake(), self.now))
        self.now = until

    def answer(self, rc: int, errors: bytes = b"") -> dict[str, str]:
        """The agent at work ends; what it had been asked."""
        (token, asked), self.calls = self.calls[0], self.calls[1:]
        self.take(self.fencer.step(inputs.ProcessEnded(token, rc, b"", errors, 1), self.now))
        return asked

    def play(self, *exits: int) -> list[str]:
        """Answer so many calls; the actions that were asked for, with their plugs."""
        asked = [self.answer(rc) for rc in exits]
        return [f"{call['action']} {call.get('plug', '')}".strip() for call in asked]


def device(name: str = "d1", plug: str = "n2", **parameters: str) -> Device:
    return Device(name, "fence_demo", plug, parameters)
