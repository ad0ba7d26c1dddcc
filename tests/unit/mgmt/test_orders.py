"""What an operator wants becomes just the right events, or an error in the field's words."""

from __future__ import annotations

import pytest

from hanode.events import CibChanged, FencingConfirmed, FencingIntended, HistoryCleared, NodeLeaving
from hanode.mgmt import orders
from hanode.mgmt.orders import CannotOrder, NothingToDo, Proposal
from hanode.mgmt.roles import may
from hanode.state import ClusterState
from tests.unit.mgmt.clusters import Log, healthy


@pytest.fixture
def log() -> Log:
    return healthy()


def after(log: Log, proposal: Proposal) -> ClusterState:
    """The state once a proposal is committed."""
    version = log.state.version
    log.say(*proposal.events)
    assert any(isinstance(e, CibChanged) for e in proposal.events) == (log.state.version != version)
    return log.state


def test_a_move_prefers_the_node_as_crm_resource_would(log: Log) -> None:
    proposal = orders.move(log.state, "web", "n2")
    assert proposal.command == "hanode resource move web n2"
    assert proposal.sentence.startswith("Move web to n2. It is held to n2 until cleared")
    assert (
        '<rsc_location id="cli-prefer-web" rsc="web" role="Started" node="n2" score="INFINITY"/>'
        in after(log, proposal).cib
    )


def test_a_move_with_an_end_has_a_rule(log: Log) -> None:
    proposal = orders.move(log.state, "web", "n2", until=1_780_003_600.0)
    assert proposal.command == "hanode resource move web n2 --until 2026-05-28T21:26:40Z"
    cib = after(log, proposal).cib
    assert 'operation="lt" end="2026-05-28 21:26:40Z"' in cib
    assert 'attribute="#uname" operation="eq" value="n2"' in cib


def test_a_move_to_a_banned_node_lifts_the_ban(log: Log) -> None:
    after(log, orders.ban(log.state, "web", "n2"))
    assert "cli-ban-web-on-n2" in log.state.cib
    after(log, orders.move(log.state, "web", "n2"))
    assert "cli-ban-web-on-n2" not in log.state.cib


def test_a_ban_on_the_preferred_node_lifts_the_preference(log: Log) -> None:
    after(log, orders.move(log.state, "web", "n2"))
    after(log, orders.ban(log.state, "web", "n2"))
    assert "cli-prefer-web" not in log.state.cib


def test_a_clone_stands_for_what_is_in_it(log: Log) -> None:
    assert "cli-ban-db-clone-on-n1" in after(log, orders.ban(log.state, "db", "n1")).cib
    stopped = after(log, orders.target_role(log.state, "agent", "Stopped")).cib
    assert 'id="everywhere-meta_attributes-target-role"' in stopped


def test_clear_takes_all_that_moves_and_bans_left(log: Log) -> None:
    after(log, orders.move(log.state, "web", "n2"))
    after(log, orders.ban(log.state, "web", "n3", until=2e9))
    proposal = orders.clear(log.state, "web", "n3")
    assert proposal.sentence == "Clear moves and bans of web for n3: cli-ban-web-on-n3."
    after(log, proposal)
    assert "cli-" not in after(log, orders.clear(log.state, "web")).cib
    with pytest.raises(NothingToDo, match="no move or ban of web is in force"):
        orders.clear(log.state, "web")


def test_stop_and_start(log: Log) -> None:
    stopped = after(log, orders.target_role(log.state, "web", "Stopped"))
    assert 'id="web-meta_attributes-target-role" name="target-role" value="Stopped"' in stopped.cib
    with pytest.raises(NothingToDo):
        orders.target_role(log.state, "web", "Stopped")
    started = after(log, orders.target_role(log.state, "web", "Started"))
    assert "target-role" not in started.cib
    assert "web-meta_attributes" not in started.cib


def test_a_member_of_a_stopped_group_is_started_by_its_own_word(log: Log) -> None:
    after(log, orders.target_role(log.state, "g", "Stopped"))
    after(log, orders.target_role(log.state, "ip", "Started"))
    assert 'id="ip-meta_attributes-target-role" name="target-role" value="Started"' in log.state.cib


def test_only_a_promotable_clone_is_promoted(log: Log) -> None:
    orders.target_role(log.state, "db", "Unpromoted")
    with pytest.raises(CannotOrder, match="web is not promotable"):
        orders.target_role(log.state, "web", "Promoted")


def test_standby_is_an_attribute_of_the_node(log: Log) -> None:
    cib = after(log, orders.standby(log.state, "n2", True)).cib
    assert '<instance_attributes id="nodes-n2"><nvpair id="nodes-n2-standby"' in cib
    assert "nodes-n2" not in after(log, orders.standby(log.state, "n2", False)).cib


def test_maintenance_of_node_resource_and_cluster(log: Log) -> None:
    for proposal in (
        orders.maintenance(log.state, True, node="n1"),
        orders.maintenance(log.state, True, resource="web"),
        orders.maintenance(log.state, True),
    ):
        assert may("operator", proposal.events[0], log.state.cib) is None
    cib = after(log, orders.maintenance(log.state, True)).cib
    assert 'id="cib-bootstrap-options-maintenance-mode"' in cib


def test_everything_an_operator_does_daily_is_an_operators_right(log: Log) -> None:
    for proposal in (
        orders.move(log.state, "g", "n3", until=2e9),
        orders.ban(log.state, "db", "n1", promoted=True),
        orders.target_role(log.state, "g", "Stopped"),
        orders.manage(log.state, "web", False),
        orders.standby(log.state, "n1", True),
        orders.cleanup(log.state, "g"),
        orders.leave(log.state, "n1"),
    ):
        for event in proposal.events:
            assert may("operator", event, log.state.cib) is None


def test_cleanup_names_what_lrms_remember(log: Log) -> None:
    assert orders.cleanup(log.state).events == (HistoryCleared(""),)
    assert orders.cleanup(log.state, "g", "n2").events == (
        HistoryCleared("ip", "n2"),
        HistoryCleared("app", "n2"),
    )


def test_cleanup_leaves_alone_where_nothing_has_failed(log: Log) -> None:
    """Found in the lab: what depended on a healthy primary was stopped, as the primary's place was
    forgotten together with the failure of a standby."""
    log.state.nodes["n2"].attributes["fail-count-ip#start_0"] = "INFINITY"
    assert orders.cleanup(log.state, "g").events == (HistoryCleared("ip", "n2"),)
    assert orders.cleanup(log.state, "g", everywhere=True).events == (
        HistoryCleared("ip"),
        HistoryCleared("app"),
    )


def test_fencing_names_the_boot_that_is_to_end(log: Log) -> None:
    (intent,) = orders.fence(log.state, "n2").events
    assert isinstance(intent, FencingIntended)
    assert (intent.target, intent.boot, intent.action) == ("n2", 1, "reboot")
    with pytest.raises(CannotOrder, match="unknown fence action"):
        orders.fence(log.state, "n2", "explode")


def test_nobody_confirms_that_a_living_node_is_down(log: Log) -> None:
    with pytest.raises(CannotOrder, match="n2 is online, so it is not down"):
        orders.confirm_fenced(log.state, "n2")
    log.state.nodes["n2"].present = False
    (word,) = orders.confirm_fenced(log.state, "n2").events
    assert isinstance(word, FencingConfirmed)
    assert word.evidence == "operator"


def test_leaving_names_the_boot(log: Log) -> None:
    assert orders.leave(log.state, "n3").events == (NodeLeaving("n3", 1),)


def test_what_is_not_there_is_said_with_the_nearest_name(log: Log) -> None:
    with pytest.raises(CannotOrder, match="unknown resource 'wbe'; did you mean 'web'\\?"):
        orders.move(log.state, "wbe", "n1")
    with pytest.raises(CannotOrder, match="unknown node 'zebra'; known: n1, n2, n3"):
        orders.move(log.state, "web", "zebra")
