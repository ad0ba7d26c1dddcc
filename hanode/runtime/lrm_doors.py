"""The sockets of the lrm process: one where the crm connects, one for the agents' tools."""

from __future__ import annotations

import os
import select
import socket
import struct
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hanode.codec import LIMIT, Garbled
from hanode.local_messages import LOCAL
from hanode.runtime.attribute_answers import Get, Serve, Set, answer
from hanode.runtime.frames import BadFrame, Frames, frame

READ_SIZE = 65536
BACKLOG_MAX = 2 * LIMIT
QUESTION_LIMIT = 65536
SAID_EVERY = 10.0
"""Seconds between two lines about connections of users who have no business here."""


class CrmDoor:
    """Listens for the crm; a newer connection takes the place of an older one."""

    def __init__(
        self,
        path: Path,
        epoll: select.epoll,
        users: frozenset[int],
        connected: Callable[[], None],
        said: Callable[[Any], None],
        complain: Callable[[str], None],
    ) -> None:
        self._epoll = epoll
        self._users = users
        self._connected = connected
        self._said = said
        self._complain = complain
        self._listener = _listen(path, socket.SOCK_STREAM, 0o666)
        self._listener.listen(4)
        self._wire: socket.socket | None = None
        self._frames = Frames(LIMIT)
        self._unsent = bytearray()
        self._silent_until = float("-inf")
        epoll.register(self._listener.fileno(), select.EPOLLIN)

    def ready(self, descriptor: int, mask: int) -> bool:
        """Something happened on a descriptor. False: it isn't one of ours."""
        if descriptor == self._listener.fileno():
            self._accept()
        elif self._wire is not None and descriptor == self._wire.fileno():
            if mask & select.EPOLLOUT:
                self._flush()
            if mask & ~select.EPOLLOUT and self._wire is not None:  # it may be lost in sending
                self._receive()
        else:
            return False
        return True

    def tell(self, message: Any) -> None:
        """Say it to the crm; lost if there is none (what counts is kept and said again)."""
        if self._wire is None:
            return
        self._unsent += frame(LOCAL.pack(message))
        if len(self._unsent) > BACKLOG_MAX:
            self._drop("it doesn't read what it is told")
        else:
            self._flush()

    def _refused(self, user: int) -> None:
        """A line for the log; of a flood, one in a while."""
        now = time.monotonic()
        if now >= self._silent_until:
            self._silent_until = now + SAID_EVERY
            self._complain(f"a connection of user {user} is refused: it isn't the crm's")

    def _accept(self) -> None:
        try:
            wire, _ = self._listener.accept()
        except OSError as error:
            self._complain(f"a connection came to nothing: {error.strerror}")
            return
        credentials = wire.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)
        _pid, user, _group = struct.unpack("3i", credentials)
        if user not in self._users:
            self._refused(user)
            wire.close()
            return
        if self._wire is not None:
            self._drop("a newer connection took its place")
        wire.setblocking(False)
        self._wire, self._frames = wire, Frames(LIMIT)
        self._epoll.register(wire.fileno(), select.EPOLLIN)
        self._connected()

    def _receive(self) -> None:
        assert self._wire is not None
        try:
            data = self._wire.recv(READ_SIZE)
            frames = self._frames.feed(data)
            messages = [LOCAL.unpack(body) for body in frames]
        except BlockingIOError:
            return
        except (OSError, BadFrame, Garbled) as error:
            self._drop(str(error))
            return
        if not data:
            self._drop("it is gone")
        for message in messages:
            self._said(message)

    def _flush(self) -> None:
        assert self._wire is not None
        try:
            while self._unsent:
                del self._unsent[: self._wire.send(self._unsent)]
        except BlockingIOError:
            pass
        except OSError as error:
            self._drop(str(error))
            return
        wanted = select.EPOLLIN | (select.EPOLLOUT if self._unsent else 0)
        self._epoll.modify(self._wire.fileno(), wanted)

    def _drop(self, reason: str) -> None:
        assert self._wire is not None
        self._complain(f"the crm's connection is over: {reason}")
        self._epoll.unregister(self._wire.fileno())
        self._wire.close()
        self._wire = None
        self._unsent.clear()


class AttributeDoor:
    """Answers the tools that agents call (hanode/agents/bin): one datagram in, one out."""

    def __init__(
        self,
        path: Path,
        epoll: select.epoll,
        set_: Set,
        get: Get,
        serve: Serve,
    ) -> None:
        self._set = set_
        self._get = get
        self._serve = serve
        self._socket = _listen(path, socket.SOCK_DGRAM, 0o600)
        epoll.register(self._socket.fileno(), select.EPOLLIN)

    def ready(self, descriptor: int) -> bool:
        if descriptor != self._socket.fileno():
            return False
        try:
            data, sender = self._socket.recvfrom(QUESTION_LIMIT)
            if sender:
                self._socket.sendto(answer(data, self._set, self._get, self._serve), sender)
        except OSError:
            return True  # the tool is gone, or its queue is full: it will say so itself
        return True


def _listen(path: Path, kind: int, mode: int) -> socket.socket:
    path.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX, kind)
    listener.setblocking(False)
    listener.bind(str(path))
    os.chmod(path, mode)
    return listener
