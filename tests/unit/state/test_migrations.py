"""What a node that went away amid a live migration may have brought to another."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from hanode.events import (
    CibChanged,
    Edit,
    NodeReported,
    OperationFinished,
    Planned,
    TransitionStarted,
    ViewAgreed,
)
from hanode.state import status_of
from tests.unit.mgmt.clusters import Log, founded, operation

WALK = TransitionStarted(
    1,
    1,
    (
        Planned(1, "vm_migrate_to_0", "n1", "vm", "migrate_to"),
        Planned(2, "vm_migrate_from_0", "n2", "vm", "migrate_from", after=(1,)),
    ),
)
NOT_HERE = operation("n2", "vm", "monitor", rc=7, expected_rc=7, call_id=1)


@pytest.fixture
def log() -> Log:
    """vm runs on n1, was looked for on n2, and is on its way there."""
    log = founded()
    log.say(operation("n1", "vm", call_id=1))
    log.say(NOT_HERE, actor="n2")
    log.say(WALK)
    return log


def known_of_vm(log: Log, node: str) -> bool:
    """Whether the PE takes what this node last said of vm for true."""
    found = next(n for n in status_of(log.state).nodes if n.uname == node)
    return any(history.id == "vm" for history in found.history)


def lost(log: Log) -> None:
    log.say(ViewAgreed((("n2", 1), ("n3", 1))), actor="n3")


def test_nothing_is_doubted_while_the_source_is_there(log: Log) -> None:
    assert known_of_vm(log, "n2")


def test_the_targets_word_of_before_counts_no_more(log: Log) -> None:
    lost(log)
    assert not known_of_vm(log, "n2")
    assert known_of_vm(log, "n1"), "it may be there, too"


def test_nor_where_the_source_is_back_before_it_was_missed(log: Log) -> None:
    log.say(ViewAgreed((("n1", 2), ("n2", 1), ("n3", 1))), actor="n3")
    log.say(NodeReported("n1", 2, 1), actor="n1")
    assert not known_of_vm(log, "n2")


def test_a_report_of_before_does_not_make_it_true(log: Log) -> None:
    lost(log)
    log.say(NodeReported("n2", 1, 1, (NOT_HERE,)), actor="n2")
    assert not known_of_vm(log, "n2")


def test_nor_where_the_source_has_failed_at_it(log: Log) -> None:
    """Simulator, 2w, seed 112939: its LRM was started again amid it; the source was stopped, and
    when the configuration changed just then, nothing said any more that the target had it."""
    log.say(operation("n1", "vm", "migrate_to", call_id=2, rc=1, status="error", peer="n2"))
    assert not known_of_vm(log, "n2")
    log.say(operation("n2", "vm", "monitor", call_id=2, expected_rc=7), actor="n2")
    assert known_of_vm(log, "n2")


def test_nor_what_it_said_before_the_source_was_done_with_it(log: Log) -> None:
    """Simulator, 3 nodes without fencing, seed 9930016: the source's LRM hung, the DC gave it up
    and asked everywhere; then it woke up and pushed, and vm was started at the source again."""
    log.say(replace(NOT_HERE, call_id=2), actor="n2")
    assert known_of_vm(log, "n2")
    log.say(operation("n1", "vm", "migrate_to", call_id=2, peer="n2"))
    assert not known_of_vm(log, "n2")
    log.say(operation("n2", "vm", "monitor", call_id=3, expected_rc=7), actor="n2")
    assert known_of_vm(log, "n2")


@pytest.mark.parametrize("then", ["stop", "monitor"])
def test_nor_where_the_source_has_gone_on_to_something_else(log: Log, then: str) -> None:
    """Simulator, 3 nodes, seed 202364: it lost quorum and stopped what it ran, which hid that it
    had pushed vm to the target; quorum was back before the target was asked."""
    log.say(operation("n1", "vm", "migrate_to", call_id=2, peer="n2"))
    assert known_of_vm(log, "n2")
    log.say(operation("n1", "vm", then, call_id=3, rc=7 if then == "monitor" else 0))
    assert not known_of_vm(log, "n2")
    log.say(operation("n2", "vm", "monitor", call_id=2, expected_rc=7), actor="n2")
    assert known_of_vm(log, "n2")


@pytest.mark.parametrize(
    "by_the_way", [{"task": "monitor", "interval_ms": 5000}, {"task": "notify"}]
)
def test_watching_it_is_nothing_else(log: Log, by_the_way: dict[str, Any]) -> None:
    log.say(operation("n1", "vm", call_id=2, **by_the_way))
    assert known_of_vm(log, "n2")


def test_what_has_come_as_ordered_is_there(log: Log) -> None:
    log.say(operation("n1", "vm", "migrate_to", call_id=2, peer="n2"))
    log.say(operation("n2", "vm", "migrate_from", call_id=2, peer="n1"), actor="n2")
    assert known_of_vm(log, "n2")


def test_what_a_node_stopped_by_itself_is_older_than_what_was_brought_there_since() -> None:
    """Simulator, 3 nodes, seed 101691: its clock was ahead, and its stop passed for a later one."""
    log = founded()
    stop = operation("n2", "vm", "stop", call_id=2, order="alone.1.lrm.5.vm", digest="d")
    log.say(replace(stop, at=9e9), actor="n2")
    log.say(WALK)
    push = operation("n1", "vm", "migrate_to", call_id=2, order="1.1.1", digest="d")
    log.say(replace(push, peer="n2"))
    keys = {
        operation.task: operation.transition_key.split(":")
        for node in status_of(log.state).nodes
        for history in node.history
        for operation in history.operations
        if history.id == "vm"
    }
    assert keys["stop"][3] == keys["migrate_to"][3]
    assert int(keys["stop"][1]) < int(keys["migrate_to"][1])


FAR = '<primitive id="far" class="ocf" provider="pacemaker" type="remote"/>'
FROM_FAR = TransitionStarted(
    1,
    1,
    (
        Planned(1, "vm_migrate_to_0", "far", "vm", "migrate_to"),
        Planned(2, "vm_migrate_from_0", "n2", "vm", "migrate_from", after=(1,)),
    ),
)


def test_nor_where_the_source_is_a_remote_node_whose_relay_is_lost() -> None:
    """How the migration ended, nobody tells: the one to whom its agent answered is gone."""
    log = founded()
    log.say(CibChanged(log.state.version, (Edit("put", "resources", FAR),)))
    log.say(operation("n1", "far", agent="ocf:pacemaker:remote", call_id=1))
    log.say(operation("far", "vm", call_id=1))
    log.say(NOT_HERE, actor="n2")
    log.say(FROM_FAR)
    assert known_of_vm(log, "n2")
    lost(log)
    assert not known_of_vm(log, "n2")


@pytest.mark.parametrize(
    "told",
    [
        operation("n2", "vm", "monitor", call_id=2),
        operation("n2", "vm", "migrate_from", call_id=2, peer="n1"),
        operation("n2", "vm", "stop", call_id=2),
    ],
)
@pytest.mark.parametrize("first", [True, False])
def test_what_the_target_finds_afterwards_counts(
    log: Log, told: OperationFinished, first: bool
) -> None:
    for tell in (True, False) if first else (False, True):
        if tell:
            log.say(told, actor="n2")
        else:
            lost(log)
    assert known_of_vm(log, "n2")


@pytest.mark.parametrize(
    "told",
    [
        operation("n2", "vm", "migrate_from", status="pending", rc=193, call_id=2),
        operation("n2", "vm", "notify", call_id=2),
        operation("n2", "vm", "monitor", status="error", rc=1, call_id=2),
    ],
)
def test_what_tells_nothing_leaves_the_doubt(log: Log, told: OperationFinished) -> None:
    lost(log)
    log.say(told, actor="n2")
    assert not known_of_vm(log, "n2")
