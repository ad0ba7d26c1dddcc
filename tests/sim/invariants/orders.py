"""What an LRM carries out, and what people have forbidden."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hanode.peer_messages import Order
from tests.sim.invariants.violation import fail

if TYPE_CHECKING:
    from tests.sim.machines import Machine
    from tests.sim.parts import CrmPart, LrmPart, Part
    from tests.sim.runs import Run


class Orders:
    def __init__(self) -> None:
        self._done: dict[tuple[str, int, str], int] = {}
        """(machine, boot, order and life) -> the lrm's token that carried it out."""

    def an_order_is_done_once_in_a_boot(
        self, machine: Machine, lrm: LrmPart, order: Order, token: int
    ) -> None:
        """INV-16. (After a crash of the lrm an operation that may be repeated is repeated: the
        token of another life begins it.)"""
        if order.task == "monitor":
            return
        key = (machine.name, machine.boot, f"{order.id}/{id(lrm)}")
        known = self._done.setdefault(key, token)
        if known != token:
            fail("INV-16 at most once", f"{machine.name} does order {order.id} again")


def one_agent_at_a_time_is_at_work(machine: Machine, run: Run) -> None:
    """INV-16: of one resource on one machine; what a former life of the LRM began is over."""
    for other in machine.agents.runs:
        if other is run or other.fences or other.doomed:
            continue
        if other.resource == run.resource:
            fail(
                "INV-16 one at a time",
                f"{machine.name} begins {run.task} of {run.resource} amid its {other.task}",
            )


def an_lrm_forks_under_a_durable_term_only(machine: Machine, order: Order) -> None:
    """INV-15: not under an older term than its disk has, nor before its disk has it."""
    if order.term != machine.disk.lrm_term:
        fail(
            "INV-15 term on disk",
            f"{machine.name} forks order {order.id} of term {order.term}; "
            f"on disk is {machine.disk.lrm_term}",
        )


def an_lrm_obeys_no_earlier_dc(machine: Machine, order: Order) -> None:
    """INV-15 of whatever is ordered: a stop, or a look, of a term before the one on its disk is
    another DC's business. (What a node without quorum orders itself is of no term.)"""
    if order.term < machine.disk.lrm_term and not order.id.startswith("alone."):
        fail(
            "INV-15 no earlier DC",
            f"{machine.name} does {order.task} by order {order.id} of term {order.term}; "
            f"on disk is {machine.disk.lrm_term}",
        )


def hands_off_in_maintenance(crm: CrmPart, order: Order) -> None:
    """INV-25: while the DC's own state says maintenance, it orders nothing but monitors."""
    state = crm.core.state  # type: ignore[attr-defined]
    if order.task in ("monitor", "cancel", "shutdown"):  # who leaves then, leaves all running
        return
    if 'name="maintenance-mode" value="true"' in state.cib:
        fail("INV-25 hands off", f"{crm.name} orders {order.task} of {order.resource}")


def a_node_that_leaves_runs_nothing(machine: Machine, crm: Part) -> None:
    """A node that says that it left on purpose has stopped everything, or left it in maintenance,
    as all know."""
    record = crm.core.state.nodes[machine.name]  # type: ignore[attr-defined]
    if machine.services and not record.lost:
        names = " ".join(sorted(machine.services))
        fail("left clean", f"{machine.name} left and runs {names}")


def order_of(lrm: Any, token: int) -> Order | None:
    """Which order a token of this lrm carries out: looked up in its work."""
    if lrm is None:
        return None
    found = lrm.core._work._processes._begun.get(token)
    if found is None:
        return None
    order = found[1].order
    assert isinstance(order, Order)
    return order
