"""Rows as columns for people, or as JSON for scripts."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from hanode.ra.output import readable


def show(rows: Sequence[Mapping[str, Any]], as_json: bool, empty: str) -> None:
    """Print rows of equal keys; `empty` is the sentence for none."""
    if as_json:
        print(json.dumps(list(rows), indent=2))
        return
    if not rows:
        print(empty)
        return
    heads = list(rows[0])
    cells = [[_cell(row[head]) for head in heads] for row in rows]
    widths = [max(len(head), *(len(line[n]) for line in cells)) for n, head in enumerate(heads)]
    for line in [[head.replace("_", " ") for head in heads], *cells]:
        print(
            "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        )


def one_line(text: str) -> str:
    """What came from elsewhere, with nothing in it that a terminal obeys."""
    return " ".join(readable(text.encode("utf-8", "replace")).split("\n"))


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "-"
    if isinstance(value, (list, tuple)):
        return one_line(" ".join(map(str, value))) or "-"
    return one_line(str(value)) if value not in ("", None) else "-"
