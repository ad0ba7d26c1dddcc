"""Law 8 of the fold: whatever a member says in its own name, each replica applies it or leaves it,
and can go on from there."""

from __future__ import annotations

import contextlib
import dataclasses
import types
import typing
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hanode.cib.document import BadCib
from hanode.codec import Garbled
from hanode.events import (
    EVENTS,
    ORDERS,
    STATEMENTS,
    VOCABULARY,
    Entry,
    Event,
    NodeReported,
    OperationFinished,
    OrderGiven,
    Signed,
    Statement,
)
from hanode.identity import verify
from hanode.state import ClusterState, apply, cib_of, status_of
from hanode.state.lawful import objection
from tests.unit.node.alone import IDENTITY, Alone

TEXTS = (
    "", "n1", "n2", "web", "d", "web#monitor_0", "ocf:hanode:Dummy", "start", "monitor", "stop",
    "migrate_to", "done", "timeout", "pending", "operator", "reboot", "on", "off", "data", "put",
    "set", "replace", "remove", "nodes", "a b", "\x00", "<", "../x", "-1", "9" * 5000, "0.1.0",
    "fail-count-web#monitor_0", "#node-unfenced", "terminate", "time-bound", "watchdog",
    '<node id="n1" uname="n1"/>', '<cib epoch="x"/>', "<cib><configuration/></cib>", "<a/>",
)  # fmt: skip
NUMBERS = (0, 1, -1, 2, 7, 8, 255, 256, 2**31, 2**40, -(2**63), 2**64 - 1)
FLOATS = (0.0, -1.0, 1.5, 1e300, -1e300, 5e-324, float("nan"), float("inf"))


def anything(hint: Any) -> st.SearchStrategy[Any]:
    """Whatever the vocabulary has room for."""
    origin, options = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        return st.one_of(*map(anything, options))
    if origin is tuple and options[-1] is Ellipsis:
        return st.lists(anything(options[0]), max_size=2).map(tuple)
    if origin is tuple:
        return st.tuples(*map(anything, options))
    if origin is dict:
        return st.dictionaries(*map(anything, options), max_size=2)
    if dataclasses.is_dataclass(hint):
        hints = typing.get_type_hints(hint)
        return st.fixed_dictionaries({n: anything(h) for n, h in hints.items()}).map(
            lambda fields: typing.cast(type, hint)(**fields)
        )
    return _PLAIN[hint]


_PLAIN: dict[Any, st.SearchStrategy[Any]] = {
    str: st.sampled_from(TEXTS),
    int: st.sampled_from(NUMBERS),
    float: st.sampled_from(FLOATS),
    bool: st.booleans(),
    bytes: st.sampled_from((b"", b"k" * 32, b"\xc1", IDENTITY.public)),
    type(None): st.none(),
}
ORDERED = st.one_of(*map(anything, ORDERS)).map(VOCABULARY.pack)
EVENT = st.one_of(
    *(anything(event) for event in EVENTS if event is not OrderGiven),
    st.lists(ORDERED, max_size=3).map(lambda parts: OrderGiven(tuple(parts))),
)
STATE = Alone().node.state.pack()


def said(state: ClusterState, event: Event, n: int, at: float) -> bool:
    """As every replica takes it; whether it had force."""
    statement = Statement("n1", 1, (1 << 60) + n, at, "operator ann", VOCABULARY.pack(event))
    payload = STATEMENTS.pack(statement)
    signed = Signed(payload, IDENTITY.sign("event", state.cluster, payload))
    try:
        statement, event = signed.open()
    except Garbled:
        return False
    if objection(state, signed, statement, event, verify, state.term):
        return False
    entry = Entry(state.term, state.position.index + 1, b"", signed)
    wrong = apply(state, entry, statement, event)
    assert not wrong, wrong
    return True


@settings(
    max_examples=1500, deadline=None, derandomize=True, database=None,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
@given(st.lists(st.tuples(EVENT, st.sampled_from(FLOATS)), min_size=1, max_size=4))
def test_whatever_is_said_is_applied_or_left(words: list[tuple[Event, float]]) -> None:
    state = ClusterState.unpack(STATE)
    for n, (event, at) in enumerate(words):
        said(state, event, n, at)
    assert ClusterState.unpack(state.pack()) == state
    status_of(state)
    with contextlib.suppress(BadCib):  # the policy engine says so, and an admin can replace it
        cib_of(state)


@settings(
    max_examples=200, deadline=None, derandomize=True, database=None,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
@given(st.lists(EVENT, min_size=1, max_size=3))
def test_a_node_goes_on_whatever_the_log_says(events: list[Event]) -> None:
    """(What it reports wrongly of itself, it reports anew, without end where no time passes.)"""
    alone = Alone()
    events = [event for event in events if not isinstance(event, NodeReported)]
    for event in events:
        alone.node.state_fact(event, "operator ann")
        alone.wait(1.5)


def test_an_error_of_ours_is_told_and_ends_no_replica() -> None:
    state = ClusterState.unpack(STATE)
    statement = Statement("n1", 1, 1 << 60, 0.0, "", b"")
    entry = Entry(state.term, state.position.index + 1, b"", Signed(b"", b""))
    assert "str" in apply(state, entry, statement, "no event at all")
    assert state.position == entry.position


def test_a_time_that_is_none_is_no_word() -> None:
    state = ClusterState.unpack(STATE)
    failed = OperationFinished("n1", "web", "ocf:hanode:Dummy", "monitor", 1000, 7, "done")
    for n, at in enumerate((float("nan"), float("inf"), 5.0)):
        event = dataclasses.replace(failed, at=at, call_id=n + 1)
        assert said(state, event, n, 1.0) == (at == 5.0)
