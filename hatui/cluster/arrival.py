"""What a link and a screen say to each other: arrivals one way, orders the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol

from hanode.events import Event
from hanode.state import ClusterState
from hatui.cluster.beliefs import Word
from hatui.cluster.blast import Blast
from hatui.cluster.ledger import Ledger
from hatui.cluster.moment import Moment
from hatui.cluster.news import News
from hatui.cluster.past import Past
from hatui.cluster.slowness import Slow
from hatui.cluster.telemetry import Telemetry
from hatui.cluster.whatif import Forecast
from hatui.cluster.wire import Wire


class Arrival(NamedTuple):
    """All that is new since the last one."""

    wire: Wire
    moment: Moment | None = None
    """None: the state is as before."""
    news: tuple[News, ...] = ()
    events: tuple[Event, ...] = ()
    past: tuple[News, ...] = ()
    """What happened before the console attached; replaces all news so far."""
    ledger: Ledger | None = None
    """How long things took; the same object, kept up to date."""
    telemetry: Telemetry | None = None
    """How heartbeats fared; likewise."""
    slow: tuple[Slow, ...] | None = None
    """Monitors near their timeout; None: as before."""


class Outcome(NamedTuple):
    """What came of an order."""

    entry: int | None
    """Its place in the log; None if it was refused."""
    code: str = ""
    """Of Denied's, or `offline`: it was not even sent. After `unavailable` nobody knows whether it
    was taken."""
    message: str = ""


Post = Callable[[Arrival], None]


class Oracle(Protocol):
    """Whoever asks the policy engine for the screen, beside it."""

    def now(self) -> float:
        """The wall clock that it reckons with."""
        ...

    async def blast(self, state: ClusterState) -> Blast:
        """What each node's loss would do. Raises cib.BadCib or OSError."""
        ...

    async def recollect(self, past: Past, index: int) -> Moment | None:
        """The moment after an entry of the past; None where it can't be told."""
        ...

    async def explain(self, moment: Moment, name: str) -> list[str]:
        """Why a resource is where it is, in lines. Raises NoSuchResource."""
        ...

    async def forecast(
        self, state: ClusterState, events: Sequence[Event], then: Sequence[Event] = ()
    ) -> Forecast:
        """What orders would lead to, and then those. Raises cib.BadCib."""
        ...


class Link(Protocol):
    """A console's line to a cluster; a test's is a script in memory."""

    @property
    def past(self) -> Past:
        """What it has heard of the log."""

    def start(self, post: Post) -> None:
        """Attach, and go on attaching for ever; `post` is called in the same event loop."""

    async def order(self, events: Sequence[Event], basis: int | None, why: str) -> Outcome:
        """Give an operator's order, if the state's basis is still this."""

    async def ask_around(self) -> tuple[Word, ...]:
        """Every node's own word, asked one by one."""

    async def recall(self) -> str:
        """Fetch all of the past that the node still has; what went wrong, or empty."""

    def resync(self) -> None:
        """Drop the line and attach anew."""

    async def close(self) -> None:
        """For good."""
