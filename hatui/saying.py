"""What the console says beside its widgets: a short word at the edge, escapes to the terminal."""

from __future__ import annotations

from textual.worker import Worker, WorkerState

from hatui.cluster.safe import clean
from hatui.inorder import InOrder

LEAST, PER_LETTER, MOST = 4.0, 0.06, 10.0
"""Seconds for which a word stays: long enough to be read."""


class Saying(InOrder):
    """An app that can be heard."""

    def say(self, text: str, severity: str = "information") -> None:
        """A short word at the edge of the screen."""
        shown = {"warning": "warning", "error": "error"}.get(severity, "information")
        stays = min(max(LEAST, PER_LETTER * len(text)), MOST)
        self.notify(clean(text), severity=shown, timeout=stays, markup=False)  # type: ignore[arg-type]

    def write(self, text: str) -> None:
        """To the terminal itself: what no widget can say."""
        if self._driver is not None and not self.is_headless:
            self._driver.write(text)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """A thought that failed is said, and the screen lives on."""
        error = event.worker.error
        if event.state is WorkerState.ERROR and error is not None:
            self.say(f"{event.worker.group}: {type(error).__name__}: {error}", "error")
            self.log.error(f"worker {event.worker.group} failed: {error!r}")
