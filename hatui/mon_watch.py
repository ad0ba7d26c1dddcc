"""`hatui mon` that stays: hears events as they happen, and has an external agent told of them.

An agent is a program of the user's: one at a time, in the order of the events, each with a limit.
What it does is its affair; that it failed is said, and the next event comes all the same.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Callable

from hanode.events import Event
from hatui.cluster.arrival import Arrival
from hatui.cluster.notify import environment
from hatui.config import Context
from hatui.link.live import LiveLink
from hatui.link.thinker import Thinker

WAITING_MAX = 1000
"""Events that an agent may be behind; later ones are not told, and that is said."""
AGENT_LIMIT = 300.0
"""Seconds for one run of an agent."""


class Watch:
    """A line to the cluster, and a queue of what the agent is still to hear."""

    def __init__(self, context: Context, agent: str, recipient: str, fencing: bool) -> None:
        self._context, self._agent = context, agent
        self._recipient, self._fencing = recipient, fencing
        self._told: asyncio.Queue[dict[str, str]] = asyncio.Queue(WAITING_MAX)

    async def follow(self) -> None:
        """Until it is cancelled."""
        thinker = Thinker()
        link = LiveLink(self._context, thinker)
        link.start(self.arrive)
        try:
            while True:
                await self._tell(await self._told.get())
        finally:
            await link.close()
            thinker.close()

    def arrive(self, arrival: Arrival) -> None:
        for event in arrival.events if self._agent else ():
            self._note(event)

    def _note(self, event: Event) -> None:
        told = environment(event, self._fencing, self._recipient)
        try:
            if told is not None:
                self._told.put_nowait(told)
        except asyncio.QueueFull:
            _say(f"{self._agent} is {WAITING_MAX} events behind: this one is not told")

    async def _tell(self, told: dict[str, str]) -> None:
        try:
            agent = await asyncio.create_subprocess_exec(
                self._agent, stdin=asyncio.subprocess.DEVNULL, env={**os.environ, **told}
            )
        except OSError as error:
            _say(f"{self._agent}: {error.strerror}")
            return
        try:
            async with asyncio.timeout(AGENT_LIMIT):
                code = await agent.wait()
            if code:
                _say(f"{self._agent} ended with {code}")
        except TimeoutError:
            agent.kill()
            _say(f"{self._agent} took longer than {AGENT_LIMIT:g} s and was ended")


def run(watch: Watch, draw: Callable[[], int] | None, seconds: float) -> int:
    """Until SIGTERM or Ctrl-C: events as they happen, a picture every few seconds."""
    with contextlib.suppress(KeyboardInterrupt):
        return asyncio.run(_run(watch, draw, seconds))
    return 0


async def _run(watch: Watch, draw: Callable[[], int] | None, seconds: float) -> int:
    ended = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    following = asyncio.create_task(watch.follow())
    ending = asyncio.create_task(ended.wait())
    try:
        while not (ended.is_set() or following.done()):
            if draw is not None:
                await asyncio.to_thread(draw)
            await asyncio.wait(
                (following, ending), timeout=seconds, return_when=asyncio.FIRST_COMPLETED
            )
        return 0
    finally:
        ending.cancel()
        following.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await following


def detach(pid_file: str) -> bool:
    """Go on in the background, away from the terminal; False: this is the one that stays behind.

    Raises OSError where there is no place for the pid.
    """
    told = open(pid_file or os.devnull, "w")  # noqa: SIM115 - while there is somebody to tell
    if os.fork():
        return False
    os.setsid()
    if os.fork():
        os._exit(0)
    null = os.open(os.devnull, os.O_RDWR)
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        os.dup2(null, stream.fileno())
    with told:
        told.write(f"{os.getpid()}\n")
    return True


def _say(problem: str) -> None:
    print(f"hatui mon: {problem}", file=sys.stderr)
