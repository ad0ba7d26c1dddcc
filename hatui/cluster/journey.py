"""Where in the past the screen stands, and how it gets somewhere else."""

from __future__ import annotations

import re
import time
from datetime import datetime

from hanode.events import TransitionStarted
from hatui.cluster.clock import sane, span, when_fine
from hatui.cluster.news import QUIET, WARN, Narrator
from hatui.cluster.past import Past
from hatui.cluster.safe import clean
from hatui.cluster.spans import Line, Span, fit_line


class Journey:
    """Through what a console holds of the log; stands after one entry of it."""

    def __init__(self, past: Past, at: int = 0) -> None:
        self._past = past
        self.at = at or past.last
        self._known = -1
        self._stops: list[tuple[int, int]] = []
        """(entry, how much it asks for attention) of all that is worth a stop."""
        self._walks: list[int] = []

    @property
    def first(self) -> int:
        """The earliest entry that it can stand after."""
        reach = self._past.reach
        return self._past.first if reach is None else max(reach, self._past.first)

    @property
    def last(self) -> int:
        return self._past.last

    @property
    def time(self) -> float:
        """Of the entry that it stands after, by its actor's clock."""
        told = self._past.records(self.at, self.at)
        return told[0].at if told else 0.0

    # ------------------------------------------------------------------------------------ moving

    def step(self, by: int) -> str:
        """To the next event that is news, or back; why not, or empty."""
        return self._to_one_of([index for index, _ in self._read()], by, "event")

    def walk(self, by: int) -> str:
        """To the next transition, or back."""
        self._read()
        return self._to_one_of(self._walks, by, "transition")

    def go(self, text: str) -> str:
        """`14:03`, `14:03:11`, `-4m`, `#412`, `2026-11-22 14:03`; why not, or empty."""
        if found := re.fullmatch(r"#(\d+)", text.strip()):
            return self._stand(int(found[1]))
        wanted = _time(text.strip(), self.time or time.time())
        if wanted is None:
            return f"go where? Such as 14:03, 14:03:11, -4m, #412; not {clean(text, 24)!r}"
        return self._stand(self._past.at_time(wanted))

    def _to_one_of(self, places: list[int], by: int, what: str) -> str:
        beyond = [p for p in places if (p > self.at if by > 0 else p < self.at)]
        beyond = [p for p in beyond if self.first <= p <= self.last]
        if len(beyond) < abs(by):
            return f"no {'later' if by > 0 else 'earlier'} {what} is known here"
        return self._stand(beyond[by - 1] if by > 0 else beyond[by])

    def _stand(self, index: int) -> str:
        self.at = max(self.first, min(index, self.last))
        if self.at != index:
            return f"only entries {self.first} to {self.last} are known here"
        return ""

    def _read(self) -> list[tuple[int, int]]:
        """The stops; told anew when the log has grown."""
        if self._known != self._past.last:
            self._known, narrator = self._past.last, Narrator()
            self._stops, self._walks = [], []
            for one in self._past.records():
                news = narrator.tell(one.index, one.said, one.event)
                level = max((told.level for told in news), default=QUIET)
                if level > QUIET:
                    self._stops.append((one.index, level))
                if isinstance(one.event, TransitionStarted):
                    self._walks.append(one.index)
        return self._stops

    # ----------------------------------------------------------------------------------- drawing

    def bar(self, cells: int, now: float, ascii_only: bool = False) -> Line:
        """Amber: when, which entry, and where that is in what is known; faults stand out."""
        head = f" PAST {when_fine(self.time, now)}  {ago(now - self.time)} "
        place = f" entry {self.at} of {self.last} "
        broken = self._past.breaks.get(self.at, "")
        room = cells - len(head) - len(place) - 10
        spans = [Span(head, "stale"), Span(place, "dim")]
        if broken:
            spans.append(Span(f" BROKEN: {clean(broken)} ", "alarm"))
        elif room >= 10:
            spans += self._scale(room, ascii_only)
        spans.append(Span("  L", "key"))
        spans.append(Span(" now", "dim"))
        return fit_line(tuple(spans), cells)

    def _scale(self, cells: int, ascii_only: bool) -> list[Span]:
        """The stretch that is known, a mark for each fault, and where it stands."""
        whole = max(self.last - self.first, 1)
        line, fault, here = ("-", "!", "O") if ascii_only else ("─", "╂", "●")
        marks = {self._cell(i, whole, cells) for i, level in self._read() if level >= WARN}
        broken = {self._cell(i, whole, cells) for i in self._past.breaks}
        at = self._cell(self.at, whole, cells)
        drawn = []
        for cell in range(cells):
            if cell == at:
                drawn.append(Span(here, "stale"))
            elif cell in broken:
                drawn.append(Span("X", "alarm"))
            else:
                drawn.append(Span(fault, "bad") if cell in marks else Span(line, "faint"))
        return drawn

    def _cell(self, index: int, whole: int, cells: int) -> int:
        return max(0, min((index - self.first) * (cells - 1) // whole, cells - 1))


def ago(seconds: float) -> str:
    """`-4 min`."""
    return f"-{span(max(seconds, 0.0))}"


def _time(text: str, base: float) -> float | None:
    """A clock of the day that `base` is in, a whole date, or so long before `base`."""
    if found := re.fullmatch(r"([+-])(\d+)\s*(s|m|min|h)", text):
        unit = {"s": 1, "h": 3600}.get(found[3], 60)
        return base + (1 if found[1] == "+" else -1) * int(found[2]) * unit
    if re.fullmatch(r"\d{1,2}:\d{2}(:\d{2})?", text):
        hours, minutes, *seconds = (int(part) for part in text.split(":"))
        if hours > 23 or minutes > 59 or sum(seconds) > 59:
            return None
        day = datetime.fromtimestamp(sane(base))
        clock = day.replace(hour=hours, minute=minutes, second=sum(seconds), microsecond=999999)
        return clock.timestamp()
    try:
        return datetime.fromisoformat(text).timestamp()
    except (ValueError, OverflowError):
        return None
