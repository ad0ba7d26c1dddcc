"""A forecast for people: the tree as it will be, what changes in it, and what is left standing."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass

from hatui.cluster.items import Item
from hatui.cluster.moment import base_of
from hatui.cluster.node_tree import node_tree
from hatui.cluster.pace import Pace
from hatui.cluster.resource_tree import resource_tree
from hatui.cluster.safe import clean
from hatui.cluster.spans import Span, text_of
from hatui.cluster.steps import Step, steps
from hatui.cluster.votes import goes_on, majority
from hatui.cluster.whatif import Forecast

SAME_PLAN = "the cluster has moved on; the plan is the same"
MANY_STOPS = 5
"""So many services stopped for good by one order, and the name must be typed."""


@dataclass(frozen=True)
class Preview:
    """All that the screen says before an order is given."""

    basis: int
    resources: tuple[Item, ...]
    nodes: tuple[Item, ...]
    steps: tuple[Step, ...]
    remains: tuple[Span, ...]
    """What is left standing, one sentence each, with its ink."""
    grave: bool
    """Worth typing a name for, whatever the order is called."""
    first: int = 0
    """Of an order in two halves: so many steps belong to the first."""

    @property
    def takes(self) -> float:
        """Seconds to the end of it all, as far as its history tells."""
        return max((step.over for step in self.steps), default=0.0)


def preview(forecast: Forecast, pace: Pace | None = None) -> Preview:
    """Draw it."""
    first = steps(forecast.decision, forecast.ordered, pace)
    second = _after(first, steps(forecast.then, (), pace)) if forecast.then is not None else ()
    again = _restarts((*first, *second))
    before = _flat(resource_tree(forecast.before))
    resources = tuple(_marked(item, before, again) for item in resource_tree(forecast.after))
    nodes_before = _flat(node_tree(forecast.before))
    nodes = tuple(_marked(item, nodes_before, again) for item in node_tree(forecast.after))
    remains, grave = _remains(forecast, resources)
    return Preview(forecast.basis, resources, nodes, (*first, *second), remains, grave, len(first))


def _restarts(steps: Iterable[Step]) -> set[tuple[str, str]]:
    """What is stopped on a node and started there again: afterwards all looks as before."""
    found: dict[str, set[tuple[str, str]]] = {"stop": set(), "start": set()}
    for step in steps:
        found.setdefault(step.task, set()).add((base_of(step.resource), step.node))
    return found["stop"] & found["start"]


def _after(first: tuple[Step, ...], second: tuple[Step, ...]) -> tuple[Step, ...]:
    """The second half's steps, counted on from the first's."""
    wave = max((step.wave for step in first), default=0)
    over = max((step.over for step in first), default=0.0)
    return tuple(s._replace(wave=s.wave + wave, over=s.over + over) for s in second)


def changed(items: Iterable[Item]) -> list[Item]:
    """Every item with a mark, leaves and branches."""
    found = []
    for item in items:
        if item.mark:
            found.append(item)
        found += changed(item.children)
    return found


def holds_change(item: Item) -> bool:
    """It or something below it changes: keep it open."""
    return bool(item.mark) or any(holds_change(child) for child in item.children)


def differences(old: Preview, new: Preview) -> str:
    """What a newer basis changed in the plan, in one sentence."""
    gone = [s.sentence for s in old.steps if s[1:4] not in {n[1:4] for n in new.steps}]
    more = [s.sentence for s in new.steps if s[1:4] not in {o[1:4] for o in old.steps}]
    if not gone and not more:
        return SAME_PLAN
    parts = [f"now also {', '.join(more[:2])}"] if more else []
    parts += [f"no longer {', '.join(gone[:2])}"] if gone else []
    return "the cluster has moved on: " + "; ".join(parts)


def _flat(items: Iterable[Item]) -> dict[str, Item]:
    found = {}
    for item in items:
        found[item.key] = item
        found.update(_flat(item.children))
    return found


def _marked(item: Item, before: dict[str, Item], again: set[tuple[str, str]]) -> Item:
    old = before.get(item.key)
    children = tuple(_marked(child, before, again) for child in item.children)
    mark, word = _change(old, item)
    where = [item.node] if item.node else _names(item)
    if not mark and not children and any((item.resource, node) in again for node in where):
        mark, word = "~", "restarts"
    note = (Span(word, _INKS[mark]), Span("  "), *item.note) if mark and word else item.note
    return dataclasses.replace(item, mark=mark, note=note, children=children)


_INKS = {"+": "added", "-": "removed", ">": "moved", "~": "moved", "!": "bad"}


def _change(old: Item | None, new: Item) -> tuple[str, str]:
    """The mark, and what to say of the way it was."""
    if old is None:
        return ("+", "new here") if new.kind != "section" else ("", "")
    was, now = set(_names(old)), set(_names(new))
    if now and not was:
        return "+", "starts"
    if was and not now:
        return "-", f"stops on {_some(was)}"
    if new.look.rank >= 2 and new.look.rank > old.look.rank:
        return "!", f"was {old.look.word}"
    if was == now:
        return ("", "") if old.look == new.look else (">", f"was {old.look.word}")
    if now < was:
        return ">", f"no longer on {_some(was - now)}"
    return ">", f"now also on {_some(now - was)}" if was < now else f"was on {_some(was)}"


def _some(nodes: set[str]) -> str:
    return clean(" ".join(sorted(nodes)), 40)


def _names(item: Item) -> list[str]:
    return text_of(item.where).split()


def _remains(forecast: Forecast, resources: tuple[Item, ...]) -> tuple[tuple[Span, ...], bool]:
    leaves = [item for item in changed(resources) if not item.children]
    told: list[Span] = [_counted(leaves)]
    quorum, kept = _quorum(forecast)
    told.append(quorum)
    told += _redundancy(forecast)
    for blocked in forecast.decision.blocked[:3]:
        what = f"{blocked.operation} {blocked.resource or blocked.node}: {blocked.reason}"
        told.append(Span(clean(f"blocked: {what}"), "bad"))
    told += [Span(clean(text), "warn") for text in forecast.decision.warnings[:2]]
    stops = sum(1 for item in leaves if item.mark == "-")
    return tuple(told), not kept or stops > MANY_STOPS


def _redundancy(forecast: Forecast) -> list[Span]:
    """Copies that are fewer then, and services that no other node could take over."""
    fewer = [
        f"{after.name} {len(after.nodes)} of {len(before.nodes)}"
        for after in forecast.after.overview.resources
        if after.kind == "clone" and (before := forecast.before.views.get(after.id)) is not None
        and len(after.nodes) < len(before.nodes)
    ]  # fmt: skip
    told = [Span(clean(f"copies left: {', '.join(fewer[:4])}"), "warn")] if fewer else []
    stranded = [name for name in _moving(forecast) if not _elsewhere(forecast, name)]
    if stranded:
        shown = ", ".join(stranded[:3]) + (", ..." if len(stranded) > 3 else "")
        told.append(Span(clean(f"no other node is left then for {shown}"), "warn"))
    return told


def _moving(forecast: Forecast) -> list[str]:
    """Top resources that will run where they do not run now; clones are told as copies."""
    return [
        view.id
        for view in forecast.after.overview.resources
        if view.kind != "clone" and view.active
        and (old := forecast.before.views.get(view.id)) is not None and old.nodes != view.nodes
    ]  # fmt: skip


def _elsewhere(forecast: Forecast, name: str) -> bool:
    """Whether a node that stays could take it over from where it will be. In a group, the first
    member says where: the others must be with it."""
    view = forecast.after.views[name]
    leaf = view.children[0] if view.children else view
    decision = forecast.then or forecast.decision
    nodes = forecast.after.nodes
    totals = decision.totals.get(leaf.id, {})
    return not totals or any(
        score >= 0 and node not in view.nodes and node in nodes and nodes[node].online
        and not nodes[node].standby
        for node, score in totals.items()
    )  # fmt: skip


def _counted(leaves: list[Item]) -> Span:
    words = {"+": "starts", ">": "moves", "~": "restarts", "-": "stops", "!": "suffers"}
    parts: list[str] = []
    for mark, word in words.items():
        number = sum(1 for item in leaves if item.mark == mark)
        if number:
            subject, verb = ("resource", word) if number == 1 else ("resources", word[:-1])
            parts.append(f"{number} {subject if not parts else ''} {verb}".replace("  ", " "))
    if not parts:
        return Span("nothing that runs changes", "good")
    return Span(", ".join(parts), "text")


def _quorum(forecast: Forecast) -> tuple[Span, bool]:
    """What votes remain, and whether they suffice."""
    state = forecast.after.state
    leaving = [node.name for node in state.nodes.values() if node.leaving]
    here = [name for name in state.present if name not in leaving]
    votes, needed = len(state.voters), len(state.voters) // 2 + 1
    was = len(forecast.before.state.present)
    kept = majority(state, here)
    if not kept and not leaving and goes_on(state, here):
        return Span(f"{len(here)} of {votes} votes remain: enough, once the other node is fenced",
                    "warn"), True  # fmt: skip
    if not kept and forecast.before.state.quorate and len(here) < was:
        return Span(f"QUORUM IS LOST: {len(here)} of {votes} votes remain", "alarm"), False
    spare = len(here) - needed
    if len(here) < was:
        left = "none may be lost then" if spare <= 0 else f"{spare} more may be lost"
        return Span(f"{len(here)} of {votes} votes remain; {left}", "warn"), True
    return Span(f"quorum stays {len(here)} of {votes}", "dim"), True
