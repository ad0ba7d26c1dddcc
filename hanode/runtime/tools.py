"""The process that answers what agents' tools ask of the whole cluster: begun when one asks."""

from __future__ import annotations

import os
import select

from hanode.ra import Site
from hanode.runtime.journal import Journal

PROGRAM = "lib/tool_server.py"
SOCKET = "tools.sock"


class ToolServer:
    """At most one; it ends by itself when it has nothing to do, and with us."""

    def __init__(self, site: Site, epoll: select.epoll, journal: Journal) -> None:
        self._site = site
        self._epoll = epoll
        self._journal = journal
        self._pid = 0
        self._pidfd = -1

    def serve(self) -> None:
        """Somebody asks who would rather not load all of hanode himself."""
        if self._pid:
            return
        program = f"{self._site.packaged}/{PROGRAM}"
        door, parent = f"{self._site.run_dir}/{SOCKET}", str(os.getpid())
        argv = [self._site.python, "-P", program, door, parent]
        environment = {**os.environ, **self._site.environment()}
        try:
            self._pid = os.posix_spawn(argv[0], argv, environment, setsid=True)
        except OSError as error:
            self._journal.warning("no process for the agents' tools", why=error.strerror)
            return
        self._pidfd = os.pidfd_open(self._pid)
        self._epoll.register(self._pidfd, select.EPOLLIN)

    def ready(self, descriptor: int) -> bool:
        """It may have ended. False: the descriptor isn't its."""
        if descriptor != self._pidfd:
            return False
        if os.waitid(os.P_PIDFD, descriptor, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
            return True  # the event was for a descriptor of this number before
        self._epoll.unregister(self._pidfd)
        os.close(self._pidfd)
        os.waitpid(self._pid, 0)
        self._pid, self._pidfd = 0, -1
        return True
