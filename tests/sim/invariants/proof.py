"""Fencing: evidence that is true, intents that last, and not too much of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.sim import power
from tests.sim.invariants.violation import fail
from tests.sim.park import OUTLET

if TYPE_CHECKING:
    from tests.sim.machines import Machine
    from tests.sim.world import World

FENCINGS_IN_WINDOW, FENCING_WINDOW = 3, 1800.0


class Proof:
    """What is known of fencings, from the ledger's reading of the log."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._fenced_at: dict[str, list[float]] = {}

    def evidence_is_of_a_kind(self, by: str, target: str, evidence: str) -> None:
        """INV-3, INV-4: nobody takes a time-out for proof, nor a watchdog's time (which this
        cluster has none of); time alone proves something only where fencing is disabled."""
        allowed: tuple[str, ...] = ("power-verified", "operator")
        if not self._world.options.fencing:
            allowed += ("time-bound",)
        if self._world.options.isolation == "whole":
            allowed += ("isolation-verified",)
        if evidence not in allowed:
            fail("INV-4 kinds of evidence", f"{by} has {target} confirmed by {evidence!r}")

    def evidence_is_true(self, by: str, target: str, boot: int, evidence: str) -> None:
        """INV-3: power-verified is said of a boot that did lose its power; isolation-verified of
        one that is cut off, or was before a later one was let in, or that lost its power anyway.
        """
        machine = self._world.machines[target]
        cut = max(machine.boots_ended_by_power_loss, default=0)
        let_in = not machine.cut and not (machine.cut_in_boot >= boot and machine.boot > boot)
        if evidence == "isolation-verified" and let_in and cut < boot:
            fail(
                "INV-3 evidence",
                f"{by} has it confirmed that {target} is cut off; it is not",
            )
        if evidence == "power-verified" and cut < boot:
            fail(
                "INV-3 evidence",
                f"{by} has it confirmed that boot {boot} of {target} lost its power; it did not",
            )

    def a_stopped_device_is_left_alone(self, action: str, plug: str) -> None:
        """INV-32: what is to be stopped strikes nobody. (A probe may look at it.)"""
        if action != "monitor":
            fail("INV-32 right target", f"{action} {plug} by a device that is to be stopped")

    def fencing_rate(self, target: str, by: str) -> None:
        """INV-17, at each confirmed fencing that the cluster itself wanted. A crm that starts again
        has but clocks to tell how long ago the last ones were: if its own was set since, it errs
        where the others' can't correct it."""
        times = self._fenced_at.setdefault(target, [])
        times.append(self._world.now)
        known = max(self._world.now - FENCING_WINDOW, self._world.machines[by].clock.set_at)
        recent = [at for at in times if at > known]
        if len(recent) > FENCINGS_IN_WINDOW:
            fail("INV-17 rate", f"{target} fenced {len(recent)} times in 30 minutes")

    def no_more_than_a_minority_is_struck(self, by: Machine) -> None:
        """INV-17, whenever a device is told to: those that this executor strikes now, and those
        that were struck and have not begun anew since. (What hangs elsewhere, ordered by an earlier
        DC, or of a former life of the LRM, a DC can't know of; nor of a stroke that its device
        could not verify: who can't be fenced must not protect the others. Of two, each may take
        itself for the one that is left.)"""
        world = self._world
        report = by.parts["lrm"].report  # type: ignore[attr-defined]
        runs = [run for run in by.agents.runs if run.fences and run.report == report]
        asked = [(power.question(run), run.began) for run in runs]
        struck = {
            name
            for what, at in asked
            if what.action in power.CUTS
            and (target := world.machines.get(name := what.plug.removeprefix(OUTLET)))
            and target.began <= at
        }
        members = world.invariants.ledger.members
        data = {m.name for m in world.data_machines if m.name in members}
        out = {name for name in data if world.machines[name].fenced and _told_of(by, name)}
        if len(data) > 2 and len((struck | out) & data) > (len(data) - 1) // 2:
            fail("INV-17 minority", f"{sorted(struck)} are fenced, {sorted(out)} not yet back")

    def what_is_held_for_over_is_over(self, crm: str, state: Any) -> None:
        """INV-3: where power is what proves it, no boot counts as fenced that has never lost it;
        nor, where it suffices to be cut off, that never was."""
        if not self._world.options.fencing:
            return
        for name, node in state.nodes.items():
            machine = self._world.machines[name]
            cut = machine.cut_in_boot if self._world.options.isolation == "whole" else 0
            if node.fenced > max(cut, *machine.boots_ended_by_power_loss, 0):
                fail("INV-3 evidence", f"{crm} holds boot {node.fenced} of {name} for fenced")

    def fenced_means_out(self, crm: str, state: Any) -> None:
        """INV-6: a boot that is proved to be over is not counted as here."""
        for name, node in state.nodes.items():
            if node.present and node.boot <= node.fenced:
                fail("INV-6 fenced means out", f"{crm} counts boot {node.boot} of {name} as here")


def _told_of(by: Machine, name: str) -> bool:
    """Whether the log that this machine has applied proves that one's end."""
    crm: Any = by.crm
    node = crm.core.state.record(name) if crm is not None else None
    return node is None or node.fenced >= node.boot
