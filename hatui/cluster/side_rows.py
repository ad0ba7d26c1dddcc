"""Who believes what, as the rows of a tree: each side of a split has a section of its own."""

from __future__ import annotations

from collections.abc import Sequence

from hanode.state import ClusterState
from hanode.state.operations import active
from hatui.cluster.beliefs import Belief, Side
from hatui.cluster.clock import span
from hatui.cluster.items import Item
from hatui.cluster.looks import Look
from hatui.cluster.moment import base_of
from hatui.cluster.safe import clean, fit
from hatui.cluster.spans import Line, Span

AGREES = Look("agrees", "●", "*", "good")
ALONE = Look("no quorum", "▲", "?", "bad", 3)
SILENT = Look("silent", "○", "-", "warn", 2)
DIFFERS = Look("differs", "◐", "%", "warn", 2)
LEADS = Look("DC", "◆", "M", "role")
FAR_BEHIND = 50
"""So many entries behind its side, and it is worth a look."""
SKEWED = 1.0
"""Seconds between two clocks that are worth a word: logs and date rules go by them."""
_DIGITS = 6
"""Of a hash, to tell two apart at a glance."""


def stacked(parts: Sequence[Side]) -> list[Item]:
    """Section below section, for a narrow screen, and where there is but one side."""
    divided = sum(not side.silent for side in parts) > 1
    return [_section(side, number, len(parts) > 1, divided) for number, side in enumerate(parts)]


def _section(side: Side, number: int, several: bool, divided: bool) -> Item:
    if side.silent:
        who = "them; what they believe" if len(side.nodes) > 1 else "it; what it believes"
        look, note = SILENT, f"nobody hears {who} is not known"
    else:
        view = clean(" ".join(side.view)) or "nobody"
        look, note = look_of(side), agreement(side) or f"the view is {view}"
    title = names(side) if several else "who believes what"
    children = tuple(_belief(belief, side, divided) for belief in side.nodes)
    rank = max(look.rank, *(child.rank for child in children))
    told = (Span(note, "dim" if look.rank == 0 else look.ink),)
    return Item(
        f"@side{number}:{names(side)}", title, "section", look, (), told, children, rank=rank
    )


def names(side: Side) -> str:
    return " ".join(clean(belief.node, 24) for belief in side.nodes)


def look_of(side: Side) -> Look:
    """Of a side that speaks."""
    return AGREES._replace(word="quorum") if side.quorate else ALONE


def leaders(side: Side) -> list[str]:
    """Whom its nodes follow; more than one while they do not agree."""
    return sorted({belief.dc for belief in side.nodes if belief.fresh} - {""})


def agreement(side: Side) -> str:
    """What is amiss with its DC; empty where its nodes follow one."""
    followed = leaders(side)
    if len(followed) > 1:
        return "they do not agree on a DC: " + clean(" ".join(followed))
    if not followed:
        return "they know no DC" if len(side.nodes) > 1 else "it knows no DC"
    return ""


def belief_look(belief: Belief) -> Look:
    """How one node is, by its own belief."""
    if not belief.by or not belief.fresh:
        return SILENT
    if belief.quorate is False:
        return ALONE
    if belief.forked or abs(belief.skew) >= SKEWED:
        return DIFFERS
    return LEADS if belief.dc == belief.node else AGREES


def node_item(belief: Belief, where: Line, note: Line, children: tuple[Item, ...] = ()) -> Item:
    """One node: what is done to it by key is done to a node of the tree of nodes."""
    look = belief_look(belief)
    return Item(f"belief:{belief.node}", clean(belief.node, 64), "node", look, where, note,
                children, node=belief.node, rank=look.rank,
                facts={"node": belief.node, "state": look.word, "is": look.word,
                       "agent": ""})  # fmt: skip


def _belief(belief: Belief, side: Side, divided: bool) -> Item:
    where = (Span(f"DC {clean(belief.dc, 16) or 'none'}", "text" if belief.dc else "warn"),)
    spans = list(position(belief, side))
    if divided and belief.state is not None:
        spans += [Span("  runs ", "faint"), *runs(belief.state, belief.node)]
    elif belief.by and belief.quorate is not None:
        said = "  quorum" if belief.quorate else "  no quorum"
        spans.append(Span(said, "dim" if belief.quorate else "bad"))
    spans += [*doubts(belief), *hearing(belief)]
    return node_item(belief, where if belief.by else (), tuple(spans))


def position(belief: Belief, side: Side) -> Line:
    """How far its log goes, and of which term it knows."""
    if not belief.by:
        return (Span(clean(belief.problem) or "not a word of it", "warn"),)
    behind = max(one.entry for one in side.nodes) - belief.entry
    log = f"log {belief.entry}" + (f" ({behind} behind)" if behind > 0 else "")
    return (Span(fit(log, 12), "text" if behind < FAR_BEHIND else "warn"),
            Span(f"  term {belief.term}", "dim"))  # fmt: skip


def doubts(belief: Belief) -> Line:
    """What no two nodes should differ in, and these do."""
    spans = []
    if belief.forked:
        spans.append(Span("  ANOTHER LOG than ours from here on", "bad"))
    if abs(belief.skew) >= SKEWED:
        word = "ahead" if belief.skew > 0 else "behind"
        spans.append(Span(f"  clock {span(abs(belief.skew))} {word}", "warn"))
    return tuple(spans)


def hearing(belief: Belief) -> Line:
    """Who tells of it, where it is not the node itself; whom it hears."""
    spans = []
    if belief.by and not belief.first_hand:
        ago = f" {span(belief.age)} ago" if belief.age >= 2 else ""
        spans.append(Span(f"  told by {clean(belief.by, 16)}{ago}", "faint"))
    if belief.hears:
        spans.append(Span(f"  hears {clean(' '.join(belief.hears))}", "dim"))
    if belief.attached:
        spans.append(Span(f"  consoles: {clean(' '.join(belief.attached), 40)}", "dim"))
    if belief.head:
        spans.append(Span(f"  head {belief.head[:_DIGITS]}", "faint"))
    return tuple(spans)


def runs(state: ClusterState, node: str) -> Line:
    """What runs on this node, as one log has it; whatever is promoted there stands out."""
    record = state.nodes.get(node)
    found = active(record) if record is not None else {}
    if not found:
        return (Span("nothing", "faint"),)
    promoted = {base_of(n) for n, done in found.items() if done.task == "promote" or done.rc == 8}
    spans: list[Span] = []
    for name in sorted({base_of(name) for name in found}):
        spans.append(Span(f"{' ' if spans else ''}{clean(name, 32)}"))
        if name in promoted:
            spans.append(Span(" promoted", "role"))
    return tuple(spans)
