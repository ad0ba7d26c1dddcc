"""The fence devices of a seed, as people configure them: named by list, map or the device itself,
in levels by name, pattern or attribute; some that are no good, and one at the end that is."""

from __future__ import annotations

from collections.abc import Iterable
from random import Random
from typing import NamedTuple

OUTLET = "outlet-"
"""What a plug is called where a device has names of its own."""
WRONG_WAY = "wrong"
"""Nobody may ever ask on it: parameters that a rule gives, devices that are to be stopped."""
BLIND_WAY = "blind"
"""A device that lists none of our plugs."""
SLOW_WAY = "slow"
"""What it says that it did, it does a little later."""
FEEDS = ("a", "b")
"""A machine with two power supplies has power until both are off."""


class Park(NamedTuple):
    nodes: str
    first: str
    """Parameters of the device that works, which is called `power`."""
    devices: str
    topology: str
    absent: frozenset[str]
    """Agents that aren't installed anywhere."""


def draw(random: Random, names: list[str], agent: str, levels: bool = True) -> Park:
    """`levels`: the topology may say which device comes first; else their priority does."""
    plot = _Plot(random, names, agent)
    manner = random.choice(("priority", *_TARGETS)) if levels else "priority"
    able = sorted(kind for kind in _KINDS if kind != "feeds" or manner != "priority")
    levelled = [_KINDS[kind](plot) for kind in random.sample(able, random.randint(1, 3))]
    topology = "" if manner == "priority" else _topology(manner, names, [*levelled, ("power",)])
    nodes = "".join(_node(number, name) for number, name in enumerate(names, 1))
    return Park(
        nodes if manner == "attribute" else "", _named(plot, "power"), "".join(plot.made),
        topology, frozenset({"fence_absent"}),
    )  # fmt: skip


class _Plot:
    def __init__(self, random: Random, names: list[str], agent: str) -> None:
        self.random = random
        self.names = names
        self.agent = agent
        self.made: list[str] = []

    def device(
        self, name: str, given: str = "", agent: str = "", meta: str = "", priority: int = 5
    ) -> None:
        """One more; `given` in place of what says whom it fences."""
        sets = (
            f'<meta_attributes id="{name}-meta">{_pair(name, "priority", str(priority))}{meta}'
            f'</meta_attributes><instance_attributes id="{name}-ia" score="INFINITY">'
            f"{given or _named(self, name)}</instance_attributes>{_by_the_hour(name)}"
        )
        kind = f'class="stonith" type="{agent or self.agent}"'
        device = f'<primitive id="{name}" {kind}>{sets}</primitive>'
        manner = self.random.choice(("plain", "plain", "template", "clone"))
        if manner == "template":
            device = (
                f'<template id="{name}-tpl" {kind}>{sets}</template>'
                f'<primitive id="{name}" template="{name}-tpl"/>'
            )
        elif manner == "clone":
            device = f'<clone id="{name}-clone">{device}</clone>'
        self.made.append(device)


def _by_the_hour(name: str) -> str:
    """Parameters that a rule gives: what fences must not depend on it."""
    hour = f'<date_expression id="{name}-d" operation="gt" start="2000-01-01"/>'
    rule = f'<rule id="{name}-r" score="0">{hour}</rule>'
    way = f'<nvpair id="{name}-hour-way" name="way" value="{WRONG_WAY}"/>'
    return f'<instance_attributes id="{name}-hour" score="10">{rule}{way}</instance_attributes>'


def _pair(of: str, name: str, value: str) -> str:
    return f'<nvpair id="{of}-{name}" name="{name}" value="{value}"/>'


def _named(plot: _Plot, name: str) -> str:
    """How a device says whom it fences."""
    each = plot.names
    host_map = ";".join(f"{node}:{OUTLET}{node}" for node in each)
    return plot.random.choice((
        _pair(name, "pcmk_host_list", " ".join(each)),
        _pair(name, "pcmk_host_map", host_map),
        _pair(name, "pcmk_host_map", host_map) + _pair(name, "pcmk_host_check", "static-list"),
        _pair(name, "pcmk_host_check", "dynamic-list"),
        _pair(name, "pcmk_host_check", "status"),
        _pair(name, "pcmk_host_check", "none"),
        "",
    ))  # fmt: skip


def _feeds(plot: _Plot) -> tuple[str, ...]:
    """Two power strips, both of which must be off."""
    for feed in FEEDS:
        name = f"feed-{feed}"
        plot.device(name, _named(plot, name) + _pair(name, "feed", feed), priority=-5)
    return tuple(f"feed-{feed}" for feed in FEEDS)


def _absent(plot: _Plot) -> tuple[str, ...]:
    plot.device("gone", agent="fence_absent")
    return ("gone",)


def _plugin(plot: _Plot) -> tuple[str, ...]:
    """Of cluster-glue: it can't be asked what it did."""
    plot.device("glue", agent="external/strip")
    return ("glue",)


def _no_name(plot: _Plot) -> tuple[str, ...]:
    plot.device("odd", agent="-fence/switch")
    return ("odd",)


def _broken_line(plot: _Plot) -> tuple[str, ...]:
    """A parameter that can't be said to an agent."""
    plot.device("lines", _named(plot, "lines") + _pair("lines", "login", "admin&#10;action=on"))
    return ("lines",)


def _blind(plot: _Plot) -> tuple[str, ...]:
    check = _pair("blind", "pcmk_host_check", "dynamic-list")
    plot.device("blind", check + _pair("blind", "way", BLIND_WAY))
    return ("blind",)


def _slow(plot: _Plot) -> tuple[str, ...]:
    plot.device("slow", _named(plot, "slow") + _pair("slow", "way", SLOW_WAY))
    return ("slow",)


def _hasty(plot: _Plot) -> tuple[str, ...]:
    """Little patience, more tries, a delay for some."""
    base = ";".join(f"{name}:{number}s" for number, name in enumerate(plot.names))
    pairs = (
        ("pcmk_reboot_timeout", "1s"), ("pcmk_off_retries", "3"), ("pcmk_delay_base", base),
        ("pcmk_delay_max", "3s"), ("pcmk_status_action", "monitor-plug"),
    )  # fmt: skip
    plot.device("hasty", _named(plot, "hasty") + "".join(_pair("hasty", *p) for p in pairs))
    return ("hasty",)


def _stays_off(plot: _Plot) -> tuple[str, ...]:
    """A reboot by it is an off."""
    plot.device("stays", _named(plot, "stays") + _pair("stays", "pcmk_reboot_action", "off"))
    return ("stays",)


def _stopped(plot: _Plot) -> tuple[str, ...]:
    """It is configured, and not to be used."""
    stopped = _pair("idle", "target-role", "Stopped")
    plot.device("idle", _named(plot, "idle") + _pair("idle", "way", WRONG_WAY), meta=stopped)
    return ("idle",)


_KINDS = {
    "feeds": _feeds, "absent": _absent, "plugin": _plugin, "no name": _no_name,
    "broken line": _broken_line, "blind": _blind, "slow": _slow, "hasty": _hasty,
    "stays off": _stays_off, "stopped": _stopped,
}  # fmt: skip
_TARGETS = {
    "name": 'target="{0}"',
    "pattern": 'target-pattern="^{0}$"',
    "attribute": 'target-attribute="rack" target-value="of-{0}"',
}


def _topology(manner: str, names: Iterable[str], levels: list[tuple[str, ...]]) -> str:
    """(And a level for a pattern that is none, and one of a device that there isn't.)"""
    found = [
        f'<fencing-level id="l-{name}-{index}" {_TARGETS[manner].format(name)} index="{index}"'
        f' devices="{",".join(devices)}"/>'
        for name in names
        for index, devices in enumerate([("nowhere", "power"), *levels], 1)
    ]
    found.append('<fencing-level id="l-no" target-pattern="n[" index="1" devices="power"/>')
    return f"<fencing-topology>{''.join(found)}</fencing-topology>"


def _node(number: int, name: str) -> str:
    return (
        f'<node id="{number}" uname="{name}"><instance_attributes id="nodes-{name}">'
        f'<nvpair id="nodes-{name}-rack" name="rack" value="of-{name}"/>'
        "</instance_attributes></node>"
    )
