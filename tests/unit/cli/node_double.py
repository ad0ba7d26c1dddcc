"""A stand-in for a node: speaks the real protocol over a real socket, commits at once.

It folds what it commits with the real fold and asks the real roles; what it leaves out is
everything that makes a node a node: consensus, the engines, the agents.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from pathlib import Path
from typing import Any

from hanode.events import VOCABULARY, Event
from hanode.mgmt.protocol import (
    ANSWERS,
    REQUESTS,
    VERSION,
    Command,
    Denied,
    Done,
    Entries,
    FetchLog,
    FetchState,
    Hello,
    MakeToken,
    Pulse,
    StateImage,
    Subscribe,
    Token,
    Welcome,
)
from hanode.mgmt.roles import may
from hanode.mgmt.session import Frames, frame
from hanode.mgmt.validity import invalid, stale
from tests.unit.mgmt.clusters import Log


class NodeDouble:
    """Serves one log at `path` until closed."""

    def __init__(self, log: Log, folder: Path, role: str = "admin") -> None:
        self.log = log
        self.role = role
        self.first = 1
        """The oldest entry that its log still has."""
        self.quorate = True
        self.before_commit: list[Event] = []
        """Committed just before the next command, as if another operator had been quicker."""
        self.after_commit: list[Event] = []
        """Committed right behind the next command: what came of it."""
        self.after_commits: list[list[Event]] = []
        """The same, for one command after the other."""
        self.lost_after = 0
        """Hangs up, once, when so many commands have been answered and more is asked."""
        self._commits = 0
        self.config = folder / "hanode.toml"
        self.config.write_text(
            'name = "n1"\nstream = "127.0.0.1:5566"\nrun = "."\n'
            '[[link]]\nkind = "unicast"\naddress = "127.0.0.1:694"\n'
        )
        self.path = folder / "console.sock"
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._listener.bind(str(self.path))
        self._listener.listen()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(5)

    def pulse(self, number: int) -> Pulse:
        state = self.log.state
        index = state.position.index
        return Pulse(
            number, "n1", "dc", state.dc, 1, state.position, index, self.quorate,
            view=state.present,
        )  # fmt: skip

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            with client, contextlib.suppress(ConnectionError):  # it may leave in mid-answer
                self._attend(client)

    def _attend(self, client: socket.socket) -> None:
        frames = Frames()
        while data := client.recv(65536):
            for message in frames.feed(data):
                if self._hangs_up(REQUESTS.unpack(message)):
                    return
                for answer in self._answers(REQUESTS.unpack(message)):
                    client.sendall(frame(ANSWERS.pack(answer)))

    def _hangs_up(self, request: Any) -> bool:
        if not isinstance(request, Subscribe) or self.lost_after != self._commits:
            return False
        lost, self.lost_after = bool(self.lost_after), 0
        return lost

    def _answers(self, request: Any) -> list[Any]:
        number, state = request.number, self.log.state
        if isinstance(request, Hello):
            return [Welcome(number, VERSION, "n1", "root", self.role)]
        if isinstance(request, FetchState):
            return [StateImage(number, state.position, state.pack()), self.pulse(number)]
        if isinstance(request, Subscribe):
            return [self._since(request), self.pulse(number)]
        if isinstance(request, FetchLog):
            first = max(request.first, self.first)
            wanted = self.log.entries[first - 1 : first - 1 + request.count]
            return [Entries(number, tuple(wanted), state.position.index)]
        if isinstance(request, MakeToken):
            return [Token(number, f"token-for-{request.minutes}-minutes")]
        assert isinstance(request, Command)
        return [self._commit(request)]

    def _commit(self, request: Command) -> Any:
        rivals, self.before_commit = self.before_commit, []
        self.log.say(*rivals)
        event = VOCABULARY.unpack(request.event)
        reason = may(self.role, event, self.log.state.cib)
        if reason is not None:
            return Denied(request.number, "forbidden", reason)
        if late := stale(self.log.state, event):
            return Denied(request.number, "stale", late)
        if no := invalid(self.log.state, event):
            return Denied(request.number, "invalid", no)
        self.log.say(event)
        done = Done(request.number, self.log.state.position.index)
        self._commits += 1
        self.log.say(*self.after_commit, *(self.after_commits.pop(0) if self.after_commits else ()))
        self.after_commit = []
        return done

    def _since(self, request: Subscribe) -> Any:
        state = self.log.state
        if request.after is None:
            return StateImage(request.number, state.position, state.pack())
        entries = tuple(self.log.entries[request.after.index :])
        return Entries(request.number, entries, state.position.index)
