"""Who, cut off and with fencing disabled, is taken to have stopped by itself."""

from __future__ import annotations

import pytest

from hanode.node.time_bound import stays
from hanode.state import ClusterState

CIB = (
    '<cib><configuration><crm_config/><nodes><node id="n1" uname="n1">'
    '<instance_attributes id="i">{node}</instance_attributes></node>'
    '<node id="n2" uname="n2"/></nodes><resources><primitive id="web">'
    '<meta_attributes id="m">{meta}</meta_attributes></primitive></resources></configuration></cib>'
)


def pair(name: str, value: str) -> str:
    return f'<nvpair id="x" name="{name}" value="{value}"/>'


def state(node: str = "", meta: str = "", **options: str) -> ClusterState:
    made = ClusterState()
    made.cib = CIB.format(node=node, meta=meta)
    made.options = {name.replace("_", "-"): value for name, value in options.items()}
    return made


def test_an_ordinary_node_stops() -> None:
    assert stays(state(), "n1") == ""
    assert stays(state(meta=pair("is-managed", "true")), "n1") == ""


@pytest.mark.parametrize("policy", ["freeze", "ignore", "demote"])
def test_a_policy_that_does_not_stop_lets_it_run(policy: str) -> None:
    assert policy in stays(state(no_quorum_policy=policy), "n1")


def test_maintenance_lets_it_run_cluster_wide_or_on_its_node() -> None:
    assert stays(state(maintenance_mode="true"), "n1")
    assert stays(state(node=pair("maintenance", "on")), "n1")
    assert stays(state(node=pair("maintenance", "on")), "n2") == ""


@pytest.mark.parametrize("meta", [pair("is-managed", "false"), pair("maintenance", "true")])
def test_what_is_not_managed_runs_on(meta: str) -> None:
    assert stays(state(meta=meta), "n1")
