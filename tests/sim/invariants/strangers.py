"""Whose words count: nobody's but a member's own, and each once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.sim.invariants.violation import fail

if TYPE_CHECKING:
    from tests.sim.machines import Machine
    from tests.sim.parts import HeartPart
    from tests.sim.runs import Run

FORGED = "forged"
"""Whatever a hostile actor says has no right to say it, and bears this mark."""


def no_heartbeat_is_taken_twice(part: HeartPart, data: bytes) -> None:
    """INV-27."""
    if data in part.taken:
        fail("INV-27 no replay", f"{part.name} accepts a heartbeat that it had")
    part.taken.add(data)


def no_stranger_is_heard(part: HeartPart, data: bytes, forged: set[bytes]) -> None:
    """INV-26, INV-28 of heartbeats: of what an outsider makes up, alters, or brings from another
    cluster, nothing is accepted."""
    if data in forged:
        fail("INV-26 authenticity", f"{part.name} accepts a datagram that nobody sent")


def nobody_speaks_for_another(crm: str, state: Any) -> None:
    """INV-26, INV-34 of facts: what a member says of another, or an outsider of anybody, leaves
    no trace in any state."""
    for name, node in state.nodes.items():
        if any(FORGED in each for each in (*node.attributes, *node.history)):
            fail("INV-26 authenticity", f"{crm} holds of {name} what {name} never said")
    if FORGED in state.members or FORGED in state.operators or FORGED in state.dc:
        fail("INV-26 authenticity", f"{crm} holds a forged member, operator or DC")
    if FORGED in state.tickets or FORGED in state.cib:
        fail("INV-26 authenticity", f"{crm} holds what nobody ordered")


def every_entry_can_be_applied(crm: str, words: str) -> None:
    """Law 8 of the fold: what stands in the log is applied, or has no force."""
    if "could not be applied" in words:
        fail("INV-26 authenticity", f"{crm}: {words}")


def nothing_is_done_for_a_rogue(machine: Machine, run: Run) -> None:
    """INV-15: what a crm in wrong hands orders of its own LRM, beyond what the DC may, is not
    carried out."""
    lrm: Any = machine.parts.get("lrm")
    orders = [run.told.get("HANODE_ORDER", "")]
    if run.fences and lrm is not None:
        under_way = lrm.core._fences._fencing.open_orders()
        orders += [order.id for order, tokens in under_way if run.spawn.token in tokens]
    if any(FORGED in order for order in orders):
        fail("INV-15 epoch refusal", f"{machine.name} begins {run.task} for a forged order")
