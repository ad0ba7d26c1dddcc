"""Orders that were given, seen through to their end: the screen that gave one may be left."""

from __future__ import annotations

import time
from functools import partial
from typing import Any

from textual import work

from hanode.mgmt.proposal import CannotOrder, NothingToDo
from hatui.cluster.arrival import Arrival, Outcome
from hatui.cluster.course import BETWEEN, LOOK, OVER, RUNNING, THINKING, Course
from hatui.cluster.fork import fork
from hatui.cluster.lock import Lock
from hatui.cluster.wire import Wire
from hatui.config import Context
from hatui.foreseeing import Foreseeing

PATIENCE = 10.0
"""So long may a DC take to begin."""


class Underway(Foreseeing):
    """An app whose orders go on whatever its screens show."""

    def __init__(self, *told: Any) -> None:
        self.courses: list[Course] = []
        """Under way, or left half done."""
        self.look = LOOK
        """Seconds for which a plan must have been in sight."""
        super().__init__(*told)

    def begin(self, context: Context, lock: Lock) -> None:
        self.courses.clear()
        super().begin(context, lock)

    @property
    def half_done(self) -> Course | None:
        """The first whose second half nobody has given yet."""
        return next((course for course in self.courses if course.to_come), None)

    def carry_out(self, course: Course) -> None:
        """It was confirmed on the state of its preview."""
        self.courses.append(course)
        self.show_again()
        self._give(course)

    @work(group="give", exit_on_error=False)
    async def _give(self, course: Course) -> None:
        """The DC takes it only if the state is still the one of the preview."""
        assert course.proposal is not None
        assert course.preview is not None
        proposal = course.proposal
        outcome = await self.link.order(proposal.events, course.preview.basis, proposal.command)
        self._answered(course, outcome)

    @work(group="give", exit_on_error=False)
    async def _give_second(self, course: Course) -> None:
        """On whatever state the first half has led to."""
        state = self.latest.state
        try:
            proposal = course.second(fork(state))
        except NothingToDo:  # somebody else has done it
            course.done_by_others(time.monotonic())
            self._look_after(course)
        except CannotOrder as error:
            self._answered(course, Outcome(None, "usage", str(error)))
        else:
            outcome = await self.link.order(proposal.events, state.basis, proposal.command)
            self._answered(course, outcome)

    def _answered(self, course: Course, outcome: Outcome) -> None:
        if outcome.entry is None:
            course.refused(outcome.code, outcome.message)
        else:
            course.taken(outcome.entry)
            self._be_patient(course)
        if course.phase != BETWEEN:  # else it is given again on what arrives next
            self._look_after(course)

    def _be_patient(self, course: Course) -> None:
        self.set_timer(PATIENCE, partial(self._patience, course))

    def _patience(self, course: Course) -> None:
        """Nothing was begun: the DC saw no need for what is left."""
        if course.phase == RUNNING:
            self._look_after(course, patience_over=not self.wire.lost)
        if course.phase == RUNNING:
            self._be_patient(course)

    # --------------------------------------------------------------------------- what became of it

    def stirred(self, arrival: Arrival) -> None:
        super().stirred(arrival)
        if arrival.wire.lost:
            self._warn_of_line()
        for course in tuple(self.courses):
            course.hear(arrival.events)
            if arrival.moment is not None or course.phase == BETWEEN:
                self._look_after(course)

    def _look_after(self, course: Course, patience_over: bool = False) -> None:
        """Give what is due, say how it ended."""
        if course not in self.courses:
            return
        course.settle(self.latest.state, time.monotonic(), patience_over)
        if not self.wire.lost and course.second_half():
            self._give_second(course)
        elif course.phase == OVER and not course.told:
            self._tell(course)
        elif course.phase == THINKING or (course.phase == OVER and self._nothing_left(course)):
            self.courses.remove(course)
        self.show_again()

    def _tell(self, course: Course) -> None:
        """How it ended, once; what is half done stays in the header."""
        course.told = True
        self.say(course.summary, "information" if course.ended_well else "error")
        if not course.to_come:
            self.courses.remove(course)

    def _nothing_left(self, course: Course) -> bool:
        """Somebody has done by hand what was left to do, or nobody can any more."""
        try:
            course.second(fork(self.latest.state))
        except CannotOrder:
            return True
        return False

    def _warn_of_line(self) -> None:
        for course in self.courses:
            if course.to_come and not course.warned and course.phase != OVER:
                course.warned = True
                label = course.order.label
                self.say(f"the line is lost, and {label} is half done; it goes on when the line "
                         f"is back. By hand: {course.rest}", "warning")  # fmt: skip

    def _marked(self, wire: Wire) -> Wire:
        course = self.half_done
        if course is None:
            return super()._marked(wire)._replace(errand="", undone=False)
        return (
            super()._marked(wire)._replace(errand=course.order.label, undone=course.phase == OVER)
        )
