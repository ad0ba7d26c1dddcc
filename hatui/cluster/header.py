"""The line at the top of every screen: how the cluster is, by whom we know, what is at stake."""

from __future__ import annotations

from collections.abc import Sequence

from hatui.cluster import looks
from hatui.cluster.blast import Blast
from hatui.cluster.blast_words import in_header
from hatui.cluster.clock import ago_in_short, since
from hatui.cluster.moment import Moment
from hatui.cluster.safe import clean, clip, width
from hatui.cluster.slowness import Slow
from hatui.cluster.slowness import in_header as slow_in_header
from hatui.cluster.spans import Line, Span, clip_line, width_of
from hatui.cluster.standing import Standing, standing
from hatui.cluster.verdict import overall, verdict
from hatui.cluster.wire import Wire

LONG_THOUGHT = 1.0
"""Seconds after which a decision that is still being made is worth a word."""
WHY = 48
"""Cells for what ended the line."""
LEAST = 12
"""Cells in which a clause can still be made out."""


def header(
    moment: Moment, wire: Wire, cells: int, ascii_only: bool = False, blast: Blast | None = None,
    slow: Sequence[Slow] = (), now: float = 0.0,
) -> Line:  # fmt: skip
    """One line, most important first; what does not fit is left out from the least important."""
    figures = standing(moment)
    look = overall(moment, wire, figures)
    name = moment.state.name or wire.context or "hatui"
    left: list[Span] = [Span(f" {looks.shape(look, ascii_only)} ", look.ink),
                        Span(clean(name, 24), "title")]  # fmt: skip
    right = _wire(wire, name)
    segments = _segments(moment, wire, figures, blast, slow, now)
    room = cells - width_of(left) - width_of(right) - 3
    if room < _least(segments) and not (wire.lost or wire.past):
        right, room = (), cells - width_of(left)  # by whom we know yields to what is wrong
    for span in _fitting(segments, room):
        left += [Span("   "), span]
    gap = max(cells - width_of(left) - width_of(right), 1)
    return clip_line((*left, Span(" " * gap), *right), cells)


def _least(segments: list[tuple[int, Span]]) -> int:
    """Cells in which all that matters most can be made out."""
    return sum(min(width(span.text), LEAST) + 3 for rank, span in segments if not rank)


def _fitting(segments: list[tuple[int, Span]], room: int) -> list[Span]:
    """As many as there is room for, by rank; in the order of the screen."""
    kept: dict[int, Span] = {}
    for at in sorted(range(len(segments)), key=lambda at: segments[at][0]):
        rank, span = segments[at]
        if not rank and room > LEAST:  # what matters most is rather cut than left out
            span = Span(clip(span.text, room - 3), span.ink)
        if width(span.text) + 3 <= room:
            kept[at] = span
            room -= width(span.text) + 3
    return [kept[at] for at in sorted(kept)]


def unattached(moment: Moment, wire: Wire) -> str:
    """Why there is nothing to show yet; empty where there is."""
    if moment.state.position.index:
        return ""
    if wire.node:
        return clean(f"{wire.node} has answered: its state is on the way")
    return clean(f"no node has answered yet: {wire.why}") if wire.why else "no node answers yet"


def _segments(
    moment: Moment,
    wire: Wire,
    figures: Standing,
    blast: Blast | None,
    slow: Sequence[Slow],
    now: float,
) -> list[tuple[int, Span]]:
    """In the order of the screen; those that matter most are asked first for room."""
    state = moment.state
    here = moment.voters_here
    quorum = f"quorum {here}/{len(state.voters)}"
    found: list[tuple[int, Span]] = []
    if wire.readonly:
        found.append((0, Span("READ-ONLY", "warn")))
    if wire.unlocked:
        found.append((0, Span(f" UNLOCKED {wire.unlocked} min ", "alarm")))
    if wire.errand:
        done = Span(f" HALF DONE: {clean(wire.errand, 30)} ", "alarm") if wire.undone else (
            Span(f"{clean(wire.errand, 30)} is under way", "busy"))  # fmt: skip
        found.append((0, done))
    if state.position.index:
        if not moment.quorate:
            found.append((0, Span(f" NO {quorum.upper()} ", "alarm")))
        words, ink = verdict(moment, figures)
        found.append((0, Span(words, ink)))
        if figures.since:
            found.append((1, Span(f"since {since(figures.since, now or state.at)}", ink)))
        if moment.quorate:
            found.append((0, Span(quorum, "dim" if here == len(state.voters) else "warn")))
        if moment.overview.maintenance_mode:
            found.append((0, Span("MAINTENANCE", "alarm")))
        if not moment.overview.fencing_enabled:
            found.append((1, Span("fencing off", "warn")))
        if (late := slow_in_header(slow)) is not None:
            found.append((1, late))
        if blast is not None and moment.sure and (said := in_header(blast)) is not None:
            found.append((1, said))
        if (thought := _deciding(moment)) >= LONG_THOUGHT:
            found.append((1, Span(f"deciding for {thought:.0f} s", "busy")))
        found.append(
            (1, Span(f"DC {clean(moment.dc or 'none', 16)}", "dim" if moment.dc else "warn"))
        )
        found.append((2, Span(f"{figures.running} running", "dim")))
        if others := _others(moment, wire):
            found.append((2, Span(f"also here: {others}", "dim")))
    return found


def _deciding(moment: Moment) -> float:
    """Seconds for which the policy engine has been at it; only the DC knows."""
    return moment.pulse.deciding if moment.pulse is not None else 0.0


def _others(moment: Moment, wire: Wire) -> str:
    """Who else looks at it through this node."""
    attached = moment.pulse.attached if moment.pulse is not None else ()
    names = [clean(name, 16) for name in attached if name != wire.operator]
    return " ".join(names) if len(names) <= 2 else f"{len(names)} others"


def _wire(wire: Wire, name: str) -> Line:
    if wire.past:
        return (Span(f" PAST {wire.past} ", "stale"),)
    if not wire.node and not wire.lost:
        said = f"connecting to {clean(wire.trying, 30)} " if wire.trying else "not connected "
        return (Span(said, "busy"),)
    if wire.lost:
        said = f"trying {wire.trying}" if wire.trying else ""
        told = clean(": ".join(part for part in (said, wire.why) if part), WHY)
        return (Span(f" STALE {ago_in_short(wire.lost)} ", "stale"), Span(f" {told} ", "warn"))
    context = f" ({clean(wire.context, 16)})" if wire.context not in ("", name) else ""
    return (Span(f"via {clean(wire.node, 16)}{context} ", "faint"),)
