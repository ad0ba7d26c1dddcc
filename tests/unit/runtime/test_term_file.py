"""The term on disk: never forgotten, never torn, never in anybody's way."""

from __future__ import annotations

import os
from pathlib import Path

from hanode.runtime.term_file import SLOT, TermFile


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
