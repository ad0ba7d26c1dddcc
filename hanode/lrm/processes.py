"""The processes of agents: each begun under a mark, known by a token, ended by a signal."""

from __future__ import annotations

from typing import Any

from hanode.effects import Kill, KillResource, Spawn
from hanode.lrm.calls import LEASED, leased
from hanode.lrm.limits import Limits
from hanode.lrm.line import Line
from hanode.lrm.operation import Operation, Run
from hanode.ra import Command, Site


class Processes:
    def __init__(self, site: Site, mark: str, limits: Limits, out: list[Any]) -> None:
        self._site = site
        self._mark = mark
        self._limits = limits
        self._out = out
        self._begun: dict[int, tuple[Line, Operation]] = {}
        self._stuck: dict[int, tuple[Line, Operation]] = {}
        """Turns that were given up: one at most of each recurring monitor."""
        self._tokens = 0

    def __len__(self) -> int:
        return len(self._begun)

    def begin(self, line: Line, operation: Operation, command: Command, now: float) -> None:
        """Have an operation's agent executed."""
        order = operation.order
        self._tokens += 1
        token, mark = self._tokens, f"{self._mark}.{self._tokens}"
        operation.begin(token, mark, now)
        self._begun[token] = line, operation
        # By these an agent's processes are known, whatever becomes of their parents.
        resource = f"{self._site.run_dir}:{order.resource}"
        names = {
            "HANODE_RESOURCE": resource, "HANODE_OPERATION": mark, "HANODE_ORDER": order.id,
        }  # fmt: skip
        env = {**command.env, **names}
        home = order.resource if order.task in LEASED else ""
        self._out.append(Spawn(token, command.argv, env, command.stdin, home, leased(order)))

    def spawned(self, token: int, pid: int) -> Line | None:
        """It has a process now. Answers whose line that is."""
        if token not in self._begun:
            return None
        line, operation = self._begun[token]
        operation.pid = pid
        return line

    def over(self, token: int) -> tuple[Line, Operation] | None:
        """Whose process it was; nobody's, if it was given up."""
        return self._begun.pop(token, None)

    def give_up(self, operation: Operation) -> None:
        """It can't be killed, and is waited for no more, except by its monitor's next turn."""
        begun = self._begun.pop(operation.token)
        if operation.recurring is not None:
            self._stuck[operation.token] = begun
            operation.recurring.queued = True

    def freed(self, token: int) -> tuple[Line, Operation] | None:
        """Whose turn that was given up is over after all."""
        return self._stuck.pop(token, None)

    def terminate(self, operation: Operation, now: float) -> None:
        operation.terminate(now, self._limits.terminate)
        self._out.append(Kill(operation.token, hard=False))

    def kill(self, operation: Operation, now: float) -> None:
        operation.kill(now, self._limits.reap)
        self._out.append(Kill(operation.token, hard=True))

    def kill_all_of(self, resource: str) -> None:
        """Whatever a resource's agents left running, too."""
        self._out.append(KillResource(resource))

    def turns(self) -> dict[int, Run]:
        """The runs of recurring monitors, by the identity of each."""
        begun = (operation for _, operation in self._begun.values())
        return {id(o.recurring): Run(o.mark, o.pid) for o in begun}
