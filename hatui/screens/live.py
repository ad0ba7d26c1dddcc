"""A screen that hears of every arrival, and what it may use of the app."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol, TypeVar, cast

from textual.screen import Screen

from hatui.cluster.arrival import Arrival, Link, Oracle
from hatui.cluster.beliefs import Word
from hatui.cluster.blast import Blast
from hatui.cluster.course import Course
from hatui.cluster.draw import Signs
from hatui.cluster.glimpse import Glimpse
from hatui.cluster.journey import Journey
from hatui.cluster.ledger import Ledger
from hatui.cluster.moment import Moment
from hatui.cluster.news import News
from hatui.cluster.slowness import Slow
from hatui.cluster.spans import Line
from hatui.cluster.telemetry import Telemetry
from hatui.cluster.wire import Wire
from hatui.config import Context
from hatui.output.choice import Choice

Result = TypeVar("Result")


class Console(Protocol):
    """The app, as its screens know it."""

    moment: Moment
    wire: Wire
    journey: Journey | None
    ledger: Ledger
    telemetry: Telemetry
    around: Mapping[str, Word]
    link: Link
    thinker: Oracle
    signs: Signs
    prod: bool
    look: float
    context: Context
    frozen: bool
    missed: int
    bell_on: bool
    user_keys: Mapping[str, str]
    themes: Mapping[str, object]
    choice: Choice

    @property
    def readonly(self) -> bool: ...
    @property
    def why_readonly(self) -> str: ...
    @property
    def blast(self) -> Blast: ...
    @property
    def slow(self) -> tuple[Slow, ...]: ...
    @property
    def news(self) -> Sequence[News]: ...
    @property
    def latest(self) -> Moment: ...
    @property
    def ground(self) -> Moment: ...
    @property
    def shown_at(self) -> float: ...
    def be_at(self, journey: Journey, moment: Moment) -> None: ...
    def return_to_now(self) -> None: ...
    def say(self, text: str, severity: str = "information") -> None: ...
    def header_line(self, cells: int) -> Line: ...
    def classic(self, cells: int) -> list[Line]: ...
    def decide(self, now: bool = False) -> None: ...
    def carry_out(self, course: Course) -> None: ...
    def ask_around(self) -> object: ...
    def glimpses(self) -> tuple[Glimpse, ...]: ...
    def watch_all(self) -> None: ...
    def write(self, text: str) -> None: ...
    def attach(self, name: str) -> object: ...
    def freeze(self) -> None: ...


class LiveScreen(Screen[Result]):
    """Told of arrivals while it is on the stack, even below another screen."""

    @property
    def hatui(self) -> Console:
        """The app, as what it is to its screens."""
        return cast(Console, self.app)

    def on_screen_resume(self) -> None:
        """Where signs must be ASCII, borders must be too."""
        self.set_class(self.hatui.signs.ascii_only, "-ascii")

    def begin_anew(self) -> None:
        """Another cluster: what was chosen in the one before is not there."""

    def arrive(self, arrival: Arrival) -> None:
        """Something is new; the app's attributes have it already."""
