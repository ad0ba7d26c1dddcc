"""Lines between nodes as the rows of a tree, below who believes what."""

from __future__ import annotations

from collections.abc import Mapping

from hatui.cluster import looks
from hatui.cluster.abreast import abreast, column
from hatui.cluster.beliefs import beliefs, sides, split
from hatui.cluster.clock import milliseconds, span
from hatui.cluster.items import Item
from hatui.cluster.looks import Look, shape
from hatui.cluster.safe import clean, fit
from hatui.cluster.scene import Scene
from hatui.cluster.side_rows import SILENT, doubts, stacked
from hatui.cluster.spans import Span
from hatui.cluster.telemetry import Sample, spark, usual

HEARD = Look("heard", "●", "*", "good")
LOSSY = Look("lossy", "◐", "%", "warn", 2)
THIN = Look("link down", "◐", "%", "warn", 2)
QUIET = Look("quiet", "◐", "%", "warn", 2)
BARS = ((140, 24), (110, 16), (0, 6))
"""From so many columns, so many turns of a sparkline."""
LOSS_WORTH_A_LOOK = 0.02


def links(scene: Scene) -> tuple[Item, ...]:
    """First who believes what, the sides of a split beside each other where there is room; then
    every line that somebody tells of."""
    found = beliefs(scene.moment, scene.around)
    parts = sides(found)
    speaking = [side for side in parts if not side.silent]
    if len(speaking) > 1 and (cells := column(scene, found, speaking)):
        return (abreast(scene, found, speaking, cells), *_lines(scene))
    return (*stacked(parts), *_lines(scene))


def trouble(scene: Scene) -> int:
    """Members of which nobody that was asked hears anything, or that hold another view, log or
    time; links that the node that is asked finds down."""
    found = beliefs(scene.moment, scene.around)
    if not scene.moment.pulse:
        return 0
    expected = {n for n, record in scene.moment.state.nodes.items() if record.expected}
    away = sum(1 for name in expected if name in found and not found[name].fresh)
    odd = sum(1 for belief in found.values() if doubts(belief))
    return away + odd + (1 if split(found) else 0) + len(scene.moment.thin)


def _lines(scene: Scene) -> list[Item]:
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
    elif look is HEARD and isinstance(ways, list) and not all(ways):
        look = THIN
    elif look is HEARD and loss >= LOSS_WORTH_A_LOOK:
        look = LOSSY
    past = scene.telemetry.line(by, of) or (Sample(rtt, loss),)
    rtts = tuple(sample.rtt_ms for sample in past)
    bars = next(bars for cells, bars in BARS if scene.cells >= cells)
    spans = [
        Span(f"{milliseconds(rtt):>7} ", "text"),
        *_ways(ways, plain),
        Span(fit(spark(rtts, max(1.0, usual(rtts)), bars, plain), bars), "accent"),
        Span(f"  loss {loss * 100:.0f}% ", "warn" if loss >= LOSS_WORTH_A_LOOK else "dim"),
        Span(spark(tuple(s.loss for s in past), 0.1, bars, plain), "faint"),
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
    return [Span("links ", "dim"), *signs, Span("  ")]


def _float(figure: object) -> float:
    return float(figure) if isinstance(figure, (int, float)) else 0.0
