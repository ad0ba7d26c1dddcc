"""An LRM on a stage: its clock in our hands, its agents played by the test."""

from __future__ import annotations

import itertools
from typing import Any

from hanode import effects, inputs
from hanode.events import OperationFinished
from hanode.fencing import Fencer
from hanode.local_messages import Finished, Refused, SelfRule, TakeTerm, TermTaken
from hanode.lrm import Limits, Lrm
from hanode.peer_messages import Order
from hanode.ra import Site

SITE = Site("n1", "/run/n1")


class Stage:
    def __init__(self, boot: int = 1, limits: Limits | None = None) -> None:
        self.now = 100.0
        self.boot = boot
        self.life = 0
        self.table = b""
        self.disk_term = 0
        self.disk_ok = True
        self.limits = limits
        self.metadata: bytes | None = b""
        """What every agent says of itself, at once; None: the test plays that, too."""
        self.spawned: dict[int, effects.Spawn] = {}
        self.effects: list[Any] = []
        self.told: list[Any] = []
        self._ids = itertools.count(1)
        self.born()

    def born(self, boot: int | None = None) -> None:
        """A (new) life of the lrm."""
        self.boot = boot or self.boot
        self.life += 1
        self.lrm = Lrm(
            SITE, self.boot, self.life, Fencer(SITE, seed=1),
            term=self.disk_term, table=self.table, limits=self.limits,
        )  # fmt: skip
        self.give(inputs.Wake())

    # ------------------------------------------------------------------------------- what happens

    def give(self, news: Any) -> list[Any]:
        """One input; terms are written at once."""
        wanted = self.lrm.step(news, self.now)
        self.effects += wanted
        for effect in wanted:
            match effect:
                case effects.TellCrm(message):
                    self.told.append(message)
                case effects.Spawn(token, (_, "meta-data")) if self.metadata is not None:
                    self.give(inputs.ProcessEnded(token, 0, self.metadata, b"", 1))
                case effects.Spawn(token):
                    self.spawned[token] = effect
                case effects.SaveTable(data):
                    self.table = data
                case effects.WriteTerm(term):
                    self.write(term)
        return wanted

    def write(self, term: int) -> None:
        if self.disk_ok:
            self.disk_term = max(self.disk_term, term)
        self.give(inputs.TermWritten(term, self.disk_ok))

    def say(self, message: Any) -> None:
        self.give(inputs.LocalSaid(message))

    def wait(self, seconds: float) -> None:
        """Let time pass, waking the LRM whenever it asked to be."""
        until = self.now + seconds
        while (at := self.lrm.deadline()) is not None and at <= until:
            assert at >= self.now - 1000
            self.now = max(self.now, at)
            self.give(inputs.Wake())
        self.now = until

    def take_term(self, term: int = 1) -> None:
        self.say(TakeTerm(term, self.boot))

    def order(self, task: str, resource: str = "r1", term: int = 1, **more: Any) -> Order:
        given = {"agent": "ocf:hanode:Dummy", "id": f"{term}.1.{next(self._ids)}", **more}
        order = Order(term=term, node="n1", boot=self.boot, resource=resource, task=task, **given)
        self.say(order)
        return order

    def rule(self, task: str, resource: str = "r1", limit_ms: int = 2000) -> Order:
        order = Order(id=f"own.{next(self._ids)}", term=0, node="n1", boot=self.boot,
                      resource=resource, agent="ocf:hanode:Dummy", task=task)  # fmt: skip
        self.say(SelfRule(order, limit_ms))
        return order

    def end(
        self, rc: int = 0, token: int | None = None, out: bytes = b"", err: bytes = b""
    ) -> None:
        """An agent's process (the oldest at work, if not said) is over."""
        token = next(iter(self.spawned)) if token is None else token
        del self.spawned[token]
        self.give(inputs.ProcessEnded(token, rc, out, err, 5))

    # ------------------------------------------------------------------------- what there is to see

    def at_work(self) -> list[tuple[str, str]]:
        """(resource or plug, action) of each agent at work."""
        return [(_of(spawn), _action(spawn)) for spawn in self.spawned.values()]

    def facts(self) -> list[OperationFinished]:
        """Facts told since last asked."""
        facts = [m.fact for m in self.told if isinstance(m, Finished)]
        self.told = [m for m in self.told if not isinstance(m, Finished)]
        return facts

    def refusals(self) -> list[Refused]:
        refused = [m for m in self.told if isinstance(m, Refused)]
        self.told = [m for m in self.told if not isinstance(m, Refused)]
        return refused

    def reports(self) -> list[TermTaken]:
        taken = [m for m in self.told if isinstance(m, TermTaken)]
        self.told = [m for m in self.told if not isinstance(m, TermTaken)]
        return taken

    def wanted(self, kind: type) -> list[Any]:
        """Effects of this kind since last asked."""
        found = [e for e in self.effects if isinstance(e, kind)]
        self.effects = [e for e in self.effects if not isinstance(e, kind)]
        return found


def _of(spawn: effects.Spawn) -> str:
    if "OCF_RESOURCE_INSTANCE" in spawn.env:
        return spawn.env["OCF_RESOURCE_INSTANCE"]
    return _said(spawn).get("plug", "")


def _action(spawn: effects.Spawn) -> str:
    return spawn.argv[1] if len(spawn.argv) > 1 else _said(spawn)["action"]


def _said(spawn: effects.Spawn) -> dict[str, str]:
    lines = spawn.stdin.decode().splitlines()
    return {name: value for name, _, value in (line.partition("=") for line in lines)}
