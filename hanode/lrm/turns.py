"""Recurring monitors: how they come into a line, take turns, step aside and end."""

from __future__ import annotations

from typing import Any

from hanode.effects import Say
from hanode.lrm.answers import Answers
from hanode.lrm.history import History
from hanode.lrm.limits import Limits
from hanode.lrm.line import Line
from hanode.lrm.lines import Lines
from hanode.lrm.operation import Operation
from hanode.lrm.recurring import Recurring
from hanode.lrm.results import STARVED, Result
from hanode.lrm.starving import EXCUSED_MAX
from hanode.peer_messages import Order
from hanode.ra import exit_codes


class Turns:
    def __init__(
        self, lines: Lines, history: History, answers: Answers, limits: Limits, out: list[Any]
    ) -> None:
        self._lines = lines
        self._history = history
        self._answers = answers
        self._limits = limits
        self._out = out
        self.starving = ""
        """What the machine lacks, if it lacks something."""

    def take_up(self, line: Line, order: Order, now: float) -> None:
        """A monitor that was ordered, in place of the one before it."""
        delay = order.meta.get("start_delay", "")
        first = now + (int(delay[:9]) / 1000 if delay.isdecimal() else 0.0)
        self.end(line, (order.task, order.interval_ms), now)
        line.recurring[order.task, order.interval_ms] = Recurring(order, first)

    def take_back(self, order: Order, answer: tuple[int, str] | None, now: float) -> None:
        """Go on with a monitor of a former life."""
        line = self._lines.of(order.resource)
        line.recurring[order.task, order.interval_ms] = Recurring(order, now, answer)

    def queue_due(self, line: Line, now: float) -> None:
        """Whose time has come stands in line."""
        for recurring in line.due_turns(now):
            recurring.take_turn()
            self._lines.queue(line, Operation(recurring.order, now, recurring=recurring))

    def make_way(self, line: Line, for_good: bool, now: float) -> None:
        """Something matters more than a monitor: it steps aside; for a stop it ends."""
        line.drop_turns()
        if line.running and line.running.recurring:
            line.running.hurry(now + self._limits.monitor_grace)
        for key in list(line.recurring) if for_good else ():
            self.end(line, key, now)

    def end_promoted(self, line: Line, now: float) -> None:
        """Whoever is demoted is not watched as promoted any longer."""
        for recurring in list(line.recurring.values()):
            if recurring.order.expected_rc == exit_codes.PROMOTED:
                self._end_as_news(line, recurring, now)

    def end_before_leaving(self, line: Line, now: float) -> None:
        """What migrates away is not watched here any longer: that it has gone is no failure."""
        for recurring in list(line.recurring.values()):
            self._end_as_news(line, recurring, now)

    def _end_as_news(self, line: Line, recurring: Recurring, now: float) -> None:
        told = recurring.answer is not None
        self.end(line, recurring.key, now)
        if told:
            self._answers.cancelled(recurring.order, "", now)

    def end(self, line: Line, key: tuple[str, int], now: float) -> Recurring | None:
        """Take a monitor away; whoever still waits for its first answer is told."""
        recurring = line.recurring.pop(key, None)
        if recurring is None:
            return None
        self._lines.touch(line)
        self._history.drop(line.resource, *key)
        for operation in [o for o in line.waiting if o.recurring is recurring]:
            line.waiting.remove(operation)
        if line.running and line.running.recurring is recurring:
            line.running.unwanted = True
        if recurring.answer is None:
            self._answers.cancelled(recurring.order, recurring.order.id, now)
        return recurring

    def over(
        self, line: Line, turn: Operation, recurring: Recurring, result: Result, now: float
    ) -> None:
        """A turn has its result: an event if it is news, telemetry in any case."""
        if line.recurring.get(recurring.key) is not recurring:
            return  # cancelled meanwhile
        if turn.unwanted:
            recurring.end_turn(now)
            return
        if turn.verdict.startswith(STARVED):
            self.put_off(turn, recurring, result.reason, now)
            return
        recurring.excused = 0
        first = recurring.answer is None
        if recurring.answered(result.rc, result.status, now):
            self._answers.state(turn, result, now, order=recurring.order.id if first else "")
        self._answers.fared(turn, result)

    def free(self, line: Line, turn: Operation, now: float) -> None:
        """A turn that could not be killed is over: its monitor may take the next one."""
        recurring = turn.recurring
        if recurring is not None and line.recurring.get(recurring.key) is recurring:
            recurring.end_turn(now)
            self._lines.touch(line)

    def put_off(self, turn: Operation, recurring: Recurring, reason: str, now: float) -> None:
        """A machine that starves, or can't start a process, says nothing of the resource: no
        answer then."""
        self._out.append(Say("warning", f"{turn.name} is put off", {"why": reason}))
        recurring.put_off(now)

    def verdict(self, operation: Operation) -> str:
        """What a time-out means: on a machine that starves it is excused, a few times; not where
        the DC still waits for a first answer."""
        recurring = operation.recurring
        if recurring is None or recurring.answer is None or not self.starving:
            return "timeout"
        if recurring.excused >= EXCUSED_MAX:
            return "timeout"
        recurring.excused += 1
        return f"{STARVED} ({self.starving})"
