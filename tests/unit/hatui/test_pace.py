"""How long operations take: as it was heard, and along what waits for what."""

from __future__ import annotations

from collections.abc import Iterable

from hanode.events import Event, FencingConfirmed, OperationFinished, Statement
from hatui.cluster import errands
from hatui.cluster.fork import fork
from hatui.cluster.ledger import Ledger
from hatui.cluster.pace import pace_of
from hatui.cluster.preview import preview
from hatui.cluster.whatif import forecast
from tests.console.feed import healthy


def learned(events: Iterable[Event]) -> Ledger:
    ledger = Ledger()
    for event in events:
        ledger.tell(Statement("n1", 1, 1, 0.0, "", b""), event, 1)
    return ledger


def test_pace_is_what_was_heard_else_what_histories_hold() -> None:
    state = healthy().state
    stop = OperationFinished("n1", "db", "a", "stop", 0, 0, "done", exec_ms=200)
    fenced = FencingConfirmed("r", "n3", 1, "power-verified", exec_ms=620)
    pace = pace_of(learned([stop, fenced]), state)
    assert pace("stop", "db:1") == 0.2
    assert pace("fence", "n3") == 0.62
    assert pace("stop", "web") is None
    assert pace("start", "web") == 0.084


def test_times_add_up_along_what_waits_for_what() -> None:
    cluster = healthy()
    stop = OperationFinished("n1", "web", "a", "stop", 0, 0, "done", exec_ms=1000)
    pace = pace_of(learned([stop]), cluster.state)
    events = errands.move("front", "n2").build(cluster.state).events
    seen = preview(forecast(fork(cluster.state), events, cluster.now), pace)
    assert [round(step.over, 3) for step in seen.steps] == [1.0, 1.0, 1.084, 1.168]
    assert [step.takes for step in seen.steps] == [1.0, None, 0.084, 0.084]
    assert round(seen.takes, 3) == 1.168
