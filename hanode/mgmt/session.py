"""A client's side of a connection to a node, without any I/O.

Whoever owns a socket or an SSH channel feeds what arrives to a `Session` and sends the bytes that
it gives back: `hanode.cli` blocking, `hatui.link` in asyncio. A `Mirror` folds what a subscription
answers into the same ClusterState that the nodes have.

    session = Session("hanode status")
    send(session.hello())
    number, data = session.ask(FetchState)          # or: session.order(event, basis)
    for answer in session.feed(received): ...       # answer.number == number
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from hanode.codec import WITH_STATE, Garbled
from hanode.events import Entry, Event, Statement
from hanode.ids import Position
from hanode.mgmt.protocol import (
    ANSWERS,
    REQUESTS,
    VERSION,
    Command,
    Entries,
    Hello,
    Pulse,
    StateImage,
    Subscribe,
    Welcome,
    command,
)
from hanode.state import ClusterState, apply
from hanode.state.lawful import objection, refuse

if TYPE_CHECKING:
    from hanode.identity import Verifier

HEADER = struct.Struct(">I")


def frame(message: bytes) -> bytes:
    """One message as it travels: its length, then itself."""
    return HEADER.pack(len(message)) + message


class Frames:
    """Cuts a stream of bytes into messages; for either side of a connection."""

    def __init__(self, limit: int = WITH_STATE) -> None:
        self._limit = limit
        self._held = bytearray()

    def feed(self, data: bytes) -> list[bytes]:
        """The messages that are complete now. Raises Garbled for one longer than the limit."""
        self._held += data
        messages = []
        while len(self._held) >= HEADER.size:
            (length,) = HEADER.unpack_from(self._held)
            if length > self._limit:
                raise Garbled(f"a frame of {length} bytes, more than {self._limit}")
            end = HEADER.size + length
            if len(self._held) < end:
                break
            messages.append(bytes(self._held[HEADER.size : end]))
            del self._held[:end]
        return messages


class _Numbered(Protocol):
    """A request of hanode.mgmt.protocol: its number comes first."""

    def __call__(self, number: int, /, *args: Any, **named: Any) -> Any: ...


class Session:
    """Numbers what is asked and reads what is answered."""

    def __init__(self, program: str) -> None:
        self._program = program
        self._next = 1
        self._frames = Frames()

    def hello(self) -> bytes:
        """The first bytes of a connection; answered by Welcome or Denied."""
        return self.ask(Hello, program=self._program)[1]

    def ask(self, request: _Numbered, /, **fields: Any) -> tuple[int, bytes]:
        """A request's number and its bytes: `ask(FetchLog, first=1)`."""
        number = self._take_number()
        return number, frame(REQUESTS.pack(request(number, **fields)))

    def order(self, event: Event, basis: int | None = None, why: str = "") -> tuple[int, bytes]:
        """An operator's order; answered by Done or Denied."""
        number = self._take_number()
        made: Command = command(number, event, basis, why)
        return number, frame(REQUESTS.pack(made))

    def feed(self, data: bytes) -> list[Any]:
        """The answers that are complete now. Raises Garbled; then the connection is of no use."""
        return [self._read(message) for message in self._frames.feed(data)]

    def _read(self, message: bytes) -> Any:
        answer = ANSWERS.unpack(message)
        if isinstance(answer, Welcome) and answer.version != VERSION:
            raise Garbled(
                f"the node speaks version {answer.version} of it, this program version {VERSION}: "
                "upgrade the older of the two"
            )
        return answer

    def _take_number(self) -> int:
        number = self._next
        self._next += 1
        return number


@dataclass(frozen=True, slots=True)
class News:
    """One committed entry, opened."""

    entry: Entry
    statement: Statement
    event: Event
    objection: str = ""
    """Why it has no force: every replica skipped it, and so did this one."""


class Gap(Exception):  # noqa: N818 - the word that callers know
    """Entries are missing or of another chain: subscribe anew, without `after`."""


class Mirror:
    """A copy of the cluster's state that follows the log of the node it subscribed to."""

    def __init__(self) -> None:
        from hanode.identity import verify  # costs 20 ms that only followers of a log need

        self._verify: Verifier = verify
        self.state: ClusterState | None = None
        self.pulse: Pulse | None = None
        self.last = 0
        """The last committed index that the node told of."""
        self._hash: bytes | None = None

    @property
    def position(self) -> Position | None:
        """Where to go on from after a reconnection: Subscribe(after=mirror.position)."""
        return self.state.position if self.state is not None else None

    def subscribe(self, session: Session, telemetry: bool = True) -> bytes:
        """The request that starts it, or goes on from what is already here."""
        return session.ask(Subscribe, after=self.position, telemetry=telemetry)[1]

    def take(self, answer: Any) -> list[News]:
        """Fold an answer; gives the news in it. Raises Garbled or Gap."""
        if isinstance(answer, Pulse):
            self.pulse = answer
            return []
        if isinstance(answer, StateImage):
            self._start(answer)
            return []
        if isinstance(answer, Entries):
            self.last = max(self.last, answer.last)
            return [news for entry in answer.entries if (news := self._follow(entry))]
        return []

    def forget(self) -> None:
        """After a Gap: the next subscription starts from a snapshot."""
        self.state, self._hash = None, None

    def _start(self, image: StateImage) -> None:
        self.state = ClusterState.unpack(image.state)
        self.last = max(self.last, image.position.index)
        self._hash = None

    def _follow(self, entry: Entry) -> News | None:
        state = self.state
        if state is None:
            raise Gap("entries before any snapshot")
        if entry.index <= state.position.index:
            return None
        if entry.index != state.position.index + 1:
            raise Gap(f"entry {entry.index} follows {state.position.index}")
        if self._hash is not None and entry.previous != self._hash:
            raise Gap(f"entry {entry.index} is chained to another past than the one known here")
        self._hash = entry.hash()
        return follow(state, entry, self._verify)


def follow(state: ClusterState, entry: Entry, verify: Verifier) -> News:
    """Fold the next entry as every replica does: what has no force is skipped. Raises Garbled."""
    statement, event = entry.signed.open()
    no = objection(state, entry.signed, statement, event, verify, entry.term)
    if no:
        refuse(state, entry, statement, verify)
    else:
        no = apply(state, entry, statement, event)
    return News(entry, statement, event, no)
