"""A client that never pauses: it asks a service on and on, and knows its longest silence."""

from __future__ import annotations

import threading
import time
from pathlib import Path

from tests.lab.asking import page
from tests.lab.hosts import Lab

GAP = 0.02


class Client:
    """Asks over the network, and looks besides which hosts hold the address."""

    def __init__(self, lab: Lab, address: str, port: int, netns: str = "") -> None:
        """`netns`: where it asks from; else it sits at the bridge."""
        self._lab = lab
        self._netns = netns or lab.wiring.hub
        self.address, self.port = address, port
        self.answers: dict[str, int] = {}
        self.turns: list[str] = []
        """Who answered, one after the other."""
        self.longest = 0.0
        """Seconds between two answers."""
        self.twice = 0
        """Looks that found the address on more than one host."""
        self._last = 0.0
        self._ended = threading.Event()
        self._threads = [threading.Thread(target=self._ask), threading.Thread(target=self._look)]

    def __enter__(self) -> Client:
        self._last = time.monotonic()
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        for thread in self._threads:
            thread.join()
        self._heard("")

    def _ask(self) -> None:
        while not self._ended.wait(GAP):
            said = page(self._netns, self.address, self.port)
            if said:
                self._heard(said)

    def _heard(self, said: str) -> None:
        now = time.monotonic()
        self.longest = max(self.longest, now - self._last)
        self._last = now
        if said:
            self.answers[said] = self.answers.get(said, 0) + 1
            if self.turns[-1:] != [said]:
                self.turns.append(said)

    def _look(self) -> None:
        while not self._ended.wait(GAP):
            holders = [host for host in self._lab.hosts if holds(host.init, self.address)]
            self.twice += len(holders) > 1


def holds(init: int, address: str) -> bool:
    """Whether the host whose process 1 this is has the address on a network card."""
    try:
        table = Path(f"/proc/{init}/net/fib_trie").read_text() if init else ""
    except OSError:
        return False  # it has just lost its power
    return f"|-- {address}\n" in table
