"""Restart: a stop that is taken back, whatever comes between."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hanode.cli.change import send
from hanode.cli.desk import Desk
from hanode.cli.exits import OK, Failed
from hanode.cli.line import Refusal
from hanode.cli.noun import arg, seconds
from hanode.cli.resource.noun import RESOURCE, noun
from hanode.mgmt import orders
from hanode.mgmt.proposal import Aim
from hanode.state import ClusterState

if TYPE_CHECKING:
    from hanode.cli.rest import Rest


@noun.verb("restart", "stop it, wait, start it again", RESOURCE, arg(
    "--limit", type=seconds, default=60.0, help="seconds that stopping may take (default 60)"
))  # fmt: skip
def restart(desk: Desk) -> int:
    name = desk.arguments.resource
    down = Stopping(desk, name)
    try:
        trouble = down.wait()
    finally:  # whatever comes, Ctrl-C or a lost line: it may run again
        index = down.undo()
    if trouble:
        raise Failed(f"{name} was not restarted: {trouble}; it may run again")
    rest = _rest(desk, index, Aim((name,), "Started"))
    if rest.trouble:
        raise Failed(f"{name} was stopped and may start, but: {rest.trouble}")
    print(f"{name} was restarted.")
    return OK


class Stopping:
    """A stop that is to be taken back."""

    def __init__(self, desk: Desk, name: str) -> None:
        from hanode.cli.aim import missed

        self._desk = desk
        self._resource = name
        self._before = desk.state
        remedy = f"start it with: hanode resource start {name}"
        try:
            self._proposal = self._stop(desk.state)
        except orders.NothingToDo:
            raise Failed(f"{name} is to be stopped as it is; {remedy}") from None
        if missed(Aim((name,), "Started"), desk.state):
            raise Failed(f"{name} is not active; {remedy}")

    def wait(self) -> str:
        """Until it is down everywhere; why it isn't."""
        index, _ = send(self._stop, self._proposal, self._desk)
        return _rest(self._desk, index, Aim((self._resource,), "Stopped")).trouble

    def undo(self) -> int:
        """Give it back the role that it had; the entry that does."""
        try:
            return self._undo()
        except (Failed, Refusal):
            self._desk.reconnect()
        try:
            return self._undo()
        except (Failed, Refusal) as error:
            raise Failed(
                f"{self._resource} is left stopped: {error}; "
                f"let it run with: hanode resource start {self._resource}"
            ) from None

    def _stop(self, state: ClusterState) -> orders.Proposal:
        return orders.target_role(state, self._resource, "Stopped")

    def _start(self, state: ClusterState) -> orders.Proposal:
        return orders.put_back(state, self._resource, self._before)

    def _undo(self) -> int:
        try:
            return send(self._start, self._start(self._desk.fresh_state()), self._desk)[0]
        except orders.NothingToDo:
            return self._desk.image.position.index  # somebody was quicker


def _rest(desk: Desk, index: int, aim: Aim) -> Rest:
    from hanode.cli.aim import missed
    from hanode.cli.rest import wait_for_rest

    rest = wait_for_rest(desk, index, desk.arguments.limit)
    return rest if rest.unrest else rest._replace(missed=missed(aim, desk.fresh_state()))
