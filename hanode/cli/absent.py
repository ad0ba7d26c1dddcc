"""Where an agent, or what it needs, was found not to be installed: told before it is missed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from hanode.events import Event, OperationFinished
from hanode.ra import exit_codes
from hanode.state import ClusterState
from hanode.state.operations import is_probe


class Absent:
    """Resources, each with the nodes that can't run it, and why."""

    def __init__(self) -> None:
        self._why: dict[str, dict[str, str]] = {}

    def note(self, events: Iterable[Event]) -> None:
        for event in events:
            if isinstance(event, OperationFinished) and is_missing(event):
                reason = event.reason or event.agent
                self._why.setdefault(event.resource, {})[event.node] = reason

    def sentences(self) -> Iterator[str]:
        for resource, nodes in self._why.items():
            for node, why in nodes.items():
                yield f"{resource} can't run on {node}: not installed: {why}"

    def nowhere(self, state: ClusterState | None) -> Iterator[str]:
        """What can run on no node that is there."""
        present = set(state.present) & set(state.data_nodes) if state is not None else set()
        for resource, nodes in self._why.items():
            if present and present <= set(nodes):
                yield f"{resource} can run nowhere"


def is_missing(done: OperationFinished) -> bool:
    """A probe found that it can't run there at all."""
    code = done.status == "done" and done.rc == exit_codes.NOT_INSTALLED
    return is_probe(done) and (code or done.status == "not-installed")
