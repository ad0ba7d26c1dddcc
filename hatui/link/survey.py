"""Asks every node of a context what it believes, each by itself; for the view of links."""

from __future__ import annotations

import asyncio
import time

from hanode.codec import Garbled
from hanode.ids import Position
from hanode.mgmt.protocol import Denied, Pulse, StateImage, Subscribe, Welcome
from hanode.mgmt.session import Session
from hanode.state import ClusterState
from hatui.cluster.beliefs import Word
from hatui.config import Address, Context
from hatui.link.dial import CannotAttach, Stream, dial
from hatui.link.pulses import sane

LIMIT = 3.0
"""Seconds for one node."""
BLOCK = 1 << 16


async def survey(context: Context, after: Position | None) -> tuple[Word, ...]:
    """The answers, of all nodes at once; one without an answer bears its address as a name.

    `after` is where the console's own log ends: a node with the same log sends no state.
    """
    asked = [_ask(address, context, after) for address in context.where]
    return tuple(await asyncio.gather(*asked))


async def _ask(address: Address, context: Context, after: Position | None) -> Word:
    stream: Stream | None = None
    try:
        async with asyncio.timeout(LIMIT):
            stream = await dial(address, context)
            return await _hear(stream, after, str(address))
    except (CannotAttach, Garbled, OSError) as error:
        return Word(str(address), problem=str(error))
    except TimeoutError:
        return Word(str(address), problem=f"no answer within {LIMIT:g} s")
    finally:
        if stream is not None:
            stream.close()


async def _hear(stream: Stream, after: Position | None, address: str) -> Word:
    session = Session("hatui survey")
    stream.write(session.hello() + session.ask(Subscribe, after=after, telemetry=False)[1])
    name, state = address, None
    while data := await stream.reader.read(BLOCK):
        for answer in session.feed(data):
            if isinstance(answer, Welcome):
                name = answer.node
            elif isinstance(answer, Denied):
                return Word(name, problem=answer.message)
            elif isinstance(answer, StateImage):
                state = ClusterState.unpack(answer.state)
            elif isinstance(answer, Pulse):
                ahead = answer.clock - time.time() if answer.clock else None
                return Word(name, sane(answer), state, ahead=ahead)
    return Word(name, problem="it hung up")
