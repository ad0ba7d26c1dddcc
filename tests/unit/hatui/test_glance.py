"""A glance at what is new shows what a look at everything would."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from hatui.cluster.fork import fork
from hatui.cluster.glance import glance
from hatui.cluster.moment import Moment
from hatui.cluster.resource_tree import resource_tree
from hatui.cluster.whatif import look_at
from tests.console.feed import Cluster, healthy

NODES = ("n1", "n2", "n3")
RESOURCES = ("front-ip", "web", "backup", "ping", "db", "fence-n1")


def _something(cluster: Cluster, chance: random.Random) -> None:
    """One resource does something somewhere, well or badly."""
    resource, node = chance.choice(RESOURCES), chance.choice(NODES)
    if chance.random() < 0.2:
        cluster.fail(resource, node, "it died", chance.choice((1, 5, 7)))
    else:
        cluster.ran(resource, chance.choice(("start", "stop", "monitor")), node)


def _same(one: Moment, other: Moment) -> None:
    assert one.cib == other.cib
    assert one.overview.resources == other.overview.resources
    assert resource_tree(one) == resource_tree(other)
    assert one.views == other.views
    assert sorted(map(repr, one.overview.failures)) == sorted(map(repr, other.overview.failures))
    for mine, whole in zip(one.overview.nodes, other.overview.nodes, strict=True):
        assert sorted(mine.resources) == sorted(whole.resources)
        assert replace(mine, resources=()) == replace(whole, resources=())


@pytest.mark.parametrize("seed", range(30))
def test_glances_see_what_whole_looks_see(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hatui.cluster.glance.PART", 1)  # a small cluster's share is large
    chance, cluster, glanced = random.Random(seed), healthy(), 0
    moment = look_at(fork(cluster.state), cluster.now)
    for _ in range(25):
        resource_tree(moment)
        for _ in range(chance.randint(1, 3)):
            _something(cluster, chance)
        whole = look_at(fork(cluster.state), cluster.now)
        seen = glance(moment, fork(cluster.state), cluster.now)
        if seen is not None:
            glanced += 1
            _same(seen, whole)
        moment = seen or whole
    assert glanced


def test_a_lost_node_takes_a_whole_look() -> None:
    cluster = healthy()
    moment = look_at(fork(cluster.state), cluster.now)
    cluster.lose("n3")
    assert glance(moment, fork(cluster.state), cluster.now) is None


def test_many_changes_take_a_whole_look() -> None:
    cluster = healthy()
    moment = look_at(fork(cluster.state), cluster.now)
    for resource in RESOURCES:
        cluster.ran(resource, "start", "n2")
    assert glance(moment, fork(cluster.state), cluster.now) is None
