"""Fencing: only a status of off, after an off that was obeyed, proves anything."""

from __future__ import annotations

from typing import Any

import pytest

from hanode import effects, inputs
from hanode.fencing import Fencer
from hanode.messages import Device, FenceOrder, FenceResult
from hanode.ra import Site


class Bench:
    def __init__(self) -> None:
        self.now = 0.0
        self.fencer = Fencer(Site("n1", "/run/n1"), seed=3)
        self.calls: list[tuple[int, dict[str, str]]] = []
        """What was asked of fence agents, each with its token, since last answered."""
        self.results: list[FenceResult] = []
        self.kills: list[bool] = []
        self.said: list[str] = []

    def take(self, wanted: list[Any]) -> None:
        for effect in wanted:
            match effect:
                case effects.Spawn(token, argv, _, stdin):
                    lines = stdin.decode().splitlines()
                    said = dict(line.split("=", 1) for line in lines)
                    self.calls.append((token, {"agent": argv[0], **said}))
                case effects.TellCrm(FenceResult() as result):
                    self.results.append(result)
                case effects.Kill(_, hard):
                    self.kills.append(hard)
                case effects.Say(_, text):
                    self.said.append(text)

    def order(self, action: str, *levels: tuple[Device, ...], **more: Any) -> None:
        order = FenceOrder("1.1.1", 1, "n1", 1, "q1", "n2", 7, action, levels, **more)
        self.take(self.fencer.order(order, self.now))

    def wait(self, seconds: float) -> None:
        until = self.now + seconds
        while (at := self.fencer.deadline()) is not None and at <= until:
            self.now = max(self.now, at)
            self.take(self.fencer.step(inputs.Wake(), self.now))
        self.now = until

    def answer(self, rc: int, errors: bytes = b"") -> dict[str, str]:
        """The agent at work ends; what it had been asked."""
        (token, asked), self.calls = self.calls[0], self.calls[1:]
        self.take(self.fencer.step(inputs.ProcessEnded(token, rc, b"", errors, 1), self.now))
        return asked

    def play(self, *exits: int) -> list[str]:
        """Answer so many calls; the actions that were asked for, with their plugs."""
        asked = [self.answer(rc) for rc in exits]
        return [f"{call['action']} {call.get('plug', '')}".strip() for call in asked]


def device(name: str = "d1", plug: str = "n2", **parameters: str) -> Device:
    return Device(name, "fence_demo", plug, parameters)


@pytest.fixture
def bench() -> Bench:
    return Bench()


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
    assert bench.results[0].device == "d1,d2"
    assert bench.play(0, 0) == ["on p1", "on p2"]


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


def test_to_be_cut_off_is_another_evidence_and_the_weaker_one(bench: Bench) -> None:
    switch = Device("sw", "fence_ifmib", "7", {}, "isolation-verified")
    bench.order("off", (device(), switch))
    bench.play(0, 2, 0, 2)
    assert bench.results[0].evidence == "isolation-verified"


def test_whom_a_reboot_cut_off_is_not_let_in_again_with_all_that_he_runs(bench: Bench) -> None:
    switch = Device("sw", "fence_nft", "02:00:00:00:00:02", {}, "isolation-verified")
    bench.order("reboot", (switch,))
    assert bench.play(0, 2) == ["off 02:00:00:00:00:02", "status 02:00:00:00:00:02"]
    assert bench.calls == []
    assert bench.results[0].evidence == "isolation-verified"
    assert bench.fencer.open_orders() == []


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


SWITCH = Device("sw", "fence_nft", "02:00:00:00:00:02", {}, "isolation-verified")


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


def test_who_was_proved_to_be_off_is_switched_on_all_the_same(bench: Bench) -> None:
    bench.order("reboot", (device(),))
    assert bench.play(0, 2) == ["off n2", "status n2"]
    bench.take(bench.fencer.call_off("q1", bench.now))
    assert bench.play(0) == ["on n2"]
