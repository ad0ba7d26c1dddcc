"""A switch is switched: whoever else says otherwise does not count for more, nor does it come back
when groups and clones are taken apart."""

from __future__ import annotations

import pytest

from hanode.events import VOCABULARY, CibChanged, Edit, Event, Operator, OperatorAdded, OrderGiven
from hanode.mgmt import options, orders, resources
from hanode.mgmt.draft import Draft
from hanode.mgmt.proposal import CannotOrder
from hanode.mgmt.validity import invalid
from hanode.pe import overview
from hanode.pe.overview import ResourceView
from hanode.state import cib_of
from tests.unit.mgmt.clusters import NOW, Log, founded


@pytest.fixture
def log() -> Log:
    return founded()


def leaves(log: Log, name: str) -> list[ResourceView]:
    found, todo = [], [(view, False) for view in overview(cib_of(log.state), NOW).resources]
    while todo:
        view, inside = todo.pop()
        inside = inside or view.id.partition(":")[0] == name
        todo += [(child, inside) for child in view.children]
        if inside and not view.children:
            found.append(view)
    return found


def test_maintenance_of_a_member_ends_while_its_group_s_goes_on(log: Log) -> None:
    log.say(*orders.maintenance(log.state, True, resource="g").events)
    assert all(view.maintenance for view in leaves(log, "g"))
    log.say(*orders.maintenance(log.state, False, resource="ip").events)
    assert not any(view.maintenance for view in leaves(log, "ip"))
    assert all(view.maintenance for view in leaves(log, "app"))


@pytest.mark.parametrize("first", [True, False])
def test_maintenance_of_a_clone_is_that_of_what_is_in_it(log: Log, first: bool) -> None:
    said = {"maintenance": "false" if first else "true"}
    log.say(*resources.update(log.state, "agent", [], meta=said).events)
    log.say(*orders.maintenance(log.state, first, resource="everywhere").events)
    assert {view.maintenance for view in leaves(log, "everywhere")} == {first}


def test_a_default_of_all_is_overruled(log: Log) -> None:
    log.say(*options.set_defaults(log.state, "rsc_defaults", {"maintenance": "true"}, []).events)
    log.say(*orders.maintenance(log.state, False, resource="web").events)
    assert not any(view.maintenance for view in leaves(log, "web"))


@pytest.mark.parametrize("apart", ["unclone", "ungroup"])
def test_what_was_stopped_stays_so_when_taken_apart(log: Log, apart: str) -> None:
    whole, part = ("everywhere", "agent") if apart == "unclone" else ("g", "ip")
    log.say(*orders.target_role(log.state, whole, "Stopped").events)
    log.say(*orders.manage(log.state, whole, False).events)
    made = (
        resources.unclone(log.state, whole) if apart == "unclone"
        else resources.group_remove(log.state, whole, [])
    )  # fmt: skip
    assert "stays stopped" in made.sentence
    log.say(*made.events)
    draft = Draft(log.state)
    assert draft.pair(part, "meta_attributes", "target-role") == "Stopped"
    assert draft.pair(part, "meta_attributes", "is-managed") == "false"


def test_an_option_is_changed_under_the_name_that_it_has(log: Log) -> None:
    newer = (
        '<cluster_property_set id="o"><nvpair id="o-f" name="fencing-enabled" value="true"/>'
        "</cluster_property_set>"
    )
    log.say(CibChanged(log.state.version, (Edit("put", "crm_config", newer),)))
    for name, value in (("fencing-enabled", "false"), ("stonith-enabled", "true")):
        log.say(*options.set_properties(log.state, {name: value}, []).events)
        assert f'name="fencing-enabled" value="{value}"' in log.state.cib
        assert "stonith-enabled" not in log.state.cib
    log.say(*options.set_properties(log.state, {"fencing-enabled": ""}, []).events)
    assert "fencing-enabled" not in log.state.cib


def test_two_changes_of_the_configuration_are_not_one_order(log: Log) -> None:
    """The second would be based on what is not there any more, and be left undone in silence."""
    one, other = (
        CibChanged(log.state.version, (Edit("set", name, name="description", value="x"),))
        for name in ("web", "g")
    )
    order: Event = OrderGiven(tuple(map(VOCABULARY.pack, (one, other))))
    assert "as one" in invalid(log.state, order)


def test_a_key_is_one_operator_s(log: Log) -> None:
    """Whose rights would count, where two had it?"""
    key = b"k" * 32
    log.say(OperatorAdded(Operator("ann", key, "admin")))
    assert "ann" in invalid(log.state, OperatorAdded(Operator("bob", key, "viewer")))
    assert not invalid(log.state, OperatorAdded(Operator("ann", key, "viewer")))
    assert not invalid(log.state, OperatorAdded(Operator("bob", b"b" * 32, "viewer")))


def test_nothing_is_to_be_taken_apart_where_a_switch_is_usual(log: Log) -> None:
    assert "stays" not in resources.unclone(log.state, "everywhere").sentence
    with pytest.raises(CannotOrder):
        resources.unclone(log.state, "web")
