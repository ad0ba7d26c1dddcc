"""What has failed, with what each exit code means and what to try."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hanode.cli.desk import Desk
from hanode.cli.exits import OK
from hanode.cli.noun import arg
from hanode.cli.resource.noun import JSON, noun
from hanode.cli.table import one_line
from hanode.cli.telling import sentence
from hanode.events import OperationFinished
from hanode.mgmt import orders
from hanode.ra.exit_codes import meaning
from hanode.state import ClusterState

TIMED_OUT = (
    "The agent did not answer in its time, and was killed.",
    "run the action by hand and see how long it takes; then give it a longer timeout, or find out "
    "what it waits for",
)
NOT_HERE = meaning(5)


@noun.verb(
    "failures", "what has failed, what its exit code means, what to try",
    arg("resource", nargs="?", default=""), JSON,
)  # fmt: skip
def failures(desk: Desk) -> int:
    found = list(remembered(desk.state, desk.arguments.resource))
    if desk.arguments.json:
        import json

        print(json.dumps([as_json(failure) for failure in found], indent=2))
    elif found:
        print("\n\n".join("\n".join(lines(failure)) for failure in found))
    else:
        print("nothing has failed since the last cleanup")
    return OK


def remembered(state: ClusterState, resource: str = "") -> Iterator[OperationFinished]:
    """The last failure of each resource on each node; `web` also finds `web:0`, a group its
    members. Raises CannotOrder for what was never there."""
    names = orders.histories(state, resource) if resource else None
    for _, record in sorted({**state.nodes, **state.remotes}.items()):
        for name, kept in sorted(record.history.items()):
            if "last_failure_0" in kept and (names is None or name in names):
                yield kept["last_failure_0"]


def advice(failure: OperationFinished) -> tuple[str, str]:
    """What it means, in a sentence; what to try."""
    if failure.status == "timeout":
        return TIMED_OUT
    said = NOT_HERE if failure.status == "not-installed" else meaning(failure.rc)
    return said.sentence, said.remedy


def lines(failure: OperationFinished) -> list[str]:
    """For people: what happened, what that means, what to try, the end of the agent's output."""
    means, remedy = advice(failure)
    told = [one_line(sentence(failure)), f"  {means}"]
    if remedy:
        told.append(f"  Try: {remedy}; then: hanode resource cleanup {failure.resource}")
    told += [f"  | {one_line(line)}" for line in failure.tail.splitlines()[-8:]]
    return told


def as_json(failure: OperationFinished) -> dict[str, Any]:
    means, remedy = advice(failure)
    return {
        "resource": failure.resource, "node": failure.node, "task": failure.task,
        "interval_ms": failure.interval_ms, "rc": failure.rc, "status": failure.status,
        "reason": failure.reason, "means": means, "try": remedy, "tail": failure.tail,
    }  # fmt: skip
