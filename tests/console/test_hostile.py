"""Hostile text in every field that comes from the cluster, through every view and every output."""

from __future__ import annotations

import dataclasses
import json
import unicodedata
from collections.abc import Iterable

import pytest
from lxml import etree
from textual.pilot import Pilot

from hanode.cib.document import parse
from hanode.events import (
    Alarm,
    AttributeSet,
    FencingFailed,
    FencingIntended,
    Member,
    MemberAdded,
    OperationFinished,
    Planned,
    TicketSet,
    TransitionEnded,
    TransitionStarted,
    ViewAgreed,
)
from hatui.app import Hatui
from hatui.cluster.beliefs import Word
from hatui.cluster.blast import Blast, Loss
from hatui.cluster.blast_words import in_full, in_header
from hatui.cluster.chain import chain_of
from hatui.cluster.chain_lines import chain_lines
from hatui.cluster.compare import compared
from hatui.cluster.detail import detail
from hatui.cluster.glimpse import Glimpse
from hatui.cluster.header import header
from hatui.cluster.items import Item, flatten
from hatui.cluster.latency import latency
from hatui.cluster.moment import Moment, primitive_of
from hatui.cluster.news import Narrator
from hatui.cluster.past import Past
from hatui.cluster.scene import Scene
from hatui.cluster.sheet import sheet
from hatui.cluster.slowness import Slow
from hatui.cluster.spans import Line, text_of
from hatui.cluster.telemetry import Telemetry
from hatui.cluster.undo import cards, items
from hatui.cluster.verdict import title
from hatui.cluster.whatif import look_at, scores
from hatui.cluster.why import why
from hatui.cluster.wire import Wire
from hatui.output import as_cib, as_events, as_json, as_xml, text
from hatui.output.choice import SECTIONS, Choice
from hatui.output.picture import of_state
from hatui.terminal import notification
from hatui.views import VIEWS
from tests.console.feed import Cluster, healthy, pulse_of
from tests.console.pressing import press, run
from tests.console.stage import text as screen_text
from tests.unit.hatui.drawn import ledger_of
from tests.unit.hatui.test_safe import HOSTILE

WORDS = tuple(word for word in HOSTILE if "\ud800" not in word)
"""A lone surrogate is not UTF-8: no entry of a log can hold one."""
FORBIDDEN = ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")


def poisoned(word: str) -> Cluster:
    """A cluster where whoever could say something said this."""
    cluster = healthy()
    name = f"n4{word}"
    member = Member(name, 9, "data", bytes([9] * 32), links=(word,), stream=word)
    cluster.boots[name] = 1
    cluster.say(MemberAdded(member))
    here = tuple((node, 1) for node in ("n1", "n2", "n3", name))
    cluster.say(ViewAgreed(here))
    cluster.say(AttributeSet("n1", word, word))
    cluster.say(TicketSet(word, True, by=word))
    cluster.say(Alarm(word, word))
    planned = (Planned(1, word, name, word, "start", word), Planned(2, word, name, "", "reboot"))
    cluster.say(TransitionStarted(77, 1, planned, (word,)))
    for task, status in (("start", "done"), ("monitor", "error")):
        done = OperationFinished("n1", "web", word, task, 1000, 1, status, order="1.77.1",
                                 call_id=900, at=cluster.now, reason=word, tail=word)  # fmt: skip
        cluster.say(done)
        cluster.say(dataclasses.replace(done, node=name, resource=f"gone{word}", call_id=901))
    cluster.say(TransitionEnded(77, word))
    cluster.say(FencingIntended(word or "f", name, 1, word, word, word))
    cluster.say(FencingFailed(word or "f", name, word, word, word))
    return cluster


def scene(cluster: Cluster, word: str, cells: int) -> Scene:
    moment = look_at(cluster.state, cluster.now)
    pulse = pulse_of(cluster, "n1")
    for peer in pulse.peers.values():
        peer.update(dc=word, hears=[word], view=[word], heard=0.1)
    pulse = dataclasses.replace(pulse, dc=word, attached=(word, f"{word}2"),
                                peers={**pulse.peers, word: {"heard": word}})  # fmt: skip
    asked = dataclasses.replace(pulse, node="n2", head=b"head")
    narrator = Narrator()
    news = [one for entry in cluster.entries
            for one in narrator.tell(entry.index, *entry.signed.open())]  # fmt: skip
    lost = Loss((f"n4{word}", word), (word,), (word,), True)
    blast = Blast(1, {f"n4{word}": Loss((f"n4{word}",), (word,), (word,), True)}, (lost,))
    return Scene(dataclasses.replace(moment, pulse=pulse), news, Wire(word, word, why=word),
                 cells, ledger=ledger_of(cluster), blast=blast,
                 around={word: Word(word, problem=word),
                         "n2": Word("n2", asked, ahead=9.0, forked=True)},
                 slow=(Slow("web", "n1", 0.6), Slow(word, word, 0.7)),
                 fleet=(Glimpse(word, moment, Wire(word, word, trying=word, why=word)),
                        Glimpse(word, wire=Wire(trying=word, why=word))))  # fmt: skip


def harmless(shown: str) -> None:
    bad = [hex(ord(char)) for char in shown if unicodedata.category(char) in FORBIDDEN]
    assert not bad, (bad, shown)


def all_harmless(lines: Iterable[Line]) -> None:
    for line in lines:
        harmless(text_of(line))


def look_through(moment: Moment, items: Iterable[Item], cells: int) -> None:
    for item in items:
        harmless(item.name + item.look.word + text_of(item.where) + text_of(item.note))
        if item.kind in ("resource", "instance", "node", "fencing", "failure", "constraint"):
            all_harmless(detail(moment, item, cells))
        look_through(moment, item.children, cells)


@pytest.mark.parametrize("word", WORDS, ids=range(len(WORDS)))
def test_no_view_passes_it_on(word: str) -> None:
    cluster = poisoned(word)
    seen = scene(cluster, word, 80)
    for view in VIEWS:
        look_through(seen.moment, view.items(seen), 60)
        harmless(text_of(view.heading(seen).note))
    all_harmless(in_full(seen.blast, "", 60))
    told = in_header(seen.blast)
    assert told is not None
    harmless(told.text)
    harmless(text_of(header(seen.moment, seen.wire, 200, blast=seen.blast, slow=seen.slow)))
    for slow in seen.slow:
        harmless(slow.sentence)
    harmless(title(seen.moment, seen.wire))


@pytest.mark.parametrize("word", WORDS, ids=range(len(WORDS)))
def test_no_other_screen_passes_it_on(word: str) -> None:
    """Chains, cards of undoing, why, the difference to then, sheets, notices on the desktop."""
    cluster = poisoned(word)
    past = Past()
    past.earlier(cluster.entries)
    moment, then = look_at(cluster.state, cluster.now), look_at(healthy().state, cluster.now)
    for record in past.records():
        all_harmless(chain_lines(chain_of(past.records(), record.index), 60))
    for item in items(cards(moment, past), cluster.now):
        harmless(item.name + text_of(item.where) + text_of(item.note))
    decided = dataclasses.replace(moment, scores=scores(moment, cluster.now))
    all_harmless(why(decided, "web", 60))
    all_harmless(compared(then, moment, 60))
    seen = scene(cluster, word, 80)
    for view in VIEWS:
        rows = flatten(view.items(seen), lambda item: True)
        harmless(sheet(rows).replace("\n", " "))
    harmless(notification(word).removeprefix("\x1b]9;").removesuffix("\x07"))
    drift = {f"web.monitor_{1000}": {"exec_ms": 5.0}, word: {"exec_ms": 1.0}}
    telemetry = Telemetry()
    telemetry.note(dataclasses.replace(pulse_of(cluster, "n1"), node=f"n4{word}", drift=drift))
    web = primitive_of(moment.configured["web"])
    assert web is not None
    nodes = [node.name for node in moment.overview.nodes]
    told = latency(web, moment.configuration, nodes, seen.ledger, telemetry, False)
    assert told
    all_harmless(told)


@pytest.mark.parametrize("word", WORDS, ids=range(len(WORDS)))
def test_no_output_passes_it_on(word: str) -> None:
    cluster = poisoned(word)
    picture = of_state(cluster.state, pulse_of(cluster, "n1"), cluster.now)
    for choice in (
        Choice(frozenset(SECTIONS), True, timing=True, detail=True),
        Choice(frozenset(SECTIONS), True, by_node=True),
    ):
        for line in text.render(picture, choice).split("\n"):
            harmless(line.replace("\t", " "))
    etree.fromstring(as_xml.render(picture).encode())
    json.loads(as_json.render(picture))
    stream = as_events.Stream()
    for entry in cluster.entries:
        line = stream.event(entry.index, *entry.signed.open())
        harmless(line.removesuffix("\n"))
        json.loads(line)
    harmless(as_events.picture(picture, 1).removesuffix("\n"))
    parse(as_cib.render(look_at(cluster.state, cluster.now)))


@pytest.mark.parametrize("word", [WORDS[0], WORDS[1], WORDS[5]], ids=["escape", "bidi", "wide"])
def test_the_screen_holds(word: str) -> None:
    async def script(pilot: Pilot[int], app: Hatui) -> None:
        for view in VIEWS:
            await press(pilot, view.key, "G")
            lines = screen_text(app).split("\n")
            assert len(lines) == 24
            for line in lines:
                harmless(line)
        await press(pilot, "0")
        harmless(screen_text(app).replace("\n", " "))

    run(script, poisoned(word))
