"""What an operator wants becomes just the right events, or an error in the field's words."""

from __future__ import annotations

import pytest

from hanode.events import (
    AttributeSet,
    CibChanged,
    Edit,
    FencingConfirmed,
    FencingIntended,
    HistoryCleared,
    NodeLeaving,
)
from hanode.mgmt import orders, resources
from hanode.mgmt.orders import CannotOrder, NothingToDo, Proposal
from hanode.mgmt.roles import may
from hanode.mgmt.what_if import what_if
from hanode.pe import instance_state
from hanode.state import ClusterState, cib_of
from tests.unit.mgmt.clusters import Log, healthy, operation


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
        orders.cleanup(log.state, "g", everywhere=True),
        orders.leave(log.state, "n1"),
    ):
        for event in proposal.events:
            assert may("operator", event, log.state.cib) is None


def test_refresh_names_what_lrms_remember(log: Log) -> None:
    assert orders.cleanup(log.state, everywhere=True).events == (HistoryCleared(""),)
    assert orders.cleanup(log.state, "g", "n2", everywhere=True).events == (
        HistoryCleared("ip", "n2"),
        HistoryCleared("app", "n2"),
    )


def test_cleanup_of_a_healthy_cluster_is_nothing_to_do(log: Log) -> None:
    for given in ((), ("g",), ("g", "n2"), ("", "n2")):
        with pytest.raises(NothingToDo, match="refresh"):
            orders.cleanup(log.state, *given)


def test_cleanup_of_all_is_about_what_failed(log: Log) -> None:
    missing = operation("n3", "app", "monitor", rc=5, expected_rc=7, call_id=30)
    log.say(operation("n1", "web", "monitor", interval_ms=1000, rc=1, call_id=31), missing)
    web, app = HistoryCleared("web", "n1"), HistoryCleared("app", "n3")
    assert orders.cleanup(log.state).events == (web, app)
    assert orders.cleanup(log.state, "g").events == (app,)
    assert orders.cleanup(log.state, "", "n1").events == (web,)
    forecast = what_if(log.state, orders.cleanup(log.state, "web").events)
    assert "last_failure_0" not in forecast.nodes["n1"].history["web"]
    assert "last_0" in forecast.nodes["n1"].history["web"]


def test_cleanup_leaves_alone_where_nothing_has_failed(log: Log) -> None:
    """Found in the lab: what depended on a healthy primary was stopped, as the primary's place was
    forgotten together with the failure of a standby."""
    log.state.nodes["n2"].attributes["fail-count-ip#start_0"] = "INFINITY"
    assert orders.cleanup(log.state, "g").events == (HistoryCleared("ip", "n2"),)
    assert orders.cleanup(log.state, "g", everywhere=True).events == (
        HistoryCleared("ip"),
        HistoryCleared("app"),
    )


def test_what_was_removed_and_failed_on_its_way_out_can_be_cleaned_up(log: Log) -> None:
    log.say(operation("n1", "gone", "stop", rc=1, call_id=40))
    assert orders.cleanup(log.state, "gone").events == (HistoryCleared("gone", "n1"),)
    with pytest.raises(CannotOrder, match="unknown resource 'never'"):
        orders.cleanup(log.state, "never")


def test_a_ticket_is_known_once_it_was_granted_or_something_depends_on_it(log: Log) -> None:
    with pytest.raises(CannotOrder, match="unknown ticket 'site-a'"):
        orders.ticket(log.state, "site-a", granted=False)
    with pytest.raises(CannotOrder, match="unknown ticket 'site-a'"):
        orders.ticket(log.state, "site-a", standby=True)
    log.say(*orders.ticket(log.state, "site-a", granted=True).events)
    assert orders.ticket(log.state, "site-a", granted=False).risky
    needs = '<rsc_ticket id="t" rsc="web" ticket="site-b"/>'
    log.say(CibChanged(log.state.version, (Edit("put", "constraints", needs),)))
    orders.ticket(log.state, "site-b", granted=False)


def test_a_ticket_has_a_name_that_the_log_takes(log: Log) -> None:
    with pytest.raises(CannotOrder, match="ticket 'site a': a name has"):
        orders.ticket(log.state, "site a", granted=True)


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


def test_what_is_inside_a_clone_has_no_other_word(log: Log) -> None:
    log.say(*resources.update(log.state, "agent", [], meta={"target-role": "Stopped"}).events)
    cib = after(log, orders.target_role(log.state, "everywhere", "Started")).cib
    assert "target-role" not in cib


def test_all_of_a_group_stops(log: Log) -> None:
    log.say(*resources.update(log.state, "app", [], meta={"target-role": "Started"}).events)
    after(log, orders.target_role(log.state, "g", "Stopped"))
    views = instance_state(cib_of(log.state), 0.0)
    assert views["app"].target_role == "Stopped"


def test_a_second_set_that_counts_for_more_is_changed_too(log: Log) -> None:
    sets = [
        '<meta_attributes id="m1" score="1"><nvpair id="m1-p" name="priority" value="1"/>'
        "</meta_attributes>",
        '<meta_attributes id="m2" score="9"><nvpair id="m2-t" name="target-role" value="Started"/>'
        "</meta_attributes>",
    ]
    log.say(CibChanged(log.state.version, tuple(Edit("put", "web", one) for one in sets)))
    after(log, orders.target_role(log.state, "web", "Stopped"))
    assert instance_state(cib_of(log.state), 0.0)["web"].target_role == "Stopped"


def test_standby_ends_whoever_set_it(log: Log) -> None:
    log.say(AttributeSet("n1", "standby", "on"))
    after(log, orders.standby(log.state, "n2", True))
    assert orders.standby(log.state, "n1", False).events == (AttributeSet("n1", "standby", None),)
    with pytest.raises(NothingToDo):
        orders.standby(log.state, "n3", False)
