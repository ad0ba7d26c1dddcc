"""What a result says of whether the resource runs: in doubt after what brings up, it may."""

from __future__ import annotations

import pytest

from hanode.events import OperationFinished
from hanode.lrm.history import now_active

DUMMY, DEVICE = "ocf:hanode:Dummy", "stonith:fence_demo"


@pytest.mark.parametrize(
    ("task", "status", "rc", "runs"),
    [
        ("start", "done", 0, True),
        ("start", "done", 1, True),  # it may have left something running
        ("start", "timeout", 1, True),
        ("start", "pending", 0, None),
        ("start", "cancelled", 0, None),
        ("start", "not-installed", 5, None),
        ("start", "error", 4, None),
        ("promote", "done", 1, True),
        ("migrate_from", "done", 1, True),
        ("migrate_from", "error", 4, True),  # whatever was found, it may have arrived
        ("migrate_to", "done", 0, False),
        ("migrate_to", "done", 1, None),
        ("stop", "done", 0, False),
        ("stop", "done", 1, None),
        ("stop", "timeout", 0, None),
        ("monitor", "done", 0, True),
        ("monitor", "done", 8, True),
        ("monitor", "done", 7, False),
        ("monitor", "done", 1, None),
        ("monitor", "timeout", 7, None),
        ("reload", "done", 0, None),
    ],
)
def test_what_runs_after_this(task: str, status: str, rc: int, runs: bool | None) -> None:
    assert now_active(OperationFinished("n1", "r1", DUMMY, task, 0, rc, status)) is runs


@pytest.mark.parametrize(("status", "rc"), [("done", 0), ("done", 1), ("timeout", 0)])
def test_a_fence_device_runs_only_if_it_did_start(status: str, rc: int) -> None:
    runs = (status, rc) == ("done", 0)
    assert now_active(OperationFinished("n1", "d", DEVICE, "start", 0, rc, status)) is runs
