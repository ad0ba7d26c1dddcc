"""Several clusters at once: one line for each context, as it stands."""

from __future__ import annotations

from hatui.cluster import looks
from hatui.cluster.glimpse import Glimpse
from hatui.cluster.items import Item
from hatui.cluster.safe import clean
from hatui.cluster.scene import Scene
from hatui.cluster.spans import Line, Span
from hatui.cluster.verdict import in_short


def clusters(scene: Scene) -> tuple[Item, ...]:
    """In the order of the configuration."""
    return tuple(_cluster(glimpse) for glimpse in scene.fleet)


def in_trouble(scene: Scene) -> int:
    """Others than the current one."""
    seen = [one for one in scene.fleet if not one.current and one.moment.state.position.index]
    return sum(in_short(one.moment, one.wire).look.rank >= 2 for one in seen)


def _cluster(one: Glimpse) -> Item:
    short = in_short(one.moment, one.wire)
    known = bool(one.moment.state.position.index)
    look, note = short.look, _note(one, short.words, short.ink)
    if not known:
        look = looks.JOINING._replace(word="connecting")
        why = one.wire.why or f"trying {one.wire.trying}" if one.wire.trying else one.wire.why
        note = (Span(clean(why or "not asked yet"), "dim"),)
    marks = [word for holds, word in ((one.prod, "prod"), (one.readonly, "read-only")) if holds]
    where = (Span("attached " if one.current else "", "accent"), Span(" ".join(marks), "warn"))
    facts = {"state": look.word, "is": " ".join(marks), "node": "", "agent": ""}
    return Item(f"context:{one.name}", clean(one.name, 40), "context", look, where, note,
                rank=look.rank, facts=facts)  # fmt: skip


def _note(one: Glimpse, words: str, ink: str) -> Line:
    moment, state = one.moment, one.moment.state
    return (
        Span(words.strip(), ink),
        Span(
            f"  quorum {moment.voters_here}/{len(state.voters)}", "dim" if moment.quorate else "bad"
        ),
        Span(f"  DC {clean(moment.dc or 'none', 16)}", "dim"),
        Span(f"  {clean(state.name, 24)}", "faint"),
    )
