"""What `hanode simulate` tells: how it is, what is changed, what comes of it."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from typing import NamedTuple

from hanode.cib.document import Cib
from hanode.pe.doubts import doubts
from hanode.pe.explain import change_lines, score_lines
from hanode.pe.instance_state import overview
from hanode.pe.overview import Overview
from hanode.simulate.picture import picture
from hanode.transition import Action, Transition


class Story(NamedTuple):
    """One decision and what led to it; `before`: ahead of what was made to happen."""

    before: Overview
    cib: Cib
    transition: Transition
    now: float
    happened: list[str]

    def told(self, arguments: Namespace) -> Iterator[str]:
        """All lines, in order."""
        yield from ("Current cluster status:", *picture(self.before))
        if self.happened:
            yield from ("", "Performing Requested Modifications:")
            yield from (f"  * {line}" for line in self.happened)
        yield from ("", "Transition Summary:")
        lines = change_lines(self.transition.summary)
        yield from (f"  * {line}" for line in lines or ["nothing is to be done"])
        yield from self._in_the_way()
        if arguments.scores:
            yield from ("", "Scores:")
            yield from score_lines(self.transition)
        if arguments.run:
            yield from self._carried_out(arguments.op_fail)
        yield from self._notes()

    def _in_the_way(self) -> Iterator[str]:
        if self.transition.blocked:
            yield from ("", "Blocked:")
        for entry in self.transition.blocked:
            where = f" on {entry.node}" if entry.node else ""
            yield f"  * {entry.operation} of {entry.resource}{where}: {entry.reason}"

    def _carried_out(self, specs: list[str]) -> Iterator[str]:
        from hanode.pe.simulate import run
        from hanode.simulate.what_if import read_opspec

        fail = {}
        for spec in map(read_opspec, specs):
            fail[f"{spec.resource}_{spec.task}_{spec.interval_ms}", spec.node] = spec.rc
        result = run(self.cib, self.transition, self.now, fail)
        yield from ("", "Executing Cluster Transition:")
        yield from (f"  * {_step(action)}" for action in result.done)
        if result.failed is not None:
            rc = fail[result.failed.task, result.failed.node or ""]
            yield f"  * {_step(result.failed)}: FAILED with rc={rc}, and so the transition ends"
            left = [action for action in result.left if not action.pseudo]
            if left:
                yield from ("", "Not done any more:")
                yield from (f"  * {_step(action)}" for action in left)
        yield from ("", "Revised Cluster Status:", *picture(overview(result.cib, self.now)))

    def _notes(self) -> Iterator[str]:
        warnings = [*self.transition.warnings, *doubts(self.cib.configuration)]
        if warnings:
            yield from ("", "Warnings:")
            yield from (f"  * {warning}" for warning in warnings)
        recheck = self.transition.recheck
        if recheck is not None:
            yield from ("", f"To be looked at again at {_clock(recheck.time)}: {recheck.why}")


def _step(action: Action) -> str:
    """One line of the execution, as crm_simulate lays it out."""
    where = f" on {action.node}" if action.node else ""
    match action.kind:
        case "pseudo":
            return f"Pseudo action:   {action.task}{where}"
        case "fence":
            return f"Fencing {action.node} ({action.operation})"
        case "shutdown":
            return f"Cluster action:  {action.task}{where}"
        case "cancel":
            what = f"cancel={action.interval_ms}"
        case _:
            what = action.operation + (f"={action.interval_ms}" if action.interval_ms else "")
    return f"Resource action: {action.resource or '':<15} {what}{where}"


def _clock(time: float) -> str:
    from datetime import UTC, datetime

    return datetime.fromtimestamp(time, UTC).strftime("%Y-%m-%d %H:%M:%SZ")
