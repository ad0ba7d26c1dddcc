"""The flat views: failures that count, what happened, who was fenced."""

from __future__ import annotations

from collections.abc import Iterable

from hatui.cluster import looks
from hatui.cluster.clock import span, when, when_fine
from hatui.cluster.diagnosis import meaning, operation
from hatui.cluster.items import Item
from hatui.cluster.looks import Look
from hatui.cluster.moment import Moment
from hatui.cluster.news import BAD, GOOD, PLAIN, QUIET, WARN, News
from hatui.cluster.safe import clean
from hatui.cluster.spans import Span

_LEVELS = {
    QUIET: Look("", "·", ".", "faint"),
    PLAIN: Look("", "·", ".", "dim"),
    GOOD: Look("", "●", "*", "good"),
    WARN: Look("", "▲", "!", "warn", 2),
    BAD: Look("", "✖", "X", "bad", 3),
}
_INKS = {QUIET: "faint", PLAIN: "text", GOOD: "text", WARN: "warn", BAD: "bad"}
_FENCED = {"success": looks.ONLINE, "failed": looks.FAILED, "pending": looks.FENCING}


def level_look(level: int) -> Look:
    """Shape and ink of a piece of news."""
    return _LEVELS[level]


def level_ink(level: int) -> str:
    return _INKS[level]


def alarms(moment: Moment, now: float) -> tuple[Item, ...]:
    """One line for each that is in force, the newest first."""
    return tuple(
        Item(f"alarm {one.subject}", clean(one.subject, 64), "alarm",
             looks.FAILED._replace(word="alarm"), (),
             (Span(clean(one.message), "bad"), Span(f"  {when(one.at, now)}", "dim")), rank=3,
             facts={"node": one.subject, "state": "alarm", "is": "alarm", "agent": ""})
        for one in moment.alarms
    )  # fmt: skip


def failures(moment: Moment, now: float) -> tuple[Item, ...]:
    """One line for each failure that still counts, the newest first."""
    found = sorted(moment.overview.failures, key=lambda failure: -failure.last_rc_change)
    items = []
    for one in found:
        said = meaning(one)
        reason = f"  “{clean(one.exit_reason)}”" if one.exit_reason else ""
        note = (Span(f"{operation(one)}: {said.name}", "bad"), Span(reason),
                Span(f"  {when(one.last_rc_change, now)}", "dim"))  # fmt: skip
        items.append(
            Item(f"{one.resource}@{one.node}:{one.operation}:{one.interval_ms}",
                 clean(one.resource), "failure", looks.FAILED, (Span(clean(one.node, 64)),), note,
                 resource=one.resource, node=one.node, rank=3,
                 facts={"node": one.node, "state": "failed", "is": "failed", "agent": ""})
        )  # fmt: skip
    return tuple(items)


def events(news: Iterable[News], now: float) -> tuple[Item, ...]:
    """What happened, the newest first."""
    items = []
    number, last = 0, -1
    for one in news:
        number, last = (number + 1 if one.entry == last else 0), one.entry
        look = _LEVELS[one.level]
        items.append(
            Item(f"{one.entry}.{number}", when_fine(one.at, now), "event", look, (),
                 (Span(one.sentence, _INKS[one.level]),), rank=look.rank,
                 facts={"node": one.subject, "state": one.sentence, "is": "", "agent": "",
                        "name": one.sentence})
        )  # fmt: skip
    items.reverse()
    return tuple(items)


def fencing(moment: Moment, now: float) -> tuple[Item, ...]:
    """Intents and history, the newest first."""
    items = []
    for one in moment.state.fencings:
        look = _FENCED.get(one.status, looks.FENCING)._replace(word=clean(one.status, 12))
        at = one.completed_at or one.requested_at
        took = f" after {span(one.completed_at - one.requested_at)}" if one.completed_at else ""
        by = f" by {one.by}" if one.by else ""
        proof = f" ({one.evidence})" if one.evidence else ""
        said = clean(f"{one.action}{by}{took}{proof}: {one.reason}")
        items.append(
            Item(one.request, clean(one.target, 64), "fencing", look, (Span(when(at, now), "dim"),),
                 (Span(said, "dim" if look.rank == 0 else look.ink),), node=one.target,
                 rank=look.rank,
                 facts={"node": one.target, "state": one.status, "is": one.status, "agent": ""})
        )  # fmt: skip
    return tuple(items)
