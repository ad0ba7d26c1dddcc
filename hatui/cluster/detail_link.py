"""All there is to say of one line: how a node hears another, on which of its links, how well."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hanode.mgmt.protocol import Pulse
from hatui.cluster.beliefs import Word
from hatui.cluster.clock import milliseconds
from hatui.cluster.items import Item
from hatui.cluster.moment import Moment
from hatui.cluster.safe import clean
from hatui.cluster.spans import Line, Span, section, wrap
from hatui.cluster.telemetry import Sample, Telemetry


def link_detail(
    moment: Moment, item: Item, cells: int, telemetry: Telemetry, around: Mapping[str, Word]
) -> list[Line]:
    """Below its name and look."""
    by = item.key.partition(">")[0]
    peer = _peer(_pulse(moment, around, by), item.node)
    lines: list[Line] = [(Span(f"as {clean(by, 24)} hears it", "dim"),)]
    lines += _state(moment, peer, item.node, cells)
    lines += section("links", _links(moment, peer, item.node))
    return lines + section("lately", _lately(telemetry.line(by, item.node)))


def _pulse(moment: Moment, around: Mapping[str, Word], by: str) -> Pulse | None:
    if moment.pulse is not None and moment.pulse.node == by:
        return moment.pulse
    word = around.get(by)
    return word.pulse if word is not None else None


def _peer(pulse: Pulse | None, name: str) -> Mapping[str, Any]:
    return pulse.peers.get(name, {}) if pulse is not None else {}


def _ways(peer: Mapping[str, Any]) -> list[bool]:
    told = peer.get("links")
    return [bool(up) for up in told] if isinstance(told, list) else []


def _state(moment: Moment, peer: Mapping[str, Any], name: str, cells: int) -> list[Line]:
    """What it means, where something is amiss."""
    ways, whom = _ways(peer), clean(name, 24)
    if ways and not any(ways):
        told = f"no link carries a heartbeat of {whom}: it is out of the view, or soon will be"
        return wrap(told, cells, "bad")
    if not all(ways):
        then = "lost, and will be fenced" if moment.overview.fencing_enabled else "lost"
        told = f"{whom} is still heard by its other link; if that falls silent too, it is {then}"
        return wrap(told, cells, "warn")
    return []


def _links(moment: Moment, peer: Mapping[str, Any], name: str) -> list[Line]:
    """Each with its address, as far as the member's record has it."""
    member = moment.state.members.get(name)
    places = member.links if member is not None else ()
    lines: list[Line] = []
    for number, up in enumerate(_ways(peer)):
        place = clean(places[number], 48) if number < len(places) else f"link {number + 1}"
        word = Span("heard", "good") if up else Span("silent: cable, port, address?", "warn")
        lines.append((Span(f"{place}  "), word))
    return lines


def _lately(past: tuple[Sample, ...]) -> list[Line]:
    if not past:
        return []
    rtts = [sample.rtt_ms for sample in past]
    now, least, most = (milliseconds(rtt) for rtt in (rtts[-1], min(rtts), max(rtts)))
    worst = max(sample.loss for sample in past)
    return [
        (Span("round trip ", "dim"), Span(f"{now}, {least} to {most} in {len(past)} looks")),
        (Span("loss ", "dim"), Span(f"{past[-1].loss * 100:.0f}%, at most {worst * 100:.0f}%")),
    ]
