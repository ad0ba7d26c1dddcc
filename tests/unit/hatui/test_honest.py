"""What is said must be so: who did it, what is left out, what two nodes alone can bear."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from rich.style import Style

from hanode.events import Alarm, CibChanged, Event, FencingIntended
from hanode.mgmt import orders
from hanode.mgmt.protocol import Pulse
from hanode.state import ClusterState
from hanode.state.records import NodeRecord
from hatui.cluster import errands
from hatui.cluster.beliefs import Word, beliefs
from hatui.cluster.blast import blast
from hatui.cluster.clock import clock, dated, day
from hatui.cluster.constraints import constraints
from hatui.cluster.detail import detail
from hatui.cluster.filter import parse
from hatui.cluster.glimpse import Glimpse
from hatui.cluster.header import header, unattached
from hatui.cluster.incident import packed
from hatui.cluster.items import Item, find
from hatui.cluster.journey import Journey
from hatui.cluster.ledger import Ledger
from hatui.cluster.moment import Moment
from hatui.cluster.node_tree import node_tree
from hatui.cluster.order import Order
from hatui.cluster.outline import Outline
from hatui.cluster.pace import pace_of
from hatui.cluster.past import Past
from hatui.cluster.preview import preview
from hatui.cluster.resource_tree import resource_tree
from hatui.cluster.scene import Scene
from hatui.cluster.slowness import Slowness
from hatui.cluster.spans import Span, text_of
from hatui.cluster.standing import standing
from hatui.cluster.undo import Card, cards
from hatui.cluster.verdict import title, verdict
from hatui.cluster.whatif import forecast, look_at
from hatui.cluster.wire import Wire
from hatui.commandline import read
from hatui.config import Context
from hatui.deeds import fitting
from hatui.dress import Dressed
from hatui.link.fleet import Fleet
from hatui.link.pulses import sane
from hatui.link.thinker import Thinker
from hatui.output import as_json
from hatui.output.picture import of_state
from hatui.output.words import moment, stamp
from hatui.themes import DEFAULT, load_all
from hatui.views import VIEWS
from hatui.widgets.inked import strip_of
from tests.console.feed import CIB, Cluster, MemoryLink, healthy, outage, pulse_of


def by(cluster: Cluster, who: str, *events: Event) -> None:
    for event in events:
        assert isinstance(event, CibChanged)
        cluster.say(replace(event, by=who))


def card(cluster: Cluster, key: str) -> Card:
    past = Past()
    for entry in cluster.entries:
        past.append(entry)
    moment = look_at(cluster.state, cluster.now)
    return next(one for one in cards(moment, past) if one.key == key)


def test_a_card_names_who_did_it_and_not_who_did_the_like_to_another() -> None:
    cluster = Cluster(("n1", "n2", "n10"), CIB.replace('"n3"', '"n10"'))
    by(cluster, "anna", *orders.standby(cluster.state, "n1", True).events)
    by(cluster, "bob", *orders.standby(cluster.state, "n10", True).events)
    assert card(cluster, "standby.n1").who == "anna"
    assert card(cluster, "standby.n10").who == "bob"
    by(cluster, "carl", *orders.target_role(cluster.state, "front", "Stopped").events)
    by(cluster, "dora", *orders.target_role(cluster.state, "front-ip", "Stopped").events)
    assert card(cluster, "target-role.front").who == "carl"
    by(cluster, "eve", *orders.ban(cluster.state, "backup", "n1").events)
    by(cluster, "fred", *orders.ban(cluster.state, "backup", "n10").events)
    assert card(cluster, "cli-ban-backup-on-n1").who == "eve"


def test_a_monitor_that_runs_there_no_more_is_not_slow_there() -> None:
    cluster, slowness = healthy(), Slowness()
    slow = replace(pulse_of(cluster, "n1"), drift={"web.monitor_1000": {"exec_ms": 6000.0}})
    assert slowness.note(slow, look_at(cluster.state, cluster.now))
    assert not slowness.note(pulse_of(cluster, "n1"), look_at(cluster.state, cluster.now))
    assert slowness.found
    cluster.order(orders.move(cluster.state, "front", "n2").events[0])
    cluster.settle()
    assert slowness.note(pulse_of(cluster, "n1"), look_at(cluster.state, cluster.now))
    assert slowness.found == ()


def test_of_a_node_that_is_not_asked_any_more_nothing_is_slow() -> None:
    cluster, slowness = healthy(), Slowness()
    slow = replace(pulse_of(cluster, "n1"), drift={"web.monitor_1000": {"exec_ms": 6000.0}})
    moment = look_at(cluster.state, cluster.now)
    assert slowness.note(slow, moment)
    assert slowness.note(pulse_of(cluster, "n2"), moment)
    assert slowness.found == ()


def test_what_a_clause_leaves_out_is_counted() -> None:
    cluster = outage()
    cluster.fail("backup", "n2", "it died")
    cluster.say(Alarm("clock n1", "it is an hour late"))
    cluster.order(orders.standby(cluster.state, "n2", True).events[0])
    moment = look_at(cluster.state, cluster.now)
    words, _ = verdict(moment, standing(moment))
    assert words.startswith("n3 fencing, alarm: clock n1, ")
    assert words.endswith(" more")


def two_nodes(fencing: bool = True) -> Cluster:
    cib = CIB if fencing else CIB.replace('name="stonith-enabled" value="true"',
                                          'name="stonith-enabled" value="false"')  # fmt: skip
    cluster = Cluster(("n1", "n2"), cib)
    cluster.probed()
    cluster.settle()
    return cluster


def test_of_two_nodes_alone_one_goes_on_once_the_other_is_fenced() -> None:
    cluster = two_nodes()
    losses = blast(cluster.state, cluster.now).losses
    assert [loss.quorum for loss in losses.values()] == [True, True]
    assert "front-ip" in losses["n1"].moves
    told = errands.fence("n2").build(cluster.state)
    seen = preview(forecast(cluster.state, told.events, cluster.now))
    assert not any("QUORUM IS LOST" in span.text for span in seen.remains)
    seen = preview(forecast(cluster.state, errands.lose("n2").build(cluster.state).events,
                            cluster.now))  # fmt: skip
    assert not any("QUORUM IS LOST" in span.text for span in seen.remains)


def test_of_two_nodes_alone_none_goes_on_where_nothing_is_fenced() -> None:
    cluster = two_nodes(fencing=False)
    losses = blast(cluster.state, cluster.now).losses
    assert [loss.quorum for loss in losses.values()] == [False, False]


def test_what_a_remote_node_did_is_told_too() -> None:
    cluster = healthy()
    state = cluster.state
    record = state.nodes["n1"]
    state.remotes["far"] = NodeRecord("far", history={"backup": {
        key: replace(done, node="far", resource="backup", exec_ms=77_000)
        for key, done in record.history["web"].items()
    }})  # fmt: skip
    for node in state.nodes.values():
        node.history.pop("backup", None)
    moment = look_at(state, cluster.now)
    item = find(resource_tree(moment), "backup")
    told = "\n".join(text_of(line) for line in detail(moment, item, 80))
    assert "far" in told
    assert pace_of(Ledger(), state)("start", "backup") == pytest.approx(77.0)


@pytest.mark.parametrize("at", [1e18, -1e18, 253402300800.0 * 2])
def test_a_clock_that_is_mad_stops_no_screen(at: float) -> None:
    assert clock(at)
    assert dated(at)
    assert day(at)
    assert moment(at)
    assert stamp(at)


GARBAGE: tuple[object, ...] = (
    "x",
    -1,
    float("nan"),
    float("inf"),
    10**400,
    None,
    [],
    {},
    ["x", 7],
    b"\x9b",
)


@pytest.mark.parametrize("bad", GARBAGE, ids=range(len(GARBAGE)))
def test_a_pulse_of_nonsense_is_drawn_all_the_same(bad: object) -> None:
    cluster = healthy()
    names = ("heard", "rtt_ms", "loss", "links", "dc", "term", "index", "hears", "view", "disk")
    peers = {"n2": dict.fromkeys(names, bad), "n3": dict.fromkeys(names, bad)}
    running = (dict.fromkeys(("id", "task", "node", "resource", "since"), bad),)
    pulse: Pulse = sane(replace(pulse_of(cluster, "n1"), peers=peers, running=running))
    moment = replace(look_at(cluster.state, cluster.now), pulse=pulse)
    scene = Scene(moment, wire=Wire("n1"), around={"n2": Word("n2", replace(pulse, node="n2"))})
    for view in VIEWS:
        for item in view.items(scene):
            detail(moment, item, 60)
        view.count(scene)
    header(moment, Wire("n1"), 100)
    beliefs(moment, scene.around)


def test_no_control_byte_is_passed_on_as_json() -> None:
    cluster = healthy()
    cluster.fail("web", "n1", "dead\x9b2J\u202egnp")
    told = as_json.render(of_state(cluster.state, None, cluster.now))
    assert told.isascii()


def test_a_fencing_of_two_that_is_intended_is_no_quorum_lost() -> None:
    cluster = two_nodes()
    cluster.say(FencingIntended("f1", "n2", 1, "reboot", "why"))
    assert blast(cluster.state, cluster.now).losses["n2"].quorum


def test_before_the_state_has_come_nothing_is_said_of_it() -> None:
    """A node that has only answered is no cluster without quorum, and none without resources."""
    nothing, wire = Moment(), Wire("n1", context="here")
    said = text_of(header(nothing, wire, 100))
    assert "QUORUM" not in said
    assert "no DC" not in said
    assert "running" not in said
    assert title(nothing, wire) == "here: connecting"
    assert unattached(nothing, wire) == "n1 has answered: its state is on the way"


def test_what_a_fleet_is_not_watching_it_does_not_show() -> None:
    async def play() -> None:
        cluster = healthy()

        def dial(_: Context) -> MemoryLink:
            return MemoryLink(cluster, Thinker(lambda: cluster.now))

        fleet = Fleet((Context("here", ()), Context("there", ())), dial)
        came = asyncio.Event()

        def changed() -> None:
            if fleet.glimpses(Glimpse("here"))[1].moment.state.position.index:
                came.set()

        fleet.watch("here", changed)
        await came.wait()
        await fleet.leave("there")  # the console itself goes there, and comes back
        there = fleet.glimpses(Glimpse("here"))[1]
        assert there.name == "there"
        assert not there.moment.state.position.index
        await fleet.close()

    asyncio.run(play())


def test_a_theme_that_is_gone_before_it_was_looked_at_is_no_theme(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    own = tmp_path / ".config" / "hatui" / "themes"
    own.mkdir(parents=True)
    (own / "gone.toml").symlink_to(tmp_path / "nowhere")
    assert Dressed._fingerprint() == ()


def test_a_remote_node_is_a_node_to_be_ordered_about() -> None:
    cluster = healthy()
    cluster.state.remotes["far"] = NodeRecord("far", boot=1, present=True, reported=1)
    moment = look_at(cluster.state, cluster.now)
    order = read("standby far", moment)
    assert isinstance(order, Order)
    item = Item("far", "far", "node", node="far")
    no = {one.id: why for one, why in fitting(moment, item)}
    assert no["confirm"] == "it is online, so it is not down"
    assert no["leave"] == no["whatif-lost"] == "it is a remote node, and no member"


def test_a_constraint_can_be_asked_about_where_it_stands() -> None:
    cluster = healthy()
    cluster.order(orders.ban(cluster.state, "backup", "n1").events[0])
    moment = look_at(cluster.state, cluster.now)
    (section,) = (one for one in constraints(Scene(moment)) if one.key == "@moves and bans")
    assert "whatif-without" in [one.id for one, _ in fitting(moment, section.children[0])]


def test_no_ink_passes_a_control_byte_on() -> None:
    """Whatever a screen forgets to clean, the place where it is drawn does not."""
    strip = strip_of((Span("a\x1b[31mb\x9bc\u202ed"),), load_all()[0][DEFAULT], Style())
    assert strip.text == "a·[31mb·c·d"


@pytest.mark.parametrize("cells", [20, 24, 32, 40, 60])
def test_the_narrowest_screen_still_says_what_is_wrong(cells: int) -> None:
    cluster = outage()
    moment = replace(look_at(cluster.state, cluster.now), pulse=pulse_of(cluster, "n1"))
    said = text_of(header(moment, Wire("n1", context="here"), cells))
    assert "n3 fenc" in said
    lost = text_of(header(moment, Wire("n1", context="here", lost=42.0), cells))
    assert "STALE 42s" in lost


def test_faults_only_leaves_out_what_is_well_beside_a_fault() -> None:
    cluster = healthy()
    cluster.fail("web", "n1", "it died")
    moment = look_at(cluster.state, cluster.now)
    outline = Outline()
    outline.faults_only = True
    outline.give(node_tree(moment), None)
    outline.lay_out(100, 30, 0)
    assert [row.item.name for row in outline.rows] == ["n1", "web"]
    outline.filter = parse("n1")
    outline.lay_out(100, 30, 0)
    assert "n1" in [row.item.name for row in outline.rows]


def test_a_remote_node_and_its_connection_are_marked_one_by_one() -> None:
    """They bear one name, and stand in two views."""
    node, connection = Item("far", "far", "node"), Item("far", "far", "resource", resource="far")
    assert node.mark_key != connection.mark_key


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


def test_a_past_of_another_day_says_which() -> None:
    cluster = healthy()
    past = Past()
    for entry in cluster.entries:
        past.append(entry)
    journey = Journey(past)
    assert "Nov" not in text_of(journey.bar(120, cluster.now))
    assert text_of(journey.bar(120, cluster.now + 2 * 86_400)).startswith(" PAST Nov 21 ")
    past.anchor(ClusterState())
    title_ = packed(past, 1, past.last).split(b"\n")[0].decode()
    assert "Nov 21" in title_


def test_the_terminals_title_says_that_there_is_no_quorum() -> None:
    """In a row of tmux windows it is all that is seen."""
    cluster = healthy()
    moment = look_at(cluster.state, cluster.now)
    alone = replace(moment, pulse=replace(pulse_of(cluster, "n1"), quorate=False))
    assert title(moment, Wire("n1")) == "demo: all well"
    assert title(alone, Wire("n1")).startswith("demo: NO QUORUM, ")
