"""A power switch: what fence_demo talks to, and what can be wrong with such devices.

In the lab `off` kills process 1 of the host, and with it the kernel ends everything in its process
namespace; the host is off when that is over. The manners of a switch that is not as it should be:

    works    does what it is asked, and says so
    fails    says that it can't
    hangs    says nothing
    slow     works, but takes three seconds
    lies     says `off` and does nothing
    late     says nothing, then does it eight seconds later
"""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

MANNERS = ("works", "fails", "hangs", "slow", "lies", "late")
SLOW, LATE, HANGING = 3.0, 8.0, 60.0


class Outlet(Protocol):
    """What a plug of it feeds: `on` or `off`."""

    @property
    def state(self) -> str: ...
    def on(self) -> None: ...
    def off(self) -> None: ...


class Lamp:
    """The least that one can feed."""

    def __init__(self) -> None:
        self.state = "on"

    def on(self) -> None:
        self.state = "on"

    def off(self) -> None:
        self.state = "off"


class Switch(threading.Thread):
    """Answers on a Unix socket, each conversation in a thread of its own."""

    def __init__(self, path: Path, hosts: Mapping[str, Outlet]) -> None:
        super().__init__(name="lab-switch", daemon=True)
        self.path = path
        self.manner = "works"
        self.asked: list[str] = []
        """All that it was told, in that order: `off n2`."""
        self.offs: list[str] = []
        """Whose power it did take."""
        self._hosts = hosts
        self._over = threading.Event()
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(path))
        self._listener.listen(64)

    def run(self) -> None:
        while True:
            try:
                wire, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(wire,), daemon=True).start()

    def end(self) -> None:
        self._over.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.join(5)

    def obey(self, action: str, name: str) -> dict[str, Any]:
        """As a switch that works."""
        if action == "monitor":
            return {"ok": True}
        if action == "list":
            return {"ok": True, "plugs": {name: host.state for name, host in self._hosts.items()}}
        host = self._hosts.get(name)
        if host is None:
            return {"ok": False, "error": f"no plug {name!r:.40}"}
        if action in ("off", "reboot"):
            self.offs.append(name)
            host.off()
        if action in ("on", "reboot"):
            host.on()
        return {"ok": True, "state": host.state}

    def _serve(self, wire: socket.socket) -> None:
        with wire, wire.makefile("rb") as lines:
            try:
                for line in lines:
                    question = json.loads(line)
                    answer = self._answer(question["action"], question.get("plug", ""))
                    wire.sendall(json.dumps(answer).encode() + b"\n")
            except OSError:
                return  # it has hung up
            except RuntimeError:
                if not self._over.is_set():
                    raise  # else: the host is gone, as all is, in the midst of being switched on

    def _answer(self, action: str, name: str) -> dict[str, Any]:
        manner = self.manner
        self.asked.append(f"{action} {name}".strip())
        if manner == "fails":
            return {"ok": False, "error": "the switch's own power supply is out of order"}
        if manner == "hangs":
            self._over.wait(HANGING)
        if manner == "slow":
            self._over.wait(SLOW)
        if action in ("off", "reboot"):
            if manner == "lies":
                return {"ok": True, "state": "off"}
            if manner == "late":
                self._over.wait(LATE)
        return self.obey(action, name)
