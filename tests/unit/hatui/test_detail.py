"""All there is to say of one thing: nothing of it is a guess, nothing of it is cut off."""

from __future__ import annotations

from dataclasses import replace

from hanode.events import FencingFailed
from hatui.cluster.detail import NOTHING, detail, how_often
from hatui.cluster.header import header
from hatui.cluster.items import Item, find
from hatui.cluster.moment import Moment
from hatui.cluster.resource_tree import resource_tree
from hatui.cluster.spans import text_of
from hatui.cluster.telemetry import Telemetry
from hatui.cluster.verdict import in_short
from hatui.cluster.whatif import look_at
from hatui.cluster.wire import Wire
from hatui.views import view_of
from tests.console.feed import Cluster, failed, healthy, pulse_of
from tests.unit.hatui.drawn import look, scene


def thin(cluster: Cluster) -> Moment:
    """n1 hears n2 on one of two links."""
    pulse = pulse_of(cluster, "n1")
    pulse.peers["n2"]["links"] = [True, False]
    return replace(look_at(cluster.state, cluster.now), pulse=pulse)


def told(moment: Moment, view: str, key: str, telemetry: Telemetry | None = None) -> list[str]:
    cluster = healthy()
    items = view_of(view).items(scene(cluster)._replace(moment=moment))
    item = find(items, key)
    assert isinstance(item, Item), [one.key for one in items]
    lines = detail(moment, item, 60, gathered=NOTHING._replace(telemetry=telemetry or Telemetry()))
    assert "policy engine" not in str(lines) or item.resource
    return [text_of(line) for line in lines]


def test_a_link_says_which_way_is_silent_and_what_that_means() -> None:
    cluster = healthy()
    moment = thin(cluster)
    telemetry = Telemetry()
    assert moment.pulse is not None
    telemetry.note(moment.pulse)
    found = told(moment, "links", "n1>n2", telemetry)
    assert found[:2] == ["n2", "◐ link down"]
    assert "as n1 hears it" in found
    assert "127.77.0.2:694  heard" in found
    assert "link 2  silent: cable, port, address?" in found
    assert "is still heard by its other link" in " ".join(found)
    assert any(line.startswith("round trip 0.4 ms, ") for line in found)


def test_a_link_that_is_well_warns_of_nothing() -> None:
    found = told(thin(healthy()), "links", "n1>n3")
    assert "127.77.0.3:694  heard" in found
    assert not any("falls silent" in line or "no link" in line for line in found)


def test_what_a_narrow_row_cuts_off_is_told_in_full() -> None:
    moment = thin(healthy())
    belief = " ".join(told(moment, "links", "belief:n2"))
    assert "term 1" in belief
    assert "hears n1 n3" in belief
    constraint = told(moment, "constraints", _first(moment))
    assert any(_first(moment) in line for line in constraint)


def _first(moment: Moment) -> str:
    sections = view_of("constraints").items(scene(healthy())._replace(moment=moment))
    return sections[0].children[0].key


def test_how_often_something_failed_is_said_as_people_say_it() -> None:
    assert how_often(1, 1_000_000) == "once"
    assert how_often(4, 0) == "4 times"
    assert how_often(1, 3) == "1 of 3 times"
    assert how_often(1_000_000, 3) == "for good"


def test_a_cluster_with_a_link_down_is_not_said_to_be_well() -> None:
    short = in_short(thin(healthy()), Wire(node="n1"))
    assert (short.look.word, short.words) == ("look", "a link to n2 is down")


def test_a_node_that_cannot_be_fenced_says_what_to_do() -> None:
    cluster = healthy()
    cluster.lose("n3")
    cluster.intend("n3")
    assert "n3 fencing " in header_of(cluster)
    assert "try:" not in " ".join(node_of(cluster, "n3"))
    request = next(iter(cluster.state.intents))
    cluster.say(FencingFailed(request, "n3", "fence-n3", "jammed", "n1"))
    assert "n3 fencing fails " in header_of(cluster)
    assert "confirm that it is down" in " ".join(node_of(cluster, "n3"))


def test_detail_hides_secrets_and_gives_advice() -> None:
    moment = look(failed())
    (front, *_) = resource_tree(moment)
    lines = [text_of(line) for line in detail(moment, front.children[1], 60)]
    assert "password •••" in lines
    assert not any("hunter2" in line for line in lines)
    assert any(line.startswith("try: it stopped outside") for line in lines)


def header_of(cluster: Cluster) -> str:
    return text_of(header(look_at(cluster.state, cluster.now), Wire(node="n1"), 100))


def node_of(cluster: Cluster, name: str) -> list[str]:
    return told(look_at(cluster.state, cluster.now), "nodes", name)
