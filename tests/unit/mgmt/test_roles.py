"""Which role may order which event, judged by what a change does."""

from __future__ import annotations

import pytest

from hanode.events import (
    VOCABULARY,
    Alarm,
    AttributeSet,
    CibChanged,
    Edit,
    FencingConfirmed,
    FencingIntended,
    HistoryCleared,
    OrderGiven,
)
from hanode.mgmt.roles import may
from hanode.mgmt.switches import EDITS_MAX, HELD_MAX, TEXT_MAX

CIB = """<cib admin_epoch="0" epoch="3" num_updates="0"><configuration><crm_config/>
  <nodes><node id="n1" uname="n1"/></nodes>
  <resources><primitive id="web" class="ocf" provider="hanode" type="web">
    <meta_attributes id="web-meta_attributes">
      <nvpair id="web-meta_attributes-migration-threshold" name="migration-threshold" value="3"/>
    </meta_attributes></primitive></resources>
  <constraints/></configuration><status/></cib>"""


def change(*edits: Edit) -> CibChanged:
    return CibChanged("0.3.0", edits)


def nvpair(name: str, value: str, ident: str = "") -> str:
    return f'<nvpair id="{ident or "web-meta_attributes-" + name}" name="{name}" value="{value}"/>'


SWITCHES = [
    Edit("put", "web-meta_attributes", nvpair("target-role", "Stopped")),
    Edit("put", "constraints", '<rsc_location id="cli-prefer-web" rsc="web" node="n1" score="1"/>'),
    Edit(
        "put",
        "n1",
        '<instance_attributes id="nodes-n1">'
        '<nvpair id="nodes-n1-standby" name="standby" value="on"/></instance_attributes>',
    ),
    Edit(
        "put",
        "crm_config",
        '<cluster_property_set id="p"><nvpair id="p-m" name="maintenance-mode" value="true"/>'
        "</cluster_property_set>",
    ),
]

CHANGES = [
    Edit("put", "web-meta_attributes", nvpair("migration-threshold", "9")),
    Edit("put", "resources", '<meta_attributes id="web"/>'),
    Edit("put", "web", '<meta_attributes id="web-meta_attributes"/>'),
    Edit("remove", "web"),
    Edit("remove", "web-meta_attributes"),
    Edit("set", "web", name="type", value="Dummy"),
    Edit("put", "constraints", '<rsc_location id="mine" rsc="web" node="n1" score="1"/>'),
    Edit("replace", xml=CIB.replace('value="3"', 'value="4"')),
    Edit("replace", xml=CIB.replace('admin_epoch="0"', 'admin_epoch="7"')),
    Edit("put", "crm_config", '<cluster_property_set id="p"/><x/>'),
]


@pytest.mark.parametrize("edit", SWITCHES)
def test_an_operator_may_flip_switches_and_move(edit: Edit) -> None:
    assert may("operator", change(edit), CIB) is None


@pytest.mark.parametrize("edit", CHANGES)
def test_an_operator_may_not_change_what_things_are(edit: Edit) -> None:
    reason = may("operator", change(edit), CIB)
    assert reason is not None
    assert "role 'operator' may not change the configuration" in reason
    assert may("admin", change(edit), CIB) is None


MOVE = '<rsc_location id="cli-prefer-web" rsc="web" node="n1" score="1"'
EVIL = '<instance_attributes id="evil"><nvpair id="e" name="httpd" value="/tmp/e"/>'
EVIL += "</instance_attributes>"
FULL = nvpair("target-role", "x").replace("/>", f">{EVIL}</nvpair>")
DISGUISED = [
    (Edit("put", "constraints", f"{MOVE}>{EVIL}</rsc_location>"),),
    (Edit("put", "web", '<instance_attributes id-ref="evil"/>'),),
    (Edit("put", "web", '<meta_attributes id="m" id-ref="evil"/>'),),
    (Edit("put", "web-meta_attributes", '<nvpair id-ref="evil" name="target-role"/>'),),
    (Edit("put", "web-meta_attributes", FULL),),
    (Edit("put", "constraints", f'{MOVE} resource-discovery="never"/>'),),
    (Edit("put", "constraints", f'{MOVE}><rule id-ref="mine"/></rsc_location>'),),
]  # fmt: skip
"""What others could refer to by its id, or itself refers to something, is more than a switch."""


@pytest.mark.parametrize("edits", DISGUISED)
def test_no_change_hides_in_a_move_or_a_switch(edits: tuple[Edit, ...]) -> None:
    assert may("operator", change(*edits), CIB) is not None


def test_a_switch_whose_id_is_referred_to_elsewhere_is_a_change() -> None:
    """The nvpair with the id that another one names would lend it its value."""
    other = '<nvpair id-ref="x" name="configfile"/>'
    cib = CIB.replace("</meta_attributes>", f"{other}</meta_attributes>")
    edit = Edit("put", "web", f'<meta_attributes id="new">{nvpair("target-role", "/e", "x")}'
                "</meta_attributes>")  # fmt: skip
    assert may("operator", change(edit), CIB) is None
    assert may("operator", change(edit), cib) is not None


def test_a_move_until_then_is_a_move() -> None:
    rule = (
        f'{MOVE}><rule id="r" score="INFINITY" boolean-op="and"><expression id="x" '
        'attribute="#uname" operation="eq" value="n1" type="string"/><date_expression id="d" '
        'operation="lt" end="2026-01-01 00:00:00Z"/></rule></rsc_location>'
    )
    assert may("operator", change(Edit("put", "constraints", rule)), CIB) is None


def test_an_operators_change_is_of_a_size_that_is_soon_worked_out() -> None:
    flip = SWITCHES[0]
    assert may("operator", change(*[flip] * EDITS_MAX), CIB) is None
    assert may("operator", change(*[flip] * (EDITS_MAX + 1)), CIB) is not None
    long = Edit("put", "web-meta_attributes", nvpair("target-role", "x" * TEXT_MAX))
    assert may("operator", change(long), CIB) is not None


def test_of_moves_and_bans_there_is_only_so_much() -> None:
    bans = (f'<rsc_location id="cli-ban-{n:0200}" rsc="web"/>' for n in range(HELD_MAX // 200))
    full = CIB.replace("<constraints/>", f"<constraints>{''.join(bans)}</constraints>")
    assert may("operator", change(SWITCHES[1]), full) is not None
    assert may("operator", change(Edit("remove", f"cli-ban-{7:0200}")), full) is None


SENSELESS = [
    Edit("set", target="n1", name="a b", value="x"),
    Edit("set", target="n1", name="a", value="\x01"),
    Edit("set", target="n1", name="xmlns", value="urn:x"),
    Edit("explode"),
]


@pytest.mark.parametrize("edit", SENSELESS)
@pytest.mark.parametrize("role", ["viewer", "operator", "fencer"])
def test_what_is_no_change_at_all_is_refused_in_words(role: str, edit: Edit) -> None:
    assert may(role, change(edit), CIB) is not None


def test_orders_of_several_do_not_nest() -> None:
    inner = VOCABULARY.pack(OrderGiven((b"\xc1",)))
    assert may("admin", OrderGiven((inner,)), CIB) is not None


def test_a_switch_beside_a_change_is_a_change() -> None:
    assert may("operator", change(SWITCHES[0], CHANGES[0]), CIB) is not None


@pytest.mark.parametrize(
    "said",
    ['id="zz" uname="n1"', 'id="ghost" uname="ghost"', 'id="r1" uname="n1"',
     'id="r1" uname="r1" description="x"'],
)  # fmt: skip
def test_an_operator_makes_no_nodes_up(said: str) -> None:
    """An entry for switches is that of a remote node that there is, and says nothing else."""
    remote = '<primitive id="r1" class="ocf" provider="pacemaker" type="remote"/>'
    cib = CIB.replace("<resources>", f"<resources>{remote}")
    assert remote in cib
    assert may("operator", change(Edit("put", "nodes/", f'<node type="remote" {said}/>')), cib)
    entry = Edit("put", "nodes/", '<node id="r1" type="remote" uname="r1"/>')
    assert may("operator", change(entry), cib) is None


def test_viewers_order_nothing() -> None:
    assert may("viewer", HistoryCleared("web"), CIB) is not None
    assert may("viewer", change(SWITCHES[0]), CIB) == (
        "role 'viewer' may not change the configuration in this way; "
        "it takes 'operator' to move and to switch, else 'admin'"
    )


def test_fencing_takes_a_fencer_or_an_admin() -> None:
    intent = FencingIntended("r", "n1", 1, "reboot", "by hand")
    assert may("fencer", intent, CIB) is None
    assert may("admin", intent, CIB) is None
    assert may("operator", intent, CIB) == "role 'operator' may not fence a node; it takes 'fencer'"
    assert may("operator", AttributeSet("n1", "terminate", "true"), CIB) is not None
    assert may("operator", AttributeSet("n1", "ping", "100"), CIB) is None


@pytest.mark.parametrize("name", ["fail-count-d#monitor_0", "last-failure-d#start_0", "#node-x"])
def test_what_is_the_clusters_own_no_operator_sets(name: str) -> None:
    assert may("operator", AttributeSet("n1", name, "abc"), CIB) is not None
    assert may("operator", AttributeSet("n1", "#health-disk", "red"), CIB) is None


def test_an_operators_word_is_no_power_status() -> None:
    assert may("admin", FencingConfirmed("r", "n1", 1, "power-verified"), CIB) is not None
    assert may("admin", FencingConfirmed("r", "n1", 1, "operator"), CIB) is None


def test_facts_are_not_for_anybody_to_order() -> None:
    assert may("admin", Alarm("x", "y"), CIB) is not None
