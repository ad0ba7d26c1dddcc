"""An action while it is being considered: is it needed, can it run, what hangs on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hanode.pe.model.node import Node
    from hanode.pe.model.resource import Resource


class Edge:
    """`first` comes before `then`, and what that means (`ordering.py`)."""

    __slots__ = ("first", "flags", "source", "then")

    def __init__(self, first: Step, then: Step, flags: int, source: str) -> None:
        self.first = first
        self.then = then
        self.flags = flags
        self.source = source


class Step:
    """One possible action. `optional`: nothing needs it (yet). `runnable`: nothing forbids
    it (yet). `always`: in the graph if runnable, even if optional. Only `settle` changes
    these after planning."""

    __slots__ = (
        "after",
        "again",
        "always",
        "before",
        "blocked_by",
        "cause",
        "expected_rc",
        "graphed",
        "interval_ms",
        "key",
        "kind",
        "migratable",
        "needed_before",
        "node",
        "optional",
        "pseudo",
        "reason",
        "resource",
        "role",
        "runnable",
        "serial",
        "source",
        "target",
        "task",
    )

    def __init__(
        self,
        serial: int,
        key: str,
        task: str,
        resource: Resource | None,
        node: Node | None,
        interval_ms: int = 0,
    ) -> None:
        self.serial = serial
        self.key = key
        self.task = task
        self.resource = resource
        self.node = node
        self.interval_ms = interval_ms
        self.kind = "rsc"
        self.optional = True
        self.runnable = True
        self.pseudo = False
        self.always = False
        self.again = False
        self.graphed = False
        self.migratable = False
        self.reason = ""
        self.blocked_by = ""
        self.cause: Step | None = None
        self.needed_before = 0
        self.expected_rc = 0
        self.role = ""
        self.source: Node | None = None
        self.target: Node | None = None
        self.before: list[Edge] = []
        self.after: list[Edge] = []

    @property
    def required(self) -> bool:
        return not self.optional

    def require(self, why: str) -> None:
        if self.optional:
            self.optional = False
            if why and not self.reason:
                self.reason = why

    def forbid(self, why: str) -> None:
        if self.runnable:
            self.runnable = False
            if why and not self.blocked_by:
                self.blocked_by = why

    def __repr__(self) -> str:
        marks = ("" if self.required else "?") + ("" if self.runnable else "!")
        marks += "*" if self.pseudo else ""
        return f"{self.key}@{self.node.name if self.node else '-'}{marks}"
