"""A pane of tmux with its default settings, and an operator's hands and eyes at it."""

from __future__ import annotations

import time
from collections.abc import Sequence

from hatui.cluster.course import LOOK
from tests.lab.commands import do, wait

PATIENCE = 60.0


class Pane:
    """80 columns, 24 lines, one program; what was typed is kept, with how long the answer took."""

    def __init__(self, server: str, argv: Sequence[str]) -> None:
        self._tmux = ("tmux", "-f", "/dev/null", "-L", server)
        self.transcript: list[str] = []
        do(*self._tmux, "new-session", "-d", "-x", "80", "-y", "24", *argv)
        do(*self._tmux, "set-option", "-w", "remain-on-exit", "on")

    def __enter__(self) -> Pane:
        return self

    def __exit__(self, *_: object) -> None:
        do(*self._tmux, "kill-server")

    def press(self, *keys: str, until: str) -> None:
        """Keys in one burst, as tmux names them, until this is seen."""
        began = time.monotonic()
        if keys:
            do(*self._tmux, "send-keys", *keys)
        try:
            wait(lambda: until in self.screen(), PATIENCE, 0.05)
        except TimeoutError:
            raise TimeoutError(f"{until!r} was not seen after {keys}:\n{self.screen()}") from None
        took = time.monotonic() - began
        self.transcript.append(f"{' '.join(keys) or '(looking)':<28} {took:5.1f} s  {until!r}")

    def read(self) -> None:
        """A plan takes no key before an operator can have read it."""
        time.sleep(LOOK)

    def screen(self) -> str:
        return do(*self._tmux, "capture-pane", "-p")

    @property
    def ended(self) -> bool:
        """The program is over."""
        return do(*self._tmux, "display-message", "-p", "#{pane_dead}").strip() == "1"
