"""A blocking connection to this node's crm, over its Unix socket."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any

from hanode.cli.exits import NOPERM, PROTOCOL, UNAVAILABLE, Failed
from hanode.codec import Garbled
from hanode.events import Event
from hanode.mgmt.protocol import Denied, Done, FetchState, Pulse, StateImage, Welcome
from hanode.mgmt.session import Session

PATIENCE = 15.0
"""Seconds in which a node must answer: a commit takes milliseconds, an election a second or two."""


class Refusal(Exception):  # noqa: N818 - the word that callers know
    """The node says no, in its own words."""

    def __init__(self, denied: Denied) -> None:
        super().__init__(denied.message)
        self.code = denied.code


class Lost(Failed):
    """The connection is gone."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}; try again", UNAVAILABLE)
        self.reason = reason


class Line:
    """Asks one thing at a time, in order."""

    def __init__(self, path: str, program: str) -> None:
        self._path = path
        self._session = Session(program)
        self._heard: list[Any] = []
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            self._connect()
            self.welcome = self._greet()
        except BaseException:
            self._socket.close()
            raise

    def ask(self, request: Any, **fields: Any) -> Any:
        """One request, its one answer. Raises Refusal or Failed."""
        number, data = self._session.ask(request, **fields)
        self._send(data)
        return self._answer(number)

    def fetch_state(self) -> tuple[StateImage, Pulse]:
        """A picture, and how fresh it is."""
        number, data = self._session.ask(FetchState)
        self._send(data)
        image, pulse = self._answer(number), self._answer(number)
        if not isinstance(image, StateImage):
            raise self._odd(image)
        if not isinstance(pulse, Pulse):
            raise self._odd(pulse)
        return image, pulse

    def order(self, event: Event, why: str = "") -> int:
        """Have an event committed; gives its index."""
        number, data = self._session.order(event, why=why)
        self._send(data)
        done = self._answer(number)
        if not isinstance(done, Done):
            raise self._odd(done)
        return done.index

    def subscribe(self, request: Any, **fields: Any) -> int:
        """Ask what keeps answering; `listen` gives the answers."""
        number, data = self._session.ask(request, **fields)
        self._send(data)
        return number

    def listen(self, number: int, patience: float | None = None) -> Iterator[Any]:
        """The answers to `number`, as they come; None each time `patience` seconds were silent."""
        while True:
            try:
                self._socket.settimeout(patience)
                yield self._answer(number)
            except TimeoutError:
                yield None

    def close(self) -> None:
        self._socket.close()

    def _connect(self) -> None:
        self._socket.settimeout(PATIENCE)
        try:
            self._socket.connect(self._path)
        except PermissionError:
            raise Failed(
                f"{self._path}: you may not use this node's socket; be root or the user that "
                "hanode runs as, or come in by SSH with an operator's key (hatui user@host)",
                NOPERM,
            ) from None
        except OSError as error:
            raise Failed(
                f"{self._path}: no node answers here ({error.strerror}); "
                "is it running? Start it with `hanode run`, or name its file by --config",
                UNAVAILABLE,
            ) from None

    def _greet(self) -> Welcome:
        self._send(self._session.hello())
        welcome = self._answer(1)
        if not isinstance(welcome, Welcome):
            raise self._odd(welcome)
        return welcome

    def _send(self, data: bytes) -> None:
        self._socket.settimeout(PATIENCE)
        try:
            self._socket.sendall(data)
        except OSError as error:
            raise self._lost(error.strerror or str(error)) from None

    def _answer(self, number: int) -> Any:
        """The next answer to this request; Denied is raised. TimeoutError only from `listen`."""
        while True:
            for position, answer in enumerate(self._heard):
                if answer.number == number:
                    del self._heard[position]
                    if isinstance(answer, Denied):
                        raise Refusal(answer)
                    return answer
            self._heard = [*self._heard, *self._receive()]

    def _receive(self) -> list[Any]:
        try:
            data = self._socket.recv(1 << 16)
        except TimeoutError:
            if self._socket.gettimeout() != PATIENCE:
                raise
            raise Failed(
                f"{self._path}: no answer for {PATIENCE:.0f} s; the node may be without quorum or "
                "overloaded (hanode status; its log file tells more)",
                UNAVAILABLE,
            ) from None
        except OSError as error:
            raise self._lost(error.strerror or str(error)) from None
        if not data:
            raise self._lost("the node closed the connection")
        try:
            return self._session.feed(data)
        except Garbled as error:
            raise Failed(
                f"{self._path}: this is not hanode's protocol ({error}); "
                "are command and node of the same version?",
                PROTOCOL,
            ) from None

    def _lost(self, reason: str) -> Lost:
        return Lost(self._path, reason)

    def _odd(self, answer: Any) -> Failed:
        name = type(answer).__name__
        return Failed(f"{self._path}: unexpected answer {name}; another version?", PROTOCOL)
