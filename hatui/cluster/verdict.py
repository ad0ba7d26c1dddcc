"""How a cluster is, in the one clause that an operator wants to read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from hanode.state.walks import DISK
from hatui.cluster import looks
from hatui.cluster.clock import ago_in_short
from hatui.cluster.looks import Look
from hatui.cluster.moment import Moment
from hatui.cluster.safe import clean
from hatui.cluster.standing import Standing, standing
from hatui.cluster.wire import Wire

MOST = 3
"""So many things that are amiss are told; of more, the number."""
DOUBTFUL = looks.DOUBT._replace(ink="warn", rank=2)
"""Nothing has failed, and yet it is worth a look."""


class Short(NamedTuple):
    """A cluster in a clause."""

    look: Look
    words: str
    ink: str


def in_short(moment: Moment, wire: Wire) -> Short:
    """For a list of several clusters."""
    figures = standing(moment)
    look = overall(moment, wire, figures)
    if wire.lost:
        return Short(look._replace(word="lost"), f"not heard for {ago_in_short(wire.lost)}", "warn")
    words, ink = verdict(moment, figures)
    word = {0: "well", 1: "busy", 2: "look", 3: "trouble"}[min(max(figures.rank, look.rank), 3)]
    word = look.word if look is looks.MAINTENANCE else word
    return Short(look._replace(word=word if moment.quorate else "no quorum"), words, ink)


def title(moment: Moment, wire: Wire) -> str:
    """For the terminal's own title."""
    figures = standing(moment)
    name = clean(moment.state.name or wire.context or "hatui", 24)
    if wire.lost:
        return f"{name}: no connection"
    if not moment.state.position.index:
        return f"{name}: connecting"
    quorum = "" if moment.quorate else "NO QUORUM, "
    return f"{name}: {quorum}{verdict(moment, figures)[0]}"


def overall(moment: Moment, wire: Wire, figures: Standing) -> Look:
    if wire.lost or not wire.node:
        return looks.OFFLINE
    if not moment.state.position.index:
        return looks.JOINING
    if moment.problem or not moment.quorate or _alarms(moment):
        return looks.UNCLEAN
    if (not moment.dc or _quiet_links(moment)) and figures.rank < 3:
        return DOUBTFUL
    if moment.overview.maintenance_mode and figures.rank < 2:
        return looks.MAINTENANCE
    quiet = looks.BUSY if figures.busy else looks.STANDBY
    return (looks.ONLINE, quiet, DOUBTFUL, looks.FAILED)[figures.rank]


def verdict(moment: Moment, figures: Standing) -> tuple[str, str]:
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
    if alarming := _alarms(moment):
        parts.append(_some(alarming, "alarms", "alarm: "))
        ink = "bad"
    if figures.blocked:
        parts.append(f"{figures.blocked} blocked")
        ink = "bad"
    if figures.failures:
        parts.append(f"{figures.failures} failure{'s' if figures.failures > 1 else ''}")
        ink = "bad" if figures.hurt else ink
    if figures.stopped:
        parts.append(f"{figures.stopped} stopped")
    if figures.unpromoted:
        parts.append(f"{_some(figures.unpromoted, 'services')} promoted nowhere")
    if figures.told_to_stop:
        parts.append("stop-all-resources is on")
    for word in ("offline", "standby", "maintenance", "joining", "leaving"):
        names = [name for name, look in figures.nodes if look.word == word]
        if names:
            parts.append(f"{_some(names)} {word}")
    if quiet := _quiet_links(moment):
        parts.append(quiet)
    if figures.unmanaged:
        parts.append(f"{_some(figures.unmanaged, 'resources')} unmanaged")
    if not parts and moment.overview.maintenance_mode:
        return "nothing is watched", "warn"
    if not parts:
        return ("at work", "busy") if figures.busy else ("all well", "good")
    more = f", {len(parts) - MOST} more" if len(parts) > MOST else ""
    return ", ".join(parts[:MOST]) + more, ink


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


def _alarms(moment: Moment) -> list[str]:
    """Their subjects; of disks it is told in words of their own."""
    return [one.subject for one in moment.alarms if not one.subject.startswith(DISK)]


def _some(names: Sequence[str], many: str = "nodes", one: str = "") -> str:
    return one + clean(names[0], 16) if len(names) == 1 else f"{len(names)} {many}"
