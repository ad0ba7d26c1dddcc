"""What agents do to the services of their machine, and what they say of them."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from hanode.inputs import AttributeSaid
from tests.sim import zoo
from tests.sim.runs import NOT_RUNNING, PROMOTED, Run

if TYPE_CHECKING:
    from tests.sim.machines import Machine

RELOADS = ("reload", "reload-agent")
RELOADABLE = "fake"
"""The one that can change while the service runs."""
_ROLES = {"start": "started", "promote": "promoted", "demote": "started"}
_RUNS = ("started", "promoted")
_WANTED: dict[str, tuple[str | None, ...]] = {
    "start": _RUNS, "reload-agent": _RUNS, "reload": _RUNS, "migrate_from": _RUNS,
    "promote": ("promoted",), "stop": (None,), "demote": ("started",),
}  # fmt: skip
"""How it must be for an agent to say that it is done."""


class Deeds:
    def __init__(self, machine: Machine, random: Random) -> None:
        self._machine = machine
        self._random = random

    def do(self, run: Run) -> None:
        """The service itself changes."""
        if run.task in RELOADS:
            self._reload(run)
        elif run.task == "migrate_to":
            self._migrate(run)
        elif run.task in (*_ROLES, "stop", "kill"):
            self._set_role(run)

    def _set_role(self, run: Run) -> None:
        role = _ROLES.get(run.task)
        running = self._machine.services.get(run.resource)
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
        if run.agent == "Stateful":
            service = self._machine.services.get(run.resource)
            role = service.role if service is not None else None
            score = {None: None, "started": "5", "promoted": "10"}[role]
            run.report(AttributeSaid(f"master-{run.resource}", score))

    def _reload(self, run: Run) -> None:
        """What can't change while it runs stays as it was."""
        running = self._machine.services.get(run.resource)
        if running is None or running.given is None:
            return
        kept = {name: value for name, value in running.given.items() if name != RELOADABLE}
        fresh = {name: value for name, value in run.given.items() if name == RELOADABLE}
        running.given = {**kept, **fresh}
        self._machine.world.sometimes("a service was reloaded")

    def _migrate(self, run: Run) -> None:
        """It is here, and then it is there, without having been away."""
        world, name = self._machine.world, run.told.get("OCF_RESKEY_CRM_meta_migrate_target", "")
        there, service = world.machines.get(name), self._machine.services.get(run.resource)
        if there is None or service is None or not there.powered:
            return
        if run.resource in there.services or not world.network.reachable(self._machine.name, name):
            return
        self._machine.set_role(run.resource, None, "migrates away")
        there.set_role(run.resource, service.role, "migrates here")
        there.services[run.resource].given = service.given
        run.moved = True
        world.sometimes("a service migrated")

    # -------------------------------------------------------------------------------- what is said

    def answer(self, run: Run) -> int:
        """An honest agent says what is so."""
        service = self._machine.services.get(run.resource)
        if run.task in ("monitor", "kill"):
            if service is None:
                return NOT_RUNNING
            if run.probes:
                service.given = None
            self._say_score(run)
            self._chat(run)
            return 1 if service.sick else PROMOTED if service.role == "promoted" else 0
        if run.task == "migrate_to":
            return 0 if run.moved else 1
        wanted = _WANTED.get(run.task)
        role = service.role if service else None
        return 0 if wanted is None or role in wanted else 1

    def _chat(self, run: Run) -> None:
        """What an agent measures, as it sets it: dampened, or not; sense, or none."""
        if run.agent == zoo.CHATTERBOX:
            name, value, delay = zoo.chatter(self._random)
            run.report(AttributeSaid(name, value, delay))

    def description(self, run: Run) -> bytes:
        return zoo.DESCRIPTIONS.get(run.agent, zoo.DESCRIPTION) if run.task == "meta-data" else b""
