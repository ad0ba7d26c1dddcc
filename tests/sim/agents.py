"""Agents as processes of a machine: they take time, fail, hang, and outlive who started them."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import TYPE_CHECKING, Any

from hanode.effects import KillLeftover, Spawn
from hanode.inputs import ProcessEnded, Spawned, SpawnFailed
from tests.sim.deeds import Deeds
from tests.sim.power import Verdict
from tests.sim.runs import POSITIONAL, Report, Run
from tests.sim.scenery import CUTTER

if TYPE_CHECKING:
    from tests.sim.machines import Machine

DURATIONS = {
    "start": (0.05, 1.0), "stop": (0.05, 0.6), "promote": (0.05, 0.5), "demote": (0.05, 0.5),
    "monitor": (0.01, 0.1), "notify": (0.01, 0.05), "migrate_to": (0.2, 2.0),
    "migrate_from": (0.1, 0.5), "reload": (0.05, 0.2), "reload-agent": (0.05, 0.2),
}  # fmt: skip
ODD_ENDS = (-11, -6, 42, 2, 3, 4, 6, 9, 190, 191, 193)
"""By a signal, by what is no OCF exit code, by those that are seldom seen."""
WORDLESS_ENDS = (-11, -6, 42)
"""... of a script whose other exit codes would say that it runs, or that it doesn't."""


class Agents:
    """What agents are at work on one machine, and what comes of them there."""

    def __init__(self, machine: Machine, random: Random) -> None:
        self._machine = machine
        self._random = random
        self._agenda = machine.world.agenda
        self._deeds = Deeds(machine, machine.world.options.random("deeds", machine.name))
        self._odd = machine.world.options.random("odd", machine.name)
        self._pids = 100
        self.runs: list[Run] = []
        self.trouble = 0.0
        """Share of the operations that go wrong."""
        self.oddness = 0.0
        """Share of the operations that end as no agent should."""
        self.absent: set[str] = set()
        """Files that aren't there: agents that are not installed."""
        self._stuck: list[tuple[Callable[..., None], tuple[Any, ...]]] | None = None
        """In the kernel, waiting for a server that is away: not even SIGKILL ends it. What is
        to happen then; None: nothing is stuck."""

    def spawn(self, spawn: Spawn, report: Report) -> None:
        """Fork and execute, as the LRM's driver does; what becomes of it goes to `report`."""
        machine = self._machine
        if spawn.lease_checked and machine.lease_until <= machine.now:
            report(SpawnFailed(spawn.token, False, "no quorum lease", no_lease=True))
            return
        if self._bad(0.1):
            report(SpawnFailed(spawn.token, False, "Resource temporarily unavailable"))
            return
        if self._missing(spawn):
            report(SpawnFailed(spawn.token, True, f"{spawn.argv[0]}: No such file or directory"))
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

    def _missing(self, spawn: Spawn) -> bool:
        name = spawn.argv[0].rpartition("/")[2]
        return name in self.absent or name in self._machine.world.never_installed

    def kill(self, token: int, report: Report, hard: bool) -> None:
        """A signal to the process group. Some agents sit SIGTERM out; none does SIGKILL."""
        for run in self.runs:
            if run.spawn.token == token and run.report == report:
                if hard or not (self._bad(1.0) or self._deaf(run)):
                    self._agenda.after(0.002, self._end, run, -9 if hard else -15)
                return

    def _deaf(self, run: Run) -> bool:
        """A fence agent whose device is in trouble waits for it, whatever it is told."""
        world = self._machine.world
        park = world.options.park and world.switch.trouble > 0.0
        return run.fences and park and self._odd.random() < 0.5

    def kill_leftover(self, effect: KillLeftover, report: Report) -> None:
        """What a former life of the LRM began ends, and this life is told."""
        for run in self.runs:
            if run.mark == effect.mark:
                run.doomed = True
                if self._waits(self.kill_leftover, effect, report):
                    return
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
        if self._stuck is not None:
            self._stuck = []

    # ---------------------------------------------------------------------------------- stuck

    def stick(self) -> None:
        """The file server is away: whoever looks at a file waits for it."""
        if self._stuck is None:
            self._stuck = []

    def well(self) -> None:
        """Nothing is wrong any more."""
        self.trouble = self.oddness = 0.0
        self.absent.clear()
        self.go_on()

    def go_on(self) -> None:
        waiting, self._stuck = self._stuck or [], None
        for do, args in waiting:
            do(*args)

    def _waits(self, do: Callable[..., None], *args: Any) -> bool:
        """Whether this has to wait."""
        if self._stuck is None:
            return False
        self._stuck.append((do, args))
        return True

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
        elif self.oddness and self._odd.random() < self.oddness:
            ends = ODD_ENDS if run.kind in ("ocf", "machine") else WORDLESS_ENDS
            deed, rc = self._odd.random() < 0.5, self._odd.choice(ends)
        if deed:
            early = min(time, high) * self._random.random()
            self._agenda.after(early, self._do, run)
        if time < 1e5:
            self._agenda.after(time, self._finish, run, rc)

    def _do(self, run: Run) -> None:
        if run.dead or run.doomed or self._waits(self._do, run):
            return
        self._deeds.do(run)

    def _finish(self, run: Run, rc: int) -> None:
        if run.dead or self._waits(self._finish, run, rc):
            return
        said = b""
        if rc == 0:
            rc, said = run.answer(self._deeds.answer(run))
        elif rc == 1 and run.kind in POSITIONAL:
            rc = 42  # as `status`, 1 would say that it is not running
        self._end(run, rc, said or self._deeds.description(run))

    # -------------------------------------------------------------------------------------- fencing

    def _fence(self, run: Run) -> None:
        world = self._machine.world
        device = world.ports if run.agent.endswith(CUTTER) else world.switch
        reply = device.asked(run, self._machine)
        if not isinstance(reply, Verdict):
            self._agenda.after(reply.time, self._end, run, reply.rc, reply.said)

    # ----------------------------------------------------------------------------------------- ends

    def _end(self, run: Run, rc: int, said: bytes = b"") -> None:
        if run.dead:
            return
        if self._waits(self._end, run, rc, said):
            run.doomed = run.doomed or rc == -9
            return
        run.dead = True
        self.runs.remove(run)
        ms = int((self._agenda.now - run.began) * 1000)
        run.report(ProcessEnded(run.spawn.token, rc, said, b"", ms))

    def _bad(self, share: float) -> bool:
        return bool(self.trouble) and self._random.random() < self.trouble * share
