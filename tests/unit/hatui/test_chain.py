"""Causal chains: where an outage's time went, told from the log alone."""

from __future__ import annotations

from hanode.events import DcElected, Entry, FencingFailed
from hatui.cluster.chain import Chain, chain_of, failure_at, fencing_at
from hatui.cluster.chain_lines import chain_lines
from hatui.cluster.past import Past, Record
from hatui.cluster.spans import text_of
from tests.console.feed import Cluster, failed, healthy


def records(cluster: Cluster) -> list[Record]:
    past = Past()
    past.earlier(cluster.entries)
    return past.records()


def lost(node: str = "n1") -> Cluster:
    """A node is lost, fenced, and what it ran starts elsewhere."""
    cluster = healthy()
    cluster.now += 1.0
    others = [name for name in cluster.boots if name != node]
    if cluster.state.dc == node:
        cluster.say(DcElected(2, others[0], tuple(others)), others[0])
    cluster.agree(node)
    cluster.settle()
    return cluster


def chain_at(cluster: Cluster, index: int) -> Chain:
    found = chain_of(records(cluster), index)
    assert found is not None
    return found


def entry_of(cluster: Cluster, kind: str) -> Entry:
    return next(
        entry for entry in reversed(cluster.entries)
        if type(entry.signed.open()[1]).__name__ == kind
    )  # fmt: skip


def test_from_the_last_heartbeat_to_the_service_that_answers() -> None:
    cluster = lost()
    request = cluster.state.fencings[0].request
    chain = chain_at(cluster, fencing_at(records(cluster), request))
    said = [step.sentence for step in chain.steps]
    assert said[0] == "n1 is heard for the last time"
    assert "n2 became DC" in said[1]
    assert said[2].startswith("n1 lost")
    assert said[3].startswith("the DC knows what to do")
    assert said[4].startswith("n1 must be fenced")
    assert said[5].startswith("n1 is fenced by n2")
    assert said[6].startswith("front-ip started on n2")
    assert said[7].startswith("web started on n2")
    assert said[8] == "web answers on n2"
    assert chain.over
    assert chain.phases[0][0] == "electing a DC"
    assert round(sum(seconds for _, seconds in chain.phases), 3) == round(chain.total, 3)


def test_any_entry_of_it_leads_to_the_same_chain() -> None:
    cluster = lost()
    whole = chain_at(cluster, fencing_at(records(cluster), cluster.state.fencings[0].request))
    for kind in ("FencingConfirmed", "FencingIntended"):
        assert chain_at(cluster, entry_of(cluster, kind).index).steps == whole.steps


def test_a_failed_monitor_to_the_restart() -> None:
    cluster = failed()
    chain = chain_at(cluster, failure_at(records(cluster), "web", "n1"))
    said = [step.sentence for step in chain.steps]
    assert "web: monitor every 1s failed on n1" in said[0]
    assert [step.phase for step in chain.steps[1:]] == [
        "deciding", "stopping", "starting", "first look"
    ]  # fmt: skip
    assert chain.steps[0].bad


def test_an_outage_that_goes_on_says_so() -> None:
    cluster = healthy()
    cluster.lose("n3")
    cluster.begin()
    cluster.intend("n3")
    chain = chain_at(cluster, entry_of(cluster, "FencingIntended").index)
    assert not chain.over
    lines = [text_of(line) for line in chain_lines(chain, 100)]
    assert "so far  nothing answers again yet" in lines[0]


def test_attempts_in_vain_are_part_of_it_and_the_time_goes_on() -> None:
    cluster = healthy()
    cluster.lose("n3")
    cluster.begin()
    cluster.intend("n3")
    at = entry_of(cluster, "FencingIntended").index
    request = next(iter(cluster.state.intents))
    for _ in range(3):
        cluster.say(FencingFailed(request, "n3", "fence-n3", "jammed", "n1"), took=30)
    chain = chain_at(cluster, at)
    assert [step.sentence for step in chain.steps[-2:]] == [
        "fencing of n3 by n1 with fence-n3 failed: jammed",
        "2 more attempts fail; the last: fencing of n3 by n1 with fence-n3 failed: jammed",
    ]
    lines = [text_of(line) for line in chain_lines(chain, 100, now=cluster.now + 20)]
    assert lines[0].startswith("111 s so far")
    assert any(line.split()[:4] == ["waiting", "still", "20", "s"] for line in lines)


def test_a_node_that_ran_nothing_is_waited_for_until_it_is_fenced_and_no_longer() -> None:
    cluster = healthy()
    cluster.lose("n3")
    cluster.fence("n3")
    chain = chain_at(cluster, entry_of(cluster, "FencingConfirmed").index)
    lines = [text_of(line) for line in chain_lines(chain, 100, now=cluster.now + 600)]
    assert not any("still" in line or "so far" in line for line in lines)
    assert chain.settled


def test_a_probe_on_the_way_is_told_in_words() -> None:
    cluster = healthy()
    cluster.ran("web", "monitor", "n2", rc=7, expected_rc=7)
    chain = chain_at(cluster, len(cluster.entries))
    (step,) = chain.steps
    assert step.sentence == "web: probe on n2 is over"
    lines = [text_of(line) for line in chain_lines(chain, 100)]
    assert "first look: web" not in lines[2], "no time went before the first"


def test_an_order_is_a_beginning_too() -> None:
    cluster = healthy()
    from hatui.cluster import errands

    cluster.order(errands.move("front", "n2").build(cluster.state).events[0])
    index = len(cluster.entries)
    cluster.settle()
    chain = chain_at(cluster, index)
    assert "anna" in chain.steps[0].sentence
    assert chain.steps[-1].sentence == "web answers on n2"


def test_what_is_not_known_is_said() -> None:
    assert chain_of(records(healthy()), 10_000) is None
    (line,) = chain_lines(None, 80)
    assert "does not reach back" in text_of(line)
    assert failure_at(records(healthy()), "web", "n1") == 0


def test_lines_fit_and_name_the_phases() -> None:
    cluster = lost()
    chain = chain_at(cluster, fencing_at(records(cluster), cluster.state.fencings[0].request))
    for cells in (40, 76, 120):
        lines = [text_of(line) for line in chain_lines(chain, cells, ascii_only=True)]
        assert all(len(line) <= cells for line in lines)
    assert any("where the time went" in line for line in lines)
    assert any(line.split()[:2] == ["fencing", "620"] for line in lines)
