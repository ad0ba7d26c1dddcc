"""All that a view may be drawn from: a moment, and what the console has gathered around it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from hatui.cluster.beliefs import Word
from hatui.cluster.blast import Blast
from hatui.cluster.draw import UNICODE, Signs
from hatui.cluster.glimpse import Glimpse
from hatui.cluster.ledger import Ledger
from hatui.cluster.moment import Moment
from hatui.cluster.news import News
from hatui.cluster.slowness import Slow
from hatui.cluster.telemetry import Telemetry
from hatui.cluster.wire import Wire


class Scene(NamedTuple):
    """What is known when a view is drawn, and how much room there is for it."""

    moment: Moment
    news: Sequence[News] = ()
    wire: Wire = Wire()
    cells: int = 80
    """Width of the view: for bars and grids, which fill what is left."""
    signs: Signs = UNICODE
    ledger: Ledger = Ledger()
    telemetry: Telemetry = Telemetry()
    around: Mapping[str, Word] = MappingProxyType({})
    """What nodes have answered when they were asked one by one."""
    fleet: tuple[Glimpse, ...] = ()
    blast: Blast = Blast()
    now: float = 0.0
    """When it is on the screen; 0 where nobody asked a clock, and the log's last word counts."""
    slow: tuple[Slow, ...] = ()
    """Monitors near their timeout."""
    clock: float = 0.0
    """The operator's: dates are told where they are not of this day."""

    @property
    def today(self) -> float:
        """By which times are told."""
        return self.clock or self.now or self.moment.state.at
