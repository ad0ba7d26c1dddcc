"""A change that needs an id takes a free one: what bears the usual one already stays as it is."""

from __future__ import annotations

import pytest
from lxml import etree

from hanode.events import CibChanged
from hanode.mgmt import options, orders, resources
from hanode.mgmt.proposal import CannotOrder, Proposal
from hanode.mgmt.resources import Operation, Wanted
from hanode.state import ClusterState
from tests.unit.mgmt.clusters import Log, founded

RULED = (
    '<meta_attributes id="web-meta_attributes"><rule id="r" score="INFINITY"><date_expression '
    'id="d" operation="gt" start="2030-01-01"/></rule><nvpair id="p" name="priority" value="9"/>'
    "</meta_attributes>"
)
MISLEADING = (
    '<instance_attributes id="web-instance_attributes"><nvpair id="web-instance_attributes-port" '
    'name="ip" value="1.2.3.4"/></instance_attributes>'
)


def changed(log: Log, proposal: Proposal) -> etree._Element:
    (change,) = proposal.events
    assert isinstance(change, CibChanged)
    log.say(change)
    root = etree.fromstring(log.state.cib.encode())
    ids = [str(element.get("id")) for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    return root


def with_web(inside: str) -> Log:
    text = founded().state.cib.replace('type="web">', f'type="web">{inside}')
    return founded(text)


def pairs(root: etree._Element) -> dict[str | None, str | None]:
    found = root.iterfind(".//primitive[@id='web']//nvpair")
    return {pair.get("name"): pair.get("value") for pair in found}


def test_a_set_with_a_rule_is_nobody_s_to_overwrite() -> None:
    log = with_web(RULED)
    root = changed(log, orders.target_role(log.state, "web", "Stopped"))
    assert pairs(root) == {"priority": "9", "target-role": "Stopped"}
    assert root.find(".//rule[@id='r']") is not None


def test_nor_is_a_pair_that_has_another_name() -> None:
    log = with_web(MISLEADING)
    root = changed(log, resources.update(log.state, "web", [], parameters={"port": "80"}))
    assert pairs(root) == {"ip": "1.2.3.4", "port": "80"}


def test_nor_a_set_of_cluster_options_with_a_rule() -> None:
    ruled = RULED.replace("meta_attributes", "cluster_property_set")
    ruled = ruled.replace("web-cluster_property_set", "cib-bootstrap-options")
    log = founded(founded().state.cib.replace("<crm_config/>", f"<crm_config>{ruled}</crm_config>"))
    root = changed(log, options.set_properties(log.state, {"batch-limit": "5"}, []))
    held = {p.get("name"): p.get("value") for p in root.iterfind(".//crm_config//nvpair")}
    assert held == {"priority": "9", "batch-limit": "5"}


def _web(state: ClusterState, *operations: Operation) -> Proposal:
    wanted = Wanted("x", ("ocf", "hanode", "Dummy"), {"web": "1"}, operations)
    return resources.create(state, wanted, [])


def test_what_is_created_takes_no_id_of_others() -> None:
    taken = '<meta_attributes id="x-instance_attributes"><nvpair id="x-start-interval-0s" '
    log = with_web(f'{taken}name="priority" value="1"/></meta_attributes>')
    root = changed(log, _web(log.state, Operation("start", {"timeout": "5s"})))
    assert pairs(root) == {"priority": "1"}
    assert root.find(".//primitive[@id='x']/instance_attributes/nvpair") is not None
    assert root.find(".//primitive[@id='x']/operations/op[@timeout='5s']") is not None


def test_two_operations_of_one_interval_would_both_be_left_undone() -> None:
    every = Operation("monitor", {"interval": "10s"})
    for more in ({"timeout": "5s"}, {"role": "Promoted"}):
        with pytest.raises(CannotOrder, match="monitor twice with interval=10s"):
            _web(founded().state, every, Operation("monitor", {"interval": "10s", **more}))
    assert _web(founded().state, every, Operation("monitor", {"interval": "11s"})).edits


def test_nor_is_one_changed_into_another() -> None:
    log = founded()
    slow = Operation("monitor", {"interval": "9s", "role": "Stopped"})
    log.say(*resources.update(log.state, "web", [], operations=(slow,)).events)
    again = Operation("monitor", {"interval": "9s", "role": "Started"})
    with pytest.raises(CannotOrder, match="monitor twice with interval=9s"):
        resources.update(log.state, "web", [], operations=(again,))
    assert resources.update(log.state, "web", [], operations=(again,), force=True).edits
