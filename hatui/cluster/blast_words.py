"""The blast radius in words: on a node's row, in the header, and in full."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from hatui.cluster.blast import Blast, Loss
from hatui.cluster.items import Item
from hatui.cluster.safe import clean
from hatui.cluster.spans import BLANK, Line, Span, wrap

NAMED = 3
"""So many names are told; of more, the number."""


def with_losses(items: Sequence[Item], blast: Blast) -> tuple[Item, ...]:
    """The tree of nodes, each with what its loss would do."""
    found = []
    for item in items:
        loss = blast.losses.get(item.node)
        if loss is not None and item.kind == "node":
            item = dataclasses.replace(item, note=(*item.note, *on_row(loss)))
        found.append(item)
    return tuple(found)


def on_row(loss: Loss) -> Line:
    """`if lost: 4 move, 1 stops`."""
    parts: list[Span] = []
    if not loss.quorum:
        parts.append(Span("no quorum", "bad"))
    if loss.stops:
        parts.append(Span(_counted(loss.stops, "stops", "stop"), "warn"))
    if loss.moves and loss.quorum:
        parts.append(Span(_counted(loss.moves, "moves", "move"), "dim"))
    if not parts:
        parts.append(Span("nothing happens", "faint"))
    line: list[Span] = [Span("  if lost: ", "faint")]
    for part in parts:
        line += [part, Span(", ", "faint")]
    return tuple(line[:-1])


def in_header(blast: Blast) -> Span | None:
    """Whether one more node can be lost, and if not, which one must not."""
    if not blast.known:
        return None
    points = blast.points
    if not points:
        return Span("any two nodes may fail" if blast.any_two else "any node may fail", "dim")
    if len(points) == len(blast.losses):
        return Span("no node to spare", "warn")
    names = " ".join(clean(loss.name, 12) for loss in points[:2])
    more = "" if len(points) <= 2 else f" and {len(points) - 2} more"
    return Span(f"{names}{more} must not fail", "warn")


def in_full(blast: Blast, chosen: str, cells: int) -> list[Line]:
    """Every node's loss; `chosen`, a node or a resource, alone if there is one."""
    if not blast.known:
        said = "not known: it is worked out when the node that is asked has a DC and hears all"
        return wrap(f"{said} that the log counts in, and nothing new comes in", cells, "dim")
    losses = [one for one in blast.losses.values() if chosen in ("", *one.nodes)]
    if losses:
        told = [line for loss in losses for line in _loss(loss, cells)]
        return [*told, *_two(blast, chosen, cells)]
    return _of_resource(blast, chosen, cells)


def _loss(loss: Loss, cells: int) -> list[Line]:
    lines: list[Line] = [BLANK, (Span(f"if {clean(loss.name, 40)} is lost", "title"),)]
    if not loss.quorum:
        lines += wrap("the others have no quorum", cells, "bad")
    for names, verb, ink in ((loss.stops, "stop", "warn"), (loss.moves, "move", "text")):
        if names:
            told = f"{verb}: {clean(' '.join(names), 4000)}"
            lines += wrap(told, cells, ink, "      ")
    if loss.harmless and not loss.moves:
        lines += wrap("nothing moves and nothing stops", cells, "good")
    elif loss.harmless:
        lines += wrap("every service goes on", cells, "good")
    return lines


def _two(blast: Blast, chosen: str, cells: int) -> list[Line]:
    """Of two at once: those that do harm, each with what it costs."""
    lines: list[Line] = [BLANK, (Span("if two are lost at once", "title"),)]
    if blast.pairs is None:
        return lines + wrap("not worked out: there are too many pairs", cells, "dim")
    pairs = [one for one in blast.pairs if chosen in ("", *one.nodes)]
    harmful = [one for one in pairs if not one.harmless]
    without = [one for one in harmful if not one.quorum]
    if not pairs:
        return lines + wrap("one alone does harm already", cells, "dim")
    if not harmful:
        return lines + wrap("every service goes on, whichever two", cells, "good")
    if len(without) == len(pairs):
        return lines + wrap("the others have no quorum, whichever two", cells, "bad")
    for loss in harmful:
        costs = f"stop: {' '.join(loss.stops)}" if loss.quorum else "the others have no quorum"
        told = f"{loss.name}: {costs}"
        lines += wrap(clean(told, 4000), cells, "warn" if loss.quorum else "bad", "      ")
    return lines


def _of_resource(blast: Blast, resource: str, cells: int) -> list[Line]:
    lines: list[Line] = [BLANK]
    for node, loss in blast.losses.items():
        if resource in loss.stops or not loss.quorum:
            lines += wrap(f"stops if {clean(node, 40)} is lost", cells, "warn")
        elif resource in loss.moves:
            lines += wrap(f"moves if {clean(node, 40)} is lost", cells, "text")
        else:
            lines += wrap(f"stays as it is if {clean(node, 40)} is lost", cells, "dim")
    return lines


def _counted(names: Sequence[str], one: str, many: str) -> str:
    told = " ".join(clean(name, 24) for name in names)
    if len(names) <= NAMED:
        return f"{told} {one if len(names) == 1 else many}"
    return f"{len(names)} {many}"
