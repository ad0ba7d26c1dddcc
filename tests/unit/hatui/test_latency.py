"""A monitor that slows down is seen before it times out."""

from __future__ import annotations

from dataclasses import replace

from hanode.cib.configuration import NvSet
from hanode.mgmt import orders
from hanode.mgmt.protocol import Pulse
from hatui.cluster.detail import Gathered, detail
from hatui.cluster.header import header
from hatui.cluster.latency import timeout_of
from hatui.cluster.ledger import Ledger
from hatui.cluster.moment import primitive_of
from hatui.cluster.resource_tree import resource_tree
from hatui.cluster.slowness import Slowness, with_slow
from hatui.cluster.spans import text_of
from hatui.cluster.telemetry import MONITORS_MAX, TURNS, Telemetry
from hatui.cluster.whatif import look_at
from hatui.cluster.wire import Wire
from tests.console.feed import Cluster, healthy, pulse_of
from tests.unit.hatui.drawn import ledger_of


def told(cluster: Cluster, telemetry: Telemetry, ledger: Ledger | None = None) -> list[str]:
    """What the detail pane says of web's times."""
    moment = look_at(cluster.state, cluster.now)
    front = next(item for item in resource_tree(moment) if item.key == "front")
    web = next(item for item in front.children if item.resource == "web")
    gathered = Gathered(ledger or Ledger(), telemetry)
    lines = [text_of(line).rstrip() for line in detail(moment, web, 80, gathered=gathered)]
    heads = [at for at, line in enumerate(lines) if line.startswith("how long")]
    return lines[heads[0] + 1 : lines.index("", heads[0])] if heads else []


def heard(cluster: Cluster, *milliseconds: float) -> Telemetry:
    telemetry = Telemetry()
    for took in milliseconds:
        values = {"exec_ms": took, "queue_ms": 0.0, "rc": 0.0}
        telemetry.note(replace(pulse_of(cluster, "n1"), drift={"web.monitor_1000": values}))
    return telemetry


def test_turns_of_a_monitor_are_bars() -> None:
    cluster = healthy()
    assert told(cluster, heard(cluster, 100, 200, 400, 800)) == [
        "monitor 1s n1 ▂▃▅█         800 ms"
    ]


def test_a_turn_that_comes_near_its_timeout_is_worth_a_word() -> None:
    cluster = healthy()
    (line,) = told(cluster, heard(cluster, 100, 19_000))
    assert line.endswith("of its timeout")


def test_nothing_is_said_where_nothing_is_known() -> None:
    assert told(healthy(), Telemetry()) == []


def test_starts_and_stops_are_told_by_the_log() -> None:
    cluster = healthy()
    cluster.ran("web", "stop", "n1", exec_ms=1500)
    lines = told(cluster, Telemetry(), ledger_of(cluster))
    assert [line.split()[0] for line in lines] == ["start", "stop"]
    assert lines[1].endswith("1.5 s")


def test_what_is_remembered_is_bounded() -> None:
    cluster = healthy()
    many = heard(cluster, *range(1, 200))
    latest = [round(seconds * 1000) for seconds in many.turns("web", 1000, "n1")]
    assert latest == list(range(200 - TURNS, 200))
    flood = {f"r{n}.monitor_1000": {"exec_ms": 1.0} for n in range(MONITORS_MAX + 5)}
    many.note(replace(pulse_of(cluster, "n1"), drift=flood))
    assert many.turns(f"r{MONITORS_MAX + 4}", 1000, "n1") == ()


def slow_pulse(cluster: Cluster, took: float, node: str = "n1") -> Pulse:
    return replace(pulse_of(cluster, node), drift={"web.monitor_1000": {"exec_ms": took}})


def test_a_monitor_near_its_timeout_is_alarmed_of_until_it_is_well() -> None:
    cluster, slowness = healthy(), Slowness()
    moment = look_at(cluster.state, cluster.now)
    assert not slowness.note(slow_pulse(cluster, 800), moment)
    assert slowness.note(slow_pulse(cluster, 5_500), moment)
    (slow,) = slowness.found
    assert slow.sentence == "web: its monitor takes 55% of its timeout on n1"
    assert not slowness.note(slow_pulse(cluster, 4_500), moment)  # it may come back
    tree = with_slow(resource_tree(moment), slowness.found)
    front = next(item for item in tree if item.key == "front")
    web = next(item for item in front.children if item.resource == "web")
    assert (front.rank, web.rank) == (2, 2)
    assert text_of(web.note).startswith("monitor takes 45% of its timeout")
    said = text_of(header(moment, Wire("n1"), 120, slow=slowness.found))
    assert "web slow" in said
    assert slowness.note(slow_pulse(cluster, 100), moment)
    assert slowness.found == ()


def test_what_is_not_configured_is_never_slow() -> None:
    cluster, slowness = healthy(), Slowness()
    pulse = replace(pulse_of(cluster, "n1"), drift={"gone.monitor_1000": {"exec_ms": 9e9},
                    "nonsense": {"exec_ms": 9e9}, "web.monitor_x": {}})  # fmt: skip
    assert not slowness.note(pulse, look_at(cluster.state, cluster.now))


def test_a_timeout_for_all_operations_counts_where_one_has_none() -> None:
    cluster = healthy()
    configuration = look_at(cluster.state, cluster.now).configuration
    web = primitive_of(look_at(cluster.state, cluster.now).configured["web"])
    assert web is not None
    wide = configuration._replace(operation_defaults=(NvSet("d", (("timeout", "2min"),)),))
    assert timeout_of(web, "monitor", 1000, wide) == 10.0
    assert timeout_of(web, "promote", 0, configuration) == 20.0
    assert timeout_of(web, "promote", 0, wide) == 120.0


def test_a_monitor_that_runs_there_no_more_is_not_slow_there() -> None:
    cluster, slowness = healthy(), Slowness()
    assert slowness.note(slow_pulse(cluster, 6_000), look_at(cluster.state, cluster.now))
    assert not slowness.note(pulse_of(cluster, "n1"), look_at(cluster.state, cluster.now))
    assert slowness.found
    cluster.order(orders.move(cluster.state, "front", "n2").events[0])
    cluster.settle()
    assert slowness.note(pulse_of(cluster, "n1"), look_at(cluster.state, cluster.now))
    assert slowness.found == ()


def test_of_a_node_that_is_not_asked_any_more_nothing_is_slow() -> None:
    cluster, slowness = healthy(), Slowness()
    moment = look_at(cluster.state, cluster.now)
    assert slowness.note(slow_pulse(cluster, 6_000), moment)
    assert slowness.note(pulse_of(cluster, "n2"), moment)
    assert slowness.found == ()
