"""`hanode log`: what has happened, straight from the replicated log."""

from __future__ import annotations

import json
import time
from collections import deque
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from hanode.cli.desk import Desk
from hanode.cli.exits import OK, USAGE, Failed
from hanode.cli.lifetime import duration
from hanode.cli.moments import iso, local
from hanode.cli.noun import Noun, arg
from hanode.cli.table import one_line
from hanode.cli.telling import sentence
from hanode.codec import plain
from hanode.events import EVENTS, Entry, body, kind
from hanode.mgmt.proposal import CannotOrder, unknown
from hanode.mgmt.protocol import Entries, FetchLog, Subscribe

noun = Noun("log", "what has happened", default="show")
BATCH = 500
LINES = 50


def main(argv: list[str], config_path: str) -> int:
    return noun.main(["show", *argv] if argv[:1] != ["show"] else argv, config_path)


@noun.verb(
    "show", "the last entries, or those since a time",
    arg("-n", "--lines", type=int, help=f"so many of the last ({LINES}; with --since all)"),
    arg("--since", default="", help="2026-11-22T18:00, or how long ago: 10m, 2h"),
    arg("--kind", action="append", default=[], help="only events of this name (may repeat)"),
    arg("-f", "--follow", action="store_true", help="and what comes, as it comes"),
    arg("--json", action="store_true", help="one JSON object a line"),
)  # fmt: skip
def show(desk: Desk) -> int:
    given = desk.arguments
    since = _since(given.since)
    image = desk.image
    last = image.position.index
    _refuse_unknown(given.kind)
    for entry in _chosen(desk, last, since):
        _print(entry, given.json)
    if given.follow:
        number = desk.line.subscribe(Subscribe, after=image.position, telemetry=False)
        for answer in desk.line.listen(number):
            for entry in answer.entries if isinstance(answer, Entries) else ():
                if entry.index > last:
                    last = entry.index
                    if _is_of(entry, given.kind):
                        _print(entry, given.json)
    return OK


def _chosen(desk: Desk, last: int, since: float) -> Iterable[Entry]:
    lines, kinds = desk.arguments.lines, desk.arguments.kind
    if not since:
        return _latest(desk, last, LINES if lines is None else lines, kinds)
    found = _since_then(desk, last, since, kinds)
    return found if lines is None else deque(found, max(0, lines))


def _refuse_unknown(kinds: list[str]) -> None:
    known = [event.__name__ for event in EVENTS]
    for given in kinds:
        if given not in known:
            raise unknown("kind of event", given, known)


def _latest(desk: Desk, last: int, lines: int, kinds: list[str]) -> list[Entry]:
    """The last entries of these kinds (of any, if none is named): read backwards, until there are
    enough or the log begins."""
    found: list[Entry] = []
    while last > 0 and len(found) < lines:
        first = max(1, last - (BATCH if kinds else lines) + 1)
        batch = list(_entries(desk, first, last))
        found = [e for e in batch if _is_of(e, kinds)] + found
        if not batch or batch[0].index > first:
            break
        last = first - 1
    return found[max(0, len(found) - lines) :]


def _since_then(desk: Desk, last: int, since: float, kinds: list[str]) -> Iterator[Entry]:
    for entry in _entries(desk, 1, last):
        if entry.signed.open()[0].at >= since and _is_of(entry, kinds):
            yield entry


def _entries(desk: Desk, first: int, last: int) -> Iterator[Entry]:
    """A log that was cut behind a snapshot begins where it still begins."""
    while first <= last:
        answer = desk.line.ask(FetchLog, first=first, count=min(BATCH, last - first + 1))
        if not isinstance(answer, Entries):
            raise Failed(f"unexpected answer {type(answer).__name__}; another version?")
        if not answer.entries:
            return
        yield from answer.entries
        first = answer.entries[-1].index + 1


def _is_of(entry: Entry, kinds: list[str]) -> bool:
    return not kinds or kind(entry.signed.open()[1]) in kinds


def _print(entry: Entry, as_json: bool) -> None:
    statement, event = entry.signed.open()
    if not as_json:
        words = one_line(sentence(event))
        print(f"{entry.index:>6} {local(statement.at)} {statement.actor:<8} {words}", flush=True)
        return
    told: dict[str, Any] = {
        "index": entry.index, "term": entry.term, "at": iso(statement.at),
        "id": str(statement.id), "actor": statement.actor, "cause": statement.cause,
        "event": kind(event), **_readable(plain(body(event))),
    }  # fmt: skip
    print(json.dumps(told), flush=True)


def _readable(value: Any) -> Any:
    """Bytes as hexadecimal digits."""
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, dict):
        return {key: _readable(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_readable(item) for item in value]
    return value


def _since(text: str) -> float:
    if not text:
        return 0.0
    try:
        return time.time() - duration(text)
    except CannotOrder:
        pass  # then it is a time
    try:
        return datetime.fromisoformat(text).astimezone().timestamp()
    except (ValueError, OverflowError):
        raise Failed(f"--since {text!r}: give 10m, 2h, or 2026-11-22T18:00", USAGE) from None
