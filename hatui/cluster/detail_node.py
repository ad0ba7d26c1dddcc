"""All there is to say of one node: how it is, since when, what it runs, how it is heard."""

from __future__ import annotations

from hanode.pe.overview import NodeView
from hatui.cluster.clock import when
from hatui.cluster.items import Item
from hatui.cluster.moment import Moment
from hatui.cluster.safe import clean, fit, width
from hatui.cluster.spans import BLANK, Line, Span, section, text_of, wrap

_HIDDEN = ("fail-count", "last-failure", "shutdown", "terminate", "standby", "#")


def node_detail(moment: Moment, item: Item, cells: int, now: float) -> list[Line]:
    """Below its name and look; `now` says what is today."""
    view = moment.nodes.get(item.node)
    record = moment.state.record(item.node)
    lines: list[Line] = []
    if view is not None:
        lines += _facts(view, text_of(item.note))
    if record is not None and record.since:
        word = "in the view" if record.present else "out of the view"
        lines.append((Span(f"{word} since {when(record.since, now)}, boot {record.boot}", "dim"),))
    lines += _stuck(moment, item.node, cells)
    lines += _fencing(moment, item.node, cells, now)
    lines += _heard(moment, item.node)
    wide = max((width(clean(child.name, 40)) for child in item.children), default=0)
    runs: list[Line] = [
        (Span(fit(clean(child.name, 40), wide + 2)), Span(child.look.word, child.look.ink))
        for child in item.children
    ]
    lines += section("runs", runs)
    if view is not None:
        shown = [(n, v) for n, v in sorted(view.attributes.items()) if not n.startswith(_HIDDEN)]
        lines += section(
            "attributes",
            [(Span(f"{clean(name, 24)} ", "dim"), Span(clean(value))) for name, value in shown[:8]],
        )
    member = moment.state.members.get(item.node)
    if member is not None and (member.links or member.stream):
        links = [(Span(clean(link), "dim"),) for link in member.links]
        lines += section("links", [*links, (Span(f"{clean(member.stream)} (ssh)", "dim"),)])
    return lines


def _facts(view: NodeView, told: str) -> list[Line]:
    """What its row has not told already."""
    words = []
    if view.is_dc:
        words.append(Span("it is the DC", "text"))
    reason = clean(view.unclean_reason)
    if view.unclean and reason and reason not in told:
        words.append(Span(reason, "bad"))
    if view.standby_on_fail:
        words.append(Span("on standby after a failure (on-fail=standby)", "warn"))
    return [(word,) for word in words]


def _stuck(moment: Moment, node: str, cells: int) -> list[Line]:
    """What can be done where the node can't be fenced: nothing of it starts elsewhere till then."""
    failing = [one for one in moment.state.intents.values() if one.target == node and one.failures]
    if not failing:
        return []
    told = ("try: mend its fence device, in whose words the failure is told below; it is tried "
            "again and again. Or see for yourself that the node is off, and only then say so: a, "
            "confirm that it is down")  # fmt: skip
    return [BLANK, *wrap(told, cells, "text", "     ")]


def _fencing(moment: Moment, node: str, cells: int, now: float) -> list[Line]:
    lines: list[Line] = []
    for record in [f for f in moment.state.fencings if f.target == node][:3]:
        ink = {"success": "good", "failed": "bad"}.get(record.status, "busy")
        at = when(record.completed_at or record.requested_at, now)
        by = f" by {record.by}" if record.by else ""
        said = clean(f"{at} {record.action} {record.status}{by}: {record.reason}")
        lines += wrap(said, cells, ink, "         ")
    return section("fencing", lines)


def _heard(moment: Moment, node: str) -> list[Line]:
    """Telemetry of the node that the console is attached to."""
    pulse = moment.pulse
    if pulse is None or node not in pulse.peers:
        return []
    peer = pulse.peers[node]
    lines: list[Line] = []
    rtt, loss = peer.get("rtt_ms"), peer.get("loss")
    if isinstance(rtt, (int, float)):
        lines.append((Span("round trip ", "dim"), Span(f"{rtt:.1f} ms")))
    if isinstance(loss, (int, float)):
        lines.append((Span("loss ", "dim"), Span(f"{loss * 100:.0f}%")))
    return section(f"as heard by {clean(pulse.node, 16)}", lines)
