"""Orders of several parts: one event, one basis, all or nothing."""

from __future__ import annotations

from hanode.events import VOCABULARY, CibChanged, HistoryCleared, NodeReported, OrderGiven, parts
from hanode.mgmt import orders
from hanode.mgmt.joint import joint
from hanode.mgmt.roles import may
from hanode.mgmt.validity import invalid
from hanode.mgmt.what_if import what_if
from tests.unit.mgmt.clusters import healthy


def test_changes_of_the_configuration_become_one() -> None:
    state = healthy().state
    first = orders.standby(state, "n1", True).events
    second = orders.target_role(what_if(state, first), "web", "Stopped").events
    one = joint((*first, *second))
    assert isinstance(one, CibChanged)
    assert one.base == state.version
    assert one.why == "hanode node standby n1; hanode resource stop web"
    after = what_if(state, [one])
    assert 'name="standby"' in after.cib
    assert 'value="Stopped"' in after.cib


def test_one_order_stays_itself() -> None:
    event = HistoryCleared("web")
    assert joint([event]) is event
    assert parts(event) == (event,)


def test_all_parts_count_in_one_place_of_the_log() -> None:
    log = healthy()
    order = joint([HistoryCleared("ip"), HistoryCleared("app")])
    assert isinstance(order, OrderGiven)
    assert parts(order) == (HistoryCleared("ip"), HistoryCleared("app"))
    before = log.state.position.index
    log.say(order)
    assert not {"ip", "app"} & log.state.nodes["n2"].history.keys()
    assert log.state.basis == before + 1


def test_a_part_that_comes_too_late_takes_all_with_it() -> None:
    log = healthy()
    late = joint([*orders.standby(log.state, "n1", True).events, HistoryCleared("ip")])
    log.say(*orders.standby(log.state, "n2", True).events)
    basis = log.state.basis
    log.say(late)
    assert "ip" in log.state.nodes["n2"].history
    assert log.state.basis == basis


def test_each_part_is_asked_for() -> None:
    state = healthy().state
    mixed = joint([HistoryCleared("web"), *orders.fence(state, "n1").events])
    assert "may not fence a node" in (may("operator", mixed, state.cib) or "")
    assert may("admin", mixed, state.cib) is None
    strange = joint([HistoryCleared("web"), HistoryCleared("web", "n9")])
    assert "no node is called" in invalid(state, strange)
    fact, order = NodeReported("n2", 1, 1), HistoryCleared("web")
    mixed = OrderGiven((VOCABULARY.pack(fact), VOCABULARY.pack(order)))
    assert "can't be part" in invalid(state, mixed)
