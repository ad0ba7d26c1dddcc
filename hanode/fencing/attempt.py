"""One call of a fence agent: begun, timed out, killed, over."""

from __future__ import annotations

import enum
from dataclasses import dataclass

TERMINATE = 1.0
"""Seconds between SIGTERM and SIGKILL."""
REAP = 2.0
"""Seconds after SIGKILL until a process that won't die is given up."""


class Step(enum.Enum):
    NOTHING = "nothing"
    TERMINATE = "terminate"
    KILL = "kill"
    GIVE_UP = "give up"


@dataclass(slots=True, eq=False)
class Attempt:
    token: int
    action: str
    due: float
    began: float
    step: Step = Step.NOTHING
    """What was last done about it because of its lateness."""

    @property
    def late(self) -> bool:
        return self.step is not Step.NOTHING

    def ring(self, now: float) -> Step:
        """What its deadline, if it has come, asks for."""
        if now < self.due:
            return Step.NOTHING
        if self.step is Step.NOTHING:
            self.step, self.due = Step.TERMINATE, now + TERMINATE
        elif self.step is Step.TERMINATE:
            self.step, self.due = Step.KILL, now + REAP
        else:
            self.step = Step.GIVE_UP
        return self.step
