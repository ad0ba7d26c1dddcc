"""A power strip of three plugs, real enough for a fence agent: JSON lines on a Unix socket."""

from __future__ import annotations

import json
import socket
import threading
from pathlib import Path
from typing import Any


class Strip:
    def __init__(self, path: Path) -> None:
        self.path = path
        self.plugs = dict.fromkeys(("n1", "n2", "n3"), "on")
        self.lies = False
        """Says that it switched, and doesn't."""
        self.asked: list[str] = []
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(path))
        self._listener.listen()
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def end(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._listener.close()

    def _serve(self) -> None:
        while True:
            try:
                wire, _ = self._listener.accept()
            except OSError:
                return
            with wire, wire.makefile("rb") as lines:
                for line in lines:
                    wire.sendall(json.dumps(self._answer(json.loads(line))).encode() + b"\n")

    def _answer(self, request: dict[str, str]) -> dict[str, Any]:
        action, plug = request["action"], request.get("plug", "")
        self.asked.append(f"{action} {plug}".strip())
        if action == "monitor":
            return {"ok": True}
        if action == "list":
            return {"ok": True, "plugs": self.plugs}
        if plug not in self.plugs:
            return {"ok": False, "error": f"no plug {plug}"}
        if action in ("on", "off") and not self.lies:
            self.plugs[plug] = action
        return {"ok": True, "state": action if action in ("on", "off") else self.plugs[plug]}
