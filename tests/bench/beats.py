"""Listens at the bridge: how regularly each node's heartbeats really leave, whoever else talks."""

from __future__ import annotations

import ctypes
import socket
import struct
import threading
import time

from tests.lab.asking import inside
from tests.lab.hosts import Lab
from tests.lab.wiring import OBSERVER

EVERYTHING = 0x0003
ETHERNET, PORT_AT, SOURCE_AT = 14, 14 + 20 + 2, 14 + 12
HEARTBEATS = 694
UDP = 17
SO_ATTACH_FILTER = 26
LOAD_BYTE, JUMP_IF_EQUAL, RETURN = 0x30, 0x15, 0x06
FILTER = (
    (LOAD_BYTE, 0, 0, ETHERNET + 9),
    (JUMP_IF_EQUAL, 0, 3, UDP),
    (LOAD_BYTE, 0, 0, SOURCE_AT + 3),
    (JUMP_IF_EQUAL, 1, 0, OBSERVER),
    (RETURN, 0, 0, 128),
    (RETURN, 0, 0, 0),
)
"""For the kernel (bpf): UDP, and not of this end of the bridge, from where floods come."""


class Beats(threading.Thread):
    """The longest gap between two heartbeats of each node, and how many came."""

    def __init__(self, lab: Lab) -> None:
        super().__init__(name="beats", daemon=True)
        names = {bytes(map(int, host.address.split("."))): host for host in lab.hosts}
        self.longest = {host.name: 0.0 for host in lab.hosts}
        self.count = {host.name: 0 for host in lab.hosts}
        self._names = {address: host.name for address, host in names.items()}
        self._last: dict[str, float] = {}
        self._over = False
        with inside(lab.wiring.hub):
            self._wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(EVERYTHING))
            # A port of the bridge sees what its host sends, each once for each receiver.
        _attach(self._wire)
        self._wire.settimeout(0.2)

    def run(self) -> None:
        while not self._over:
            try:
                frame, address = self._wire.recvfrom(128)
            except TimeoutError:
                continue
            if frame[ETHERNET + 9] != UDP or address[2] != socket.PACKET_HOST + 3:
                continue
            if int.from_bytes(frame[PORT_AT : PORT_AT + 2], "big") == HEARTBEATS:
                self._heard(self._names.get(frame[SOURCE_AT : SOURCE_AT + 4], ""))

    def end(self) -> None:
        self._over = True
        self.join(5)
        self._wire.close()

    def _heard(self, name: str) -> None:
        if not name:
            return
        now = time.monotonic()
        last = self._last.get(name, now)
        self.longest[name] = max(self.longest[name], now - last)
        self.count[name] += 1
        self._last[name] = now


def _attach(wire: socket.socket) -> None:
    program = b"".join(struct.pack("HBBI", *step) for step in FILTER)
    memory = ctypes.create_string_buffer(program, len(program))
    head = struct.pack("HP", len(FILTER), ctypes.addressof(memory))
    wire.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, head)
