"""The course of one order, from the first thought of it to its end; knows nothing of screens.

It holds to one rule: what is given was previewed on the state that the cluster is in. When that
moves, the plan is thought anew, and what changed in it is said.
"""

from __future__ import annotations

from collections.abc import Iterable

from hanode.events import Event
from hanode.mgmt.proposal import Proposal
from hanode.state import ClusterState
from hatui.cluster.clock import span
from hatui.cluster.order import Order
from hatui.cluster.preview import SAME_PLAN, Preview, differences
from hatui.cluster.steps import DONE, FAILED, SPARED, WAITING, Step, told

LOOK = 1.0
"""Seconds for which a plan that has just appeared, or changed, can't be given."""
HELD = 0.4
"""And so many after a key that came too soon: a key that is held down repeats itself faster."""
TOO_SOON = "look first: "
UNSEEN = "this is what would happen"
THINKING, READY, GIVING, RUNNING, OVER = "thinking", "ready", "giving", "running", "over"
BETWEEN = "between"
"""The first half is done, the second is to be given."""
_AGAIN = ("stale", "unavailable", "offline")
"""Why a second half was not taken, that passes."""


class Course:
    """Where it stands, and what there is to say of it."""

    def __init__(self, order: Order, prod: bool = False) -> None:
        self.order = order
        self.phase = THINKING
        self.word = ""
        """What there is to say: why not, what changed."""
        self.proposal: Proposal | None = None
        self.preview: Preview | None = None
        self.states: dict[Step, str] = {}
        """What became of each step, once the order was given."""
        self.half = 1
        self.rest = ""
        """The command of its second half, for who has to give it by hand."""
        self.told = self.warned = False
        """Whether the operator has heard how it ended; that the line was lost on the way."""
        self.unsure = False
        """Whether it was taken is not known."""
        self.given_at = 0.0
        self.ended_at = 0.0
        self.look = LOOK
        self._prod = prod
        self._before = ClusterState()
        """What it is, or was, thought on."""
        self._entry = 0
        """Where the order stands in the log."""
        self._unseen_until = 0.0
        """A key that was meant for the plan before must not give this one."""

    @property
    def level(self) -> int:
        """The rung of the ladder: L3 as well where much is at stake."""
        if self.order.hypothetical:
            return 0
        grave = self.preview is not None and self.preview.grave
        risky = self.proposal is not None and self.proposal.risky
        return 3 if grave or risky or (self._prod and self.order.level > 1) else self.order.level

    @property
    def given(self) -> bool:
        return self.given_at > 0

    @property
    def to_come(self) -> bool:
        """The first half may have been carried out, and the second was not given, as far as is
        known: what was stopped stands still."""
        if self.order.then is None or self.half > 1 or not self.given:
            return False
        return self.phase in (GIVING, RUNNING, BETWEEN, OVER)

    @property
    def ended_well(self) -> bool:
        """Of one that is over: nothing is left to be told of it."""
        return self.given and not (self.failures or self.to_come or self.unsure)

    @property
    def failures(self) -> list[Step]:
        return [step for step, state in self.states.items() if state == FAILED]

    # ------------------------------------------------------------------------------- thinking

    def think_on(self, state: ClusterState) -> None:
        """A (forked) state: the second half goes by it, too."""
        self._before, self.phase = state, THINKING

    def overtaken(self, state: ClusterState) -> bool:
        """Whether what is thought, or was, is of a state that is history."""
        return self.phase in (THINKING, READY) and state.basis != self._before.basis

    def thought(self, proposal: Proposal, new: Preview, now: float = 0.0, rest: str = "") -> None:
        if self.phase not in (THINKING, READY):
            return
        old = self.preview
        self.proposal, self.preview, self.phase, self.rest = proposal, new, READY, rest
        if old is None and self.level < 3:  # to type out a name takes longer
            self._unseen_until = now + self.look
        elif old is not None and old.basis != new.basis:
            self.word = differences(old, new)
            if self.word != SAME_PLAN:
                self._unseen_until = now + self.look

    def impossible(self, why: str) -> None:
        self.phase, self.word = OVER, why

    # -------------------------------------------------------------------------- giving, following

    def give(self, now: float) -> bool:
        """Whether it may go; from now on it is on its way."""
        if self.phase != READY or self.preview is None or self.order.hypothetical:
            return False
        if now < self._unseen_until:
            self._unseen_until = max(self._unseen_until, now + HELD)
            self.word = TOO_SOON + (self.word.removeprefix(TOO_SOON) or UNSEEN)
            return False
        self.phase, self.word, self.given_at = GIVING, "", now
        self.states = dict.fromkeys(self.preview.steps, WAITING)
        return True

    def taken(self, entry: int) -> None:
        self.phase, self._entry = RUNNING, entry

    def refused(self, code: str, message: str) -> None:
        if self.half > 1:
            self.half, self.phase = 1, BETWEEN if code in _AGAIN else OVER
            self.word = f"its second half was not taken: {message}; {self._left}"
            return
        if code == "unavailable":  # it may have been carried out, or may be yet
            left = f"; {self._left}" if self.order.then is not None else ""
            self.phase, self.word, self.unsure = OVER, f"{message}{left}", True
            return
        self.given_at, self.states = 0.0, {}
        if code == "stale":
            self.phase = THINKING
            self.word = "the cluster moved on before it was taken; look again"
        else:
            self.phase, self.word = OVER, f"refused: {message}"

    @property
    def _left(self) -> str:
        return f"left to do: {self.rest or 'its second half'}"

    def done_by_others(self, now: float) -> None:
        """Nothing is left of the second half."""
        for step in self._steps():
            self.states[step] = SPARED
        self.phase, self.word, self.ended_at = OVER, "", now

    def hear(self, events: Iterable[Event]) -> None:
        if self.phase in (GIVING, RUNNING):
            for event in events:
                self.states.update(told(self._steps(), event))

    def settle(self, state: ClusterState, now: float, patience_over: bool = False) -> bool:
        """Whether this half has just come to its end.

        What is left when the DC has walked to the end, or begins nothing, was not needed.
        """
        if self.phase != RUNNING or state.position.index < self._entry:
            return False
        last = next(iter(state.transitions), None)
        arrived = last is not None and last.basis >= self._entry and last.outcome == "complete"
        if arrived or (patience_over and state.transition is None):
            for step in self._steps():
                if self.states[step] == WAITING:
                    self.states[step] = SPARED
        if any(self.states[step] == WAITING for step in self._steps()):
            return False
        self.phase, self.ended_at = OVER, now
        if self.order.then is not None and self.half == 1:
            if self.failures:
                self.word = f"the first half failed; the second was not given. {self._left}"
            else:
                self.phase = BETWEEN
        return True

    def second(self, state: ClusterState) -> Proposal:
        """What there is to give once the first half has led to this state. Raises CannotOrder."""
        assert self.order.then is not None
        return self.order.then(self._before, state)

    def second_half(self) -> bool:
        """Whether there is one to be given now; then it is under way."""
        if self.phase != BETWEEN:
            return False
        self.half, self.phase, self.word = 2, GIVING, ""
        return True

    def _steps(self) -> list[Step]:
        """Of the half that is under way."""
        if self.preview is None:
            return []
        first = self.preview.first
        return list(self.preview.steps[first:] if self.half > 1 else self.preview.steps[:first])

    # ------------------------------------------------------------------------------------ words

    @property
    def summary(self) -> str:
        """How it ended."""
        label = self.order.label
        if self.failures:
            left = f". {self._left}" if self.to_come else ""
            return f"{label}: {self.failures[0].sentence} failed{left}"
        if self.word and not self.ended_well:
            return f"{label}: {self.word}"
        done = sum(1 for state in self.states.values() if state == DONE)
        took = span(self.ended_at - self.given_at)
        return f"{label}: done, {done} steps in {took}" if done else f"{label}: done"

    def progress(self, now: float) -> str:
        """While it runs: how long already, how long it may take."""
        if self.phase not in (GIVING, RUNNING, BETWEEN):
            return ""
        gone = now - self.given_at
        usual = self.preview.takes if self.preview is not None else 0.0
        if gone < 1.0:
            return ""
        of = f" of about {span(usual)}" if usual > gone else " (longer than usual)" if usual else ""
        return f"{span(gone)}{of}"
