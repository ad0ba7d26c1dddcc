"""How a cluster is, in a few words: what the header says, and what the terminal's title says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from hatui.cluster import looks
from hatui.cluster.blast import Blast
from hatui.cluster.blast_words import in_header
from hatui.cluster.clock import since
from hatui.cluster.looks import Look
from hatui.cluster.moment import Moment
from hatui.cluster.safe import clean, clip, width
from hatui.cluster.slowness import Slow
from hatui.cluster.slowness import in_header as slow_in_header
from hatui.cluster.spans import Line, Span, clip_line, width_of
from hatui.cluster.standing import Standing, standing
from hatui.cluster.wire import Wire

LONG_THOUGHT = 1.0
"""Seconds after which a decision that is still being made is worth a word."""
LEAST = 12
"""Cells in which a clause can still be made out."""
DOUBTFUL = looks.DOUBT._replace(ink="warn", rank=2)
"""Nothing has failed, and yet it is worth a look."""


def header(
    moment: Moment, wire: Wire, cells: int, ascii_only: bool = False, blast: Blast | None = None,
    slow: Sequence[Slow] = (), now: float = 0.0,
) -> Line:  # fmt: skip
    """One line, most important first; what does not fit is left out from the least important."""
    figures = standing(moment)
    dot = looks.shape(_overall(moment, wire, figures), ascii_only)
    ink = _overall(moment, wire, figures).ink
    name = moment.state.name or wire.context or "hatui"
    left: list[Span] = [Span(f" {dot} ", ink), Span(clean(name, 24), "title")]
    right = _wire(wire, name)
    room = cells - width_of(left) - width_of(right) - 3
    for span in _fitting(_segments(moment, wire, figures, blast, slow, now), room):
        left += [Span("   "), span]
    gap = max(cells - width_of(left) - width_of(right), 1)
    return clip_line((*left, Span(" " * gap), *right), cells)


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


class Short(NamedTuple):
    """A cluster in a clause."""

    look: Look
    words: str
    ink: str


def in_short(moment: Moment, wire: Wire) -> Short:
    """For a list of several clusters."""
    figures = standing(moment)
    look = _overall(moment, wire, figures)
    if wire.lost:
        return Short(look._replace(word="lost"), f"not heard for {_age(wire.lost)}", "warn")
    words, ink = _verdict(moment, figures)
    word = {0: "well", 1: "busy", 2: "look", 3: "trouble"}[min(max(figures.rank, look.rank), 3)]
    return Short(look._replace(word=word if moment.quorate else "no quorum"), words, ink)


def title(moment: Moment, wire: Wire) -> str:
    """For the terminal's own title."""
    figures = standing(moment)
    name = clean(moment.state.name or wire.context or "hatui", 24)
    if wire.lost:
        return f"{name}: no connection"
    return f"{name}: {_verdict(moment, figures)[0]}"


def unattached(moment: Moment, wire: Wire) -> str:
    """Why there is nothing to show yet; empty where there is, or is nothing to tell."""
    if moment.state.position.index or wire.node:
        return ""
    return clean(f"no node has answered yet: {wire.why}") if wire.why else "no node answers yet"


def _overall(moment: Moment, wire: Wire, figures: Standing) -> Look:
    if wire.lost or not wire.node:
        return looks.OFFLINE
    if moment.problem or not moment.quorate:
        return looks.UNCLEAN
    if (not moment.dc or _quiet_links(moment)) and figures.rank < 3:
        return DOUBTFUL
    quiet = looks.BUSY if figures.busy else looks.STANDBY
    return (looks.ONLINE, quiet, DOUBTFUL, looks.FAILED)[figures.rank]


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
    if wire.node or state.position.index:
        if not moment.quorate:
            found.append((0, Span(f" NO {quorum.upper()} ", "alarm")))
        words, ink = _verdict(moment, figures)
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


def _verdict(moment: Moment, figures: Standing) -> tuple[str, str]:
    """The one clause that an operator wants to read."""
    parts: list[str] = []
    ink = "warn"
    if moment.problem:
        return " no picture: see below ", "alarm"
    alone = moment.pulse is not None and moment.state.quorate and not moment.quorate
    if not moment.dc and not alone:
        parts.append("no DC")
    unheard = [name for name, look in figures.nodes if look is looks.UNHEARD]
    lost = [name for name, look in figures.nodes if look.rank >= 3 and name not in unheard]
    if lost:
        parts.append(f"{_some(lost)} {_fate(figures, lost)}")
    if unheard:
        parts.append(f"{_some(unheard)} not heard")
    if moment.pulse is not None and alone:
        parts.append(f"what {clean(moment.pulse.node, 16)} knew last")
    ink = "bad" if lost or unheard else ink
    if moment.ailing:
        parts.append(f"{_some(list(moment.ailing))} can't write to disk")
    if figures.blocked:
        parts.append(f"{figures.blocked} blocked")
        ink = "bad"
    if figures.failures:
        parts.append(f"{figures.failures} failure{'s' if figures.failures > 1 else ''}")
        ink = "bad" if figures.hurt else ink
    if figures.stopped:
        parts.append(f"{figures.stopped} stopped")
    for word in ("offline", "standby", "maintenance", "joining", "leaving"):
        names = [name for name, look in figures.nodes if look.word == word]
        if names:
            parts.append(f"{_some(names)} {word}")
    if quiet := _quiet_links(moment):
        parts.append(quiet)
    if not parts:
        return ("at work", "busy") if figures.busy else ("all well", "good")
    return ", ".join(parts[:3]), ink


def _fate(figures: Standing, lost: list[str]) -> str:
    """What is being done about them: the worst word of any."""
    found = {look for name, look in figures.nodes if name in lost}
    if looks.UNFENCED in found:
        return "fencing fails"
    return "fencing" if looks.FENCING in found else "lost"


def _quiet_links(moment: Moment) -> str:
    """A link that is down costs nothing yet, and the next one may cost a node."""
    down = list(moment.thin)
    others = len(moment.pulse.view) - 1 if moment.pulse is not None else 0
    if moment.pulse is not None and len(down) == others > 1:
        return f"a link of {clean(moment.pulse.node, 16)} is down"
    return f"a link to {_some(down)} is down" if down else ""


def _some(names: list[str]) -> str:
    return clean(names[0], 16) if len(names) == 1 else f"{len(names)} nodes"


def _wire(wire: Wire, name: str) -> Line:
    if wire.past:
        return (Span(f" PAST {wire.past} ", "stale"),)
    if not wire.node and not wire.lost:
        said = f"connecting to {clean(wire.trying, 30)} " if wire.trying else "not connected "
        return (Span(said, "busy"),)
    if wire.lost:
        trying = f" trying {clean(wire.trying, 24)}" if wire.trying else ""
        return (Span(f" STALE {_age(wire.lost)} ", "stale"), Span(f"{trying} ", "warn"))
    context = f" ({clean(wire.context, 16)})" if wire.context not in ("", name) else ""
    return (Span(f"via {clean(wire.node, 16)}{context} ", "faint"),)


def _age(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.0f}s"
    return f"{seconds / 60:.0f}min" if seconds < 7200 else f"{seconds / 3600:.0f}h"
