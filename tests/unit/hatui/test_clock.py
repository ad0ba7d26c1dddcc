"""Times as they are told: with a date unless of today."""

from __future__ import annotations

import pytest

from hatui.cluster.clock import clock, dated, day
from hatui.cluster.lists import events, failures, fencing
from hatui.cluster.spans import text_of
from hatui.output.words import moment, stamp
from tests.console.feed import outage
from tests.unit.hatui.drawn import look, news_of


def test_what_was_not_today_has_its_date() -> None:
    cluster = outage()
    cluster.fail("web", "n1", "no answer on port 8080")
    today, tomorrow = cluster.now, cluster.now + 86_400
    drawn = {
        now: " ".join(
            text_of((*item.where, *item.note))
            for item in (*failures(look(cluster), now), *fencing(look(cluster), now))
        )
        for now in (today, tomorrow)
    }
    assert "Nov 21" not in drawn[today]
    assert drawn[tomorrow].count("Nov 21 12:00") == 2
    news = news_of(cluster)
    assert all(item.name.startswith("Nov 21 12:00:") for item in events(news, tomorrow))
    assert all(item.name.startswith("12:00:") for item in events(news, today))


@pytest.mark.parametrize("at", [1e18, -1e18, 253402300800.0 * 2])
def test_a_clock_that_is_mad_stops_no_screen(at: float) -> None:
    assert clock(at)
    assert dated(at)
    assert day(at)
    assert moment(at)
    assert stamp(at)
