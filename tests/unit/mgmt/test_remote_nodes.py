"""A remote node has the id of its connection resource, and neither is taken for the other."""

from __future__ import annotations

import pytest
from lxml import etree

from hanode.cib.edits import apply_edits
from hanode.events import AttributeSet, CibChanged, Edit
from hanode.mgmt import nodes, orders, resources
from hanode.mgmt.resources import Operation, Wanted
from hanode.mgmt.roles import may
from hanode.mgmt.validity import invalid
from hanode.pe import overview
from hanode.state import cib_of
from hanode.state.records import NodeRecord
from tests.unit.mgmt.clusters import NOW, Log, founded

ENTRY = (
    '<node id="r1" type="remote" uname="r1"><instance_attributes id="nodes-r1">'
    '<nvpair id="nodes-r1-rack" name="rack" value="7"/></instance_attributes></node>'
)
CONNECTION = (
    '<primitive id="r1" class="ocf" provider="pacemaker" type="remote"><operations>'
    '<op id="r1-m" name="monitor" interval="30s"/></operations></primitive>'
)
CIB = (
    '<cib admin_epoch="0" epoch="4" num_updates="0"><configuration><crm_config/><nodes>{}</nodes>'
    "<resources>{}</resources><constraints/></configuration><status/></cib>"
)


@pytest.fixture
def log() -> Log:
    return founded(CIB.format(ENTRY, CONNECTION))


def section(log: Log, tag: str) -> str:
    found = etree.fromstring(log.state.cib.encode()).find(f"configuration/{tag}")
    assert found is not None
    return etree.tostring(found, encoding="unicode")


def test_orders_on_the_connection_leave_the_node_alone(log: Log) -> None:
    nodes = section(log, "nodes")
    log.say(*orders.target_role(log.state, "r1", "Stopped").events)
    log.say(*orders.manage(log.state, "r1", False).events)
    monitor = Operation("monitor", {"timeout": "9s"})
    log.say(*resources.update(log.state, "r1", [], operations=(monitor,)).events)
    changed = section(log, "resources")
    assert all(word in changed for word in ("target-role", "is-managed", 'timeout="9s"'))
    log.say(*resources.delete(log.state, "r1").events)
    assert section(log, "resources") == "<resources/>"
    assert section(log, "nodes") == nodes


def test_a_connection_is_made_beside_the_entry_of_its_node() -> None:
    log = founded(CIB.format(ENTRY, ""))
    log.say(*resources.create(log.state, Wanted("r1", ("ocf", "pacemaker", "remote")), []).events)
    assert '<primitive id="r1"' in section(log, "resources")
    assert ENTRY in section(log, "nodes")


def test_orders_on_the_node_leave_the_connection_alone(log: Log) -> None:
    log.say(*orders.standby(log.state, "r1", True).events)
    log.say(*nodes.set_attributes(log.state, "r1", {"rack": "", "row": "2"}, []).events)
    assert CONNECTION in section(log, "resources")
    assert 'name="row" value="2"' in section(log, "nodes")


def test_a_remote_node_gets_an_entry_when_it_needs_one() -> None:
    log = founded(CIB.format("", CONNECTION))
    proposal = orders.standby(log.state, "r1", True)
    assert may("operator", proposal.events[0], log.state.cib) is None
    log.say(*proposal.events)
    assert CONNECTION in section(log, "resources")
    views = {view.name: view for view in overview(cib_of(log.state), NOW).nodes}
    assert views["r1"].attributes["standby"] == "on"
    with pytest.raises(orders.NothingToDo):
        orders.maintenance(log.state, False, node="r1")


def test_a_node_takes_a_word_about_a_remote_one(log: Log) -> None:
    assert invalid(log.state, AttributeSet("r1", "rack", "8"))
    log.state.remotes["r1"] = NodeRecord("r1")
    assert not invalid(log.state, AttributeSet("r1", "rack", "8"))


def test_what_is_in_the_log_already_means_what_it_meant() -> None:
    """Without a section the first in the document is meant; a slash may belong to an id."""
    xml = CIB.format(ENTRY, CONNECTION + '<primitive id="tags/x" class="ocf" type="Dummy"/>')
    without = apply_edits(xml, (Edit("remove", "r1"), Edit("remove", "tags/x")))
    assert CONNECTION in without
    assert not any(gone in without for gone in ("<node ", "tags/x"))


def test_an_id_that_stands_once_is_named_without_its_section() -> None:
    log = founded()
    for proposal in (
        orders.target_role(log.state, "web", "Stopped"),
        orders.standby(log.state, "n1", True),
        resources.delete(log.state, "web"),
    ):
        (change,) = proposal.events
        assert isinstance(change, CibChanged)
        assert not any("/" in edit.target for edit in change.edits)
