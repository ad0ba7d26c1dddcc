"""What happens as lines of JSON, one object each, for log collectors and exporters.

`picture`: all that `--output json` says, first of all and again when entries were missed. `event`:
one entry of the log, with its sentence as the console tells it. `line`: the line to the cluster was
lost, or is there again.
"""

from __future__ import annotations

import dataclasses
import json
from typing import Any

from hanode.events import Event, Statement, parts
from hatui.cluster.news import Narrator, News
from hatui.cluster.wire import Wire
from hatui.output import as_json
from hatui.output.picture import Picture

LEVELS = ("quiet", "plain", "good", "warning", "bad")
LONGEST = 500
"""Characters of a text that an event carries; the configuration is fetched, not streamed."""


class Stream:
    """Of one cluster; remembers what sentences need of earlier events."""

    def __init__(self) -> None:
        self._narrator = Narrator()

    def event(self, index: int, said: Statement, event: Event) -> str:
        """One entry."""
        told = self._narrator.tell(index, said, event)
        return _line(
            "event", entry=index, at=said.at, by=said.actor, what=type(event).__name__,
            told=[_told(one) for one in told], facts=[_facts(part) for part in parts(event)],
        )  # fmt: skip


def picture(taken: Picture, entry: int) -> str:
    """The whole, as of an entry."""
    return _line("picture", entry=entry, at=taken.now, **as_json.document(taken))


def line(wire: Wire, at: float) -> str:
    """How the line is."""
    return _line("line", at=at, node=wire.node, lost=bool(wire.lost), why=wire.why)


def _line(kind: str, **told: Any) -> str:
    """In ASCII: whatever a name holds, a terminal may show it."""
    return json.dumps({"type": kind, **told}) + "\n"


def _told(news: News) -> dict[str, str]:
    return {"level": LEVELS[news.level], "subject": news.subject, "sentence": news.sentence}


def _facts(part: Event) -> dict[str, Any]:
    """Its plain fields; what is long or made of parts stays in the log."""
    fields = {field.name: getattr(part, field.name) for field in dataclasses.fields(part)}
    return {name: value for name, value in fields.items() if _short(value)}


def _short(value: Any) -> bool:
    if isinstance(value, str):
        return len(value) <= LONGEST
    return isinstance(value, (int, float)) or value is None
