"""The remote process stays small until somebody has to do with a remote node."""

from __future__ import annotations

import socket
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from hanode.runtime.remote import Doors


def connect(folder: Path, name: str) -> socket.socket:
    end = socket.socket(socket.AF_UNIX)
    end.connect(str(folder / name))
    return end


@pytest.fixture
def doors(tmp_path: Path) -> Iterator[Doors]:
    made = Doors(str(tmp_path))
    yield made
    made.close()


def waiting(doors: Doors) -> threading.Thread:
    thread = threading.Thread(target=doors.wait, daemon=True)
    thread.start()
    return thread


def test_a_word_of_the_crm_is_waited_for_and_left_to_be_read(tmp_path: Path, doors: Doors) -> None:
    waiter = waiting(doors)
    connect(tmp_path, "remote.sock").close()  # a life of the crm that had nothing to say
    with connect(tmp_path, "remote.sock") as crm:
        crm.send(b"order")
        waiter.join()
        assert doors.crm is not None
        assert doors.crm.recv(10) == b"order"


def test_an_agent_is_waited_for(tmp_path: Path, doors: Doors) -> None:
    waiter = waiting(doors)
    with connect(tmp_path, "remote.sock"), connect(tmp_path, "connections.sock") as agent:
        waiter.join()
        agent.send(b"start")
        with doors.agents.accept()[0] as asked:
            assert asked.recv(10) == b"start"


def test_nobody_else_comes_in(tmp_path: Path, doors: Doors) -> None:
    again = Doors(str(tmp_path))  # a life before left its sockets
    for name in ("remote.sock", "connections.sock"):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600
    again.close()


def test_waits_without_what_is_dear() -> None:
    code = "import sys, hanode.runtime.remote; print(*sys.modules)"
    done = subprocess.run((sys.executable, "-c", code), capture_output=True, text=True, check=True)
    assert not {"asyncio", "lxml", "hanode.lrm", "argparse"} & set(done.stdout.split())
