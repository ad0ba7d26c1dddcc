"""One operation of one resource: from its order to its end, with the deadlines between."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from hanode.lrm.saved import Begun
from hanode.peer_messages import Order

if TYPE_CHECKING:
    from hanode.lrm.recurring import Recurring


class Run(NamedTuple):
    """The process of an operation, as another life of the lrm may find it."""

    mark: str
    pid: int


NO_RUN = Run("", 0)


class Phase(enum.Enum):
    WAITING = "waiting"
    """For its turn, or for its term to be on disk."""
    RUNNING = "running"
    TERMINATING = "terminating"
    KILLED = "killed"


@dataclass(slots=True, eq=False)
class Operation:
    order: Order
    arrived: float
    patience: float | None = None
    """Until when it may wait for its turn; None: as long as it takes."""
    recurring: Recurring | None = None
    """The recurring monitor whose turn this is."""
    limit: float | None = None
    """This node's own rule: over at this instant, wherever it stands by then."""
    proves: Operation | None = None
    """The probe that looks whether a stop that had to be killed left anything running."""
    resumed: str = ""
    """The mark of the process that a former life began for it, which may have done it."""
    phase: Phase = Phase.WAITING
    token: int = 0
    mark: str = ""
    pid: int = 0
    started: float = 0.0
    due: float = 0.0
    """When the next thing happens to it if it doesn't end: SIGTERM, SIGKILL, giving up."""
    verdict: str = ""
    """Decided before its process ended: 'timeout', or 'superseded' by what matters more."""
    unwanted: bool = False
    """A monitor's turn that nobody wants the answer of any more."""
    word: Begun | None = None
    """As it was last saved."""
    intent: int = 0
    """The outbox's number of the fact that it is about to begin; 0: none was stated."""

    @property
    def task(self) -> str:
        return self.order.task

    @property
    def name(self) -> str:
        """As people and graphs call it: web.monitor_10000."""
        return f"{self.order.resource}.{self.task}_{self.order.interval_ms}"

    @property
    def probes(self) -> bool:
        return self.task == "monitor" and not self.order.interval_ms

    @property
    def own_rule(self) -> bool:
        return self.limit is not None

    def begin(self, token: int, mark: str, now: float) -> None:
        assert self.phase is Phase.WAITING
        self.phase, self.token, self.mark, self.started = Phase.RUNNING, token, mark, now
        self.due = now + self.order.timeout_ms / 1000
        if self.limit is not None:
            self.due = min(self.due, self.limit)

    def terminate(self, now: float, wait: float) -> None:
        assert self.phase is Phase.RUNNING
        self.phase, self.due = Phase.TERMINATING, now + wait

    def kill(self, now: float, wait: float) -> None:
        assert self.phase in (Phase.RUNNING, Phase.TERMINATING)
        self.phase, self.due = Phase.KILLED, now + wait

    def hurry(self, at: float) -> None:
        """It makes way by `at`."""
        if self.phase is Phase.RUNNING:
            self.due = min(self.due, at)
            self.unwanted = True

    def tighten(self, limit: float) -> None:
        """It is over earlier than was thought, if this limit is the earlier one."""
        assert self.limit is not None
        self.limit = min(self.limit, limit)
        if self.phase is Phase.RUNNING:
            self.due = min(self.due, limit)

    def saved(self, run: Run) -> Begun:
        """For the table: the same word as long as there is no news."""
        word, mark = self.word, run.mark or self.resumed
        if word is None or (word.mark, word.pid) != (mark, run.pid):
            unwanted = self.recurring is not None
            word = self.word = Begun(self.order, mark, self.limit, run.pid, unwanted)
        return word

    def deadline(self) -> float | None:
        """When something is to be done about it if nothing happens before."""
        if self.phase is not Phase.WAITING:
            return self.due
        return self.limit if self.limit is not None else self.patience
