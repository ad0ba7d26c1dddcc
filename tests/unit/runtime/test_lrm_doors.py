"""Who knocks at the lrm's door and has no business there."""

from __future__ import annotations

import os
import select
import socket
from pathlib import Path

from hanode.runtime.lrm_doors import CrmDoor


def test_a_flood_of_strangers_is_one_line(tmp_path: Path) -> None:
    said: list[str] = []
    nobody = frozenset({os.getuid() + 1})
    with select.epoll() as epoll:
        path = tmp_path / "lrm.sock"
        door = CrmDoor(path, epoll, nobody, lambda: None, lambda _: None, said.append)
        for _ in range(20):
            with socket.socket(socket.AF_UNIX) as wire:
                wire.connect(str(path))
                ((descriptor, mask),) = epoll.poll(5)
                assert door.ready(descriptor, mask)
                assert wire.recv(1) == b""
        door._listener.close()
    assert said == [f"a connection of user {os.getuid()} is refused: it isn't the crm's"]
