"""Whatever is said to an LRM, it answers or drops it; it never raises and never loops."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hanode import inputs
from hanode.local_messages import Alive, FenceResult, Forget, Noted, SelfRule, TakeTerm
from hanode.peer_messages import Device, FenceOrder, Order
from tests.unit.lrm.stage import Stage

texts = st.text(max_size=12)
numbers = st.integers(-2, 3)
tasks = st.sampled_from(["start", "stop", "monitor", "promote", "cancel", "notify", "", "a b"])
agents = st.sampled_from(["ocf:hanode:Dummy", "stonith:fence_demo", "lsb:x", "ocf:../x:y", "", "x"])
pairs = st.dictionaries(texts, texts, max_size=3)
orders = st.builds(
    Order, id=st.sampled_from(["1.1.1", "1.1.2", "2.1.1", "x", ""]), term=numbers,
    node=st.sampled_from(["n1", "n1", "n1", "n2"]), boot=st.sampled_from([1, 1, 1, 2]),
    resource=st.sampled_from(["r1", "r2", "", "a\0b"]), agent=agents, task=tasks,
    interval_ms=st.sampled_from([0, 0, 20, 1000, -5, 1]), operation=texts,
    timeout_ms=st.sampled_from([1000, 20_000, 0, -1]), parameters=pairs, meta=pairs,
)  # fmt: skip
devices = st.builds(
    Device, id=texts, agent=st.sampled_from(["fence_demo", "../sh", "", "a\0"]), plug=texts,
    parameters=st.dictionaries(
        st.sampled_from(["pcmk_off_retries", "pcmk_delay_base", "pcmk_host_argument", "x"]), texts
    ),
)  # fmt: skip
fences = st.builds(
    FenceOrder, id=texts, term=numbers, node=st.just("n1"), boot=st.just(1), request=texts,
    target=st.sampled_from(["n1", "n2"]), target_boot=numbers,
    action=st.sampled_from(["off", "on", "reboot", "dance", ""]),
    levels=st.lists(st.lists(devices, max_size=2).map(tuple), max_size=2).map(tuple),
    timeout_ms=st.sampled_from([1000, 0, -1]),
)  # fmt: skip
messages = st.one_of(
    orders, orders, fences, st.builds(SelfRule, orders, numbers), st.builds(Noted, numbers),
    st.builds(Forget, texts), st.builds(TakeTerm, numbers, numbers), st.just(Alive(1)),
)  # fmt: skip
tokens = st.integers(-4, 8)
news: st.SearchStrategy[Any] = st.one_of(
    messages.map(inputs.LocalSaid),
    messages.map(inputs.LocalSaid),
    st.builds(
        inputs.ProcessEnded, tokens, st.integers(-15, 255), st.binary(), st.binary(), numbers
    ),
    st.builds(inputs.SpawnFailed, tokens, st.booleans(), texts, st.booleans()),
    st.builds(inputs.Spawned, tokens, numbers),
    st.builds(inputs.TermWritten, numbers, st.booleans()),
    st.builds(inputs.AttributeSaid, texts, st.one_of(st.none(), texts)),
    st.just(inputs.CrmConnected()),
    st.builds(inputs.WallClock, st.floats(0, 2e9)),
)


@given(st.lists(st.tuples(news, st.floats(0.0, 3.0)), max_size=30), st.booleans())
@settings(max_examples=80)
def test_no_input_is_too_strange(told: list[tuple[Any, float]], disk_ok: bool) -> None:
    stage = Stage()
    stage.disk_ok = disk_ok
    for one, wait in told:
        stage.give(one)
        stage.wait(wait)
    stage.born()
    stage.wait(10.0)


@pytest.mark.parametrize(
    "more",
    [{"resource": ""}, {"resource": "a\0"}, {"task": "rm -rf"}, {"interval_ms": -5},
     {"timeout_ms": 0}],
)  # fmt: skip
def test_nonsense_is_refused_in_words(more: dict[str, Any]) -> None:
    stage = Stage()
    given = {"task": "monitor", **more}
    stage.order(**given)
    assert len(stage.refusals()) == 1
    assert stage.at_work() == []


def test_only_known_fence_actions_are_carried_out() -> None:
    stage = Stage()
    device = Device("d", "fence_demo", "n2")
    stage.say(FenceOrder("1.1.1", 1, "n1", 1, "q", "n2", 1, "dance", ((device,),)))
    (result,) = [m for m in stage.told if isinstance(m, FenceResult)]
    assert (result.ok, stage.at_work()) == (False, [])


def test_a_fence_agent_is_a_name_not_a_path() -> None:
    stage = Stage()
    device = Device("d", "../../bin/sh", "n2")
    stage.say(FenceOrder("1.1.1", 1, "n1", 1, "q", "n2", 1, "off", ((device,),)))
    (result,) = [m for m in stage.told if isinstance(m, FenceResult)]
    assert not result.ok
    assert "can't be the name" in result.reason
    assert stage.at_work() == []


def test_an_order_of_an_odd_name_ends_no_lrm() -> None:
    """Its term was read from its name once a later one came, in each life anew."""
    stage = Stage()
    stage.take_term(1)
    for odd in ("²", "9" * 5000):
        stage.order("monitor", id=f"{odd}.1.1")
    stage.take_term(2)
    assert [report.term for report in stage.reports()] == [1, 2]


def test_nor_does_a_delay_that_is_none() -> None:
    stage = Stage()
    stage.take_term(1)
    for odd in ("²", "9" * 5000):
        stage.order("monitor", interval_ms=1000, meta={"start_delay": odd})
