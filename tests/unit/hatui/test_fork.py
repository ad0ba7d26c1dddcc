"""A fork of the state stays as it was, whatever happens afterwards."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from hanode.events import HistoryCleared
from hatui.cluster.fork import fork
from tests.console.feed import Cluster, failed, healthy


def _fails(cluster: Cluster) -> None:
    cluster.fail("web", "n1", "no answer")


def _stops(cluster: Cluster) -> None:
    cluster.ran("web", "monitor", "n1", 1000)
    cluster.ran("web", "stop", "n1")


def _forgets_failures(cluster: Cluster) -> None:
    cluster.say(HistoryCleared("web", "", failures_only=True))


def _forgets_all(cluster: Cluster) -> None:
    cluster.say(HistoryCleared("", ""))


def _boots_anew(cluster: Cluster) -> None:
    cluster.boots["n1"] = 2
    cluster.agree()


@pytest.mark.parametrize("happens", [_fails, _stops, _forgets_failures, _forgets_all, _boots_anew])
def test_later_entries_leave_it_alone(happens: Callable[[Cluster], None]) -> None:
    cluster = failed()
    before, packed = fork(cluster.state), cluster.state.pack()
    happens(cluster)
    assert cluster.state.pack() != packed, "nothing has happened"
    assert before.pack() == packed


def test_a_fork_is_left_alone() -> None:
    cluster = healthy()
    copy = fork(cluster.state)
    before = copy.digest()
    cluster.fail("web", "n1", "gone")
    cluster.lose("n2")
    assert copy.digest() == before
