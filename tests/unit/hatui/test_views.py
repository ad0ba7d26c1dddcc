"""Each view as text: drawn from a cluster in memory, at the width of a small pane."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hanode.mgmt import orders
from hatui.cluster.draw import ASCII, UNICODE, Signs, draw, measure
from hatui.cluster.items import Item, Row
from hatui.cluster.looks import GROUPED
from hatui.cluster.sorting import arranged
from hatui.cluster.spans import Span, text_of
from hatui.cluster.telemetry import Telemetry, spark
from hatui.views import VIEWS, view_of
from tests.console.feed import Cluster, failed, healthy, outage, pulse_of
from tests.unit.hatui.drawn import picture, scene


@pytest.mark.parametrize("view", [view.name for view in VIEWS])
@pytest.mark.parametrize("cells", [40, 80, 200])
@pytest.mark.parametrize("signs", [UNICODE, ASCII], ids=["unicode", "ascii"])
def test_every_view_in_every_state(view: str, cells: int, signs: Signs) -> None:
    for story in (healthy, failed, outage):
        drawn = picture(view, scene(story(), cells, signs))
        if signs.ascii_only:
            assert all(line.isascii() for line in drawn), drawn


def test_views_have_keys_and_names_of_their_own() -> None:
    assert len({view.key for view in VIEWS}) == len({view.name for view in VIEWS}) == len(VIEWS)
    assert all(view.about.endswith(".") for view in VIEWS)


def test_matrix() -> None:
    assert picture("matrix", scene(outage())) == [
        "    resource        state      ● n1  ● n2  ▲ n3",
        "  ▾ front         ● started    ●     ·",
        "    ├ front-ip    ● started    ●     ·",
        "    └ web         ● started    ●     ·",
        "    backup        ● started    ·     ●",
        "    ping-clone    ▲ unclean    ●     ●     ▲",
        "    db-clone      ▲ unclean    ◇     ◆     ▲",
        "  ▾ fencing       ▲ unclean",
        "    ├ fence-n1    ▲ unclean    ×     ·     ▲",
        "    ├ fence-n2    ▲ unclean    ·     ×     ▲",
        "    └ fence-n3    ● started    ·     ●",
    ]


def banned(until: float = 0.0) -> Cluster:
    cluster = healthy()
    for event in orders.ban(cluster.state, "backup", "n2", until=until).events:
        cluster.order(event)
    cluster.settle()
    return cluster


def test_a_ban_comes_first_and_says_that_it_stays() -> None:
    drawn = picture("constraints", scene(banned()))
    assert drawn[1].startswith("  ▾ moves and bans (1)")
    assert "backup" in drawn[2]
    assert "× banned" in drawn[2]
    assert "for good" in drawn[2]


def test_a_ban_with_an_end_says_when() -> None:
    cluster = banned(until=healthy().now + 3600)
    assert "until" in picture("constraints", scene(cluster, 120))[2]
    late = scene(cluster, 120)._replace(now=cluster.now + 7200)
    assert "○ expired" in picture("constraints", late)[2]


def test_constraints_in_words() -> None:
    told = "\n".join(picture("constraints", scene(healthy(), 120)))
    assert "◦ prefers     n1           +20  front-on-n1" in told
    assert "beside the promoted +50" in told
    assert "promote before promote" in told


def test_transitions_are_bars_one_after_the_other() -> None:
    drawn = picture("transitions", scene(failed(), 100))
    stop, start = drawn[2], drawn[3]
    assert "stop web" in stop
    assert "start web" in start
    assert stop.index("━") < start.index("━")
    assert stop.rindex("━") <= start.index("━")
    assert drawn[4].startswith("  ▸")


def test_what_is_still_to_come_is_dotted_and_as_long_as_it_used_to_be() -> None:
    cluster = healthy()
    cluster.fail("web", "n1", "gone")
    cluster.begin()
    drawn = picture("transitions", scene(cluster, 100))
    assert "◌ running" in drawn[1]
    assert "┄" in drawn[2]
    assert "━" not in drawn[2]
    assert "~84 ms" in drawn[3]


def test_a_link_that_is_down_is_counted_and_named() -> None:
    cluster = healthy()
    seen = scene(cluster)
    pulse = pulse_of(cluster, "n1")
    pulse.peers["n2"]["links"] = [True, False]
    seen = seen._replace(moment=replace(seen.moment, pulse=pulse))
    assert view_of("links").count(seen) == 1
    row = next(line for line in picture("links", seen) if "link down" in line and "├" in line)
    assert "links ●○" in row
    assert any("a link to it is down" in line for line in picture("nodes", seen))


def test_sparklines() -> None:
    assert spark((0.0, 1.0, 2.0, 4.0), 1.0, 8, False) == "▁▃▅█"
    assert spark((0.0, 1.0, 2.0, 4.0), 1.0, 2, True) == "~#"
    telemetry = Telemetry()
    for _ in range(100):
        telemetry.note(pulse_of(healthy(), "n1"))
    assert len(telemetry.line("n1", "n2")) == 60


def test_where_no_row_has_a_state_there_is_no_column_for_it() -> None:
    long = "the whole cluster is in maintenance"
    rows = [Row(Item("a", long, "card", GROUPED, (Span("root 12:00:01"),), (Span("property"),)))]
    drawn = text_of(draw(rows[0], measure(rows, 80), 80))
    assert long in drawn
    assert "root 12:00:01  property" in drawn


def test_sorting() -> None:
    items = view_of("resources").items(scene(failed()))
    assert arranged(items, "worst first")[0].name == "front"
    names = [item.name for item in arranged(items, "name")]
    assert names == sorted(names)
    assert arranged(items, "as it is") == items
