"""One state from a cluster, once: over a node's socket without asyncio, or over SSH."""

from __future__ import annotations

import socket
import time
from typing import Any, NamedTuple

from hanode.codec import Garbled
from hanode.mgmt.protocol import Denied, FetchState, Pulse, StateImage, Welcome
from hanode.mgmt.session import Session
from hatui.config import Address, Context
from hatui.output.picture import staleness

LIMIT = 5.0
"""Seconds for one address."""
BLOCK = 1 << 16


class Unreachable(Exception):  # noqa: N818 - the word that callers know
    """No address of the context gave a picture: why, for each."""


class Fetched(NamedTuple):
    image: StateImage
    pulse: Pulse
    address: Address


def fetch(context: Context) -> Fetched:
    """Ask each address in turn until one gives the truth; else the freshest of what was told.

    Raises Unreachable.
    """
    found, reasons = [], []
    for address in context.where:
        try:
            ask = _over_socket if address.socket else _over_ssh
            found.append(Fetched(*ask(address, context), address))
        except _Failed as error:
            reasons.append(str(error))
            continue
        if not staleness(found[-1].pulse, found[-1].image.position.index):
            return found[-1]
    if found:
        return max(found, key=lambda one: one.image.position)
    raise Unreachable("; ".join(reasons))


Answers = tuple[StateImage, Pulse]


class _Failed(Exception):  # noqa: N818 - inside this file only
    """One address gave nothing."""


def _over_socket(address: Address, context: Context) -> Answers:
    deadline = time.monotonic() + LIMIT
    exchange = _Exchange(address)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
        try:
            line.settimeout(LIMIT)
            line.connect(address.socket)
            line.sendall(exchange.questions)
            while not exchange.answers:
                if (left := deadline - time.monotonic()) <= 0:
                    raise TimeoutError
                line.settimeout(left)
                exchange.hear(line.recv(BLOCK))
        except PermissionError:
            raise _Failed(f"{address}: you may not use this node's socket; be root or the user "
                          "that hanode runs as, or come by SSH") from None  # fmt: skip
        except TimeoutError:
            raise _Failed(f"{address}: no answer within {LIMIT:.0f} s") from None
        except OSError as error:
            raise _Failed(f"{address}: no node answers here ({error.strerror or error})") from None
    return exchange.answers


def _over_ssh(address: Address, context: Context) -> Answers:
    import asyncio

    from hatui.link.dial import CannotAttach, dial

    async def exchange() -> Answers:
        stream = await dial(address, context)
        told = _Exchange(address)
        try:
            async with asyncio.timeout(LIMIT):
                stream.write(told.questions)
                while not told.answers:
                    told.hear(await stream.reader.read(BLOCK))
        finally:
            stream.close()
            if stream.over is not None:
                await stream.over()
        return told.answers

    try:
        return asyncio.run(exchange())
    except CannotAttach as error:
        raise _Failed(str(error)) from None
    except TimeoutError:
        raise _Failed(f"{address}: no answer within {LIMIT:.0f} s") from None
    except OSError as error:
        raise _Failed(f"{address}: {error.strerror or error}") from None


class _Exchange:
    """Hello and FetchState, and what comes back."""

    def __init__(self, address: Address) -> None:
        self._address = address
        self._session = Session("hatui --once")
        self.questions = self._session.hello() + self._session.ask(FetchState)[1]
        self.answers: Answers | tuple[()] = ()
        self._image: StateImage | None = None

    def hear(self, data: bytes) -> None:
        """Raises _Failed when this can't end well."""
        if not data:
            raise _Failed(f"{self._address}: the node closed the connection")
        try:
            for answer in self._session.feed(data):
                self._take(answer)
        except Garbled as error:
            raise _Failed(f"{self._address}: not hanode's protocol ({error})") from None

    def _take(self, answer: Any) -> None:
        if isinstance(answer, Denied):
            raise _Failed(f"{self._address}: {answer.message}")
        if isinstance(answer, StateImage):
            self._image = answer
        elif isinstance(answer, Pulse) and self._image is not None:
            self.answers = (self._image, answer)
        elif not isinstance(answer, Welcome):
            raise _Failed(f"{self._address}: unexpected answer {type(answer).__name__}")
