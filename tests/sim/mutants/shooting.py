"""Bugs of fencing: what counts as proof, what is forgotten, what is done too often."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hanode.fencing import devices, fencing
from hanode.fencing.fencing import Fencing
from hanode.lrm.orders import Orders
from hanode.node import time_bound
from hanode.node.fencing_limits import FencingLimits
from hanode.node.shooting import Shooting
from hanode.node.walking import Walking
from hanode.pe.actions import unfencing
from hanode.settings import lease_by
from hanode.state import ClusterState, fold, status
from hanode.state.records import NodeRecord
from tests.sim.mutants.garden import Garden, Mutant


def _time_out_is_success(garden: Garden) -> None:
    honest = Fencing._failed

    def failed(self: Fencing, reason: str, now: float) -> list[Any]:
        if "timed out" in reason and not self._powering:
            return self._next_device(now)
        return honest(self, reason, now)

    garden.put(Fencing, "_failed", failed)


def _believe_the_switch(garden: Garden) -> None:
    """No status query after `off`."""
    honest = Fencing.ended

    def ended(self: Fencing, rc: int, output: bytes, errors: bytes, now: float) -> list[Any]:
        attempt = self._attempt
        if attempt is not None and attempt.action == "off" and rc == 0 and not attempt.late:
            self._attempt = None
            return self._next_device(now)
        return honest(self, rc, output, errors, now)

    garden.put(Fencing, "ended", ended)


def _on_is_off(garden: Garden) -> None:
    """A status query that says `on` proves it as well."""
    garden.put(fencing, "STATUS_OFF", 0)


def _new_dc_forgets_intents(garden: Garden) -> None:
    from hanode.events import DcElected

    honest = fold._HANDLERS[DcElected]

    def elected(state: Any, *rest: Any) -> None:
        honest(state, *rest)
        state.intents.clear()

    garden.put(fold._HANDLERS, DcElected, elected)  # type: ignore[arg-type]


def _cleanup_forgets_intents(garden: Garden) -> None:
    from hanode.events import HistoryCleared

    honest = fold._HANDLERS[HistoryCleared]

    def cleared(state: Any, *rest: Any) -> None:
        honest(state, *rest)
        state.intents.clear()

    garden.put(fold._HANDLERS, HistoryCleared, cleared)  # type: ignore[arg-type]


def _lost_is_as_good_as_left(garden: Garden) -> None:
    """A node that is gone is taken for one that left on purpose, with nothing left behind."""
    honest = status._node

    def node(state: ClusterState, record: NodeRecord, doomed: bool) -> Any:
        found = honest(state, record, doomed)
        return found if found.in_ccm else found._replace(expected="down", history=())

    garden.put(status, "_node", node)


def _intents_left_to_the_walk(garden: Garden) -> None:
    """(Was in the core.) Only what the PE wants fenced is pursued, and it knows of no intents."""
    honest = Shooting._pursue

    def pursue(self: Shooting, target: str) -> None:
        walk = self._node.coordination.walk
        if walk and any(a.kind == "fence" and a.node == target for a in walk.transition.actions):
            honest(self, target)

    garden.put(Shooting, "_pursue", pursue)
    garden.put(status, "_doomed", lambda state, name: False)


def _silence_is_stopped(garden: Garden) -> None:
    """(Was in the core.) An order without an answer counts as not carried out; and an LRM that was
    asleep meanwhile carries it out when it wakes up."""
    garden.put(Walking, "_blame", lambda self, action, why: None)
    garden.put(Orders, "woke", lambda self, now: None)


def _isolation_is_power_off(garden: Garden) -> None:
    """Whatever cuts a node off is taken to end all that it runs."""
    garden.put(devices, "_suffices", lambda level, domains: True)


def _let_in_at_once(garden: Garden) -> None:
    """Who was cut off is let in while it still runs what has moved away from it."""
    honest = unfencing._unfence

    def unfence(plan: Any, node: Any, why: str, device: Any) -> None:
        cluster = plan.placement.cluster
        cluster.isolation = False
        honest(plan, node, why, device)
        cluster.isolation = True

    garden.put(unfencing, "_unfence", unfence)


def _old_evidence(garden: Garden) -> None:
    """Evidence of one boot is taken for the next one as well."""
    from hanode.events import FencingConfirmed

    honest = fold._HANDLERS[FencingConfirmed]

    def confirmed(state: Any, event: Any, *rest: Any) -> None:
        node = state.nodes.get(event.target)
        honest(state, replace(event, boot=node.boot) if node else event, *rest)

    garden.put(fold._HANDLERS, FencingConfirmed, confirmed)  # type: ignore[arg-type]


def _no_limits(garden: Garden) -> None:
    garden.put(FencingLimits, "forbidden", lambda self, target: "")


def _short_time_bound(garden: Garden) -> None:
    """The winning side starts before the losing one must have stopped (corosync issue 182)."""

    def bound(deadtime: float) -> float:
        return lease_by(deadtime) / 2

    garden.put(time_bound, "isolated_after", bound)


def _view_of_the_dc_alone(garden: Garden) -> None:
    """(Was in the core.) Whom the DC's own view lacks has no lease from the others."""
    garden.put(time_bound, "parted", lambda name, views, voters: True)


def _bound_in_maintenance(garden: Garden) -> None:
    """Time is taken for proof where a node was told to leave alone what it runs."""
    garden.put(time_bound, "stays", lambda state, name="": "")
    garden.put(time_bound, "may_not_know", lambda state, name: "")


MUTANTS = {
    "timeout-is-success": Mutant(
        "a fencing that timed out is a success", _time_out_is_success, "3", True,
        "fencing,power,partition,pause",
    ),
    "believe-the-switch": Mutant(
        "no status query after off", _believe_the_switch, "3", True,
        "fencing,power,partition,pause",
    ),
    "on-is-off": Mutant("a plug that is on counts as off", _on_is_off),
    "dc-forgets-intents": Mutant("a new DC forgets fencing intents", _new_dc_forgets_intents),
    "cleanup-forgets-intents": Mutant("cleanup forgets intents", _cleanup_forgets_intents),
    "lost-is-left": Mutant("a lost node counts as stopped", _lost_is_as_good_as_left, "3", True,
        "partition,oneway,hanode",),
    "intents-of-the-walk": Mutant(
        "only the walk's fencings are done", _intents_left_to_the_walk, "3", True,
        "operator,fencing,crash,power",
    ),
    "silence-is-stopped": Mutant(
        "an order without answer is not done", _silence_is_stopped, "3", True,
        "moment,operator",
    ),
    "old-evidence": Mutant(
        "evidence outlives its boot", _old_evidence, "3", True, "moment,operator"
    ),
    "isolation-is-power-off": Mutant(
        "a node that is only cut off counts as switched off", _isolation_is_power_off, "3", True,
        "isolation,partition,pause",
    ),
    "let-in-at-once": Mutant(
        "a node is let in with all that it runs", _let_in_at_once, "3", True,
        "isolation,partition,pause,hanode",
    ),
    "no-limits": Mutant("a node is fenced as often as one likes", _no_limits),
    "short-time-bound": Mutant(
        "one side starts before the other must have stopped", _short_time_bound, "3", False
    ),
    "view-of-the-dc-alone": Mutant(
        "time runs against whom only the DC has lost", _view_of_the_dc_alone, "5", False,
        "partition,oneway,flap,delay",
    ),
    "bound-in-maintenance": Mutant(
        "time proves a node stopped that was told not to", _bound_in_maintenance, "3", False,
        "hands-off",
    ),
}  # fmt: skip
