"""What people ask of the cluster, and what they were promised."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING, Any

from hanode.effects import Answer, CloseClient
from hanode.events import CibChanged, Edit, FencingIntended, HistoryCleared, UnfencingOrdered
from hanode.inputs import Asked
from hanode.mgmt import protocol
from hanode.mgmt.joint import joint
from tests.sim.runs import PARAMETERS
from tests.sim.scenery import EXCLUSIVE, PROMOTABLE

if TYPE_CHECKING:
    from tests.sim.parts import CrmPart
    from tests.sim.world import World


@dataclass(slots=True)
class Question:
    number: int
    event: Any
    asked_at: float
    done: int | None = None
    """The index at which it was acknowledged."""


def parameters(cib: str, resource: str) -> dict[str, str]:
    """What a configuration gives a resource's agent."""
    pairs = re.findall(rf'<nvpair id="{resource}-(\w+)" name="\1" value="(\d+)"/>', cib)
    return {name: value for name, value in pairs if name in PARAMETERS}


@dataclass
class Workload:
    """An operator who moves, edits and cleans up, at any node."""

    world: World
    random: Random
    questions: dict[int, Question] = field(default_factory=dict)
    acknowledged: list[Question] = field(default_factory=list)
    denied: int = 0

    def ask(self, crm: CrmPart, event: Any, why: str) -> Question:
        """One command at one node."""
        number = len(self.questions) + 1
        question = self.questions[number] = Question(number, event, self.world.now)
        self.world.note("operator", "asks", f"{crm.name}: {why}")
        request = protocol.command(number, event, why=why)
        crm.give(Asked(f"client{number}", "root", "admin", request))
        return question

    def answered(self, crm: CrmPart, effect: Answer) -> None:
        message = effect.message
        question = self.questions.get(getattr(message, "number", 0))
        if isinstance(message, protocol.Done) and question is not None:
            question.done = message.index
            self.acknowledged.append(question)
            self.world.note("operator", "promised", f"{crm.name}: {message.index}")
            self.world.invariants.acknowledged(question)
        elif isinstance(message, protocol.Denied):
            self.denied += 1
            self.world.note("operator", "denied", f"{crm.name}: {message.code} {message.message}")

    def closed(self, crm: CrmPart, effect: CloseClient) -> None:
        self.world.note("operator", "dropped", f"{crm.name}: {effect.reason}")

    # ------------------------------------------------------------------------------------- commands

    def something(self) -> None:
        """One command, drawn by lot, at a node drawn by lot."""
        crms = [crm for crm in self.world.crms() if crm.machine.data and not crm.paused]
        if crms:
            crm = self.random.choice(crms)
            self.random.choice(_COMMANDS)(self, crm)

    def change(self, crm: CrmPart, edit: Edit, why: str) -> Question:
        state = crm.core.state  # type: ignore[attr-defined]
        return self.ask(crm, CibChanged(state.version, (edit,), "root", why), why)

    def standby(self, crm: CrmPart, name: str, on: bool = True) -> Question:
        value = "on" if on else "off"
        xml = (
            f'<instance_attributes id="nodes-{name}">'
            f'<nvpair id="nodes-{name}-standby" name="standby" value="{value}"/>'
            "</instance_attributes>"
        )
        return self.change(
            crm, Edit("put", name, xml), f"node {'standby' if on else 'online'} {name}"
        )

    def prefer(self, crm: CrmPart, resource: str, name: str) -> Question:
        ident = f"cli-prefer-{resource}"
        xml = f'<rsc_location id="{ident}" rsc="{resource}" node="{name}" score="INFINITY"/>'
        return self.change(crm, Edit("put", "constraints", xml), f"resource move {resource} {name}")

    def update(self, crm: CrmPart, resource: str, name: str, value: str) -> Question:
        """Another value of one parameter; the other stays."""
        state = crm.core.state  # type: ignore[attr-defined]
        given = {**parameters(state.cib, resource), name: value}
        pairs = "".join(
            f'<nvpair id="{resource}-{n}" name="{n}" value="{v}"/>'
            for n, v in sorted(given.items())
        )
        xml = f'<instance_attributes id="{resource}-params">{pairs}</instance_attributes>'
        return self.change(
            crm, Edit("put", resource, xml), f"resource update {resource} {name}={value}"
        )

    def cleanup(self, crm: CrmPart, resource: str = "", node: str = "") -> Question:
        event = HistoryCleared(resource, node, "root")
        return self.ask(crm, event, f"resource cleanup {resource} {node}".rstrip())

    def cleanup_of_both(self, crm: CrmPart) -> Question:
        """Two parts that stand or fall together."""
        event = joint([HistoryCleared("p1", "", "root"), HistoryCleared("g1", "", "root")])
        return self.ask(crm, event, "resource cleanup p1, g1")

    def fence(self, crm: CrmPart, name: str) -> Question:
        event = FencingIntended("", name, 0, "reboot", "an operator asked for it", "root")
        return self.ask(crm, event, f"fence {name}")

    def maintenance(self, crm: CrmPart, on: bool) -> Question:
        xml = f'<nvpair id="opt-maintenance" name="maintenance-mode" value="{str(on).lower()}"/>'
        return self.change(
            crm, Edit("put", "cib-bootstrap-options", xml), f"property maintenance-mode={on}"
        )

    # --------------------------------------------------------------------------------- drawn by lot

    def _some_node(self) -> str:
        return self.random.choice([machine.name for machine in self.world.data_machines])

    def _standby(self, crm: CrmPart) -> None:
        self.standby(crm, self._some_node(), self.random.random() < 0.5)

    def _move(self, crm: CrmPart) -> None:
        self.prefer(crm, self.random.choice(("p1", "p2", "g")), self._some_node())

    def _update(self, crm: CrmPart) -> None:
        resource = self.random.choice((*EXCLUSIVE, PROMOTABLE))
        self.update(crm, resource, self.random.choice(PARAMETERS), str(self.random.randint(1, 3)))

    def _cleanup(self, crm: CrmPart) -> None:
        resource = self.random.choice(("", "p1", "g1", "ms"))
        if resource == "g1":
            self.cleanup_of_both(crm)
        else:
            self.cleanup(crm, resource)

    def _fence(self, crm: CrmPart) -> None:
        if self.random.random() < 0.6:
            self.fence(crm, self._some_node())

    def _unfence(self, crm: CrmPart) -> None:
        """Who was cut off seems to be forgotten. One that nobody hears runs nothing: the operator
        has looked."""
        machine = self.world.machines[self._some_node()]
        record = crm.core.state.nodes.get(machine.name)  # type: ignore[attr-defined]
        heard = record is not None and record.online
        if machine.cut and (heard or not machine.services):
            self.ask(crm, UnfencingOrdered(machine.name), f"fence unfence {machine.name}")

    def _maintenance(self, crm: CrmPart) -> None:
        if self.random.random() < 0.3:
            self.maintenance(crm, True)
            self.world.agenda.after(15.0, self.end_maintenance)

    def without_power(self, crm: CrmPart, stop: bool = True) -> None:
        """The device that can fence them all is told to stop, for a while."""
        if not crm.machine.data:
            return
        role = "Stopped" if stop else "Started"
        pair = f'<nvpair id="power-role" name="target-role" value="{role}"/>'
        xml = f'<meta_attributes id="power-own">{pair}</meta_attributes>'
        self.change(crm, Edit("put", "power", xml), f"resource {'stop' if stop else 'start'} power")
        self.world.agenda.after(10.0, self.with_power)

    def with_power(self, looks: int = 120) -> None:
        """Whoever may be asked, until it is so: that it be stopped may be committed late."""
        crm = self.world.dc()
        able = crm is not None and not crm.paused and crm.machine.data
        if able and 'name="target-role" value="Stopped"/></meta' in crm.core.state.cib:  # type: ignore[union-attr]
            self.without_power(crm, stop=False)  # type: ignore[arg-type]
        elif looks:
            self.world.agenda.after(1.0, self.with_power, looks - 1)

    def end_maintenance(self) -> None:
        """Whoever may be asked, until it is so."""
        crm = self.world.dc()
        if crm is None or crm.paused:
            self.world.agenda.after(1.0, self.end_maintenance)
        elif 'name="maintenance-mode" value="true"' in crm.core.state.cib:  # type: ignore[attr-defined]
            self.maintenance(crm, False)
            self.world.agenda.after(3.0, self.end_maintenance)


_COMMANDS: tuple[Callable[[Workload, CrmPart], None], ...] = (
    Workload._standby,
    Workload._move,
    Workload._move,
    Workload._update,
    Workload._update,
    Workload._cleanup,
    Workload._cleanup,
    Workload._fence,
    Workload._unfence,
    Workload._maintenance,
)
