"""`hanode log`: what has happened, straight from the replicated log."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
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


def main(argv: list[str], config_path: str) -> int:
    return noun.main(["show", *argv] if argv[:1] != ["show"] else argv, config_path)


@noun.verb(
    "show", "the last entries, or those since a time",
    arg("-n", "--lines", type=int, default=50, help="so many of the last (default 50)"),
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
    latest = [] if since else _latest(desk, last, given.lines, given.kind)
    for entry in _entries(desk, 1, last) if since else latest:
        _print(entry, since, given.kind, given.json)
    if given.follow:
        number = desk.line.subscribe(Subscribe, after=image.position, telemetry=False)
        for answer in desk.line.listen(number):
            for entry in answer.entries if isinstance(answer, Entries) else ():
                if entry.index > last:
                    last = entry.index
                    _print(entry, 0.0, given.kind, given.json)
    return OK


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
        found = [e for e in batch if not kinds or kind(e.signed.open()[1]) in kinds] + found
        if not batch or batch[0].index > first:
            break
        last = first - 1
    return found[max(0, len(found) - lines) :]


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


def _print(entry: Entry, since: float, kinds: list[str], as_json: bool) -> None:
    statement, event = entry.signed.open()
    if statement.at < since or (kinds and kind(event) not in kinds):
        return
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
    except ValueError:
        raise Failed(f"--since {text!r}: give 10m, 2h, or 2026-11-22T18:00", USAGE) from None
