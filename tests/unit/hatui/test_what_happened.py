"""News, header, preview, steps and scores: sentences that an operator reads at night."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest

from hanode.events import Alarm
from hanode.mgmt import constraints, options, orders
from hanode.mgmt.proposal import Proposal
from hanode.mgmt.whole import replacement
from hanode.state import ClusterState
from hatui.cluster import errands, looks
from hatui.cluster.detail import detail
from hatui.cluster.fork import fork
from hatui.cluster.header import header
from hatui.cluster.lists import events, failures, fencing
from hatui.cluster.moment import Moment
from hatui.cluster.news import Narrator, News
from hatui.cluster.node_tree import NODES, node_tree
from hatui.cluster.past import Past
from hatui.cluster.preview import changed, differences, preview
from hatui.cluster.resource_tree import resource_tree
from hatui.cluster.scene import Scene
from hatui.cluster.spans import text_of
from hatui.cluster.standing import standing
from hatui.cluster.steps import DONE, Step, told
from hatui.cluster.undo import cards
from hatui.cluster.verdict import in_short, title
from hatui.cluster.whatif import forecast, look_at
from hatui.cluster.wire import Wire
from hatui.deeds import fitting
from hatui.output.health import OK, judge
from hatui.output.picture import of_state
from hatui.views.failures import VIEW
from tests.console.feed import Cluster, failed, healthy, outage, pulse_of

WIRE = Wire("n1", "memory", context="demo")


def news_of(cluster: Cluster) -> list[News]:
    narrator, found = Narrator(), list[News]()
    for entry in cluster.entries:
        found += narrator.tell(entry.index, *entry.signed.open())
    return found


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


def look(cluster: Cluster) -> Moment:
    return look_at(cluster.state, cluster.now)


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


def test_in_maintenance_nothing_is_well() -> None:
    cluster = healthy()
    for event in errands.maintenance(True).build(cluster.state).events:
        cluster.order(event)
    said = text_of(header(look(cluster), WIRE, 100))
    assert said.startswith(" ◧ demo   nothing is watched   quorum 3/3   MAINTENANCE")
    assert in_short(look(cluster), WIRE).look.word == "maintenance"


def after(*proposals: Callable[[ClusterState], Proposal]) -> Cluster:
    """A healthy cluster after these orders, and what came of them."""
    cluster = healthy()
    for build in proposals:
        for event in build(cluster.state).events:
            cluster.order(event)
    cluster.settle()
    return cluster


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


@pytest.mark.parametrize("order", [orders.ban, orders.move])
def test_what_has_expired_binds_no_more(order: Callable[..., Proposal]) -> None:
    """As the policy engine sees it; its card stays, for its rule is still written there."""
    cluster = healthy()
    until = cluster.now + 3600
    cluster.order(order(cluster.state, "backup", "n3", until=until).events[0])

    def drawn(now: float) -> tuple[str, str]:
        seen = look_at(cluster.state, now)
        (item,) = (item for item in resource_tree(seen) if item.name == "backup")
        (card,) = cards(seen, Past())
        return text_of(item.note), card.what

    chip, what = drawn(until - 1)
    assert "n3" in chip
    assert what.startswith("backup is ")
    chip, what = drawn(until + 1)
    assert "n3" not in chip
    assert what.startswith("backup was ")


def test_a_role_is_a_role_in_any_case_of_letters() -> None:
    cluster = after(lambda state: orders.target_role(state, "web", "Stopped"))
    lower = after(lambda state: replacement(
        state, cluster.state.cib.replace('value="Stopped"', 'value="stopped"'), [], force=True
    ))  # fmt: skip
    assert 'value="stopped"' in lower.state.cib
    items = {item.name: item for top in resource_tree(look(lower)) for item in top.children}
    assert items["web"].look is looks.DISABLED
    assert "disabled" in items["web"].facts["is"]
    (start,) = (why for one, why in fitting(look(lower), items["web"]) if one.id == "start")
    assert start == ""


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


def test_what_ran_on_a_node_that_is_not_heard_is_in_doubt_in_every_view() -> None:
    """The header does not count it, no loss is foretold, and what is heard stays as it is."""
    cluster = healthy()
    seen = replace(look(cluster), pulse=pulse_of(cluster, "n1", hears=("n1",)))
    items = {item.name: item for item in resource_tree(seen)}
    assert items["db-clone"].look is looks.UNHEARD
    assert "n2 not heard: ran there last" in text_of(items["db-clone"].note)
    assert items["front"].look is looks.STARTED
    assert standing(seen).running < standing(look(cluster)).running
    whole = resource_tree(replace(seen, pulse=pulse_of(cluster, "n1")))
    assert all(item.look is not looks.UNHEARD for item in whole)


def test_the_tree_of_nodes_that_the_thinker_draws_is_the_one_that_the_screen_shows() -> None:
    cluster = healthy()
    seen = look(cluster)
    drawn = node_tree(seen)
    assert seen.drawn(NODES)
    assert node_tree(replace(seen, pulse=pulse_of(cluster, "n1"))) is drawn
    assert node_tree(replace(seen, pulse=pulse_of(cluster, "n1", hears=("n1",)))) is not drawn


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


def test_detail_hides_secrets_and_gives_advice() -> None:
    moment = look(failed())
    (front, *_) = resource_tree(moment)
    lines = [text_of(line) for line in detail(moment, front.children[1], 60)]
    assert "password •••" in lines
    assert not any("hunter2" in line for line in lines)
    assert any(line.startswith("try: it stopped outside") for line in lines)


def test_a_fork_is_left_alone() -> None:
    cluster = healthy()
    copy = fork(cluster.state)
    before = copy.digest()
    cluster.fail("web", "n1", "gone")
    cluster.lose("n2")
    assert copy.digest() == before


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
    assert sentences(cluster)[-2:] == [word, "over: disk n2"]
