"""The remote process begins: it waits, small, until somebody has to do with a remote node.

    python -m hanode.runtime.remote --config FILE --checked FD --boot N --life N --run FOLDER

Most clusters have no remote node, and what an LRM over SSH needs is dear to import; so that comes
with the first word, of a connection's agent or of the crm. See hanode.runtime.remote_driver.
"""

from __future__ import annotations

import os
import select
import socket
import sys

from hanode.runtime import signals

BACKLOG = 16


class Doors:
    """The sockets of this process: where the crm gives orders, where connections' agents ask."""

    def __init__(self, folder: str) -> None:
        self.orders = _listen(os.path.join(folder, "remote.sock"))
        self.agents = _listen(os.path.join(folder, "connections.sock"))
        self.crm: socket.socket | None = None
        """Its connection, of which nothing was read yet."""

    def wait(self) -> None:
        """Until there is something to be done."""
        while True:
            watched = [self.orders, self.agents, *([self.crm] if self.crm else [])]
            ready, _, _ = select.select(watched, [], [])
            if self.agents in ready:
                return
            if self.crm in ready and self._speaks():
                return
            if self.orders in ready:
                self._forget_crm()
                self.crm, _ = self.orders.accept()

    def close(self) -> None:
        self._forget_crm()
        self.orders.close()
        self.agents.close()

    def _speaks(self) -> bool:
        """Whether the crm has said something; else it is gone."""
        assert self.crm is not None
        if self.crm.recv(1, socket.MSG_PEEK):
            return True
        self._forget_crm()
        return False

    def _forget_crm(self) -> None:
        if self.crm is not None:
            self.crm.close()
            self.crm = None


def _listen(path: str) -> socket.socket:
    """A Unix socket for whoever this process runs as."""
    if os.path.exists(path):
        os.unlink(path)
    door = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    door.bind(path)
    os.chmod(path, 0o600)
    door.listen(BACKLOG)
    return door


def main(arguments: list[str]) -> int:
    """The process, which has nothing to leave: SIGTERM ends it."""
    signals.heed()
    doors = Doors(arguments[arguments.index("--run") + 1])
    doors.wait()
    from hanode.runtime import remote_driver

    return remote_driver.main(arguments, doors)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
