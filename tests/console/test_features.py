"""The table of features names tests that there are, and leaves no row without a word."""

from __future__ import annotations

import re
from pathlib import Path

TESTS = Path(__file__).parent.parent
TABLE = Path(__file__).with_name("FEATURES.md")
ROWS, NOWHERE_ELSE = 44, 13


def rows() -> list[list[str]]:
    lines = TABLE.read_text().splitlines()
    cells = [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]
    return [row for row in cells if row and row[0].isdecimal()]


def test_every_row_is_there_once() -> None:
    numbers = [int(row[0]) for row in rows()]
    assert numbers == [*range(1, ROWS + 1), *range(1, NOWHERE_ELSE + 1)]


def test_what_a_row_names_exists() -> None:
    for row in rows():
        for told in row[2].split(", ") if row[2] else ():
            file, _, name = told.partition("::")
            assert f"def {name}(" in (TESTS / file).read_text(), told


def test_a_row_without_a_test_says_why() -> None:
    assert all(row[2] or row[4] for row in rows())
