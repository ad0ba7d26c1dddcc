"""The PE's worker as the crm sees it: a child process that is asked, and answers or is replaced."""

from __future__ import annotations

import asyncio
import copyreg
import os
import pickle
import signal
import socket
import sys
from collections.abc import Callable
from types import MappingProxyType
from typing import Any

from hanode.cib.status import Status
from hanode.codec import WITH_STATE
from hanode.effects import AskPe
from hanode.inputs import Decided
from hanode.runtime import tasks
from hanode.runtime.journal import Journal
from hanode.runtime.lines import Line
from hanode.runtime.status_news import news
from hanode.transition import Transition

THINKING_MAX = 30.0
"""Seconds after which a worker is taken for stuck."""
BACKLOG_MAX = WITH_STATE


def _as_dict(proxy: MappingProxyType[Any, Any]) -> Any:
    """Values of the vocabulary have read-only maps as defaults, which pickle doesn't know."""
    return dict, (dict(proxy),)


copyreg.pickle(MappingProxyType, _as_dict)


class Worker(asyncio.Protocol):
    """Started when it may be needed soon, by the first question at the latest; ended by `stop`.
    One question is open at a time for us, since a newer one supersedes the older."""

    def __init__(self, feed: Callable[[Any], None], journal: Journal) -> None:
        self._feed = feed
        self._journal = journal
        self._process: asyncio.subprocess.Process | None = None
        self._line: Line | None = None
        self._starting = False
        self._kept = False
        self._known_cib = b""
        self._known_status = Status()
        self._open: AskPe | None = None
        self._limit: asyncio.TimerHandle | None = None

    def start(self) -> None:
        """Be ready: a question may come."""
        self._kept = True
        if self._line is None and not self._starting:
            self._starting = True
            tasks.start(self._start())

    def ask(self, question: AskPe) -> None:
        """Decide this; the answer comes as Decided."""
        self._open = question
        self._arm()
        if self._line is not None:
            self._send(question)
        else:
            self.start()

    def stop(self) -> None:
        """Not the DC any longer."""
        self._kept = False
        self._open = None
        self._disarm()
        if self._line is not None:
            self._line.end("not the DC any longer", hard=True)

    # ---------------------------------------------------------------------------- the process

    async def _start(self) -> None:
        near, far = socket.socketpair()
        with far:
            descriptor = far.fileno()
            program = [sys.executable, "-P", "-m", "hanode.runtime.pe_worker"]
            argv = [*program, str(descriptor), str(os.getpid())]
            try:
                self._process = await asyncio.create_subprocess_exec(
                    *argv, pass_fds=(descriptor,), stdin=asyncio.subprocess.DEVNULL
                )
            except OSError as error:
                near.close()
                self._starting = False
                self._failed(f"can't start: {error.strerror}")
                return
        await asyncio.get_running_loop().create_connection(lambda: self, sock=near)
        self._journal.info("PE worker started", pid=self._process.pid)
        self._starting = False
        if not self._kept:
            self.stop()
        elif self._open is not None:
            self._send(self._open)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._known_cib = b""
        self._known_status = Status()
        self._line = Line(transport, self._answered, self._lost, BACKLOG_MAX, BACKLOG_MAX)

    def data_received(self, data: bytes) -> None:
        if self._line is not None:
            self._line.received(data)

    def connection_lost(self, error: Exception | None) -> None:
        if self._line is not None:
            self._line.gone("it died")

    def _lost(self, reason: str) -> None:
        self._line = None
        process, self._process = self._process, None
        if process is not None:
            tasks.start(self._bury(process))
        if self._open is not None:
            self._failed(reason)

    async def _bury(self, process: asyncio.subprocess.Process) -> None:
        if process.returncode is None:
            process.send_signal(signal.SIGKILL)
        code = await process.wait()
        self._journal.info("PE worker ended", pid=process.pid, code=code)

    # ---------------------------------------------------------------- questions and answers

    def _send(self, question: AskPe) -> None:
        assert self._line is not None
        # Not by its version: what was never committed may have borne the same.
        cib = b"" if question.cib == self._known_cib else question.cib
        self._known_cib = question.cib
        told = news(self._known_status, question.status)
        self._known_status = question.status
        words = (question.question, question.version, cib, told, question.at)
        self._line.send(pickle.dumps(words, protocol=5))

    def _answered(self, body: bytes) -> None:
        question, transition, error = pickle.loads(body)  # our own child, over a socket pair
        if self._open is None or question != self._open.question:
            return
        self._open = None
        self._disarm()
        if error:
            self._known_cib = b""  # Perhaps it has not understood the configuration.
        assert transition is None or isinstance(transition, Transition)
        self._feed(Decided(question, transition, error))

    def _failed(self, why: str) -> None:
        question, self._open = self._open, None
        self._disarm()
        self._journal.error("the PE's worker failed", why=why)
        if question is not None:
            self._feed(Decided(question.question, None, f"the PE's worker: {why}"))

    def _too_long(self) -> None:
        if self._line is not None:
            self._line.end(f"no answer within {THINKING_MAX} s", hard=True)
        else:
            self._failed(f"not started within {THINKING_MAX} s")

    def _arm(self) -> None:
        self._disarm()
        loop = asyncio.get_running_loop()
        self._limit = loop.call_later(THINKING_MAX, self._too_long)

    def _disarm(self) -> None:
        if self._limit is not None:
            self._limit.cancel()
            self._limit = None
