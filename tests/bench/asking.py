"""A blocking conversation with one node over its console socket."""

from __future__ import annotations

import select
import socket
import time
from pathlib import Path
from types import TracebackType
from typing import Any

from hanode.events import Entry, Event
from hanode.mgmt.protocol import Denied, Entries, FetchLog, FetchState, StateImage
from hanode.mgmt.session import Mirror, News, Session
from hanode.state import ClusterState

PATIENCE = 5.0


class Unanswered(Exception):  # noqa: N818 - what the question was
    """The node is not there, or refuses."""


class Line:
    """One connection."""

    def __init__(self, path: Path) -> None:
        self._session = Session("bench")
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(PATIENCE)
        self._answers: list[Any] = []
        try:
            self._socket.connect(str(path))
            self._socket.sendall(self._session.hello())
            self._next(1)
        except OSError as error:
            self._socket.close()
            raise Unanswered(f"{path}: {error}") from None
        except Unanswered:
            self._socket.close()
            raise

    def __enter__(self) -> Line:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._socket.close()

    def fileno(self) -> int:
        return self._socket.fileno()

    def state(self) -> ClusterState:
        """The cluster, as this node knows it now."""
        number, data = self._session.ask(FetchState)
        self._socket.sendall(data)
        image = self._next(number)
        assert isinstance(image, StateImage)
        return ClusterState.unpack(image.state)

    def entries(self, first: int) -> list[Entry]:
        """The log from index `first` on."""
        found: list[Entry] = []
        while True:
            number, data = self._session.ask(FetchLog, first=first + len(found))
            self._socket.sendall(data)
            answer = self._next(number)
            assert isinstance(answer, Entries)
            found += answer.entries
            if not answer.entries or found[-1].index >= answer.last:
                return found

    def order(self, event: Event) -> None:
        """Have this event committed. Raises Unanswered if it is denied."""
        self._next(self.begin(event))

    def begin(self, event: Event) -> int:
        """The same, without waiting: the number of the answer."""
        number, data = self._session.order(event, why="bench")
        self._socket.sendall(data)
        return number

    def answers(self, patience: float) -> list[Any]:
        """What arrives within so long."""
        readable, _, _ = select.select([self._socket], [], [], patience)
        return self._receive() if readable else []

    def subscribe(self, mirror: Mirror) -> None:
        self._socket.sendall(mirror.subscribe(self._session, telemetry=False))

    def follow(self, mirror: Mirror, patience: float) -> list[News]:
        """What arrives within so long, folded."""
        readable, _, _ = select.select([self._socket], [], [], patience)
        if not readable:
            return []
        return [news for answer in self._receive() for news in mirror.take(answer)]

    def _next(self, number: int) -> Any:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            while self._answers:
                answer = self._answers.pop(0)
                if answer.number == number:
                    if isinstance(answer, Denied):
                        raise Unanswered(f"{answer.code}: {answer.message}")
                    return answer
            self._answers += self._receive()
        raise Unanswered(f"no answer to request {number}")

    def _receive(self) -> list[Any]:
        try:
            data = self._socket.recv(1 << 18)
        except OSError as error:
            raise Unanswered(str(error)) from None
        if not data:
            raise Unanswered("the node hung up")
        return self._session.feed(data)
