"""Each view as text: drawn from a cluster in memory, at the width of a small pane."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hanode.mgmt import orders
from hanode.state import ClusterState
from hatui.cluster.beliefs import Belief, Word, beliefs, sides, split
from hatui.cluster.draw import ASCII, UNICODE, Signs, draw, measure
from hatui.cluster.header import header
from hatui.cluster.items import Item, Row
from hatui.cluster.looks import GROUPED
from hatui.cluster.side_rows import belief_look
from hatui.cluster.sorting import arranged
from hatui.cluster.spans import Span, text_of
from hatui.cluster.telemetry import Telemetry, spark
from hatui.cluster.whatif import look_at
from hatui.cluster.wire import Wire
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


def test_one_side_in_health() -> None:
    cluster = healthy()
    found = beliefs(look_at(cluster.state, 0), around(cluster, n1=(), n2=(), n3=()))
    assert len(sides(found)) == 1
    assert not split(found)
    assert all(belief.first_hand and belief.quorate for belief in found.values())


def test_a_split_has_two_sides_and_they_are_not_blended() -> None:
    cluster = outage()
    told = around(cluster, n1=("n2",), n2=("n1",), n3=("n3",))
    found = beliefs(look_at(cluster.state, 0), told)
    assert split(found)
    first, second = sides(found)
    assert [belief.node for belief in first.nodes] == ["n1", "n2"]
    assert first.quorate
    assert [belief.node for belief in second.nodes] == ["n3"]
    assert not second.quorate
    drawn = "\n".join(picture("links", scene(cluster, 100, around=told)))
    assert "▲ no quorum" in drawn


def test_where_there_is_room_the_sides_of_a_split_are_columns() -> None:
    """Each tells of every node; what one knows is never in the other's column."""
    cluster = outage()
    told = around(cluster, n1=("n2",), n2=("n1",), n3=("n3",))
    drawn = [line.split("│ ") for line in picture("links", scene(cluster, 120, around=told))]
    cells = {line[0].split()[-3]: line[1:] for line in drawn if len(line) == 3 and "●" in line[0]}
    left, right = next(line[1:] for line in drawn if "who believes what" in line[0])
    assert left.split() == ["●", "quorum", "2", "of", "3:", "n1", "n2"]
    assert right.split() == ["▲", "no", "quorum", "1", "of", "3:", "n3"]
    assert "hears n1" in cells["n2"][0]
    assert cells["n2"][1].split() == ["not", "in", "the", "view"]
    left, right = next(line[1:] for line in drawn if "n3" in line[0])
    assert "being fenced" in left
    assert "log" in right
    assert all(len(line) >= 3 for line in drawn[1:10])


def test_what_each_side_thinks_that_a_node_runs() -> None:
    cluster = outage()
    told = around(cluster, n1=("n2",), n2=("n1",), n3=("n3",))
    lonely = told["n3"].state
    assert lonely is not None
    lonely.nodes["n3"].history.clear()
    rows = [line.split("│ ")[-2:] for line in picture("links", scene(cluster, 120, around=told))
            if "runs " in line and "│" in line]  # fmt: skip
    assert "db promoted" in rows[1][0]
    assert "db promoted" in rows[1][1]
    assert "fence-n1" in rows[2][0]
    assert rows[2][1].split() == ["nothing"]


def test_where_there_is_no_room_the_sides_are_sections() -> None:
    cluster = outage()
    told = around(cluster, n1=("n1",), n2=("n2",), n3=("n3",))
    assert not any("│" in line for line in picture("links", scene(cluster, 119, around=told)))
    three = [line for line in picture("links", scene(cluster, 200, around=told)) if "▾ n" in line]
    assert [line.count("│ ") for line in three[:3]] == [3, 3, 3]
    narrow = picture("links", scene(cluster, 122, around=told))
    assert sum("▾" in line and "no quorum" in line for line in narrow) == 3


def test_another_clock_and_another_log_are_worth_a_look() -> None:
    cluster = healthy()
    told = around(cluster, n1=(), n2=(), n3=())
    told = {name: word._replace(ahead=12.0) for name, word in told.items()}
    assert all(belief_look(one).rank == 0 for one in found_in(cluster, told).values())
    told["n2"] = told["n2"]._replace(ahead=15.5)
    told["n3"] = told["n3"]._replace(forked=True)
    seen = scene(cluster, 160, around=told)
    seen = seen._replace(moment=replace(seen.moment, pulse=pulse_of(cluster, "n1")))
    assert view_of("links").count(seen) == 2
    drawn = picture("links", seen)
    assert any("n2" in line and "clock 3.5 s ahead" in line for line in drawn)
    assert any("n3" in line and "ANOTHER LOG" in line for line in drawn)
    assert sum("clock" in line for line in drawn) == 1


def test_who_else_is_at_it_is_told() -> None:
    cluster = healthy()
    told = around(cluster, n1=(), n2=())
    pulse = told["n2"].pulse
    assert pulse is not None
    told["n2"] = told["n2"]._replace(pulse=replace(pulse, attached=("anna", "bob")))
    assert any("n2" in line and "consoles: anna bob" in line
               for line in picture("links", scene(cluster, 160, around=told)))  # fmt: skip
    moment = replace(look_at(cluster.state, 0), pulse=told["n2"].pulse)
    assert "also here: bob" in text_of(header(moment, Wire("n2", operator="anna"), 160))
    alone = replace(moment, pulse=pulse)
    assert "also" not in text_of(header(alone, Wire("n2", operator="anna"), 160))


def found_in(cluster: Cluster, told: dict[str, Word]) -> dict[str, Belief]:
    return beliefs(look_at(cluster.state, 0), told)


def test_of_a_node_that_nobody_hears_nothing_is_claimed() -> None:
    cluster = outage()
    found = beliefs(look_at(cluster.state, 0), around(cluster, n1=("n2",)))
    assert sides(found)[-1].silent
    assert not found["n3"].fresh


def test_who_was_cut_off_a_moment_ago_speaks_no_more() -> None:
    """Its last heartbeat is young, but the one that tells of it hears it on no link."""
    cluster = healthy()
    pulse = pulse_of(cluster, "n1", hears=("n1", "n2"))
    pulse.peers["n3"]["heard"] = 1.5
    moment = replace(look_at(cluster.state, 0), pulse=pulse)
    found = beliefs(moment, {})
    assert not found["n3"].fresh
    assert found["n1"].hears == ("n2",)
    assert not split(found)


def test_a_pulse_from_before_a_node_has_joined_does_not_miss_it() -> None:
    cluster = healthy()
    cluster.lose("n3")
    before = pulse_of(cluster, "n1", hears=("n1", "n2"))
    cluster.boots["n3"] = 2
    cluster.agree()
    assert replace(look_at(cluster.state, 0), pulse=before).unheard == ()
    now = pulse_of(cluster, "n1", hears=("n1", "n2"))
    assert replace(look_at(cluster.state, 0), pulse=now).unheard == ("n3",)


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


def around(cluster: Cluster, **hears: tuple[str, ...]) -> dict[str, Word]:
    state = ClusterState.unpack(cluster.state.pack())
    return {
        name: Word(name, pulse_of(cluster, name, who), None if name != "n3" else state)
        for name, who in hears.items()
    }


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
