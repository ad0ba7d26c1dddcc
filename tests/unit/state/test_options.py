"""Fold and policy engine read the cluster's options alike, whoever wrote them and however."""

from __future__ import annotations

import pytest

from hanode.cib.document import parse_configuration
from hanode.cib.options import WITHOUT_CLOCK, spelt
from hanode.events import CibChanged, Edit
from hanode.pe.unpack.options import Options
from hanode.state import ClusterState
from hanode.state.left_alone import fencing_enabled, stays
from tests.unit.state.test_fold import Story

SUMMER = 1_782_000_000.0
"""2026-06-21, within `NOW`."""
NOW = '<date_expression id="e" operation="in_range" start="2026-01-01" end="2026-12-31"/>'
NODE = '<expression id="e" attribute="#uname" operation="eq" value="n1"/>'


def pairs(**options: str) -> str:
    """Of a set; a doubled underscore is one, a single one a hyphen."""
    names = {n.replace("__", "/").replace("_", "-").replace("/", "_"): n for n in options}
    return "".join(
        f'<nvpair id="{n}-{options[n]}" name="{name}" value="{options[n]}"/>'
        for name, n in names.items()
    )


def entry(ident: str, content: str, rule: str = "", score: str = "0") -> str:
    rule = f'<rule id="r-{ident}" boolean-op="and" score="0">{rule}</rule>' if rule else ""
    return (
        f'<cluster_property_set id="{ident}" score="{score}">{rule}{content}</cluster_property_set>'
    )


def cib(options: str, resources: str = "") -> str:
    return (
        f'<cib epoch="1"><configuration><crm_config>{options}</crm_config><nodes/>'
        f"<resources>{resources}</resources><constraints/></configuration></cib>"
    )


def told(options: str, resources: str = "") -> ClusterState:
    story = Story()
    change = CibChanged(story.state.version, (Edit("replace", xml=cib(options, resources)),))
    story.tell(change)
    return story.state


def decided(options: str, now: float = SUMMER) -> Options:
    return Options(parse_configuration(cib(options).encode()), True, now)


ALIKE = [
    entry("a", pairs(stonith__enabled="false")),
    entry("a", pairs(stonith_enabled="n")),
    entry("a", pairs(fencing_enabled="off") + pairs(stonith_enabled="true")),
    entry("a", pairs(stonith_enabled="flase", no_quorum_policy="Freeze")),
    entry("cib-bootstrap-options", pairs(stonith_enabled="false"))
    + entry("b", pairs(stonith_enabled="true"), score="INFINITY"),
    entry("b", pairs(stonith_enabled="true", no_quorum_policy="ignore"))
    + entry("cib-bootstrap-options", pairs(stonith_enabled="false", no_quorum_policy="demote")),
    entry("a", pairs(no__quorum__policy="suicide")),
    entry("a", pairs(no_quorum_policy="what")),
    entry("a", pairs(no_quorum_policy="ignore"), NODE),
    entry("a", pairs(maintenance_mode="y")) + entry("b", pairs(maintenance_mode="no"), score="1"),
    entry("a", pairs(stonith_enabled="#default")) + entry("b", pairs(stonith_enabled="0")),
    entry("a", pairs(stonith_enabled="false", no_quorum_policy="ignore"), NOW),
    entry("a", pairs(stonith_enabled="true"), NOW) + entry("b", pairs(stonith_enabled="false")),
    entry("a", f"<attributes>{pairs(stonith_enabled='false')}</attributes>"),
]


@pytest.mark.parametrize("options", ALIKE)
def test_both_read_the_same(options: str) -> None:
    state, pe = told(options), decided(options)
    assert fencing_enabled(state) == pe.fencing_enabled
    policy = state.options["no-quorum-policy"]
    assert policy == pe.no_quorum_policy
    assert state.hands_off == pe.maintenance


def test_no_rule_disables_fencing_for_a_while() -> None:
    options = entry("a", pairs(stonith_enabled="false", no_quorum_policy="ignore"), NOW)
    for now in (SUMMER, 0.0):
        pe = decided(options, now)
        assert pe.fencing_enabled
        assert pe.no_quorum_policy == "stop"
    warnings = parse_configuration(cib(options).encode()).warnings
    assert [w for w in warnings if "stonith-enabled" in w and "it is true at all times" in w]


def test_a_window_of_maintenance_is_kept_and_nobody_counts_on_a_stop() -> None:
    options = entry("a", pairs(maintenance_mode="true"), NOW)
    assert decided(options).maintenance
    assert not decided(options, 0.0).maintenance
    state = told(options)
    assert not state.hands_off
    assert "maintenance" in stays(state, "n1")
    assert parse_configuration(cib(options).encode()).warnings


def test_what_is_unmanaged_unless_told_otherwise_runs_on() -> None:
    assert stays(told(entry("a", pairs(is__managed__default="no"))), "n1")
    assert stays(told(entry("a", pairs(is_managed_default="yes"))), "n1") == ""


def test_a_set_that_is_named_elsewhere_counts_here_too() -> None:
    shared = '<meta_attributes id="m"><nvpair id-ref="off"/></meta_attributes>'
    there = (
        f'<instance_attributes id="i">{pairs(x="1")}<nvpair id="off" name="is-managed" value="0"/>'
    )
    web = f'<primitive id="web" class="ocf" type="x">{shared}{there}</instance_attributes>'
    assert "not managed" in stays(told("", f"{web}</primitive>"), "n1")


def test_a_rule_within_itself_holds_up_nobody() -> None:
    endless = '<rule id="x"><rule id-ref="x"/><rule id-ref="x"/></rule>'
    options = entry("a", endless + pairs(stonith_enabled="false"))
    assert fencing_enabled(told(options)) == decided(options).fencing_enabled


def test_every_option_of_a_fold_has_a_value() -> None:
    assert told("").options == {name: spelt({}, name) for name in WITHOUT_CLOCK}
