"""A resource that waits for a fencing says so, in its row and in its detail; no other does."""

from __future__ import annotations

from hatui.cluster.ahead import ahead
from hatui.cluster.detail import detail
from hatui.cluster.fork import fork
from hatui.cluster.glance import glance
from hatui.cluster.items import Item
from hatui.cluster.moment import Moment
from hatui.cluster.resource_tree import resource_tree
from hatui.cluster.spans import text_of
from hatui.cluster.whatif import look_at
from tests.console.feed import Cluster, healthy


def waiting() -> Cluster:
    """backup ran on n1, which is lost; the DC has decided, and fences."""
    cluster = healthy()
    for name in ("n2", "n3"):
        cluster.ran("backup", "stop", name)
    cluster.ran("backup", "stop", "n1")
    cluster.lose("n1")
    cluster.intend("n1")
    cluster.begin()
    return cluster


def row(moment: Moment, name: str) -> Item:
    found = [one for one in resource_tree(moment) if one.name == name]
    return next(iter(found))


def test_what_waits_for_a_fencing() -> None:
    cluster = waiting()
    assert ahead(cluster.state)["backup"].endswith("once n1 is fenced")
    moment = look_at(cluster.state, cluster.now)
    item = row(moment, "backup")
    assert text_of(item.note).startswith("starts on n")
    lines = [text_of(line) for line in detail(moment, item, 60)]
    assert any(line.endswith("once n1 is fenced") for line in lines)
    assert "where it may run" in lines
    clone = row(moment, "db-clone")
    assert not any("once n1" in text_of(child.note) for child in clone.children)


def test_what_may_still_run_on_a_lost_node_says_it_too() -> None:
    cluster = healthy()
    cluster.lose("n1")
    cluster.intend("n1")
    cluster.begin()
    moment = look_at(cluster.state, cluster.now)
    front = row(moment, "front")
    web = next(child for child in front.children if child.name == "web")
    said = text_of(web.note)
    assert "n1 lost: may still run there" in said
    assert said.endswith("once n1 is fenced")
    assert any(text_of(line).endswith("once n1 is fenced") for line in detail(moment, web, 60))


def test_it_is_no_longer_said_once_it_is_fenced() -> None:
    cluster = waiting()
    moment = look_at(fork(cluster.state), cluster.now)
    cluster.fence("n1")
    assert ahead(cluster.state) == {}
    seen = glance(moment, fork(cluster.state), cluster.now)
    if seen is None:  # a fencing changes more than resources: then all is looked at
        seen = look_at(fork(cluster.state), cluster.now)
    assert "fenced" not in text_of(row(seen, "backup").note)
