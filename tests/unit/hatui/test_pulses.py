"""Telemetry that makes no sense stops no screen."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hanode.mgmt.protocol import Pulse
from hatui.cluster.beliefs import Word, beliefs
from hatui.cluster.detail import detail
from hatui.cluster.header import header
from hatui.cluster.scene import Scene
from hatui.cluster.whatif import look_at
from hatui.cluster.wire import Wire
from hatui.link.pulses import sane
from hatui.views import VIEWS
from tests.console.feed import healthy, pulse_of

GARBAGE: tuple[object, ...] = (
    "x",
    -1,
    float("nan"),
    float("inf"),
    10**400,
    None,
    [],
    {},
    ["x", 7],
    b"\x9b",
)


@pytest.mark.parametrize("bad", GARBAGE, ids=range(len(GARBAGE)))
def test_a_pulse_of_nonsense_is_drawn_all_the_same(bad: object) -> None:
    cluster = healthy()
    names = ("heard", "rtt_ms", "loss", "links", "dc", "term", "index", "hears", "view", "disk")
    peers = {"n2": dict.fromkeys(names, bad), "n3": dict.fromkeys(names, bad)}
    running = (dict.fromkeys(("id", "task", "node", "resource", "since"), bad),)
    pulse: Pulse = sane(replace(pulse_of(cluster, "n1"), peers=peers, running=running))
    moment = replace(look_at(cluster.state, cluster.now), pulse=pulse)
    scene = Scene(moment, wire=Wire("n1"), around={"n2": Word("n2", replace(pulse, node="n2"))})
    for view in VIEWS:
        for item in view.items(scene):
            detail(moment, item, 60)
        view.count(scene)
    header(moment, Wire("n1"), 100)
    beliefs(moment, scene.around)
