"""What goes wrong with agents, services and the switch that fences; operators at work beside it."""

from __future__ import annotations

from tests.sim import scenery
from tests.sim.faults.scene import Faults, Strike


class ServiceFaults(Faults):
    def _classes(self) -> dict[str, Strike]:
        return {
            "agents": self._agents,
            "services": self._services,
            "fencing": self._fencing,
            "levels": self._levels,
            "operator": self._operator,
            "isolation": self._isolation,
        }

    def _agents(self, intensity: float) -> None:
        agents = self._scene.data_machine().agents
        agents.trouble = 0.3 * intensity * self._random.random()
        self._world.fault("agents", "agents", f"{agents.trouble:.2f}")
        self._scene.undo_after(2, 40, lambda: setattr(agents, "trouble", 0.0))

    def _services(self, intensity: float) -> None:
        """A service dies, or falls ill while it runs."""
        machine = self._scene.data_machine()
        if not machine.services:
            return
        resource = self._random.choice(sorted(machine.services))
        if self._random.random() < 0.5:
            self._world.fault("services", machine.name, f"{resource} dies")
            machine.set_role(resource, None, "died")
        else:
            self._world.fault("services", machine.name, f"{resource} falls ill")
            machine.services[resource].sick = True

    def _fencing(self, intensity: float) -> None:
        switch, ports = self._world.switch, self._world.ports
        switch.trouble = ports.trouble = intensity * self._random.random()
        self._world.fault("fencing", "switch", f"{switch.trouble:.2f}")
        self._scene.undo_after(5, 60, self._work_again)
        if self._random.random() < 0.6:
            self._reason_to_fence()

    def _work_again(self) -> None:
        self._world.switch.trouble = self._world.ports.trouble = 0.0

    def _isolation(self, intensity: float) -> None:
        """Where nodes can be cut off: a reason to do so."""
        if self._world.options.isolation:
            self._world.fault("isolation", "a node", "to be fenced")
            self._reason_to_fence()

    def _levels(self, intensity: float) -> None:
        """The first of two ways to the switch is closed, and somebody is to be fenced."""
        if not self._world.options.levels:
            return
        switch = self._world.switch
        switch.closed = scenery.FIRST_WAY
        self._world.fault("levels", "switch", "the first way to it is closed")
        self._scene.undo_after(10, 60, lambda: setattr(switch, "closed", ""))
        self._reason_to_fence()

    def _reason_to_fence(self) -> None:
        """A switch in trouble shows only when it is asked for something."""
        network, name = self._world.network, self._scene.data_machine().name
        others = tuple(other for other in network.names if other != name)
        network.part((name,), others)
        self._world.note("nemesis", "cuts off", name)
        self._scene.undo_after(3, 30, network.heal)

    def _operator(self, intensity: float) -> None:
        self._world.faults["operator"] = self._world.faults.get("operator", 0) + 1
        self._world.workload.something()
