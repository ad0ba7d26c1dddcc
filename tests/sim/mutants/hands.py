"""Bugs of a node's hands: who is obeyed, what counts as stopped, what a level of devices is."""

from __future__ import annotations

from typing import Any

from hanode.fencing import devices
from hanode.fencing.fencing import Fencing
from hanode.lrm.operation import Operation
from hanode.lrm.orders import Orders
from hanode.lrm.results import Result, idle
from hanode.lrm.term import Gate, Term
from hanode.lrm.work import Work
from hanode.te import Walk
from tests.sim.mutants.garden import Garden, Mutant


def _starts_on_a_bad_disk(garden: Garden) -> None:
    honest = Term.gate

    def gate(self: Term, term: int, task: str) -> Gate:
        found = honest(self, term, task)
        return Gate.OPEN if found is Gate.SHUT else found

    garden.put(Term, "gate", gate)


def _anybody_is_obeyed(garden: Garden) -> None:
    """Whatever the crm says is for this node, in this boot and term."""
    garden.put(Orders, "_unfit", lambda self, order: "")


def _no_agent_no_service(garden: Garden) -> None:
    """(Was in the core.) Where there is no agent, nothing runs."""

    def unanswered(self: Work, operation: Operation, result: Result) -> Result:
        stops = operation.task == "stop" and result.status == "not-installed"
        return idle(result.reason) if stops else result

    garden.put(Work, "_unanswered", unanswered)


def _begun_is_not_running(garden: Garden) -> None:
    """(Was in the core.) What is just being started is none of what must stop without a lease."""
    garden.put(Work, "may_run", lambda self: self._history.agents())


def _unlooked_is_stopped(garden: Garden) -> None:
    """(Was in the core.) A probe that could not be executed has found nothing."""
    honest = Walk.finish

    def finish(self: Walk, ident: int | None, *, ok: bool, why: str = "") -> None:
        honest(self, ident, ok=ok or why.startswith("no answer to the probe"), why=why)

    garden.put(Walk, "finish", finish)


def _one_feed_is_enough(garden: Garden) -> None:
    """The first device of a level stands for all of them."""
    honest = Fencing._next_device

    def next_device(self: Fencing, now: float) -> list[Any]:
        self._device = len(self.order.levels[self._level]) - 1
        return honest(self, now)

    garden.put(Fencing, "_next_device", next_device)


def _stopped_devices_strike(garden: Garden) -> None:
    """A device fences although it is told to be stopped."""
    honest = devices._merged

    def merged(*groups: Any) -> dict[str, str]:
        return {k: v for k, v in honest(*groups).items() if k != "target-role"}

    garden.put(vars(devices), "_merged", merged)


MUTANTS = {
    "starts-on-a-bad-disk": Mutant(
        "an LRM starts under a term that its disk refused", _starts_on_a_bad_disk, "3", True,
        "unwritten",
    ),
    "anybody-is-obeyed": Mutant(
        "an LRM takes orders for other nodes, boots, terms", _anybody_is_obeyed, "3", True,
        "rogue,crash",
    ),
    "no-agent-no-service": Mutant(
        "a stop without an agent is done", _no_agent_no_service, "3", True, "kinds,operator",
    ),
    "begun-is-not-running": Mutant(
        "a start under way outlives the lease", _begun_is_not_running, "3", False,
        "agents,hung,partition,oneway",
    ),
    "unlooked-is-stopped": Mutant(
        "a probe that could not be forked found nothing", _unlooked_is_stopped, "3", True,
        "agents,bounds,crash,kinds,starved",
    ),
    "one-feed-is-enough": Mutant(
        "one of two power supplies stands for both", _one_feed_is_enough, "3", True,
        "devices,partition",
    ),
    "stopped-devices-strike": Mutant(
        "a device that is to be stopped fences", _stopped_devices_strike, "3", True,
        "devices,partition",
    ),
}  # fmt: skip
