"""A watchdog device's stand-in for each host: a pipe that resets the host when it is not fed."""

from __future__ import annotations

import os
import select
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.lab.hosts import Host

TIMEOUT = 3.0
"""Seconds without food after which a host is reset; armed by the first byte."""
LOOK_EVERY = 0.05
DISARM = b"V"


class Watchdogs(threading.Thread):
    """All hosts' watchdogs."""

    def __init__(self, hosts: list[Host]) -> None:
        super().__init__(name="lab-watchdogs", daemon=True)
        self.fired: list[str] = []
        self._fed: dict[str, float] = {}
        self._over = False
        self._pipes: dict[int, Host] = {}
        for host in hosts:
            os.mkfifo(path(host))
            self._pipes[os.open(path(host), os.O_RDWR | os.O_NONBLOCK)] = host

    def run(self) -> None:
        while not self._over:
            readable, _, _ = select.select(list(self._pipes), [], [], LOOK_EVERY)
            for pipe in readable:
                self._feed(self._pipes[pipe].name, os.read(pipe, 4096))
            for host in self._pipes.values():
                fed = self._fed.get(host.name)
                if fed is not None and host.state == "on" and time.monotonic() > fed + TIMEOUT:
                    self._fire(host)

    def end(self) -> None:
        self._over = True
        self.join(5)
        for pipe in self._pipes:
            os.close(pipe)

    def _feed(self, name: str, food: bytes) -> None:
        if food.endswith(DISARM):
            self._fed.pop(name, None)
        else:
            self._fed[name] = time.monotonic()

    def _fire(self, host: Host) -> None:
        del self._fed[host.name]
        self.fired.append(host.name)
        host.off()
        host.on()


def path(host: Host) -> Path:
    return host.folder.with_suffix(".watchdog")
