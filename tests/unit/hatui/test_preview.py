"""What an order would do, before it is given: what moves, in which steps, and what is left."""

from __future__ import annotations

from hanode.mgmt import orders
from hatui.cluster import errands
from hatui.cluster.fork import fork
from hatui.cluster.preview import changed, differences, preview
from hatui.cluster.steps import DONE, Step, told
from hatui.cluster.whatif import forecast
from tests.console.feed import healthy


def test_preview_of_a_move() -> None:
    cluster = healthy()
    before = cluster.state.digest()
    events = orders.move(cluster.state, "front", "n2").events
    seen = preview(forecast(fork(cluster.state), events, cluster.now))
    assert cluster.state.digest() == before
    assert [(item.key, item.mark) for item in changed(seen.resources)] == [
        ("front", ">"), ("front-ip", ">"), ("web", ">")
    ]  # fmt: skip
    assert [step.sentence for step in seen.steps] == [
        "stop web on n1", "stop front-ip on n1", "start front-ip on n2", "start web on n2"
    ]  # fmt: skip
    assert [step.wave for step in seen.steps] == [1, 2, 3, 4]
    assert [span.text for span in seen.remains] == ["2 resources move", "quorum stays 3 of 3"]
    assert not seen.grave
    assert differences(seen, seen).endswith("the plan is the same")


def test_preview_of_a_fencing_that_ends_quorum_is_grave() -> None:
    cluster = healthy()
    cluster.lose("n3")
    cluster.fence("n3")
    cluster.settle()
    events = orders.fence(cluster.state, "n2").events
    seen = preview(forecast(fork(cluster.state), events, cluster.now))
    assert seen.grave
    assert any("QUORUM IS LOST" in span.text for span in seen.remains)


def test_steps_are_settled_by_events() -> None:
    cluster = healthy()
    events = orders.move(cluster.state, "front", "n2").events
    seen = preview(forecast(fork(cluster.state), events, cluster.now))
    count = len(cluster.entries)
    cluster.order(events[0])
    cluster.settle()
    states: dict[Step, str] = {}
    for entry in cluster.entries[count:]:
        states.update(told(seen.steps, entry.signed.open()[1]))
    assert [states[step] for step in seen.steps] == [DONE] * 4


def test_redundancy_that_is_lost_is_said() -> None:
    cluster = healthy()
    cluster.order(errands.standby("n3", True).build(cluster.state).events[0])
    cluster.settle()
    events = errands.standby("n2", True).build(cluster.state).events
    said = [one.text for one in preview(forecast(fork(cluster.state), events, cluster.now)).remains]
    assert "copies left: ping-clone 1 of 2, db-clone 1 of 2" in said
    assert any(one.startswith("no other node is left then for") for one in said)
