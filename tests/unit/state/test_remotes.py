"""Remote nodes in the fold: who speaks for them, and what is forgotten when."""

from __future__ import annotations

import pytest

from hanode.events import (
    STATEMENTS,
    VOCABULARY,
    AttributeSet,
    CibChanged,
    Edit,
    FencingConfirmed,
    FencingIntended,
    OperationFinished,
    Signed,
    Statement,
)
from hanode.identity import verify
from hanode.state import status_of
from hanode.state.lawful import objection
from tests.unit.mgmt.clusters import Log, founded, identity, operation

CONNECTION = '<primitive id="far" class="ocf" provider="pacemaker" type="remote"/>'
AGENT = "ocf:pacemaker:remote"


@pytest.fixture
def log() -> Log:
    """The connection to the remote node `far` runs on n2."""
    log = founded()
    log.say(CibChanged(log.state.version, (Edit("put", "resources", CONNECTION),)))
    log.say(connection("n2", "start", call_id=1), actor="n2")
    return log


def connection(node: str, task: str, **more: int) -> OperationFinished:
    return operation(node, "far", task, agent=AGENT, **more)


def page(task: str, **more: int | str) -> OperationFinished:
    """Of a resource on the remote node."""
    return operation("far", "page", task, **more)


def fenced(log: Log) -> None:
    log.say(FencingIntended("q", "far", 0, "reboot", "a stop failed there"))
    log.say(FencingConfirmed("q", "far", 0, "power-verified", "strip", "n1"))


def objected(log: Log, event: OperationFinished | AttributeSet, actor: str) -> str:
    statement = Statement(actor, 1, 99, 0.0, "", VOCABULARY.pack(event))
    payload = STATEMENTS.pack(statement)
    signed = Signed(payload, identity(actor).sign("event", log.state.cluster, payload))
    return objection(log.state, signed, statement, event, verify, 1)


def test_who_holds_the_connection_speaks_and_nobody_else(log: Log) -> None:
    assert objected(log, page("start"), "n2") == ""
    assert objected(log, page("start"), "n1") == "n1 can't speak for far"
    assert objected(log, operation("n3", "web"), "n2") == "n2 can't speak for n3"


def test_a_connection_on_its_way_elsewhere_still_speaks_until_it_is_stopped(log: Log) -> None:
    """Lab: an answer that came while the connection moved had no force, and the node that had
    given it was fenced for not answering."""
    log.say(connection("n2", "migrate_to", call_id=2), actor="n2")
    assert objected(log, page("monitor"), "n2") == ""
    log.say(connection("n2", "stop", call_id=3), actor="n2")
    assert objected(log, page("monitor"), "n2") == "n2 can't speak for far"
    assert objected(log, page("monitor", status="refused"), "n2") == ""


def test_what_runs_there_is_in_the_status(log: Log) -> None:
    log.say(page("start", call_id=5), page("monitor", interval_ms=1000, call_id=6), actor="n2")
    (far,) = [node for node in status_of(log.state).nodes if node.uname == "far"]
    assert far.remote
    assert [o.task for o in far.history[0].operations] == ["start", "monitor"]
    assert "page" not in log.state.nodes["n2"].history


def test_a_refused_order_leaves_nothing(log: Log) -> None:
    log.say(page("start", status="refused"), actor="n1")
    assert log.state.remotes["far"].history == {}


def test_a_new_connection_keeps_what_runs_and_forgets_who_watched_it(log: Log) -> None:
    log.say(page("start", call_id=5), page("monitor", interval_ms=1000, call_id=6), actor="n2")
    log.say(connection("n3", "start", call_id=1), actor="n3")
    assert list(log.state.remotes["far"].history["page"]) == ["last_0"]


def test_a_fencing_ends_all_that_ran_there(log: Log) -> None:
    log.say(page("start", call_id=5), actor="n2")
    fenced(log)
    assert log.state.remotes["far"].history == {}


def test_late_evidence_is_none_for_what_runs_there_since(log: Log) -> None:
    """Who struck first was cut off, and brought its word when the next fencing was wanted: that
    passed for done, and what ran there was started elsewhere."""
    fenced(log)
    log.say(page("start", call_id=5), actor="n2")
    log.say(FencingIntended("q2", "far", 0, "reboot", "its connection broke"))
    log.say(FencingConfirmed("q", "far", 0, "power-verified", "strip", "n3"), actor="n3")
    assert log.state.remotes["far"].history
    assert list(log.state.intents) == ["q2"]
    log.say(FencingConfirmed("q2", "far", 0, "power-verified", "strip", "n1"))
    assert not log.state.intents


def test_a_person_who_has_looked_names_no_request(log: Log) -> None:
    log.say(page("start", call_id=5), actor="n2")
    log.say(FencingConfirmed("", "far", 0, "operator"))
    assert log.state.remotes["far"].history == {}


def test_a_node_whose_boot_is_over_speaks_for_nobody(log: Log) -> None:
    log.say(FencingConfirmed("q", "n2", 1, "power-verified", "strip", "n1"))
    log.say(page("start", call_id=5), actor="n2")
    assert log.state.remotes["far"].history == {}


def test_without_a_connection_in_the_configuration_there_is_no_remote_node(log: Log) -> None:
    log.say(CibChanged(log.state.version, (Edit("remove", "far"),)))
    assert log.state.remotes == {}


def test_who_holds_the_connection_sets_attributes_and_nobody_else(log: Log) -> None:
    score = AttributeSet("far", "master-db", "100")
    assert objected(log, score, "n2") == ""
    assert "without an operator" in objected(log, score, "n1")
    assert "without an operator" in objected(log, AttributeSet("n3", "master-db", "100"), "n2")
    log.say(score, actor="n2")
    (far,) = [node for node in status_of(log.state).nodes if node.uname == "far"]
    assert far.attributes == {"master-db": "100"}


def test_attributes_of_a_remote_node_end_with_its_life(log: Log) -> None:
    log.say(AttributeSet("far", "master-db", "100"), actor="n2")
    fenced(log)
    assert log.state.remotes["far"].attributes == {}
