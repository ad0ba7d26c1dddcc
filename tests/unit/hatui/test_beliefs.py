"""Who believes what: each side of a split by itself, and nothing of whom nobody hears."""

from __future__ import annotations

from dataclasses import replace

from hanode.state import ClusterState
from hatui.cluster.beliefs import Belief, Word, beliefs, sides, split
from hatui.cluster.header import header
from hatui.cluster.side_rows import belief_look
from hatui.cluster.spans import text_of
from hatui.cluster.whatif import look_at
from hatui.cluster.wire import Wire
from hatui.views import view_of
from tests.console.feed import Cluster, healthy, outage, pulse_of
from tests.unit.hatui.drawn import picture, scene


def around(cluster: Cluster, **hears: tuple[str, ...]) -> dict[str, Word]:
    state = ClusterState.unpack(cluster.state.pack())
    return {
        name: Word(name, pulse_of(cluster, name, who), None if name != "n3" else state)
        for name, who in hears.items()
    }


def found_in(cluster: Cluster, told: dict[str, Word]) -> dict[str, Belief]:
    return beliefs(look_at(cluster.state, 0), told)


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
