"""The PE's process: reads questions, answers the last one, thinks of nothing else.

A child of the DC's crm on a socket pair; its arguments are the number of that, and its parent's. It
ends with its parent: by the broken line while it waits, by the parent-death signal while it thinks.
"""

from __future__ import annotations

import gc
import os
import pickle
import select
import socket
import sys
from typing import Any

from hanode.cib.configuration import Configuration
from hanode.cib.document import BadCib, Cib, parse_configuration
from hanode.cib.status import Status
from hanode.cib.version import Version
from hanode.codec import WITH_STATE
from hanode.pe import schedule
from hanode.runtime.frames import Frames, frame
from hanode.runtime.lifeline import die_with_parent
from hanode.runtime.status_news import whole

CHUNK = 1 << 20


class Mind:
    """What the worker remembers between questions: the last configuration and the last status."""

    def __init__(self) -> None:
        self._version: str | None = None
        self._configuration = Configuration()
        self._status = Status()

    def answer(self, words: Any) -> tuple[str, Any, str]:
        """question, transition or None, error."""
        question, version, _, _, at = words
        try:
            if self._version != version:
                return question, None, f"the worker was never told configuration {version}"
            cib = Cib(self._configuration, self._status, Version.of(version))
            return question, schedule(cib, at), ""
        except Exception as error:  # The PE never raises; if it does, the cluster must hear why.
            sys.excepthook(*sys.exc_info())
            return question, None, f"{type(error).__name__}: {error}"

    def learn(self, words: Any) -> str:
        """Take in what is new in a question; why not, if that can't be."""
        _, version, xml, told, _ = words
        self._status = whole(self._status, told)
        if not xml:
            return ""
        try:
            self._configuration = parse_configuration(xml)
        except BadCib as error:
            self._version = None
            return str(error)
        self._version = version
        return ""


def main() -> None:
    descriptor, parent = map(int, sys.argv[1:])
    die_with_parent(parent)
    connection = socket.socket(fileno=descriptor)
    serve(connection)


def serve(connection: socket.socket) -> None:
    """Until the other end closes. Garbage is collected while nobody waits for an answer."""
    gc.disable()
    frames, mind = Frames(WITH_STATE), Mind()
    while True:
        waiting: list[bytes] = []
        while not waiting or readable(connection):
            data = connection.recv(CHUNK)
            if not data:
                return
            waiting += frames.feed(data)
        # A newer question supersedes the older ones; only their configurations and statuses
        # count.
        questions = [pickle.loads(body) for body in waiting]
        problem = ""
        for words in questions:
            problem = mind.learn(words) or problem
        last = questions[-1]
        answer = (last[0], None, problem) if problem else mind.answer(last)
        connection.sendall(frame(pickle.dumps(answer, protocol=5)))
        del questions, waiting, last, answer
        gc.collect()


def readable(connection: socket.socket) -> bool:
    return bool(select.select([connection], [], [], 0)[0])


if __name__ == "__main__":
    try:
        main()
    except (BrokenPipeError, ConnectionResetError):
        os._exit(0)  # The crm is gone or has done with us.
