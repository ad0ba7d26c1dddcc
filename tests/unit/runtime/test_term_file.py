"""The term on disk: never forgotten, never torn, never in anybody's way."""

from __future__ import annotations

import os
import signal
import socket
from pathlib import Path

from hanode.runtime.term_file import SLOT, TermFile

PATIENCE = 10.0


def write(file: TermFile, term: int) -> int:
    _, status = os.waitpid(file.write(term, 1), 0)
    return os.waitstatus_to_exitcode(status)


def test_the_highest_term_is_read_back(tmp_path: Path) -> None:
    file = TermFile(tmp_path / "term")
    assert (file.term, file.trouble) == (0, "")
    for term in (3, 5, 9):
        assert write(file, term) == 0
    assert TermFile(tmp_path / "term").term == 9
    assert (tmp_path / "term").stat().st_size == 2 * SLOT


def test_a_torn_write_costs_the_newer_term_only(tmp_path: Path) -> None:
    file = TermFile(tmp_path / "term")
    write(file, 4)
    write(file, 7)
    data = bytearray((tmp_path / "term").read_bytes())
    data[0] ^= 1  # the second write went into the first slot
    (tmp_path / "term").write_bytes(data)
    torn = TermFile(tmp_path / "term")
    assert torn.term == 4
    assert write(torn, 8) == 0
    assert TermFile(tmp_path / "term").term == 8


def test_where_it_cant_be_kept_every_write_fails(tmp_path: Path) -> None:
    (tmp_path / "term").mkdir()
    file = TermFile(tmp_path / "term")
    assert "term" in file.trouble
    assert write(file, 3) != 0


def hang_in_writing() -> None:
    """In a child that this test forks: the disk doesn't answer."""
    if HANGING:
        os.pwrite = lambda *_: signal.pause()  # type: ignore[assignment]


HANGING: list[bool] = []
os.register_at_fork(after_in_child=hang_in_writing)


def test_a_write_that_hangs_keeps_nothing_else_open(tmp_path: Path) -> None:
    """Else whoever is connected to an LRM that dies would not hear of it."""
    file = TermFile(tmp_path / "term")
    near, far = socket.socketpair()
    HANGING.append(True)
    pid = file.write(3, 1)
    HANGING.clear()
    try:
        far.close()
        near.settimeout(PATIENCE)
        assert near.recv(1) == b""
        assert os.waitpid(pid, os.WNOHANG) == (0, 0)  # it hangs all the while
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        near.close()


def test_a_term_that_cant_be_read_is_trouble() -> None:
    """As on a disk that is broken: it knows no term, so it may take none, and begins nothing."""
    master, slave = os.openpty()
    file = TermFile(Path(os.ttyname(slave)))  # no place in a terminal can be read by its offset
    assert "Illegal seek" in file.trouble
    assert write(file, 3) != 0
    os.close(master)
    os.close(slave)
