"""What services answer, asked from wherever they are to be reached."""

from __future__ import annotations

import ctypes
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

CLONE_NEWNET = 0x40000000
PATIENCE = 0.25


def page(netns: str, address: str, port: int) -> str:
    """The body of what HTTP says there, asked from inside a network namespace."""
    with inside(netns):
        wire = socket.socket()
    return answer(wire, address, port)


def answer(wire: socket.socket, address: str, port: int) -> str:
    """The same by this socket, which is used up; empty if nothing answers."""
    wire.settimeout(PATIENCE)
    try:
        wire.connect((address, port))
        wire.sendall(b"GET / HTTP/1.0\r\n\r\n")
        said = b""
        while part := wire.recv(4096):
            said += part
    except OSError:
        return ""
    finally:
        wire.close()
    return said.partition(b"\r\n\r\n")[2].decode().strip()


@contextmanager
def inside(netns: str) -> Iterator[None]:
    """A socket made in here belongs to that network; this thread alone is there."""
    libc = ctypes.CDLL(None, use_errno=True)
    home = f"/proc/self/task/{threading.get_native_id()}/ns/net"
    with open(home) as here, open(f"/run/netns/{netns}") as there:
        if libc.setns(there.fileno(), CLONE_NEWNET) != 0:
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
        try:
            yield
        finally:
            libc.setns(here.fileno(), CLONE_NEWNET)
