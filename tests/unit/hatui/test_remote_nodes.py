"""A remote node is a node like any other, though no member."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hanode.state.records import NodeRecord
from hatui.cluster.detail import detail
from hatui.cluster.items import Item, find
from hatui.cluster.ledger import Ledger
from hatui.cluster.order import Order
from hatui.cluster.pace import pace_of
from hatui.cluster.resource_tree import resource_tree
from hatui.cluster.spans import text_of
from hatui.cluster.whatif import look_at
from hatui.commandline import read
from hatui.deeds import fitting
from tests.console.feed import healthy


def test_what_a_remote_node_did_is_told_too() -> None:
    cluster = healthy()
    state = cluster.state
    record = state.nodes["n1"]
    state.remotes["far"] = NodeRecord("far", history={"backup": {
        key: replace(done, node="far", resource="backup", exec_ms=77_000)
        for key, done in record.history["web"].items()
    }})  # fmt: skip
    for node in state.nodes.values():
        node.history.pop("backup", None)
    moment = look_at(state, cluster.now)
    item = find(resource_tree(moment), "backup")
    told = "\n".join(text_of(line) for line in detail(moment, item, 80))
    assert "far" in told
    assert pace_of(Ledger(), state)("start", "backup") == pytest.approx(77.0)


def test_a_remote_node_is_a_node_to_be_ordered_about() -> None:
    cluster = healthy()
    cluster.state.remotes["far"] = NodeRecord("far", boot=1, present=True, reported=1)
    moment = look_at(cluster.state, cluster.now)
    order = read("standby far", moment)
    assert isinstance(order, Order)
    item = Item("far", "far", "node", node="far")
    no = {one.id: why for one, why in fitting(moment, item)}
    assert no["confirm"] == "it is online, so it is not down"
    assert no["leave"] == no["whatif-lost"] == "it is a remote node, and no member"


def test_a_remote_node_and_its_connection_are_marked_one_by_one() -> None:
    """They bear one name, and stand in two views."""
    node, connection = Item("far", "far", "node"), Item("far", "far", "resource", resource="far")
    assert node.mark_key != connection.mark_key
