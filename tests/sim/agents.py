"""Agents as processes of a machine: they take time, fail, hang, and outlive who started them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Any

from hanode.effects import KillLeftover, Spawn
from hanode.inputs import AttributeSaid, ProcessEnded, Spawned, SpawnFailed
from tests.sim.power import Verdict
from tests.sim.scenery import CUTTER

if TYPE_CHECKING:
    from tests.sim.machines import Machine, Service

Report = Callable[[Any], None]
NOT_RUNNING, PROMOTED = 7, 8
FENCE_OFF = 2
DURATIONS = {
    "start": (0.05, 1.0), "stop": (0.05, 0.6), "promote": (0.05, 0.5), "demote": (0.05, 0.5),
    "monitor": (0.01, 0.1), "notify": (0.01, 0.05), "migrate_to": (0.2, 2.0),
    "migrate_from": (0.1, 0.5), "reload": (0.05, 0.2), "reload-agent": (0.05, 0.2),
}  # fmt: skip
PARAMETERS = ("state", "fake")
RELOADABLE = "fake"
"""The one that can change while the service runs."""
DESCRIPTION = b"""<resource-agent name="any"><version>1.1</version><parameters>
<parameter name="state"><content type="string"/></parameter>
<parameter name="fake" reloadable="1"><content type="string"/></parameter></parameters>
<actions><action name="reload-agent" timeout="5s"/></actions></resource-agent>"""


@dataclass(slots=True, eq=False)
class Run:
    """One agent process."""

    spawn: Spawn
    pid: int
    report: Report
    began: float
    dead: bool = False

    @property
    def mark(self) -> str:
        return self.spawn.env.get("HANODE_OPERATION", "")

    @property
    def resource(self) -> str:
        return self.spawn.env.get("OCF_RESOURCE_INSTANCE", "") or self.spawn.resource

    @property
    def task(self) -> str:
        return self.spawn.argv[1] if len(self.spawn.argv) > 1 else self.stdin.get("action", "")

    @property
    def stdin(self) -> dict[str, str]:
        lines = (line.partition("=") for line in self.spawn.stdin.decode().splitlines())
        return {name: value for name, _, value in lines}

    @property
    def given(self) -> dict[str, str]:
        """The parameters that it was called with."""
        named = ((name, self.spawn.env.get(f"OCF_RESKEY_{name}")) for name in PARAMETERS)
        return {name: value for name, value in named if value is not None}

    @property
    def probes(self) -> bool:
        interval = self.spawn.env.get("OCF_RESKEY_CRM_meta_interval", "0")
        return self.task == "monitor" and interval == "0"

    @property
    def fences(self) -> bool:
        return len(self.spawn.argv) == 1


class Agents:
    """What agents are at work on one machine, and what comes of them there."""

    def __init__(self, machine: Machine, random: Random) -> None:
        self._machine = machine
        self._random = random
        self._agenda = machine.world.agenda
        self._pids = 100
        self.runs: list[Run] = []
        self.trouble = 0.0
        """Share of the operations that go wrong."""

    def spawn(self, spawn: Spawn, report: Report) -> None:
        """Fork and execute, as the LRM's driver does; what becomes of it goes to `report`."""
        machine = self._machine
        if spawn.lease_checked and machine.lease_until <= machine.now:
            report(SpawnFailed(spawn.token, False, "no quorum lease", no_lease=True))
            return
        if self._bad(0.1):
            report(SpawnFailed(spawn.token, False, "Resource temporarily unavailable"))
            return
        self._pids += 1
        run = Run(spawn, self._pids, report, self._agenda.now)
        self.runs.append(run)
        machine.world.invariants.agent_began(machine, run)
        report(Spawned(spawn.token, run.pid))
        if run.fences:
            self._fence(run)
        else:
            self._operate(run)

    def kill(self, token: int, report: Report, hard: bool) -> None:
        """A signal to the process group. Some agents sit SIGTERM out; none does SIGKILL."""
        for run in self.runs:
            if run.spawn.token == token and run.report == report:
                if hard or not self._bad(1.0):
                    self._agenda.after(0.002, self._end, run, -9 if hard else -15)
                return

    def kill_leftover(self, effect: KillLeftover, report: Report) -> None:
        """What a former life of the LRM began ends, and this life is told."""
        for run in self.runs:
            if run.mark == effect.mark:
                run.dead = True
                self.runs.remove(run)
                break
        self._agenda.after(0.002, report, ProcessEnded(effect.token, -9, b"", b"", 0))

    def kill_resource(self, resource: str) -> None:
        """Everything that the resource's agents ever started."""
        for run in [r for r in self.runs if r.resource == resource]:
            self._end(run, -9)
        self._machine.set_role(resource, None, "killed")

    def lose_power(self) -> None:
        for run in self.runs:
            run.dead = True
        self.runs.clear()

    # ----------------------------------------------------------------------------------- operations

    def _operate(self, run: Run) -> None:
        """The deed happens somewhere between the process's beginning and its end."""
        low, high = DURATIONS.get(run.task, (0.01, 0.1))
        time = low + (high - low) * self._random.random() ** 2
        deed, rc = True, 0
        if self._bad(1.0):
            kind = self._random.choice(("fails", "fails late", "hangs", "slow"))
            time = {"hangs": 1e6, "slow": time * 30}.get(kind, time)
            deed = kind != "fails" and self._random.random() < 0.7
            rc = 0 if kind == "slow" else 1
            deed = deed or kind == "slow"
        if deed:
            early = min(time, high) * self._random.random()
            self._agenda.after(early, self._do, run)
        if time < 1e5:
            self._agenda.after(time, self._finish, run, rc)

    def _do(self, run: Run) -> None:
        """The service itself changes."""
        role = {"start": "started", "promote": "promoted", "demote": "started"}.get(run.task)
        running = self._machine.services.get(run.resource)
        if not run.dead and run.task == "reload-agent" and running is not None:
            self._reload(run, running)
        if run.dead or not (role or run.task == "stop"):
            return
        if run.task in ("promote", "demote") and running is None:
            return
        if run.task == "start" and running is not None:
            return
        self._machine.set_role(run.resource, role, run.task)
        if run.task == "start":
            self._machine.services[run.resource].given = run.given
        self._say_score(run)

    def _say_score(self, run: Run) -> None:
        """Whether it is fit for promotion, as a promotable agent says after every look."""
        if run.spawn.argv[0].endswith("Stateful"):
            service = self._machine.services.get(run.resource)
            role = service.role if service is not None else None
            score = {None: None, "started": "5", "promoted": "10"}[role]
            run.report(AttributeSaid(f"master-{run.resource}", score))

    def _reload(self, run: Run, running: Service) -> None:
        """What can't change while it runs stays as it was."""
        if running.given is None:
            return
        kept = {name: value for name, value in running.given.items() if name != RELOADABLE}
        fresh = {name: value for name, value in run.given.items() if name == RELOADABLE}
        running.given = {**kept, **fresh}
        self._machine.world.sometimes("a service was reloaded")

    def _finish(self, run: Run, rc: int) -> None:
        if run.dead:
            return
        if rc == 0:
            rc = self._answer(run)
        self._end(run, rc)

    def _answer(self, run: Run) -> int:
        """An honest agent says what is so."""
        service = self._machine.services.get(run.resource)
        if run.task == "monitor":
            if service is None:
                return NOT_RUNNING
            if run.probes:
                service.given = None
            self._say_score(run)
            return 1 if service.sick else PROMOTED if service.role == "promoted" else 0
        runs = ("started", "promoted")
        wanted = {"start": runs, "reload-agent": runs, "promote": ("promoted",), "stop": (None,),
                  "demote": ("started",)}.get(run.task)  # fmt: skip
        role = service.role if service else None
        return 0 if wanted is None or role in wanted else 1

    # -------------------------------------------------------------------------------------- fencing

    def _fence(self, run: Run) -> None:
        said = run.stdin
        plug = said.get("plug") or said.get("port") or said.get("nodename") or ""
        world = self._machine.world
        device = world.ports if run.spawn.argv[0].endswith(CUTTER) else world.switch
        verdict = device.ask(said.get("action", ""), plug, said.get("way", ""))
        if verdict is not Verdict.HANGS:
            time, rc = verdict
            self._agenda.after(time, self._end, run, rc)

    # ----------------------------------------------------------------------------------------- ends

    def _end(self, run: Run, rc: int) -> None:
        if run.dead:
            return
        run.dead = True
        self.runs.remove(run)
        ms = int((self._agenda.now - run.began) * 1000)
        said = DESCRIPTION if run.task == "meta-data" else b""
        run.report(ProcessEnded(run.spawn.token, rc, said, b"", ms))

    def _bad(self, share: float) -> bool:
        return bool(self.trouble) and self._random.random() < self.trouble * share
