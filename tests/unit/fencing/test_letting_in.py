"""Who is cut off and who is let in again: both are verified, and they exclude each other."""

from __future__ import annotations

from hanode import inputs
from hanode.peer_messages import Device, FenceOrder
from tests.unit.fencing.bench import Bench, device

SWITCH = Device("sw", "fence_nft", "02:00:00:00:00:02", {}, "isolation-verified")


def test_to_be_cut_off_is_another_evidence_and_the_weaker_one(bench: Bench) -> None:
    switch = Device("sw", "fence_ifmib", "7", {}, "isolation-verified")
    bench.order("off", (device(), switch))
    bench.play(0, 2, 0, 2, 2, 2)
    assert bench.results[0].evidence == "isolation-verified"


def test_whom_a_reboot_cut_off_is_not_let_in_again_with_all_that_he_runs(bench: Bench) -> None:
    bench.order("reboot", (SWITCH,))
    assert bench.play(0, 2) == ["off 02:00:00:00:00:02", "status 02:00:00:00:00:02"]
    assert bench.calls == []
    assert bench.results[0].evidence == "isolation-verified"
    assert bench.fencer.open_orders() == []


def cut_off_and_let_in(bench: Bench, first: str, then: str) -> None:
    """Two orders for one target, one on the heels of the other."""
    for number, action in enumerate((first, then)):
        order = FenceOrder(f"1.1.{number}", 1, "n1", 1, f"q{number}", "n2", 7, action, ((SWITCH,),))
        bench.take(bench.fencer.order(order, bench.now))


def test_who_is_being_cut_off_is_let_in_after_that(bench: Bench) -> None:
    """Simulator, 3 nodes, seed 116 with isolation: the switch had the order to cut off a boot that
    was over while the next one was let in; it came last, and the node stayed cut off unnoticed."""
    cut_off_and_let_in(bench, "reboot", "on")
    assert [call["action"] for _, call in bench.calls] == ["off"]
    assert len(bench.fencer.open_orders()) == 2
    bench.play(0, 2)
    assert [call["action"] for _, call in bench.calls] == ["on"]
    bench.play(0, 0)
    assert [(r.request, r.ok) for r in bench.results] == [("q0", True), ("q1", True)]
    assert bench.fencer.open_orders() == []


def test_a_letting_in_gives_way_to_a_fencing(bench: Bench) -> None:
    cut_off_and_let_in(bench, "on", "off")
    (on, asked) = bench.calls.pop(0)
    assert asked["action"] == "on"
    assert bench.kills == [True]
    assert bench.calls == []
    bench.take(bench.fencer.step(inputs.ProcessEnded(on, -9, b"", b"", 1), bench.now))
    assert [(r.request, r.ok, r.reason) for r in bench.results] == [
        ("q0", False, "it is to be fenced, which comes first")
    ]
    bench.play(0, 2)
    assert bench.results[1].evidence == "isolation-verified"


def test_a_letting_in_that_cant_be_killed_holds_up_a_fencing_for_a_moment(bench: Bench) -> None:
    cut_off_and_let_in(bench, "on", "off")
    bench.calls.pop(0)
    bench.wait(2.1)
    assert [call["action"] for _, call in bench.calls] == ["off"]
    assert [r.ok for r in bench.results] == [False]


def test_a_switch_that_lies_lets_nobody_in(bench: Bench) -> None:
    """Simulator, 3 nodes, seed 126 with isolation: the switch said that it had opened the port."""
    order = FenceOrder("1.1.1", 1, "n1", 1, "q", "n2", 7, "on", ((SWITCH,),))
    bench.take(bench.fencer.order(order, bench.now))
    assert [call["action"] for _, call in bench.calls] == ["on"]
    bench.play(0)
    assert bench.play(2) == ["status 02:00:00:00:00:02"]
    assert bench.results == []
    bench.wait(0.3)
    bench.play(0)
    assert [r.ok for r in bench.results] == [True]


def test_a_letting_in_that_comes_to_nothing_cuts_nobody_off(bench: Bench) -> None:
    order = FenceOrder("1.1.1", 1, "n1", 1, "q", "n2", 7, "on", ((SWITCH,),))
    bench.take(bench.fencer.order(order, bench.now))
    assert bench.play(0, 1, 0, 1) == [
        "on 02:00:00:00:00:02", "status 02:00:00:00:00:02",
    ] * 2  # fmt: skip
    assert bench.calls == []
    assert [r.ok for r in bench.results] == [False]


def test_power_that_is_switched_on_shows_by_itself(bench: Bench) -> None:
    bench.order("on", (device(),))
    bench.play(0)
    assert [r.ok for r in bench.results] == [True]
