"""The rows of a view as a sheet of comma-separated values, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from hatui.cluster.items import Row
from hatui.cluster.safe import clean
from hatui.cluster.spans import text_of

HEAD = ("level", "name", "state", "where", "what", "resource", "node")
_FORMULA = ("=", "+", "-", "@")


def sheet(rows: Iterable[Row]) -> str:
    """One line for each row, after the names of the columns."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEAD)
    for row in rows:
        item = row.item
        words = (item.name, item.look.word, text_of(item.where), text_of(item.note),
                 item.resource, item.node)  # fmt: skip
        writer.writerow([row.depth, *(_tame(" ".join(word.split())) for word in words)])
    return out.getvalue()


def _tame(word: str) -> str:
    """Nothing that commands a terminal; what a spreadsheet would take for a formula is text."""
    word = clean(word)
    return f"'{word}" if word.startswith(_FORMULA) else word
