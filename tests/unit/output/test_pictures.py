"""Pictures in all forms: text against golden files, JSON by its keys, XML by the peer's schema.

The golden files are written anew by `HATUI_GOLDEN=write`; then look at the difference.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from lxml import etree

from hanode.events import (
    Alarm,
    AttributeSet,
    Event,
    FencingFailed,
    NodeReported,
    UnfencingOrdered,
    ViewAgreed,
)
from hanode.mgmt.options import set_properties
from hanode.state.proofs import UNFENCED
from hatui.output import as_json, as_xml, health, text
from hatui.output.choice import GROUPS, ONCE, Choice
from hatui.output.picture import Picture
from tests.unit.mgmt.clusters import healthy, operation
from tests.unit.output import stories

GOLDEN = Path(__file__).parent / "golden"
SCHEMA = Path("/usr/share/pacemaker/api/api-result-2.25.rng")
EVERYTHING = Choice(frozenset({*GROUPS["all"], "options"}), inactive=True, timing=True, detail=True)
STORIES = [stories.all_well, stories.in_trouble, stories.alone, stories.cut_off]
Story = Callable[[], Picture]


@pytest.fixture(autouse=True)
def utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def golden(name: str, told: str) -> None:
    file = GOLDEN / name
    if os.environ.get("HATUI_GOLDEN") == "write":
        file.write_text(told)
    assert told == file.read_text()


@pytest.mark.parametrize("story", STORIES)
@pytest.mark.parametrize(
    ("kind", "choice"),
    [
        ("once", ONCE),
        ("everything", EVERYTHING),
        ("by-node", Choice(by_node=True, inactive=True)),
        ("plain", Choice()),
    ],
)
def test_text(story: Story, kind: str, choice: Choice) -> None:
    golden(f"{story.__name__}.{kind}.txt", text.render(story(), choice))


@pytest.mark.parametrize("story", STORIES)
def test_json(story: Story) -> None:
    golden(f"{story.__name__}.json", as_json.render(story()))


@pytest.mark.parametrize("story", STORIES)
def test_xml(story: Story) -> None:
    golden(f"{story.__name__}.xml", as_xml.render(story()))


@pytest.mark.skipif(
    not SCHEMA.exists(), reason=f"{SCHEMA} is not here: apt-get install pacemaker-common"
)
@pytest.mark.parametrize("story", STORIES)
def test_xml_passes_the_peers_schema(story: Story) -> None:
    schema = etree.RelaxNG(etree.parse(SCHEMA))
    schema.assertValid(etree.fromstring(as_xml.render(story()).encode()))
    schema.assertValid(etree.fromstring(as_xml.disconnected("no \x07 node", 102).encode()))


def test_json_has_the_keys_that_scripts_rely_on() -> None:
    told = as_json.document(stories.all_well())
    assert {k: told["summary"][k] for k in ("cluster", "dc", "quorum", "epoch")} == {
        "cluster": "demo", "dc": "n1", "quorum": True, "epoch": "0.7.0",
    }  # fmt: skip
    n1 = {"name": "n1", "online": True, "standby": False, "maintenance": False, "unclean": False,
          "is_dc": True, "resources_running": 3}  # fmt: skip
    assert n1.items() <= told["nodes"][0].items()
    web = {"id": "web", "agent": "ocf:hanode:web", "role": "Started", "active": True,
           "failed": False, "managed": True, "nodes": ["n1"]}  # fmt: skip
    assert web.items() <= told["resources"][0].items()
    assert told["failures"] == told["fence_history"] == told["bans"] == []
    assert told["stale"] is False


def test_every_section_is_always_there() -> None:
    kinds = [{key: type(part) for key, part in as_json.document(s()).items()} for s in STORIES]
    assert all(kind == kinds[0] for kind in kinds)


def test_who_is_cut_off_calls_nobody_online_that_it_does_not_hear() -> None:
    picture = stories.cut_off()
    told = as_json.document(picture)
    assert [node["state"] for node in told["nodes"]] == ["online", *["unclean (offline)"] * 2]
    assert "Online: [ n1 ]" in text.render(picture, ONCE)
    root = etree.fromstring(as_xml.render(picture).encode())
    assert root.xpath("string(summary/current_dc/@with_quorum)") == "false"
    assert root.xpath("string(summary/current_dc/@present)") == "false"
    said = "stale data: n1 has no quorum: this is what it knew last"
    assert root.xpath("string(status/errors/error)") == said


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"quorate": False}, "n1 has no quorum: this is what it knew last"),
        ({"dc": ""}, "n1 knows no DC at the moment"),
        ({"commit": 999}, "n1 showed entry 18 of 999"),
        ({}, ""),
    ],
)
def test_a_picture_says_when_it_may_be_old(changed: dict[str, object], reason: str) -> None:
    assert stories.picture_of(healthy(), **changed).stale == reason


@pytest.mark.parametrize(
    ("story", "level"),
    [
        (stories.all_well, health.OK),
        (stories.in_trouble, health.CRITICAL),
        (stories.alone, health.CRITICAL),
        (stories.cut_off, health.CRITICAL),
    ],
)
def test_health(story: Story, level: int) -> None:
    picture = story()
    judged = health.judge(picture)
    assert judged.level == level
    golden(f"{story.__name__}.check.txt", health.line(judged, picture) + "\n")


def test_what_could_not_be_stopped_is_blocked() -> None:
    log = healthy()
    log.say(*set_properties(log.state, {"stonith-enabled": "false"}, []).events)
    log.say(operation("n1", "web", "stop", agent="ocf:hanode:web", call_id=13, rc=1))
    judged = health.judge(stories.picture_of(log))
    assert judged.level == health.CRITICAL
    assert "web is blocked" in judged.reasons
    assert not any("unmanaged" in reason for reason in judged.reasons)


AWAY, HERE = ViewAgreed((("n1", 1), ("n2", 1))), ViewAgreed((("n1", 1), ("n2", 1), ("n3", 2)))


@pytest.mark.parametrize(
    ("since", "told"),
    [
        ([], True),
        ([AttributeSet("n2", UNFENCED, "5")], True),
        ([AttributeSet("n3", UNFENCED, "0")], True),
        ([AttributeSet("n3", UNFENCED, "5")], False),
        ([UnfencingOrdered("n3", 1, "u2"), AttributeSet("n3", UNFENCED, "5")], False),
        (
            [UnfencingOrdered("n3", 1, "u2"), FencingFailed("u2", "n3", "a", "no", action="on")],
            True,
        ),
        ([AWAY], True),
        ([AWAY, HERE], True),
        ([AWAY, HERE, NodeReported("n3", 2, 1)], False),
    ],
)
def test_a_failed_fencing_is_told_until_something_makes_up_for_it(
    since: list[Event], told: bool
) -> None:
    log = healthy()
    log.say(UnfencingOrdered("n3", 1, "u1"), FencingFailed("u1", "n3", "switch", "no", action="on"))
    for event in since:
        log.say(event, actor="n3" if isinstance(event, NodeReported) else "n1")
    picture = stories.picture_of(log)
    assert picture.fencings[-1].status == "failed"  # in the history it stays
    assert ("fencing of n3 failed" in health.judge(picture).reasons) is told


def test_in_xml_an_instance_fails_and_not_its_clone() -> None:
    log = healthy()
    log.say(operation("n1", "agent", "monitor", call_id=13, interval_ms=1000, rc=7))
    root = etree.fromstring(as_xml.render(stories.picture_of(log)).encode())
    clone = root.find("resources/clone[@id='everywhere']")
    assert clone is not None
    assert (clone.get("failed"), clone.get("failure_ignored")) == ("false", "false")
    assert len(clone.findall("resource[@failed='true']")) == 1


def test_names_from_elsewhere_do_nothing_to_a_terminal() -> None:
    log = healthy()
    log.say(Alarm("n1\x1b[2J", "wipe\nyour \u202escreen"))
    told = text.render(stories.picture_of(log), ONCE)
    assert "  * n1[2J: wipe your screen (since " in told
    as_xml.render(stories.picture_of(log))
    told = text.render(stories.picture_of(log, dc="n\x9b1", node="n\x1b2"), ONCE)
    assert "Current DC: n1 (" in told
    assert " on n2\n" in told
