"""Resources of every class and kind, beside those that every cluster here has: what they are
configured like, and what their agents say of themselves."""

from __future__ import annotations

from random import Random
from typing import NamedTuple

CHATTERBOX = "Ping"
LEGACY = "Vm"
DESCRIPTION = b"""<resource-agent name="any"><version>1.1</version><parameters>
<parameter name="state"><content type="string"/></parameter>
<parameter name="fake" reloadable="1"><content type="string"/></parameter></parameters>
<actions><action name="reload-agent" timeout="5s"/></actions></resource-agent>"""
DESCRIPTIONS = {
    LEGACY: b"""<resource-agent name="Vm" version="1.0"><parameters>
<parameter name="state" unique="1"><content type="string"/></parameter>
<parameter name="fake" unique="0"><content type="string"/></parameter></parameters>
<actions><action name="reload" timeout="5s"/></actions></resource-agent>""",
    CHATTERBOX: b"Usage: Ping {start|stop}\n<resource",
}
MIGRATES = "vm"
_AGENTS = (
    ("unit", 'class="systemd" type="daemon"'),
    ("script", 'class="lsb" type="daemon"'),
    ("either", 'class="service" type="daemon"'),
    ("old", 'class="heartbeat" type="Daemon"'),
    ("ping", f'class="ocf" provider="hanode" type="{CHATTERBOX}"'),
)
_UNFIT = (
    ("absent", 'class="ocf" provider="hanode" type="Absent"'),
    ("nameless", 'class="ocf" provider="hanode" type="-x/y"'),
    ("wrong", 'class="heartbeat" type="Daemon"'),
)
"""What can't run anywhere: not installed, no agent's name, parameters that its class has not."""
GIVEN = ("old", "wrong")
"""Whose parameters are called 1, 2, 3."""
_ON_FAIL = ("restart", "restart", "ignore", "block", "stop", "standby", "fence")


Pairs = list[tuple[str, str]]


class Zoo(NamedTuple):
    names: tuple[str, ...]
    resources: str
    absent: frozenset[str]


def draw(random: Random, isolable: bool, clocks_agree: bool) -> Zoo:
    """A virtual machine that migrates, two of other classes, and perhaps one that can't run. (A
    failure-timeout compares the clocks of two nodes: it is only for those that agree.)"""
    chosen = [*random.sample(_AGENTS, 2), *([random.choice(_UNFIT)] * (random.random() < 0.4))]
    kind = f'class="ocf" provider="hanode" type="{LEGACY}"'
    common = [("exclusivity", "network")] * isolable
    forgets = (("failure-timeout", "10s"),) * clocks_agree
    made = [_primitive(random, MIGRATES, kind, [*common, ("allow-migrate", "true")], forgets)]
    made += [_primitive(random, name, kind, common, forgets) for name, kind in chosen]
    names = (MIGRATES, *(name for name, _ in chosen))
    return Zoo(names, "".join(made), frozenset({"Absent"}))


def _primitive(
    random: Random, name: str, kind: str, given: Pairs, perhaps: tuple[tuple[str, str], ...]
) -> str:
    meta = [*given]
    for pair in (("migration-threshold", "2"), *perhaps):
        meta += [pair] * (random.random() < 0.3)
    pairs = "".join(f'<nvpair id="{name}-{n}" name="{n}" value="{v}"/>' for n, v in meta)
    wrong = '<nvpair id="wrong-ip" name="ip" value="1"/>' if name == "wrong" else ""
    return (
        f'<primitive id="{name}" {kind}><meta_attributes id="{name}-m">{pairs}</meta_attributes>'
        f'<instance_attributes id="{name}-params">{wrong}</instance_attributes>'
        f"<operations>{_operations(random, name)}</operations></primitive>"
    )


def _operations(random: Random, name: str) -> str:
    interval = random.choice((2, 5, 10))
    on_fail = random.choice(_ON_FAIL)
    words = [f'<op id="{name}-mon" name="monitor" interval="{interval}s" timeout="2s"'
             f' on-fail="{on_fail}" start-delay="{random.choice((0, 3))}s"/>']  # fmt: skip
    if random.random() < 0.1:
        words.append(f'<op id="{name}-loop" name="monitor" interval="5ms" timeout="2s"/>')
    words += [
        f'<op id="{name}-{task}" name="{task}" interval="0s" timeout="4s" record-pending="true"/>'
        for task in ("start", "stop", "migrate_to", "migrate_from")
    ]
    return "".join(words)


def chatter(random: Random) -> tuple[str, str | None, float]:
    """An attribute that an agent sets: name, value, dampening."""
    kind = random.randrange(8)
    if kind < 4:
        return "pingd", str(random.randint(0, 2)), random.choice((0.0, 3.0))
    if kind == 4:
        return "pingd", None, 0.0
    if kind == 5:
        return "not a name", "1", 0.0
    if kind == 6:
        return "pingd", random.choice(("\x1b[2J", "x" * 5000)), 0.0
    return f"measured-{random.randrange(40)}", "1", 0.0
