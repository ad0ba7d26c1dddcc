"""Transitions as bars over time: what ran when, what runs now, how long the rest should take."""

from __future__ import annotations

import dataclasses
import re
from typing import NamedTuple

from hanode.events import Planned
from hanode.state.records import TransitionRecord
from hatui.cluster import looks
from hatui.cluster.clock import span, when
from hatui.cluster.draw import measure
from hatui.cluster.histories import operations
from hatui.cluster.items import Item, Row
from hatui.cluster.ledger import FENCE, Expected, Ledger, Run, as_expected, is_fencing
from hatui.cluster.looks import Look
from hatui.cluster.moment import Moment
from hatui.cluster.safe import clean, fit
from hatui.cluster.scene import Scene
from hatui.cluster.spans import Line, Span

GUESS = 0.5
"""Seconds for what has no past."""
WAITING = Look("waiting", "·", ".", "faint", 0)
RUNNING = Look("running", "◌", ">", "busy", 1)
DONE = Look("done", "●", "*", "good")
SPARED = Look("not begun", "·", ".", "off")
PATIENCE = 600.0
"""So far may our clock be ahead of the log's last word before it is not believed any more."""
SLOW = 2.0
"""So many times the longest so far, and it is worth a word."""


class Bar(NamedTuple):
    """One action over time, in seconds since its transition began."""

    action: Planned
    look: Look
    begin: float
    end: float
    """Where it ended; of what is not over, where it should."""
    now: float
    """Up to where it is true; the rest is expected."""
    expected: Expected | None


def transitions(scene: Scene) -> tuple[Item, ...]:
    """The newest first, each with its actions."""
    found = []
    for number, record in enumerate(scene.moment.state.transitions):
        item = _walk(scene, record)
        found.append(dataclasses.replace(item, quiet=number > 0))
    return tuple(found)


# ----------------------------------------------------------------------------------- what happened


def bars(moment: Moment, ledger: Ledger, record: TransitionRecord, now: float) -> list[Bar]:
    """Each action that people care for, in the order of its begin."""
    runs = {**_remembered(moment, record), **ledger.runs(record.id, record.started_at)}
    live = not record.outcome
    since = _under_way(moment, record) if live else {}
    found: dict[int, Bar] = {}
    for action in _in_order(record.actions):
        expected = ledger.expected(_subject(action))
        takes = expected.median if expected else GUESS
        ready = max((found[ident].end for ident in action.after if ident in found), default=0.0)
        run = runs.get(action.id)
        if run is not None:
            begin, end = run.began - record.started_at, run.ended - record.started_at
            look = DONE if run.good else looks.FAILED
            found[action.id] = Bar(action, look, max(begin, 0.0), end, end, expected)
        elif action.id in since:
            begin = max(now - since[action.id] - record.started_at, 0.0)
            seen = max(now - record.started_at, begin)
            found[action.id] = Bar(action, RUNNING, begin, max(begin + takes, seen), seen, expected)
        else:
            look = WAITING if live else SPARED
            end = ready + takes if live else ready
            found[action.id] = Bar(action, look, ready, end, ready, expected)
    shown = [bar for bar in found.values() if _worth_showing(bar)]
    return sorted(shown, key=lambda bar: (bar.begin, bar.action.id))


def _subject(action: Planned) -> tuple[str, str]:
    return (action.node, FENCE) if is_fencing(action) else (action.resource, action.operation)


def _remembered(moment: Moment, record: TransitionRecord) -> dict[int, Run]:
    """What the nodes' histories still tell of it: each operation names the order it answers."""
    found: dict[int, Run] = {}
    for done in operations(moment.state):
        _, _, rest = done.order.partition(".")
        number, _, ident = rest.partition(".")
        late = record.ended_at and done.at > record.ended_at + 1.0
        if number != str(record.id) or not ident.isdecimal() or late:
            continue
        if done.at >= record.started_at and done.status != "pending":
            began = done.at - done.exec_ms / 1000
            found[int(ident)] = Run(began, done.at, as_expected(done))
    return found


def _under_way(moment: Moment, record: TransitionRecord) -> dict[int, float]:
    """Since when, in seconds, as the DC tells; another node's pulse does not know."""
    pulse = moment.pulse
    if pulse is None or not pulse.running:
        return {}
    known = {(action.id, action.node) for action in record.actions}
    return {
        int(one["id"]): float(one.get("since", 0.0))
        for one in pulse.running
        if (one.get("id"), one.get("node")) in known
    }


def _in_order(actions: tuple[Planned, ...]) -> list[Planned]:
    """Each after those that it waits for."""
    left = {action.id: action for action in actions}
    placed: list[Planned] = []
    done: set[int] = set()
    while left:
        ready = [one for one in left.values() if all(i in done or i not in left for i in one.after)]
        for action in ready or list(left.values()):
            placed.append(left.pop(action.id))
            done.add(action.id)
    return placed


def _worth_showing(bar: Bar) -> bool:
    """Probes and monitors only when they matter."""
    return bar.action.operation not in ("monitor", "notify") or bar.look.rank >= 3


# ---------------------------------------------------------------------------------- how it is drawn


def _walk(scene: Scene, record: TransitionRecord) -> Item:
    moment = scene.moment
    now = min(max(scene.now, moment.state.at), moment.state.at + PATIENCE)
    found = bars(moment, scene.ledger, record, now)
    over = record.ended_at or max(now, record.started_at)
    whole = max([over - record.started_at, *(bar.end for bar in found), 0.001])
    head = _head(record, found, over, scene.today)
    children = tuple(_action(record, bar) for bar in found)
    room = _room(scene, (head, *children))
    children = tuple(
        dataclasses.replace(child, note=_note(scene, bar, whole, room))
        for child, bar in zip(children, found, strict=True)
    )
    return dataclasses.replace(head, children=children, rank=head.look.rank)


def _head(record: TransitionRecord, found: list[Bar], over: float, now: float) -> Item:
    took = span(over - record.started_at)
    count = len(found) + record.left_out
    many = f"{count} action{'' if count == 1 else 's'}"
    if not record.outcome:
        left = max((bar.end for bar in found), default=0.0) - (over - record.started_at)
        look = RUNNING
        note = Span(f"{took} so far, about {span(max(left, 0.0))} to go, {many}", "busy")
    elif record.outcome == "complete":
        look = DONE._replace(word="complete")
        note = Span(f"{took}, {many}" if found else f"{took}, probes and monitors only", "dim")
    else:
        look = Look("overtaken", "◐", "%", "dim", 1)
        note = Span(clean(f"{took}, {many}; {_overtaken_by(record.outcome)}"), "dim")
    return Item(f"{record.id}@{record.started_at}", when(record.started_at, now), "section", look,
                (Span(f"#{record.id}", "faint"),), (note,),
                facts={"state": look.word, "is": look.word, "agent": "", "node": ""})  # fmt: skip


_NEWS = {
    "AttributeSet": "a node attribute changed",
    "HistoryCleared": "there was a cleanup",
    "NodeReported": "a node reported anew",
    "FencingIntended": "a node must be fenced",
    "FencingConfirmed": "a node was fenced",
    "MemberAdded": "a member was added",
    "MemberRemoved": "a member was removed",
}
_RESULT = re.compile(r"(\S+) on (\S+): done \d+")


def _overtaken_by(outcome: str) -> str:
    """The DC's reason for planning anew, in words for people."""
    if found := _RESULT.fullmatch(outcome):
        return f"{found[1]} answered otherwise on {found[2]}"
    return _NEWS.get(outcome.removeprefix("news: "), outcome)


def _action(record: TransitionRecord, bar: Bar) -> Item:
    action = bar.action
    verb = "fence" if is_fencing(action) else action.operation or action.task
    name = f"{verb} {clean(action.resource)}" if action.resource else verb
    return Item(f"{record.id}@{record.started_at}/{action.id}", name, "action", bar.look,
                (Span(clean(action.node, 24)),), resource=action.resource, node=action.node,
                rank=bar.look.rank,
                facts={"node": action.node, "state": bar.look.word, "is": action.operation,
                       "agent": ""})  # fmt: skip


TOLD = 18
"""Cells for how long, beside the bar."""


def _room(scene: Scene, items: tuple[Item, ...]) -> int:
    """Cells for the bar itself."""
    rows = [Row(item, () if not number else (False,)) for number, item in enumerate(items)]
    left = scene.cells - 2 - measure(rows, scene.cells).before_note
    return max(min(left - TOLD, 140), 0)


def _note(scene: Scene, bar: Bar, whole: float, room: int) -> Line:
    plain = scene.signs.ascii_only
    first = min(round(bar.begin / whole * room), max(room - 1, 0))
    last = max(min(round(bar.end / whole * room), room), first + 1)
    true = min(max(round(bar.now / whole * room), first), last)
    if bar.look in (WAITING, SPARED):
        true = first
    elif true == first and bar.look is not RUNNING:
        true = first + 1
    full, open_, base = ("=", "-", ".") if plain else ("━", "┄", " ")
    ahead = 0 if bar.look is SPARED else last - true
    line = (
        Span((base if plain else " ") * first, "faint"),
        Span(full * (true - first), bar.look.ink),
        Span(open_ * ahead, "busy" if bar.look is RUNNING else "faint"),
        Span(" " * (room - true - ahead), "faint"),
    )
    return (*line, Span(" "), *_told(bar))


def _told(bar: Bar) -> Line:
    took = bar.now - bar.begin
    usual = bar.expected
    if bar.look in (WAITING, SPARED):
        return (Span(f"~{span(usual.median)}" if usual and bar.look is WAITING else "", "faint"),)
    ink = "bad" if bar.look.rank >= 3 else "dim"
    told = Span(fit(span(took), 7), ink)
    if usual and usual.times >= 3 and took > usual.worst * SLOW and took > 1.0:
        return (told, Span(f"{took / max(usual.median, 0.001):.0f}x slower", "warn"))
    if bar.look is RUNNING and usual:
        return (told, Span(f"of ~{span(usual.median)}", "faint"))
    return (told,)
