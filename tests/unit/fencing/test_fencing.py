"""Fencing: only a status of off, after an off that was obeyed, proves anything."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hanode import inputs
from hanode.fencing import options
from hanode.fencing.attempt import REAP
from hanode.fencing.fencer import AT_ONCE
from hanode.peer_messages import Device, FenceOrder
from tests.unit.fencing.bench import Bench, device


def test_off_is_verified_by_status(bench: Bench) -> None:
    bench.order("off", (device(strip="/s", pcmk_host_list="n2"),))
    asked = bench.answer(0)
    assert asked["agent"].endswith("/agents/fence/fence_demo")
    assert {k: v for k, v in asked.items() if k != "agent"} == {
        "action": "off", "strip": "/s", "plug": "n2",
    }  # fmt: skip
    assert bench.results == []
    assert bench.play(2) == ["status n2"]
    (result,) = bench.results
    assert (result.ok, result.evidence, result.device) == (True, "power-verified", "d1")
    assert (result.request, result.target, result.target_boot) == ("q1", "n2", 7)


def test_a_reboot_answers_before_it_switches_on(bench: Bench) -> None:
    bench.order("reboot", (device(),))
    assert bench.play(0, 2) == ["off n2", "status n2"]
    assert bench.results[0].evidence == "power-verified"
    assert bench.play(0) == ["on n2"]
    assert len(bench.results) == 1
    assert bench.fencer.open_orders() == []


def test_a_node_that_stays_off_is_worth_a_word_not_a_doubt(bench: Bench) -> None:
    bench.order("reboot", (device(),))
    assert bench.play(0, 2, 1, 1) == ["off n2", "status n2", "on n2", "on n2"]
    assert bench.results[0].ok
    assert "stays off" in bench.said[-1]


def test_a_device_that_lies_is_no_evidence(bench: Bench) -> None:
    bench.order("off", (device(pcmk_off_retries="1"),), timeout_ms=2000)
    bench.answer(0)
    while not bench.results:
        assert bench.answer(0)["action"] == "status"
        bench.wait(0.25)
    assert bench.now <= 2.25
    (result,) = bench.results
    assert (result.ok, result.evidence) == (False, "")
    assert "status says on" in result.reason


@pytest.mark.parametrize("status", [1, 3, 255, -15])
def test_a_status_that_fails_is_no_evidence(bench: Bench, status: int) -> None:
    bench.order("off", (device(),))
    bench.play(0, status, 0, status)
    assert [(r.ok, r.evidence) for r in bench.results] == [(False, "")]


def test_a_timeout_is_no_evidence_even_if_the_agent_succeeds_late(bench: Bench) -> None:
    bench.order("off", (device(pcmk_off_timeout="2s", pcmk_off_retries="1"),))
    bench.wait(3.5)
    assert bench.kills == [False, True]
    bench.answer(0)
    (result,) = bench.results
    assert (result.ok, result.reason) == (False, "d1: off timed out")


def test_what_is_said_of_a_reboot_holds_for_its_off(bench: Bench) -> None:
    bench.order("reboot", (device(pcmk_reboot_timeout="5", pcmk_reboot_retries="1"),))
    bench.wait(6.5)
    bench.answer(-9)
    assert bench.results[0].reason == "d1: off timed out"


def test_an_agent_that_cant_be_killed_is_given_up(bench: Bench) -> None:
    bench.order("off", (device("d1"),), (device("d2"),), timeout_ms=60_000)
    bench.wait(59.0)
    assert bench.results == []
    bench.wait(10.0)
    assert not bench.results[0].ok


def test_retries_then_the_next_level(bench: Bench) -> None:
    bench.order("off", (device("d1", "p1"),), (device("d2", "p2"),))
    assert bench.play(1, 1, 0, 2) == ["off p1", "off p1", "off p2", "status p2"]
    assert (bench.results[0].ok, bench.results[0].device) == (True, "d2")


def test_a_level_needs_all_of_its_devices_off_before_one_is_on_again(bench: Bench) -> None:
    bench.order("reboot", (device("d1", "p1"), device("d2", "p2")))
    assert bench.play(0, 2, 0, 2) == ["off p1", "status p1", "off p2", "status p2"]
    assert bench.play(2, 2) == ["status p1", "status p2"]
    assert bench.results[0].device == "d1,d2"
    assert bench.play(0, 0) == ["on p1", "on p2"]


def test_a_feed_that_is_on_again_before_the_other_is_off_proves_nothing(bench: Bench) -> None:
    """An earlier fencing's "on" came late: the target never lost its power, and passed for off."""
    bench.order("off", (device("d1", "p1"), device("d2", "p2")), timeout_ms=60_000)
    bench.play(0, 2, 0, 2)
    assert bench.play(0) == ["status p1"]
    assert bench.results == []
    bench.wait(11.0)
    while bench.calls[0][1]["action"] == "status":
        bench.play(0)
        bench.wait(0.3)
    assert bench.play(0, 2, 0, 2) == ["off p1", "status p1", "off p2", "status p2"]
    assert bench.play(2, 2) == ["status p1", "status p2"]
    assert bench.results[0].ok


def test_no_device_is_said_so(bench: Bench) -> None:
    bench.order("off")
    assert bench.results[0].reason == "no fence device can fence it"


def test_an_agent_that_is_missing_is_not_tried_again(bench: Bench) -> None:
    bench.order("off", (device("d1"),))
    failure = inputs.SpawnFailed(bench.calls[0][0], True, "fence_demo: not there")
    bench.take(bench.fencer.step(failure, 0.0))
    assert bench.results[0].reason == "d1: fence_demo: not there"


def test_a_devices_delays_pass_before_the_first_stroke(bench: Bench) -> None:
    parameters = {"pcmk_delay_base": "n1:9s;n2:3s", "pcmk_delay_max": "3s"}
    bench.order("off", (device(**parameters),))
    bench.wait(2.9)
    bench.take(bench.fencer.step(inputs.Wake(), bench.now))  # something else was due
    assert bench.calls == []
    bench.wait(0.2)
    assert len(bench.calls) == 1


def test_other_words_for_actions_and_plugs(bench: Bench) -> None:
    parameters = {"pcmk_off_action": "poweroff", "pcmk_host_argument": "port"}
    bench.order("off", (device(**parameters),))
    asked = bench.answer(0)
    assert (asked["action"], asked["port"], "plug" in asked) == ("poweroff", "n2", False)


def test_reboot_by_a_device_whose_reboot_is_off(bench: Bench) -> None:
    bench.order("reboot", (device(pcmk_reboot_action="off"),))
    bench.play(0, 2)
    assert bench.calls == []
    assert bench.results[0].ok


def test_switching_on_proves_nothing(bench: Bench) -> None:
    bench.order("on", (device(),))
    assert bench.play(0) == ["on n2"]
    assert (bench.results[0].ok, bench.results[0].evidence) == (True, "")


def test_no_parameter_can_smuggle_a_line_in(bench: Bench) -> None:
    bench.order("off", (device(password="x\naction=on"),), (device("d2"),))
    assert bench.play(0, 2) == ["off n2", "status n2"]
    assert bench.results[0].device == "d2"
    bench.order("off", (device(password="x\naction=on"),))
    assert bench.calls == []
    assert "'password' contains a line break" in bench.results[1].reason


def test_a_device_is_asked_for_its_list_first(bench: Bench) -> None:
    parameters = {"pcmk_host_check": "dynamic-list"}
    bench.order("off", (device("d1", "p2", **parameters),), (device("d2"),))
    token = bench.calls[0][0]
    assert bench.calls.pop(0)[1]["action"] == "list"
    ended = inputs.ProcessEnded(token, 0, b"p1,n1\np3,n3\n", b"", 1)
    bench.take(bench.fencer.step(ended, 0.0))
    assert bench.play(0, 2) == ["off n2", "status n2"]
    assert bench.results[0].device == "d2"


def test_a_device_that_lists_the_plug_strikes(bench: Bench) -> None:
    bench.order("off", (device("d1", "p2", pcmk_host_check="dynamic-list"),))
    ended = inputs.ProcessEnded(bench.calls.pop(0)[0], 0, b"p1,n1\np2,n2\n", b"", 1)
    bench.take(bench.fencer.step(ended, 0.0))
    assert bench.play(0, 2) == ["off p2", "status p2"]
    assert bench.results[0].ok


@pytest.mark.parametrize(("status", "strikes"), [(0, True), (2, True), (1, False)])
def test_a_device_whose_status_tells(bench: Bench, status: int, strikes: bool) -> None:
    bench.order("off", (device(pcmk_host_check="status", pcmk_off_retries="1"),))
    assert bench.play(status) == ["status n2"]
    assert bool(bench.calls) is strikes
    assert bool(bench.results) is not strikes


def test_a_legacy_plugin_strikes_and_proves_nothing(bench: Bench) -> None:
    bench.order("off", (Device("old", "external/ssh", "n2", {"hostlist": "n2"}),))
    token = bench.calls.pop(0)[0]
    bench.take(bench.fencer.step(inputs.ProcessEnded(token, 0, b"", b"", 1), 0.0))
    (result,) = bench.results
    assert (result.ok, result.evidence) == (False, "")
    assert "hanode fence confirm" in result.reason


def test_a_level_without_devices_fences_nothing(bench: Bench) -> None:
    bench.order("off", (), ())
    (result,) = bench.results
    assert not result.ok
    bench.results.clear()
    bench.order("off", (), (device("d2"),), ())
    assert bench.answer(0)["action"] == "off"
    bench.answer(2)
    assert bench.results[0].ok


def test_who_is_back_is_not_struck_any_more(bench: Bench) -> None:
    """Simulator, 7 nodes, seed 61283: a device hung; its node came back in another boot, the intent
    lapsed, and the agent went on."""
    bench.order("reboot", (device(),))
    bench.take(bench.fencer.call_off("another", bench.now))
    assert bench.kills == []
    bench.take(bench.fencer.call_off("q1", bench.now))
    assert bench.kills == [True]
    bench.answer(-9)
    (result,) = bench.results
    assert (result.ok, result.evidence, result.reason) == (False, "", "it is back in another boot")


def test_a_reboot_that_is_called_off_half_done_leaves_nobody_without_power(bench: Bench) -> None:
    """Who was heard again may be off a moment later, and nobody else would switch it on."""
    bench.order("reboot", (device("d1", "p1"), device("d2", "p2"), device("d3", "p3")))
    assert bench.play(0, 2) == ["off p1", "status p1"]
    bench.take(bench.fencer.call_off("q1", bench.now))
    assert bench.play(-9) == ["off p2"]
    assert [(r.ok, r.evidence) for r in bench.results] == [(False, "")]
    ((rest, _),) = bench.fencer.open_orders()
    assert (rest.id, rest.action) == ("1.1.1.on", "on")
    bench.take(bench.fencer.call_off("q1", bench.now))
    assert bench.play(0, 0) == ["on p1", "on p2"]
    assert not bench.leased[-1]
    assert (bench.calls, bench.fencer.open_orders(), len(bench.results)) == ([], [], 1)


def test_nor_one_that_is_called_off_between_two_looks(bench: Bench) -> None:
    bench.order("reboot", (device(),))
    assert bench.play(0, 0) == ["off n2", "status n2"]
    bench.take(bench.fencer.call_off("q1", bench.now))
    assert bench.play(0) == ["on n2"]
    assert [r.ok for r in bench.results] == [False]


def test_nor_one_whose_agent_cant_be_killed(bench: Bench) -> None:
    bench.order("reboot", (device(),))
    bench.take(bench.fencer.call_off("q1", bench.now))
    bench.calls.clear()
    bench.wait(REAP)
    assert bench.play(0) == ["on n2"]
    assert [r.reason for r in bench.results] == ["it is back in another boot"]


def test_what_was_to_be_off_or_was_not_struck_is_not_switched_on(bench: Bench) -> None:
    bench.order("off", (device(),))
    bench.play(0)
    bench.take(bench.fencer.call_off("q1", bench.now))
    bench.play(-9)
    bench.order("reboot", (device(),))
    ((token, _),) = bench.calls
    bench.take(bench.fencer.call_off("q1", bench.now))
    bench.calls.clear()
    bench.take(bench.fencer.step(inputs.SpawnFailed(token, False, "no memory"), bench.now))
    assert [r.ok for r in bench.results] == [False, False]
    assert (bench.calls, bench.fencer.open_orders()) == ([], [])


def test_who_is_back_before_the_first_stroke_is_never_struck(bench: Bench) -> None:
    bench.order("off", (device(pcmk_delay_base="9s"),))
    bench.take(bench.fencer.call_off("q1", bench.now))
    assert [(r.ok, r.reason) for r in bench.results] == [(False, "it is back in another boot")]
    bench.wait(30.0)
    assert bench.calls == []


def test_what_is_still_to_be_done_of_a_reboot_is_to_switch_on_once_it_is_off(bench: Bench) -> None:
    """What an LRM that is started again takes up: on any sooner would end the fencing."""
    bench.order("reboot", (device("d1", "p1"), device("d2", "p2")))
    ((order, _),) = bench.fencer.open_orders()
    assert (order.id, order.action) == ("1.1.1", "reboot")
    bench.play(0, 2, 0, 2, 2, 2, 0)
    ((rest, _),) = bench.fencer.open_orders()
    assert (rest.id, rest.action) == ("1.1.1.on", "on")
    assert [[one.id for one in level] for level in rest.levels] == [["d2"]]


def test_of_fencings_at_once_there_are_only_so_many(bench: Bench) -> None:
    order = FenceOrder("1", 1, "n1", 1, "q", "n2", 7, "off", ((device(),),))
    for number in range(AT_ONCE + 1):
        one = replace(order, id=str(number), target=f"n{number + 2}")
        bench.take(bench.fencer.order(one, bench.now))
    assert len(bench.calls) == AT_ONCE
    assert [(r.order, r.ok) for r in bench.results] == [(str(AT_ONCE), False)]


def test_who_was_proved_to_be_off_is_switched_on_all_the_same(bench: Bench) -> None:
    bench.order("reboot", (device(),))
    assert bench.play(0, 2) == ["off n2", "status n2"]
    bench.take(bench.fencer.call_off("q1", bench.now))
    assert bench.play(0) == ["on n2"]


def test_a_dc_without_quorum_strikes_nobody_but_the_survivor_of_two_does(bench: Bench) -> None:
    """Simulator, 3 nodes, seed 101664: an LRM that had been asleep did what a DC had ordered before
    it lost quorum. A verified target gets its power back in any case."""
    bench.order("reboot", (device(),))
    bench.play(0, 2, 0)
    assert bench.leased == [True, False, False], "off, status, on"
    survivors = Bench()
    survivors.order("off", (device(),), alone=True)
    assert survivors.leased == [False]


@pytest.mark.parametrize("odd", ["²", "9" * 5000, "many"])
def test_a_number_of_attempts_that_is_none_ends_no_lrm(odd: str) -> None:
    assert 1 <= options.attempts({"pcmk_off_retries": odd}, "off") <= options.RETRIES_MAX
