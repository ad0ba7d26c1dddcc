"""What is left to people: the PE decides it, and who brings an order once more must see it, too."""

from __future__ import annotations

import pytest

from hanode.cib.document import parse_configuration
from hanode.events import AttributeSet
from hanode.pe.unpack import unpack
from hanode.state import cib_of
from hanode.state.hands_off import HandsOff
from tests.unit.state.test_fold import Story


def meta(ident: str, rule: str = "", **pairs: str) -> str:
    if rule:
        rule = f'<rule id="r-{ident}" score="0">{rule}</rule>'
    nvpairs = "".join(
        f'<nvpair id="{ident}-{name}" name="{name.replace("_", "-")}" value="{value}"/>'
        for name, value in pairs.items()
    )
    return f'<meta_attributes id="{ident}">{rule}{nvpairs}</meta_attributes>'


def web(inside: str = "", more: str = 'class="ocf" provider="hanode" type="Dummy"') -> str:
    return f'<primitive id="web" {more}>{inside}</primitive>'


def option(name: str, value: str) -> str:
    pair = f'<nvpair id="o-1" name="{name}" value="{value}"/>'
    return f'<cluster_property_set id="o">{pair}</cluster_property_set>'


def cib(resources: str, options: str = "", defaults: str = "", node: str = "") -> str:
    return (
        f"<cib><configuration><crm_config>{options}</crm_config>"
        f'<nodes><node id="2" uname="n2">{node}</node></nodes>'
        f"<resources>{resources}</resources><constraints/>"
        f"<rsc_defaults>{defaults}</rsc_defaults></configuration></cib>"
    )


OFF, ON = meta("m", is_managed="false"), meta("m", is_managed="true")
GROUP_OFF = meta("g", is_managed="false")
TEMPLATE = f'<template id="t" class="ocf" provider="hanode" type="Dummy">{OFF}</template>'
LAST_YEAR = '<date_expression id="d" operation="lt" end="2001-01-01"/>'

THEIRS = {
    "unmanaged": cib(web(OFF)),
    "maintenance of it": cib(web(meta("m", maintenance="true"))),
    "of all": cib(web(), option("maintenance-mode", "true")),
    "by its group": cib(f'<group id="g">{GROUP_OFF}{web()}</group>'),
    "by its clone": cib(f'<clone id="c">{GROUP_OFF}<group id="g">{web()}</group></clone>'),
    "by its template": cib(TEMPLATE + web("", 'template="t"')),
    "by default": cib(web(), defaults=OFF),
    "by the default of old": cib(web(), option("is-managed-default", "false")),
}
OURS = {
    "said nothing": cib(web()),
    "its own word": cib(f'<group id="g">{GROUP_OFF}{web(ON)}</group>'),
    "over its template's": cib(TEMPLATE + web(meta("w", is_managed="true"), 'template="t"')),
    "over the default": cib(web(ON), defaults=meta("d", is_managed="false")),
    "over that of old": cib(web(ON), option("is-managed-default", "false")),
    "another's": cib(web() + web(OFF).replace('"web"', '"db"')),
}


def off(text: str, node: str = "n2") -> bool:
    story = Story()
    story.state.cib = text
    return HandsOff(story.state).of("web", node)


@pytest.mark.parametrize("name", [*THEIRS, *OURS])
def test_as_the_policy_engine_sees_it(name: str) -> None:
    text = {**THEIRS, **OURS}[name]
    story = Story()
    story.state.cib = text
    cluster = unpack(cib_of(story.state, parse_configuration(text.encode())), 1_782_000_000.0)
    (found,) = (r for top in cluster.resources for r in top.primitives() if "web" in r.id)
    assert found.managed is (name in OURS)
    assert off(text) is (name in THEIRS)


def test_what_a_rule_may_let_hold_counts_as_if_it_held() -> None:
    assert off(cib(web(meta("m", LAST_YEAR, is_managed="false") + meta("n", is_managed="true"))))
    assert off(cib(web(meta("m", LAST_YEAR, is_managed="true")), defaults=GROUP_OFF))


def test_a_node_in_maintenance() -> None:
    attributes = meta("a", maintenance="true").replace("meta_attributes", "instance_attributes")
    assert off(cib(web(), node=attributes))
    assert not off(cib(web(), node=attributes), "n3")


def test_a_node_in_maintenance_until_it_boots() -> None:
    story = Story()
    story.state.cib = cib(web())
    story.tell(AttributeSet("n2", "maintenance", "true"))
    assert HandsOff(story.state).of("web", "n2")
    assert not HandsOff(story.state).of("web", "n1")


def test_instances_and_containers_are_their_collectives() -> None:
    bundle = f'<bundle id="b">{GROUP_OFF}<podman image="i"/>{web()}</bundle>'
    story = Story()
    story.state.cib = cib(bundle)
    hands_off = HandsOff(story.state)
    assert all(hands_off.of(name, "n2") for name in ("web:0", "b-podman-1", "b-ip-10.0.0.1"))
    assert not hands_off.of("bb-podman-1", "n2")
