"""What was cleaned up while nobody could tell its LRM: no report brings it back."""

from __future__ import annotations

import pytest

from hanode.events import HistoryCleared, NodeReported, OperationFinished
from tests.unit.mgmt.clusters import Log, founded, operation

START = operation("n2", "web", call_id=3)
STOP = operation("n2", "web", "stop", rc=1, call_id=5)


@pytest.fixture
def log() -> Log:
    """A stop failed on n2, and was cleaned up; its LRM was away, and did not hear of that."""
    log = founded()
    log.say(START, STOP, operation("n2", "ip", call_id=6), actor="n2")
    assert "last_failure_0" in log.state.nodes["n2"].history["web"]
    log.say(HistoryCleared("web"))
    return log


def report(log: Log, *operations: OperationFinished, boot: int = 1) -> None:
    log.say(NodeReported("n2", boot, 1, (START, STOP, *operations)), actor="n2")


def test_a_report_of_then_leaves_it_forgotten(log: Log) -> None:
    report(log, operation("n2", "ip", call_id=6))
    assert list(log.state.nodes["n2"].history) == ["ip"]


def test_nor_does_one_after_it_was_looked_at_anew(log: Log) -> None:
    """Its node would be fenced once more, for a failure that somebody has seen to."""
    looked = operation("n2", "web", "monitor", rc=7, expected_rc=7, call_id=8)
    log.say(looked, actor="n2")
    report(log, looked)
    assert list(log.state.nodes["n2"].history["web"]) == ["last_0"]


def test_what_has_happened_since_counts(log: Log) -> None:
    again = operation("n2", "web", call_id=9)
    report(log, again)
    assert log.state.nodes["n2"].history["web"] == {"last_0": again}


def test_so_does_what_the_log_has_not_heard_of_in_between(log: Log) -> None:
    """Where too much was to be told, the report has what is missing."""
    log.say(operation("n2", "app", "monitor", rc=7, expected_rc=7, call_id=8), actor="n2")
    log.say(operation("n2", "ip", call_id=12), actor="n2")
    began = operation("n2", "app", call_id=10)
    report(log, began)
    assert log.state.nodes["n2"].history["app"]["last_0"] == began
