"""How a term comes onto the disk: written once, waited for with patience, tried again."""

from __future__ import annotations

from typing import Any

from hanode.effects import Say, WriteTerm
from hanode.lrm.limits import Limits
from hanode.lrm.term import Term
from hanode.timers import Timers


class TermWriting:
    def __init__(self, term: Term, boot: int, limits: Limits) -> None:
        self._term = term
        self._boot = boot
        self._limits = limits
        self._timers = Timers()

    def prove(self, now: float) -> list[Any]:
        """A new life: whether the disk takes what it gave."""
        return self.begin(now) if self._term.seen else []

    def begin(self, now: float) -> list[Any]:
        """Write the highest term that was seen."""
        self._timers.set("patience", now + self._limits.term_patience)
        self._timers.clear("retry")
        return [WriteTerm(self._term.seen, self._boot)]

    def ended(self, term: int, ok: bool, now: float) -> list[Any]:
        """What became of a write."""
        self._term.wrote(term, ok)
        if self._term.durable:
            self._timers.clear("patience")
        elif term == self._term.seen:
            self._timers.clear("patience")
            self._timers.set("retry", now + self._limits.term_retry)
            text = f"term {term} isn't on disk: nothing is started here"
            return [Say("error", text)]
        return []

    def ring(self, now: float) -> list[Any]:
        out: list[Any] = []
        for name in self._timers.due(now):
            if name == "retry":
                out += self.begin(now)
            else:
                self._term.failed = not self._term.durable
                out.append(Say("warning", f"the disk hasn't taken term {self._term.seen} yet"))
        return out

    def deadline(self) -> float | None:
        return self._timers.next()
