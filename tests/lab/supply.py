"""Power supplies: a host with two of them is off once both are, and on while one is."""

from __future__ import annotations

from tests.lab.hosts import Host


class Supply:
    """One of a host's."""

    def __init__(self, host: Host) -> None:
        self.state = "on"
        self._host = host
        self._both: list[Supply] = [self]

    def on(self) -> None:
        self.state = "on"
        self._host.on()

    def off(self) -> None:
        self.state = "off"
        if all(supply.state == "off" for supply in self._both):
            self._host.off()


def two(host: Host) -> tuple[Supply, Supply]:
    left, right = Supply(host), Supply(host)
    left._both = right._both = [left, right]
    return left, right
