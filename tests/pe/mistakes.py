"""Mistakes that people make in a CIB: what to put where, and which words must answer it."""

from __future__ import annotations

from typing import NamedTuple

CIB = """\
<cib validate-with="pacemaker-3.9" admin_epoch="0" epoch="1" num_updates="0" have-quorum="1">
<configuration>
<crm_config><cluster_property_set id="opts">
<nvpair id="o1" name="stonith-enabled" value="false"/>{options}
</cluster_property_set></crm_config>
<nodes><node id="1" uname="n1"/><node id="2" uname="n2"/>{nodes}</nodes>
<resources>
<primitive id="a" class="ocf" provider="pacemaker" type="Dummy">{a}</primitive>
<primitive id="b" class="ocf" provider="pacemaker" type="Dummy"/>
<clone id="c"><primitive id="ci" class="ocf" provider="pacemaker" type="Dummy"/></clone>
{resources}
</resources>
<constraints>{constraints}</constraints>{more}
</configuration>
<status>
<node_state id="1" uname="n1" in_ccm="true" crmd="online" join="member" expected="member">
<lrm id="1"><lrm_resources>{history}</lrm_resources></lrm>{attributes}</node_state>
<node_state id="2" uname="n2" in_ccm="true" crmd="online" join="member" expected="member"/>
{states}
</status></cib>
"""
SLOTS = (
    *("options", "nodes", "a", "resources", "constraints", "more"),
    *("history", "attributes", "states"),
)


class Mistake(NamedTuple):
    """`says` is among the warnings, or empty where Pacemaker tolerates it without a word."""

    name: str
    slot: str
    xml: str
    says: str

    def cib(self) -> str:
        return CIB.format(**{slot: self.xml if slot == self.slot else "" for slot in SLOTS})


def dated(inner: str) -> str:
    """A location with a rule that speaks of time."""
    rule = f'<rule id="r" score="5"><date_expression id="d" {inner}</rule>'
    return f'<rsc_location id="l" rsc="a">{rule}</rsc_location>'


def ruled(inner: str) -> str:
    return f'<rsc_location id="l" rsc="a"><rule id="r" score="5">{inner}</rule></rsc_location>'


def located(rest: str) -> str:
    return f'<rsc_location id="l" rsc="a" {rest}/>'


def together(rest: str) -> str:
    return f'<rsc_colocation id="k" {rest}/>'


def order(rest: str) -> str:
    return f'<rsc_order id="o" {rest}/>'


def meta(name: str, value: str) -> str:
    return (
        f'<meta_attributes id="m"><nvpair id="m1" name="{name}" value="{value}"/></meta_attributes>'
    )


def operation(rest: str) -> str:
    return f'<operations><op id="op1" {rest}/></operations>'


def option(name: str, value: str) -> str:
    return f'<nvpair id="o2" name="{name}" value="{value}"/>'


def primitive(rest: str) -> str:
    return f'<primitive id="x" {rest}/>'


def clone(inner: str) -> str:
    return f'<clone id="k">{inner}</clone>'


def result(**changed: str) -> str:
    """The result of a start of `a` on n1, as nobody would write it."""
    said = {
        "operation": "start",
        "operation_key": "a_start_0",
        "call-id": "1",
        "rc-code": "0",
        "op-status": "0",
        "interval": "0",
        "transition-key": "1:1:0:u",
        "last-rc-change": "1700000000",
        **{name.replace("_", "-"): value for name, value in changed.items()},
    }
    words = " ".join(f'{name}="{value}"' for name, value in said.items())
    return (
        '<lrm_resource id="a" class="ocf" provider="pacemaker" type="Dummy">'
        f'<lrm_rsc_op id="a_last_0" {words}/></lrm_resource>'
    )


DUMMY = 'class="ocf" provider="pacemaker" type="Dummy"'
MEMBER = 'in_ccm="true" crmd="online" join="member" expected="member"'
DEEP = "".join(f'<rule id="r{n}" score="5">' for n in range(40)) + "</rule>" * 40
LONG = "9" * 5000

MISTAKES = (
    # contradictions
    Mistake(
        "order-circle",
        "constraints",
        order('first="a" then="b"') + '<rsc_order id="o3" first="b" then="a"/>',
        "orderings contradict each other",
    ),
    Mistake("order-itself", "constraints", order('first="a" then="a"'), '"a" before itself'),
    Mistake(
        "colocation-contradiction",
        "constraints",
        together('rsc="a" with-rsc="b" score="INFINITY"')
        + '<rsc_colocation id="k2" rsc="b" with-rsc="a" score="-INFINITY"/>',
        'colocations "k" and "k2" contradict each other',
    ),
    Mistake(
        "colocation-itself",
        "constraints",
        together('rsc="a" with-rsc="a" score="INFINITY"'),
        'joins "a" to itself',
    ),
    Mistake("tag-circle", "more", '<tags><tag id="T"><obj_ref id="T"/></tag></tags>', ""),
    Mistake(
        "template-circle",
        "resources",
        f'<template id="t" template="t" {DUMMY}/>' + primitive('template="t"'),
        "",
    ),
    # unknown references
    Mistake("order-unknown", "constraints", order('first="ghost" then="b"'), '"o" names "ghost"'),
    Mistake(
        "colocation-unknown",
        "constraints",
        together('rsc="a" with-rsc="ghost" score="5"'),
        '"k" names "ghost", which is no resource',
    ),
    Mistake(
        "location-unknown",
        "constraints",
        '<rsc_location id="l" rsc="ghost" node="n1" score="5"/>',
        '"l" names "ghost", which is no resource',
    ),
    Mistake(
        "node-unknown",
        "constraints",
        located('node="mars" score="5"'),
        '"l" names "mars", which is no node',
    ),
    Mistake(
        "set-unknown",
        "constraints",
        '<rsc_order id="o"><resource_set id="s">'
        '<resource_ref id="ghost"/></resource_set></rsc_order>',
        'resource set "s" of "o"',
    ),
    Mistake(
        "ticket-unknown",
        "constraints",
        '<rsc_ticket id="t" ticket="T" rsc="ghost" loss-policy="stop"/>',
        'ticket constraint "t" names "ghost"',
    ),
    Mistake("template-unknown", "resources", primitive('template="ghost"'), '"ghost" of "x"'),
    Mistake(
        "rule-unknown", "constraints", ruled("").replace('id="r" score="5"', 'id-ref="no"'), "no"
    ),
    Mistake("meta-unknown", "a", '<meta_attributes id-ref="ghost"/>', 'id-ref="ghost" names no'),
    Mistake("container-unknown", "a", meta("container", "ghost"), 'container="ghost" of "a"'),
    Mistake(
        "device-unknown",
        "more",
        '<fencing-topology><fencing-level id="f" target="n1" index="1" devices="ghost"/>'
        "</fencing-topology>",
        'fencing level "f" names "ghost"',
    ),
    Mistake("state-unknown", "states", f'<node_state id="77" uname="mars" {MEMBER}/>', '"mars"'),
    Mistake("remote-is-node", "a", meta("remote-node", "n2"), ""),
    Mistake("remote-is-itself", "a", meta("remote-node", "a"), ""),
    # impossible scores
    Mistake("score-words", "constraints", located('node="n1" score="much"'), 'score="much"'),
    Mistake("score-huge", "constraints", located(f'node="n1" score="{LONG}"'), "is no score"),
    Mistake("score-none", "constraints", located('node="n1"'), '"l" (line 13) has no score'),
    Mistake(
        "score-float",
        "constraints",
        together('rsc="a" with-rsc="b" score="1e5"'),
        'score="1e5" is no score',
    ),
    Mistake("stickiness-words", "a", meta("resource-stickiness", "lots"), '"lots" is no score'),
    Mistake(
        "count-words", "resources", clone(meta("clone-max", "many") + primitive(DUMMY)), "many"
    ),
    Mistake(
        "count-huge",
        "resources",
        clone(meta("clone-max", "99999999") + primitive(DUMMY)),
        "clone-max is more than 1000",
    ),
    Mistake(
        "replicas-huge",
        "resources",
        f'<bundle id="bu"><docker image="i" replicas="{LONG}"/></bundle>',
        "",
    ),
    # dates
    Mistake("date-none", "constraints", dated('operation="gt" start="2024-13-45"/>'), "2024-13-45"),
    Mistake("date-far", "constraints", dated('operation="lt" end="99999-01-01"/>'), "1 to 9999"),
    Mistake("date-empty", "constraints", dated('operation="in_range"/>'), "neither start nor end"),
    Mistake(
        "date-backwards",
        "constraints",
        dated('operation="in_range" start="2030-01-01" end="2020-01-01"/>'),
        "the end is before the start",
    ),
    Mistake(
        "duration-huge",
        "constraints",
        dated(
            'operation="in_range" start="2020-01-01">'
            f'<duration id="u" years="{LONG}"/></date_expression>'
        ),
        "is no number",
    ),
    Mistake(
        "spec-words",
        "constraints",
        dated('operation="date_spec"><date_spec id="s" weekdays="x"/></date_expression>'),
        'weekdays="x"',
    ),
    # words
    Mistake("kind", "constraints", order('first="a" then="b" kind="Perhaps"'), 'kind="Perhaps"'),
    Mistake("action", "constraints", order('first="a" then="b" first-action="dance"'), '"dance"'),
    Mistake(
        "role",
        "constraints",
        together('rsc="a" with-rsc="b" rsc-role="King" score="5"'),
        'rsc-role="King"',
    ),
    Mistake(
        "policy",
        "constraints",
        '<rsc_ticket id="t" ticket="T" rsc="a" loss-policy="cry"/>',
        'loss-policy="cry"',
    ),
    Mistake("option", "options", option("no-quorum-policy", "panic"), '"panic" means nothing'),
    Mistake("truth", "options", option("symmetric-cluster", "maybe"), '"maybe" means nothing'),
    Mistake("span", "options", option("cluster-recheck-interval", "-5 bananas"), "no span of time"),
    Mistake("strategy", "options", option("placement-strategy", "random"), '"random"'),
    Mistake("target-role", "a", meta("target-role", "Dancing"), '"Dancing"'),
    Mistake("interval", "a", operation('name="monitor" interval="soon"'), 'interval="soon"'),
    Mistake("interval-negative", "a", operation('name="monitor" interval="-10s"'), '"-10s"'),
    Mistake("interval-huge", "a", operation(f'name="monitor" interval="{LONG}s"'), ""),
    Mistake("on-fail", "a", operation('name="monitor" interval="9s" on-fail="x"'), 'on-fail="x"'),
    Mistake("operation-nameless", "a", operation('interval="9s"'), "has no name"),
    Mistake(
        "expression", "constraints", ruled('<expression id="e" attribute="x" operation="~"/>'), "~"
    ),
    # structure
    Mistake("pattern", "constraints", located('rsc-pattern="((" node="n1" score="5"'), "pattern"),
    Mistake(
        "pattern-for-ever",
        "constraints",
        '<rsc_location id="l" rsc-pattern="^(a+)+$" node="n1" score="5"/>',
        "can take for ever",
    ),
    Mistake("rule-empty", "constraints", ruled(""), "has no conditions"),
    Mistake(
        "rule-deep", "constraints", f'<rsc_location id="l" rsc="a">{DEEP}</rsc_location>', "r39"
    ),
    Mistake(
        "set-empty", "constraints", '<rsc_order id="o"><resource_set id="s"/></rsc_order>', "empty"
    ),
    Mistake("twice", "resources", f'<primitive id="a" {DUMMY}/>', "configured twice"),
    Mistake("nameless", "resources", f"<primitive {DUMMY}/>", "no id; give it one"),
    Mistake("agentless", "resources", primitive('class="ocf"'), "names no agent"),
    Mistake("group-empty", "resources", '<group id="g"/>', "a group without members"),
    Mistake("clone-empty", "resources", clone(""), "a clone without"),
    Mistake("clone-of-clone", "resources", clone(clone(primitive(DUMMY))), "a clone without"),
    Mistake("bundle-empty", "resources", '<bundle id="bu"/>', "without docker or podman"),
    Mistake("node-nameless", "nodes", '<node id="3"/>', ""),
    Mistake("node-twice", "nodes", '<node id="1" uname="n1"/>', ""),
    Mistake("element", "constraints", '<rsc_wish id="w" rsc="a"/>', "not a kind of constraint"),
    # status, which nobody writes by hand
    Mistake("result-code", "history", result(rc_code="forty"), ""),
    Mistake("result-call", "history", result(call_id=LONG), ""),
    Mistake("result-time", "history", result(last_rc_change=LONG), ""),
    Mistake("result-interval", "history", result(interval="-1"), ""),
    Mistake("result-key", "history", result(transition_key=f"1:{LONG}:x:y"), ""),
    Mistake("result-task", "history", result(operation="dance"), ""),
    Mistake("state-nameless", "states", "<node_state/>", ""),
    Mistake("state-twice", "states", f'<node_state id="2" uname="n2" {MEMBER}/>', ""),
)
