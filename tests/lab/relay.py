"""A switch of bad quality in the bridge's place: it delays, doubles and reorders frames.

(The kernels at hand have no netem.) A process in the bridge's network namespace takes each frame
from a cable and puts it on the others after a delay of its own. Frames come and go with the header
that says what of their checksum is still to be done (PACKET_VNET_HDR), so that TCP survives it.

    python -m tests.lab.relay LEAST_MS-MOST_MS DOUBLED_PERCENT PORT...
"""

from __future__ import annotations

import heapq
import random
import select
import signal
import socket
import subprocess
import sys
import time

from tests.lab.commands import do
from tests.lab.hosts import BIN, SCRIPT, Host
from tests.lab.wiring import Wiring

EVERYTHING = 0x0003
SOL_PACKET, PACKET_VNET_HDR, PACKET_IGNORE_OUTGOING = 263, 15, 23
FRAME = 1 << 17
DELAY_MS, DOUBLED = 40, 10
"""Each frame gets a delay from nothing to so much, so they overtake each other; a tenth of them
comes twice."""


class Relay:
    """The relay's process, of one lab."""

    def __init__(self, wiring: Wiring, hosts: list[Host]) -> None:
        self._wiring = wiring
        self._ports = [wiring.port(host.name, 0) for host in hosts]

    def start(self) -> None:
        for port in self._ports:
            do("ip", "-n", self._wiring.hub, "link", "set", port, "nomaster")
        argv = [str(BIN / "python"), "-m", "tests.lab.relay", f"0-{DELAY_MS}", str(DOUBLED)]
        self._process = subprocess.Popen(
            ["ip", "netns", "exec", self._wiring.hub, *argv, *self._ports],
            cwd=SCRIPT.parent.parent.parent,
        )

    def end(self) -> None:
        self._process.terminate()
        self._process.wait(10)


def main(argv: list[str]) -> int:
    """Until told to end."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    least, most = (int(word) / 1000 for word in argv[0].split("-"))
    doubled = int(argv[1]) / 100
    ports = [_open(name) for name in argv[2:]]
    waiting: list[tuple[float, int, socket.socket, bytes]] = []
    number = 0
    while True:
        patience = max(0.0, waiting[0][0] - time.monotonic()) if waiting else None
        readable, _, _ = select.select(ports, [], [], patience)
        for port in readable:
            frame = port.recv(FRAME)
            for other in ports:
                for _ in range(2 if random.random() < doubled else 1):
                    number += 1
                    at = time.monotonic() + random.uniform(least, most)
                    if other is not port:
                        heapq.heappush(waiting, (at, number, other, frame))
        while waiting and waiting[0][0] <= time.monotonic():
            _, _, port, frame = heapq.heappop(waiting)
            _send(port, frame)


def _open(name: str) -> socket.socket:
    port = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(EVERYTHING))
    port.setsockopt(SOL_PACKET, PACKET_VNET_HDR, 1)
    port.setsockopt(SOL_PACKET, PACKET_IGNORE_OUTGOING, 1)
    port.bind((name, EVERYTHING))
    return port


def _send(port: socket.socket, frame: bytes) -> None:
    """A cable that is pulled takes nothing."""
    try:
        port.send(frame)
    except OSError:
        return


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
