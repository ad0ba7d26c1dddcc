"""The flight recorder: what a core was last told, and what it wanted, for the day it is wrong.

It costs a reference for each step while all is well. When a step fails, it becomes a file that one
can read, and from which the step can be repeated.
"""

from __future__ import annotations

import time
import traceback
from collections import deque
from pathlib import Path
from typing import Any, Protocol

STEPS = 500
"""Steps that are remembered."""
WORD_LIMIT = 2000
"""Characters of one input or effect in the file."""


class Core(Protocol):
    """A part's core, as each is: Node, Witness, Lrm."""

    def step(self, given: Any, now: float, /) -> list[Any]: ...


class FlightRecorder:
    """The last steps of one core."""

    def __init__(self, folder: Path, process: str) -> None:
        self._path = folder / f"flight-{process}.txt"
        self._steps: deque[tuple[float, Any, list[Any] | None]] = deque(maxlen=STEPS)

    def step(self, core: Core, given: Any, now: float) -> list[Any]:
        """A step of the core, with its effects."""
        self.told(now, given)
        effects = core.step(given, now)
        self.wanted(effects)
        return effects

    def told(self, now: float, given: Any) -> None:
        """A step begins."""
        self._steps.append((now, given, None))

    def wanted(self, effects: list[Any]) -> None:
        """It has ended with these effects."""
        now, given, _ = self._steps[-1]
        self._steps[-1] = now, given, effects

    def write(self, error: BaseException) -> Path | None:
        """To the disk, in place of an earlier record; None if that can't be."""
        lines = [time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime())]
        lines += traceback.format_exception(error)
        for now, given, effects in self._steps:
            lines.append(f"{now:.6f} <- {given!r:.{WORD_LIMIT}}")
            wanted = effects if effects is not None else ["(it did not end)"]
            lines += [f"    -> {effect!r:.{WORD_LIMIT}}" for effect in wanted]
        try:
            self._path.write_text("\n".join(lines) + "\n", "utf-8")
        except OSError:
            return None
        return self._path
