"""`hanode fence`: what devices do to a node, and letting a node in again."""

from __future__ import annotations

import json

from hanode.events import (
    AttributeSet,
    FencingConfirmed,
    FencingFailed,
    FencingIntended,
    UnfencingOrdered,
    ViewAgreed,
)
from hanode.state.proofs import UNFENCED
from tests.unit.cli.conftest import Capture, Hanode
from tests.unit.cli.node_double import NodeDouble


def test_what_cuts_off_is_told_from_what_switches_off(hanode: Hanode, capsys: Capture) -> None:
    assert hanode("fence create switch fence_elsewhere pcmk_host_list=n1 meta "
                  "provides=isolation,unfencing isolates=network,san") == 0  # fmt: skip
    capsys.readouterr()
    assert hanode("fence list --json") == 0
    strip, switch = json.loads(capsys.readouterr().out)
    assert (strip["effect"], strip["isolates"]) == ("power off", [])
    assert switch["effect"] == "isolation from network, san; unfencing"
    assert switch["isolates"] == ["network", "san"]
    assert hanode("fence list") == 0
    said = capsys.readouterr().out
    assert "isolation from network, san" in said
    assert "can't be fenced" not in said


def test_an_isolation_that_does_not_suffice_is_told(hanode: Hanode, capsys: Capture) -> None:
    assert hanode("fence update strip meta provides=isolation") == 0
    capsys.readouterr()
    assert hanode("fence list") == 0
    said = capsys.readouterr().out
    assert "n1 can't be fenced: strip can only cut it off from network" in said
    assert "web" in said


def test_a_disabled_device_says_so(hanode: Hanode, capsys: Capture) -> None:
    assert hanode("fence update strip meta target-role=Stopped") == 0
    capsys.readouterr()
    assert hanode("fence list --json") == 0
    assert json.loads(capsys.readouterr().out)[0]["effect"] == "disabled"


def isolating(node: NodeDouble, hanode: Hanode, capsys: Capture) -> None:
    assert hanode("fence update strip meta provides=isolation") == 0
    node.log.say(
        ViewAgreed((("n1", 1), ("n2", 1))),
        FencingConfirmed("", "n3", 1, "isolation-verified", "strip", "n2"),
        AttributeSet("n1", UNFENCED, "4"),
        AttributeSet("n2", UNFENCED, "4"),
    )
    capsys.readouterr()


def test_nothing_is_let_in_where_nothing_keeps_it_out(hanode: Hanode, capsys: Capture) -> None:
    assert hanode("fence unfence n1") == 64
    assert "no fence device cuts nodes off" in capsys.readouterr().err


def test_an_unknown_node_is_not_let_in(hanode: Hanode, capsys: Capture) -> None:
    assert hanode("fence unfence n9 --yes") == 65
    assert "n9" in capsys.readouterr().err


def test_who_is_not_heard_is_let_in_on_an_operators_word_only(
    node: NodeDouble, hanode: Hanode, capsys: Capture
) -> None:
    isolating(node, hanode, capsys)
    assert hanode("fence unfence n3") == 64
    assert "nobody hears n3" in capsys.readouterr().err
    assert hanode("fence unfence n3 --dry-run") == 0
    assert "Nobody hears n3: if it still serves" in capsys.readouterr().out
    assert not node.log.state.unfencings
    assert hanode("fence unfence n3 --yes") == 0
    (order,) = node.log.state.unfencings.values()
    assert order.target == "n3"
    record = node.log.state.fencings[0]
    assert (record.action, record.status, record.target) == ("on", "pending", "n3")
    node.log.say(AttributeSet("n3", UNFENCED, "5"), actor="n2")
    assert not node.log.state.unfencings
    record = node.log.state.fencings[0]
    assert (record.status, record.by) == ("success", "n2")


def test_waiting_tells_that_it_failed(node: NodeDouble, hanode: Hanode, capsys: Capture) -> None:
    isolating(node, hanode, capsys)
    node.after_commit = [FencingFailed("", "n3", "strip", "the port stays down", "n2", "on")]
    assert hanode("fence unfence n3 --yes --wait 0.5") != 0
    assert "unfencing of n3 by strip failed: the port stays down" in capsys.readouterr().err
    assert not node.log.state.unfencings


def test_who_is_let_in_already_needs_nothing(
    node: NodeDouble, hanode: Hanode, capsys: Capture
) -> None:
    isolating(node, hanode, capsys)
    assert hanode("fence unfence n2") == 0
    assert "n2 is not kept out" in capsys.readouterr().out


def test_a_fencing_comes_first(node: NodeDouble, hanode: Hanode, capsys: Capture) -> None:
    isolating(node, hanode, capsys)
    node.log.say(FencingIntended("r1", "n3", 1, "reboot", "it is lost"))
    assert hanode("fence unfence n3 --yes") == 64
    assert "n3 is to be fenced (it is lost); that comes first" in capsys.readouterr().err


def test_a_newer_order_takes_the_older_ones_place(node: NodeDouble) -> None:
    node.log.say(UnfencingOrdered("n3", 1, "a"), UnfencingOrdered("n3", 1, "b"))
    assert list(node.log.state.unfencings) == ["b"]
    assert [(f.request, f.status) for f in node.log.state.fencings] == [
        ("b", "pending"), ("a", "failed"),
    ]  # fmt: skip


def test_a_need_to_fence_ends_it(node: NodeDouble) -> None:
    node.log.say(UnfencingOrdered("n3", 1, "a"), FencingIntended("r", "n3", 1, "off", "lost"))
    assert not node.log.state.unfencings
    assert [(f.request, f.reason) for f in node.log.state.fencings] == [
        ("r", "lost"), ("a", "it is to be fenced"),
    ]  # fmt: skip
