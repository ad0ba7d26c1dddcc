"""The header and the terminal's title: the worst first, and nothing that is not known."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest

from hanode.events import Alarm
from hanode.mgmt import constraints, options, orders
from hatui.cluster import errands
from hatui.cluster.header import header, unattached
from hatui.cluster.moment import Moment
from hatui.cluster.node_tree import node_tree
from hatui.cluster.scene import Scene
from hatui.cluster.spans import text_of
from hatui.cluster.standing import standing
from hatui.cluster.verdict import in_short, title, verdict
from hatui.cluster.whatif import look_at
from hatui.cluster.wire import Wire
from hatui.output.health import OK, judge
from hatui.output.picture import of_state
from hatui.views.failures import VIEW
from tests.console.feed import CIB, Cluster, after, failed, healthy, outage, pulse_of
from tests.unit.hatui.drawn import look, news_of

WIRE = Wire("n1", "memory", context="demo")


def test_header_says_the_worst_first_and_fits() -> None:
    for cells in (20, 40, 80, 200):
        line = text_of(header(look(failed()), WIRE, cells))
        assert len(line) <= cells
    assert text_of(header(look(healthy()), WIRE, 80)).startswith(
        " ● demo   all well   quorum 3/3   DC n1   12 running"
    )
    assert "1 failure" in text_of(header(look(failed()), WIRE, 40))
    lost = text_of(header(look(healthy()), WIRE._replace(lost=12, trying="n2"), 60))
    assert "STALE 12s" in lost
    why = WIRE._replace(lost=12, trying="n2", why="Pulse: unknown field")
    assert "trying n2: Pulse: unknown" in text_of(header(look(healthy()), why, 100))
    assert title(look(outage()), WIRE) == "demo: n3 fencing"


def test_header_says_since_when() -> None:
    def said(cluster: Cluster, later: float = 0.0) -> str:
        return text_of(header(look(cluster), WIRE, 120, now=cluster.now + later))

    assert "since" not in said(healthy())
    assert "n3 fencing   since 12:00" in said(outage())
    assert "1 failure   since 12:00" in said(failed())
    assert "1 failure   since Nov 21 12:00" in said(failed(), 86_400), "it did not begin today"


def test_in_maintenance_nothing_is_well() -> None:
    cluster = healthy()
    for event in errands.maintenance(True).build(cluster.state).events:
        cluster.order(event)
    said = text_of(header(look(cluster), WIRE, 100))
    assert said.startswith(" ◧ demo   nothing is watched   quorum 3/3   MAINTENANCE")
    assert in_short(look(cluster), WIRE).look.word == "maintenance"


def banned(name: str, role: str = "") -> Cluster:
    return after(*(partial(constraints.location, resource=name, node=node, score="-INFINITY",
                          argv=[], role=role) for node in ("n1", "n2", "n3")))  # fmt: skip


@pytest.mark.parametrize(("cluster", "said"), [
    (banned("ping-clone"), "1 stopped"),
    (banned("db-clone", "Promoted"), "db-clone promoted nowhere"),
    (after(lambda state: orders.manage(state, "web", False)), "web unmanaged"),
    (after(lambda state: orders.maintenance(state, True, resource="web")), "web unmanaged"),
    (after(lambda state: options.set_properties(state, {"stop-all-resources": "true"}, [])),
     "stop-all-resources is on"),
])  # fmt: skip
def test_the_header_has_what_the_check_complains_of(cluster: Cluster, said: str) -> None:
    seen = look(cluster)
    assert f" ▲ demo   {said}" in text_of(header(seen, WIRE, 120))
    assert judge(of_state(cluster.state, pulse_of(cluster, "n1"), cluster.now)).level > OK
    assert in_short(seen, WIRE).look.word == "look"


def test_an_alarm_is_in_the_header_and_among_the_failures() -> None:
    cluster = healthy()
    cluster.say(Alarm("fencing n3", "3 attempts in 30 minutes failed; an operator must look"))
    seen = look(cluster)
    assert text_of(header(seen, WIRE, 100)).startswith(" ✖ demo   alarm: fencing n3   since 12:00")
    (item,) = VIEW.items(Scene(seen))
    assert "an operator must look" in text_of(item.note)
    assert VIEW.count(Scene(seen)) == 1
    cluster.say(Alarm("fencing n3", ""))
    assert "all well" in text_of(header(look(cluster), WIRE, 100))


def test_quorum_lost_is_shouted() -> None:
    cluster = healthy()
    cluster.lose("n3")
    cluster.lose("n2")
    assert "NO QUORUM 1/3" in text_of(header(look(cluster), WIRE, 80))


def test_a_node_that_is_cut_off_is_not_believed_that_all_is_well() -> None:
    """Its log ends before the cut, and says nothing of it."""
    cluster = healthy()
    pulse = pulse_of(cluster, "n3", hears=("n3",))
    line = text_of(header(replace(look(cluster), pulse=pulse), WIRE, 100))
    assert "NO QUORUM 1/3" in line
    assert "2 nodes not heard, what n3 knew last" in line
    assert "DC none" in line
    assert "all well" not in line
    assert "may fail" not in line


def test_where_there_is_little_room_the_verdict_is_cut_and_not_left_out() -> None:
    cluster = healthy()
    seen = replace(look(cluster), pulse=pulse_of(cluster, "n3", hears=("n3",)))
    line = text_of(header(seen, WIRE, 60))
    assert "NO QUORUM 1/3" in line
    assert "2 nodes not" in line


def test_a_link_that_is_down_is_told_though_nothing_fails_yet() -> None:
    cluster = healthy()
    pulse = pulse_of(cluster, "n1")
    pulse.peers["n3"]["links"] = [True, False]
    line = text_of(header(replace(look(cluster), pulse=pulse), WIRE, 100))
    assert line.startswith(" ▲ demo   a link to n3 is down   quorum 3/3")
    pulse.peers["n2"]["links"] = [True, False]
    assert "a link of n1 is down" in text_of(header(replace(look(cluster), pulse=pulse), WIRE, 100))


def test_a_cluster_without_a_dc_is_not_well() -> None:
    cluster = healthy()
    pulse = replace(pulse_of(cluster, "n3"), dc="")
    line = text_of(header(replace(look(cluster), pulse=pulse), WIRE, 100))
    assert line.startswith(" ▲ demo   no DC   quorum 3/3")


def test_a_node_that_can_not_write_is_named_in_header_and_tree() -> None:
    cluster = healthy()
    word = "disk full: /var/lib/hanode; n2 neither votes nor leads"
    cluster.say(Alarm("disk n2", word), "n2")
    seen = look(cluster)
    assert "n2 can't write to disk" in text_of(header(seen, WIRE, 100))
    note = next(item.note for item in node_tree(seen) if item.name == "n2")
    assert "disk full: /var/lib/hanode" in text_of(note)
    cluster.say(Alarm("disk n2", ""), "n2")
    assert "can't write" not in text_of(header(look(cluster), WIRE, 100))
    assert [news.sentence for news in news_of(cluster)[-2:]] == [word, "over: disk n2"]


def test_a_decision_that_takes_long_is_told_in_the_header() -> None:
    cluster = healthy()
    moment = look_at(cluster.state, 0)
    told = pulse_of(cluster, "n1")
    said = [
        text_of(header(replace(moment, pulse=replace(told, deciding=age)), Wire("n1"), 160))
        for age in (0.4, 12.3)
    ]
    assert "deciding" not in said[0]
    assert "deciding for 12 s" in said[1]


def test_what_a_clause_leaves_out_is_counted() -> None:
    cluster = outage()
    cluster.fail("backup", "n2", "it died")
    cluster.say(Alarm("clock n1", "it is an hour late"))
    cluster.order(orders.standby(cluster.state, "n2", True).events[0])
    moment = look_at(cluster.state, cluster.now)
    words, _ = verdict(moment, standing(moment))
    assert words.startswith("n3 fencing, alarm: clock n1, ")
    assert words.endswith(" more")


def test_before_the_state_has_come_nothing_is_said_of_it() -> None:
    """A node that has only answered is no cluster without quorum, and none without resources."""
    nothing, wire = Moment(), Wire("n1", context="here")
    said = text_of(header(nothing, wire, 100))
    assert "QUORUM" not in said
    assert "no DC" not in said
    assert "running" not in said
    assert title(nothing, wire) == "here: connecting"
    assert unattached(nothing, wire) == "n1 has answered: its state is on the way"


@pytest.mark.parametrize("cells", [20, 24, 32, 40, 60])
def test_the_narrowest_screen_still_says_what_is_wrong(cells: int) -> None:
    cluster = outage()
    moment = replace(look_at(cluster.state, cluster.now), pulse=pulse_of(cluster, "n1"))
    said = text_of(header(moment, Wire("n1", context="here"), cells))
    assert "n3 fenc" in said
    lost = text_of(header(moment, Wire("n1", context="here", lost=42.0), cells))
    assert "STALE 42s" in lost


@pytest.mark.parametrize("word", ["true", "y", "1"])
def test_the_options_that_are_told_are_those_that_the_cluster_goes_by(word: str) -> None:
    """Of several sets the one with the highest score counts, not the one that is written first."""
    more = (
        '<cluster_property_set id="low" score="1"><nvpair id="l" name="stop-all-resources" '
        'value="false"/></cluster_property_set><cluster_property_set id="high" score="9">'
        f'<nvpair id="h" name="stop-all-resources" value="{word}"/></cluster_property_set>'
    )
    cluster = Cluster(cib=CIB.replace("</crm_config>", f"{more}</crm_config>"))
    cluster.probed()
    cluster.settle()
    moment = look_at(cluster.state, cluster.now)
    assert not any(view.active for view in moment.overview.resources)
    assert standing(moment).told_to_stop
    assert of_state(cluster.state, None, cluster.now).stop_all


def test_the_terminals_title_says_that_there_is_no_quorum() -> None:
    """In a row of tmux windows it is all that is seen."""
    cluster = healthy()
    moment = look_at(cluster.state, cluster.now)
    alone = replace(moment, pulse=replace(pulse_of(cluster, "n1"), quorate=False))
    assert title(moment, Wire("n1")) == "demo: all well"
    assert title(alone, Wire("n1")).startswith("demo: NO QUORUM, ")
