"""Configuration changes give the CIB that pcs would have made, and leave nothing dangling."""

from __future__ import annotations

import dataclasses

import pytest
from lxml import etree

from hanode.cib.document import parse_configuration
from hanode.events import CibChanged, Edit
from hanode.mgmt import constraints, fencing, options, orders, resources
from hanode.mgmt.proposal import CannotOrder, NothingToDo, Proposal
from hanode.mgmt.resources import Operation, Wanted
from tests.unit.mgmt.clusters import Log, founded


@pytest.fixture
def log() -> Log:
    return founded()


def after(log: Log, proposal: Proposal) -> str:
    log.say(*proposal.events)
    assert parse_configuration(log.state.cib.encode()).warnings == ()
    return log.state.cib


def names(log: Log, path: str) -> list[str]:
    root = etree.fromstring(log.state.cib.encode())
    return [element.get("id", "") for element in root.iterfind(f"configuration/{path}")]


def dummy(name: str) -> Wanted:
    return Wanted(name, ("ocf", "hanode", "Dummy"))


def test_create_writes_what_was_asked(log: Log) -> None:
    wanted = Wanted(
        "www",
        ("ocf", "hanode", "web"),
        {"ip": "127.77.0.10", "greeting": 'a "b" <c> & d'},
        (Operation("monitor", {"interval": "1s", "timeout": "5s"}),),
        {"migration-threshold": "3"},
    )
    cib = after(log, resources.create(log.state, wanted, ["resource", "create"]))
    assert (
        '<primitive id="www" class="ocf" provider="hanode" type="web">'
        '<instance_attributes id="www-instance_attributes">'
        '<nvpair id="www-instance_attributes-ip" name="ip" value="127.77.0.10"/>'
    ) in cib
    assert 'value="a &quot;b&quot; &lt;c&gt; &amp; d"' in cib
    assert '<op id="www-monitor-interval-1s" name="monitor" interval="1s" timeout="5s"/>' in cib
    assert 'id="www-meta_attributes-migration-threshold"' in cib


def test_create_in_groups_and_clones(log: Log) -> None:
    after(log, resources.create(log.state, dummy("a"), [], group="g"))
    after(log, resources.create(log.state, dummy("b"), [], group="new"))
    after(log, resources.create(log.state, dummy("c"), [], promotable=True))
    assert names(log, "resources/group[@id='g']/primitive") == ["ip", "app", "a"]
    assert names(log, "resources/group[@id='new']/primitive") == ["b"]
    assert names(log, "resources/clone[@id='c-clone']/primitive") == ["c"]
    assert 'id="c-clone-meta_attributes-promotable" name="promotable" value="true"' in log.state.cib


def test_an_id_is_taken_or_no_id(log: Log) -> None:
    with pytest.raises(CannotOrder, match="'web' is taken by a primitive"):
        resources.create(log.state, dummy("web"), [])
    with pytest.raises(CannotOrder, match="can't be an id"):
        resources.create(log.state, dummy("a:1"), [])


def test_delete_takes_all_that_names_it(log: Log) -> None:
    after(log, constraints.location(log.state, "web", "n1", "100", []))
    after(log, constraints.colocation(log.state, "web", "g", "INFINITY", []))
    after(log, resources.delete(log.state, "web"))
    assert names(log, "constraints/*") == []
    assert "web" not in names(log, "resources/*")


def test_the_last_member_takes_its_group_along(log: Log) -> None:
    after(log, resources.delete(log.state, "ip"))
    assert names(log, "resources/group") == ["g"]
    after(log, resources.delete(log.state, "app"))
    assert names(log, "resources/group") == []
    after(log, resources.delete(log.state, "db"))
    assert names(log, "resources/clone") == ["everywhere"]


def test_update_changes_adds_and_takes_away(log: Log) -> None:
    change = {"ip": "10.0.0.1", "port": "80"}
    after(log, resources.update(log.state, "web", [], parameters=change, meta={"priority": "5"}))
    cib = after(log, resources.update(log.state, "web", [], parameters={"ip": ""}))
    assert 'name="port" value="80"' in cib
    assert 'name="ip"' not in cib
    monitor = Operation("monitor", {"interval": "7s"})
    cib = after(log, resources.update(log.state, "web", [], operations=(monitor,)))
    assert 'name="monitor" interval="7s"' in cib
    assert 'interval="1s"' not in cib


def test_groups_are_made_and_unmade(log: Log) -> None:
    after(log, resources.group_add(log.state, "all", ["web", "ip"]))
    assert names(log, "resources/group[@id='all']/primitive") == ["web", "ip"]
    after(log, resources.group_remove(log.state, "all", []))
    assert names(log, "resources/primitive") == ["strip", "web", "ip"]
    with pytest.raises(CannotOrder, match="db can't be put into a group"):
        resources.group_add(log.state, "g", ["db"])


def test_clones_are_made_and_unmade(log: Log) -> None:
    after(log, resources.clone(log.state, "g", [], {"clone-max": "2"}))
    assert names(log, "resources/clone[@id='g-clone']/group/primitive") == ["ip", "app"]
    after(log, resources.unclone(log.state, "g"))
    assert names(log, "resources/group") == ["g"]


def test_constraints_have_the_ids_that_pcs_gives(log: Log) -> None:
    after(log, constraints.location(log.state, "web", "n1", "100", []))
    after(log, constraints.location(log.state, "web", "n1", "inf", []))
    after(log, constraints.colocation(log.state, "g", "db-clone", "-5", [], other_role="master"))
    after(log, constraints.order(log.state, "db-clone", "g", [], first_action="promote"))
    assert names(log, "constraints/*") == [
        "location-web-n1-INFINITY",
        "colocation-g-db-clone--5",
        "order-db-clone-g-Mandatory",
    ]
    assert 'with-rsc-role="Promoted"' in log.state.cib
    after(log, constraints.remove(log.state, ["colocation-g-db-clone--5"]))
    with pytest.raises(CannotOrder, match="unknown constraint 'order'"):
        constraints.remove(log.state, ["order"])
    with pytest.raises(CannotOrder, match="is no score"):
        constraints.location(log.state, "web", "n1", "much", [])


def test_properties_are_checked(log: Log) -> None:
    pairs = {"fencing-enabled": "NO", "stonith-timeout": "90s"}
    cib = after(log, options.set_properties(log.state, pairs, []))
    assert 'id="cib-bootstrap-options-stonith-enabled" name="stonith-enabled" value="false"' in cib
    with pytest.raises(CannotOrder, match="stonith-enabled=flase: give one of true, false"):
        options.set_properties(log.state, {"stonith-enabled": "flase"}, [])
    with pytest.raises(CannotOrder, match="did you mean 'stonith-enabled'"):
        options.set_properties(log.state, {"stonith-enabeld": "true"}, [])
    after(
        log, options.set_properties(log.state, {"stonith-enabled": "", "stonith-timeout": ""}, [])
    )
    assert "cluster_property_set" not in log.state.cib


def test_ignoring_quorum_without_fencing_must_be_insisted_upon(log: Log) -> None:
    pairs = {"no-quorum-policy": "ignore", "stonith-enabled": "false"}
    with pytest.raises(CannotOrder, match="both sides of a cut"):
        options.set_properties(log.state, pairs, [])
    options.set_properties(log.state, pairs, [], force=True)


def test_what_would_have_no_effect_is_refused(log: Log) -> None:
    """No edit can name a set without an id, and it comes first: the order changed nothing, and
    said so to nobody."""
    pair = '<nvpair id="o-f" name="fencing-enabled" value="true"/>'
    held = f"<crm_config><cluster_property_set>{pair}</cluster_property_set></crm_config>"
    log.state.cib = log.state.cib.replace("<crm_config/>", held)
    with pytest.raises(CannotOrder, match="no effect: fencing-enabled or stonith-enabled"):
        options.set_properties(log.state, {"stonith-enabled": "false"}, [])


def test_levels_name_devices(log: Log) -> None:
    after(log, fencing.level(log.state, "n1", 1, ["strip"], []))
    assert '<fencing-level id="fl-n1-1" target="n1" index="1" devices="strip"/>' in log.state.cib
    with pytest.raises(CannotOrder, match="web is no fence device"):
        fencing.level(log.state, "n1", 2, ["web"], [])
    after(log, resources.delete(log.state, "strip"))
    assert "fencing-level " not in log.state.cib


def test_what_concerns_a_clone_is_said_of_the_clone(log: Log) -> None:
    """So that `enable` finds what `create --disabled` wrote, and notify=true is heard."""
    meta = {"notify": "true", "target-role": "Stopped", "migration-threshold": "3"}
    wanted = dataclasses.replace(dummy("c"), meta=meta)
    after(log, resources.create(log.state, wanted, [], promotable=True))
    pairs = "/meta_attributes/nvpair"
    assert names(log, f"resources/clone[@id='c-clone']/primitive{pairs}") == [
        "c-meta_attributes-migration-threshold"
    ]
    after(log, orders.target_role(log.state, "c", "Started"))
    assert "target-role" not in log.state.cib
    assert names(log, f"resources/clone[@id='c-clone']{pairs}") == [
        "c-clone-meta_attributes-promotable", "c-clone-meta_attributes-notify",
    ]  # fmt: skip


def test_an_operation_keeps_what_is_not_spoken_of(log: Log) -> None:
    deep = Operation("monitor", {"interval": "10s", "timeout": "20s", "OCF_CHECK_LEVEL": "20"})
    master = Operation("monitor", {"interval": "11s", "role": "Promoted"})
    wanted = dataclasses.replace(dummy("pg"), operations=(deep, master))
    log.say(*resources.create(log.state, wanted, []).events)
    longer = Operation("monitor", {"interval": "10s", "timeout": "60s"})
    cib = after(log, resources.update(log.state, "pg", [], operations=(longer,)))
    assert 'name="OCF_CHECK_LEVEL" value="20"' in cib
    assert 'interval="10s" timeout="60s"' in cib
    with pytest.raises(CannotOrder, match="interval=10s, interval=11s role=Promoted"):
        resources.update(log.state, "pg", [], operations=(Operation("monitor", {"timeout": "9s"}),))
    of_the_role = Operation("monitor", {"role": "Promoted", "timeout": "9s"})
    cib = after(log, resources.update(log.state, "pg", [], operations=(of_the_role,)))
    assert 'interval="11s" role="Promoted" timeout="9s"' in cib


def test_a_constraint_takes_the_place_of_one_about_the_same_only(log: Log) -> None:
    log.say(*resources.create(log.state, dummy("web-n1"), []).events)
    for resource, node, score, role in (
        ("web-n1", "n2", "-INFINITY", ""),
        ("web", "n1", "100", ""),
        ("db-clone", "n1", "7", ""),
        ("db-clone", "n1", "7", "Promoted"),
    ):
        after(log, constraints.location(log.state, resource, node, score, [], role))
    assert len(names(log, "constraints/rsc_location")) == 4
    again = constraints.location(log.state, "web", "n1", "5", [])
    assert "Instead of location-web-n1-100" in again.sentence
    after(log, again)
    assert names(log, "constraints/rsc_location")[-1] == "location-web-n1-5"
    with pytest.raises(NothingToDo):
        constraints.location(log.state, "web", "n1", "5", [])


def test_orders_and_colocations_of_other_actions_and_roles_stand_together(log: Log) -> None:
    for first, then in (("promote", "start"), ("start", "promote")):
        after(log, constraints.order(log.state, "db-clone", "web", [], first_action=first,
                                     then_action=then))  # fmt: skip
    for role, other in (("Promoted", ""), ("", "Promoted")):
        after(log, constraints.colocation(log.state, "web", "db-clone", "9", [], role=role,
                                          other_role=other))  # fmt: skip
    assert names(log, "constraints/*") == [
        "order-db-clone-web-Mandatory", "order-db-clone-web-Mandatory-1",
        "colocation-web-db-clone-9", "colocation-web-db-clone-9-1",
    ]  # fmt: skip


def test_what_named_a_group_goes_with_it(log: Log) -> None:
    after(log, resources.clone(log.state, "g", [], {}))
    for name in ("g-clone", "g"):
        after(log, constraints.location(log.state, name, "n1", "5", []))
    after(log, resources.group_remove(log.state, "g", []))
    assert names(log, "constraints/*") == []
    assert names(log, "resources/clone") == ["everywhere", "db-clone"]
    assert names(log, "resources/primitive")[-2:] == ["ip", "app"]


def test_what_named_a_group_goes_with_its_last_member(log: Log) -> None:
    after(log, constraints.order(log.state, "g", "web", []))
    after(log, resources.group_add(log.state, "g2", ["ip", "app"]))
    assert names(log, "constraints/*") == []


def test_what_named_a_tag_goes_with_its_last_resource(log: Log) -> None:
    tag = '<tag id="tt"><obj_ref id="web"/></tag>'
    rule = '<rsc_location id="l" rsc="tt" node="n1" score="5"/>'
    edits = (Edit("put", "tags", tag), Edit("put", "constraints", rule))
    log.say(CibChanged(log.state.version, edits))
    after(log, resources.delete(log.state, "web"))
    assert names(log, "constraints/*") == names(log, "tags/*") == []


def test_only_devices_are_deleted_as_devices(log: Log) -> None:
    with pytest.raises(CannotOrder, match="no fence device"):
        resources.device(log.state, "web")
    assert resources.device(log.state, "strip") == "strip"
