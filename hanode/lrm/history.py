"""The last result of each kind of operation of each resource in this boot, and what runs."""

from __future__ import annotations

from collections.abc import Iterable

from hanode.events import OperationFinished
from hanode.ra import exit_codes

Key = tuple[str, str, int]

_ACTIVE = (
    exit_codes.OK, exit_codes.PROMOTED, exit_codes.PROMOTED_FAILED,
    exit_codes.DEGRADED, exit_codes.PROMOTED_DEGRADED,
)  # fmt: skip


class History:
    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._results: dict[Key, OperationFinished] = {}
        self._agents: dict[str, str] = {}
        """By resource that runs, or may: its agent."""

    def note(self, fact: OperationFinished) -> None:
        """Remember a result in place of the one before it of the same kind."""
        key = (fact.resource, fact.task, fact.interval_ms)
        self._results.pop(key, None)
        self._results[key] = fact
        if len(self._results) > self._limit:
            del self._results[next(iter(self._results))]
        active = now_active(fact)
        if active:
            self._agents[fact.resource] = fact.agent
        elif active is not None:
            self._agents.pop(fact.resource, None)

    def drop(self, resource: str, task: str, interval_ms: int) -> None:
        self._results.pop((resource, task, interval_ms), None)

    def forget(self, resource: str, up_to: int) -> list[Key]:
        """A resource's results up to that call go, these; whether it runs is still known."""
        found = self._results.items()
        old = [key for key, fact in found if key[0] == resource and fact.call_id <= up_to]
        for key in old:
            del self._results[key]
        return old

    def absent(self, resource: str) -> bool:
        """Its agent was not here, or could not be called, when it was to look, or to start."""
        kept = (self._results.get((resource, task, 0)) for task in ("monitor", "start"))
        return any(fact is not None and fact.status == "not-installed" for fact in kept)

    def may_run(self, resource: str, agent: str) -> None:
        """Not that anything here knew of it: a migration may have brought it."""
        self._agents.setdefault(resource, agent)

    def never_ran(self, resource: str) -> None:
        """No agent was executed, so that nothing was started, whatever the answer was."""
        self._agents.pop(resource, None)

    def results(self) -> tuple[OperationFinished, ...]:
        """In the order in which they happened."""
        return tuple(sorted(self._results.values(), key=lambda fact: fact.call_id))

    def unsorted(self) -> Iterable[OperationFinished]:
        return self._results.values()

    def resources(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(key[0] for key in self._results))

    def active(self, resource: str) -> bool:
        return resource in self._agents

    def agents(self) -> dict[str, str]:
        return dict(self._agents)

    def recall(self, agents: dict[str, str]) -> None:
        """What a former life of the lrm knew to run."""
        self._agents = dict(agents)


def now_active(fact: OperationFinished) -> bool | None:
    """Whether the resource runs after this; None if this says nothing about it."""
    if fact.status in ("cancelled", "pending"):
        return None
    if fact.task == "migrate_from":
        return True  # whatever was found, it may have arrived
    if fact.status in ("not-installed", "error"):
        return None
    well = fact.status == "done"
    if fact.task in ("start", "promote"):
        if fact.agent.startswith("stonith:"):
            return well and fact.rc == exit_codes.OK
        return True  # also a failed one may have left something running
    if fact.task == "monitor" and well:
        if fact.rc in _ACTIVE:
            return True
        return False if fact.rc == exit_codes.NOT_RUNNING else None
    if fact.task in ("stop", "migrate_to") and well and fact.rc == exit_codes.OK:
        return False
    return None
