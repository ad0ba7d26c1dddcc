"""Sides, beliefs and lines between nodes as the rows of a tree."""

from __future__ import annotations

from collections.abc import Mapping

from hatui.cluster import looks
from hatui.cluster.beliefs import Belief, Side, beliefs, sides, split
from hatui.cluster.clock import span
from hatui.cluster.items import Item
from hatui.cluster.looks import Look, shape
from hatui.cluster.safe import clean, fit
from hatui.cluster.scene import Scene
from hatui.cluster.spans import Line, Span
from hatui.cluster.telemetry import Sample, spark

AGREES = Look("agrees", "●", "*", "good")
HEARD = Look("heard", "●", "*", "good")
ALONE = Look("no quorum", "▲", "?", "bad", 3)
SPLIT = Look("other side", "▲", "!", "bad", 3)
SILENT = Look("silent", "○", "-", "warn", 2)
LOSSY = Look("lossy", "◐", "%", "warn", 2)
QUIET = Look("quiet", "◐", "%", "warn", 2)
LEADS = Look("DC", "◆", "M", "role")
BARS = ((140, 24), (110, 16), (0, 6))
"""From so many columns, so many turns of a sparkline."""
LOSS_WORTH_A_LOOK = 0.02


def links(scene: Scene) -> tuple[Item, ...]:
    """First who believes what, side by side; then every line that somebody tells of."""
    found = beliefs(scene.moment, scene.around)
    parts = sides(found)
    told = [_side(side, number, len(parts)) for number, side in enumerate(parts)]
    return (*told, *_lines(scene, found))


def trouble(scene: Scene) -> int:
    """Members of which nobody that was asked hears anything, or that hold another view."""
    found = beliefs(scene.moment, scene.around)
    if not scene.moment.pulse:
        return 0
    expected = {n for n, record in scene.moment.state.nodes.items() if record.expected}
    away = sum(1 for name in expected if name in found and not found[name].fresh)
    return away + (1 if split(found) else 0)


# ------------------------------------------------------------------------------------------- sides


def _side(side: Side, number: int, sides_: int) -> Item:
    names = " ".join(clean(belief.node, 24) for belief in side.nodes)
    if side.silent:
        who = "them; what they believe" if len(side.nodes) > 1 else "it; what it believes"
        look, note = SILENT, f"nobody hears {who} is not known"
    elif side.quorate:
        look, note = AGREES._replace(word="quorum"), _agreement(side)
    else:
        look, note = ALONE, _agreement(side)
    title = "who believes what" if sides_ == 1 else names
    children = tuple(_belief(belief, side) for belief in side.nodes)
    rank = max(look.rank, *(child.rank for child in children))
    told = (Span(note, "dim" if look.rank == 0 else look.ink),)
    return Item(f"@side{number}:{names}", title, "section", look, (), told, children, rank=rank)


def _agreement(side: Side) -> str:
    leaders = {belief.dc for belief in side.nodes if belief.fresh}
    if len(leaders) > 1:
        return "they do not agree on a DC: " + clean(" ".join(sorted(leaders - {""})))
    if leaders == {""}:
        return "they know no DC" if len(side.nodes) > 1 else "it knows no DC"
    view = clean(" ".join(side.view)) or "nobody"
    return f"the view is {view}"


def _belief(belief: Belief, side: Side) -> Item:
    look = AGREES
    if not belief.by or not belief.fresh:
        look = SILENT
    elif belief.quorate is False:
        look = ALONE
    elif belief.dc == belief.node:
        look = LEADS
    head = max((one.entry for one in side.nodes), default=0)
    where = (Span(f"DC {clean(belief.dc, 16) or 'none'}", "text" if belief.dc else "warn"),)
    return Item(f"belief:{belief.node}", clean(belief.node, 64), "node", look,
                where if belief.by else (), _believes(belief, head), node=belief.node,
                rank=look.rank, facts={"node": belief.node, "state": look.word, "is": look.word,
                                       "agent": ""})  # fmt: skip


def _believes(belief: Belief, head: int) -> Line:
    if not belief.by:
        return (Span(clean(belief.problem) or "not a word of it", "warn"),)
    behind = head - belief.entry
    log = f"log {belief.entry}" + (f" ({behind} behind)" if behind > 0 else "")
    spans = [Span(fit(log, 12), "text" if behind < 50 else "warn"),
             Span(f"  term {belief.term}", "dim")]  # fmt: skip
    if belief.quorate is not None:
        said = "  quorum" if belief.quorate else "  no quorum"
        spans.append(Span(said, "dim" if belief.quorate else "bad"))
    if not belief.first_hand:
        ago = f" {span(belief.age)} ago" if belief.age >= 2 else ""
        spans.append(Span(f"  told by {clean(belief.by, 16)}{ago}", "faint"))
    if belief.hears:
        spans.append(Span(f"  hears {clean(' '.join(belief.hears))}", "dim"))
    if belief.runs:
        spans.append(Span(f"  knows {clean(' '.join(belief.runs))}", "dim"))
    return tuple(spans)


# ------------------------------------------------------------------------------------------- lines


def _lines(scene: Scene, found: Mapping[str, Belief]) -> list[Item]:
    pulses = [one.pulse for _, one in sorted(scene.around.items()) if one.pulse is not None]
    mine = scene.moment.pulse
    if mine is not None:
        pulses = [mine, *(pulse for pulse in pulses if pulse.node != mine.node)]
    sections = []
    for pulse in pulses:
        lines = tuple(
            _line(scene, pulse.node, name, peer) for name, peer in sorted(pulse.peers.items())
        )
        if lines:
            rank = max(line.rank for line in lines)
            heard = sum(1 for line in lines if line.look.word != SILENT.word)
            sections.append(
                Item(f"@lines:{pulse.node}", f"{clean(pulse.node, 24)} hears", "section",
                     looks.worst([line.look for line in lines], HEARD),
                     note=(Span(f"{heard} of {len(lines)}", "faint"),), children=lines, rank=rank)
            )  # fmt: skip
    return sections


def _line(scene: Scene, by: str, of: str, peer: Mapping[str, object]) -> Item:
    plain = scene.signs.ascii_only
    heard, rtt, loss = peer.get("heard"), _float(peer.get("rtt_ms")), _float(peer.get("loss"))
    ways = peer.get("links")
    look = HEARD if isinstance(heard, (int, float)) and heard < 5 else SILENT
    if look is HEARD and isinstance(ways, list) and ways and not any(ways):
        look = QUIET  # heard lately, and on no link any more
    elif look is HEARD and (
        loss >= LOSS_WORTH_A_LOOK or (isinstance(ways, list) and not all(ways))
    ):
        look = LOSSY
    past = scene.telemetry.line(by, of) or (Sample(rtt, loss),)
    bars = next(bars for cells, bars in BARS if scene.cells >= cells)
    spans = [
        Span(f"{_ms(rtt):>7} ", "text"),
        Span(fit(spark(tuple(s.rtt_ms for s in past), 1.0, bars, plain), bars), "accent"),
        Span(f"  loss {loss * 100:.0f}% ", "warn" if loss >= LOSS_WORTH_A_LOOK else "dim"),
        Span(spark(tuple(s.loss for s in past), 0.1, bars, plain), "faint"),
        *_ways(ways, plain),
    ]
    if look is SILENT:
        ago = f"last heard {span(heard)} ago" if isinstance(heard, (int, float)) else "never heard"
        spans = [Span(ago, "warn")]
    return Item(f"{by}>{of}", clean(of, 64), "link", look, (), tuple(spans), node=of,
                rank=look.rank, facts={"node": of, "state": look.word, "is": look.word,
                                       "agent": ""})  # fmt: skip


def _ways(ways: object, plain: bool) -> list[Span]:
    """A sign for each link of several."""
    if not isinstance(ways, list) or len(ways) < 2:
        return []
    signs = [Span(shape(HEARD if up else SILENT, plain), "good" if up else "warn") for up in ways]
    return [Span("  links ", "dim"), *signs]


def _ms(rtt: float) -> str:
    return f"{rtt:.1f} ms" if rtt < 100 else f"{rtt:.0f} ms"


def _float(figure: object) -> float:
    return float(figure) if isinstance(figure, (int, float)) else 0.0
