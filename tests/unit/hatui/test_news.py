"""What the log says, in sentences that an operator reads at night."""

from __future__ import annotations

from tests.console.feed import Cluster, failed, healthy, outage
from tests.unit.hatui.drawn import news_of


def sentences(cluster: Cluster) -> list[str]:
    return [news.sentence for news in news_of(cluster)]


def test_an_outage_reads_as_a_story() -> None:
    cluster = outage()
    start = len(sentences(cluster)) - 2
    cluster.fence("n3")
    cluster.boots["n3"] = 2
    cluster.agree()
    assert sentences(cluster)[start:] == [
        "n3 lost: no heartbeat from it is heard any more",
        "n3 must be fenced: heartbeats are missing",
        "n3 is fenced by n1 with fence-n3: power verified off, after 620 ms",
        "n3 is heard again",
        "n3 is online",
    ]


def test_recurring_monitors_and_probes_are_no_news() -> None:
    assert not any("monitor" in said or "probe" in said for said in sentences(healthy()))
    assert "web: monitor every 1s failed on n1: not running (7): no answer on port 8080" in (
        sentences(failed())
    )
