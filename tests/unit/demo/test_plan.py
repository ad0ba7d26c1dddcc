"""Where a demo can be, and the words when it can't."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from hanode.demo import plan as planning
from hanode.demo.plan import WEB_ADDRESS, Taken, Unplannable
from hanode.demo.session import claim


def test_two_folders_or_two_ports_get_addresses_of_their_own(tmp_path: Path) -> None:
    one = planning.make(tmp_path / "one", 3, 18182)
    held = [_hold(node.addresses[0], planning.STREAM_PORT) for node in one.nodes]
    other = planning.make(tmp_path / "one", 3, 18182)
    assert not {a for n in one.nodes for a in n.addresses} & {
        a for n in other.nodes for a in n.addresses
    }
    for listener in held:
        listener.close()


def test_a_plan_is_the_same_for_the_same_folder_and_port(tmp_path: Path) -> None:
    assert planning.make(tmp_path, 3, 18183) == planning.make(tmp_path, 3, 18183)


def test_a_port_in_use_is_named(tmp_path: Path) -> None:
    listener = _hold(WEB_ADDRESS, 18184)
    with pytest.raises(Taken, match=r"127\.77\.0\.10:18184.*--port"):
        planning.make(tmp_path, 3, 18184)
    listener.close()


@pytest.mark.parametrize(("nodes", "port"), [(0, 18185), (17, 18185), (3, 0), (3, 70000)])
def test_what_cannot_be_is_refused(tmp_path: Path, nodes: int, port: int) -> None:
    with pytest.raises(Unplannable):
        planning.check(tmp_path, nodes, port)


def test_too_long_a_folder_is_refused() -> None:
    with pytest.raises(Unplannable, match="--dir"):
        planning.check(Path("/tmp/" + "x" * 100), 3, 18186)


def test_a_folder_is_claimed_once(tmp_path: Path) -> None:
    lock = claim(tmp_path / "demo")
    with pytest.raises(Taken, match="already"):
        claim(tmp_path / "demo")
    os.close(lock)
    os.close(claim(tmp_path / "demo"))


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(Taken, match="no demo"):
        claim(tmp_path)


def _hold(address: str, port: int) -> socket.socket:
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((address, port))
    listener.listen()
    return listener
