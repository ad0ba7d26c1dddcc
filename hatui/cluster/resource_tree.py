"""The tree of resources: groups, clones, promotable clones with their roles, devices last."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence

from hanode.pe.overview import FailureView, NodeView, Place, ResourceView
from hatui.cluster import looks
from hatui.cluster.ahead import ahead
from hatui.cluster.diagnosis import brief
from hatui.cluster.ills import disabled
from hatui.cluster.items import Item
from hatui.cluster.leftovers import Leftover, leftovers
from hatui.cluster.looks import Look
from hatui.cluster.moment import Moment, base_of
from hatui.cluster.safe import clean
from hatui.cluster.spans import Line, Span

DEVICES = "@devices"
"""The key of the section that gathers the fence devices."""


def resource_tree(moment: Moment) -> tuple[Item, ...]:
    """Every configured resource, and what runs although it is configured no more."""
    return moment.once(" ".join(("resources", *moment.unheard)), lambda: _tree(moment))


def _tree(moment: Moment) -> tuple[Item, ...]:
    builder = _Builder(moment)
    plain: list[Item] = []
    devices: list[Item] = []
    for view in moment.overview.resources:
        item = builder.top(view)
        (devices if view.agent.startswith("stonith:") else plain).append(item)
    if devices:
        plain.append(_devices(devices))
    return tuple(plain)


def _devices(devices: list[Item]) -> Item:
    nodes = sorted(_unique(span.text for item in devices for span in item.where))
    rank = max(item.rank for item in devices)
    many = f"{len(devices)} fence device" + ("s" if len(devices) > 1 else "")
    return Item(
        DEVICES, "fencing", "section", _sum_up(devices), _places(nodes), (Span(many, "faint"),),
        tuple(devices), rank=rank, quiet=True, facts={"state": "", "is": "", "agent": "stonith"},
    )  # fmt: skip


class _Builder:
    """Turns resource views into items, with one moment's failures and leftovers at hand."""

    def __init__(self, moment: Moment) -> None:
        self.moment = moment
        self.leftovers: dict[str, list[Leftover]] = leftovers(moment)
        self.ahead = ahead(moment.state)
        self.unclean = {node.name for node in moment.overview.nodes if node.unclean}
        self.unheard = set(moment.unheard)
        self.able = sum(_able(node) for node in moment.overview.nodes)
        self.unable = {node.name for node in moment.overview.nodes if not _able(node)}

    def top(self, view: ResourceView) -> Item:
        if self.unheard:  # what is drawn in doubt is not kept for the next moment
            return self.item(view, "")
        return self.moment.of_top("items", view.id, lambda: self.item(view, ""))

    def item(self, view: ResourceView, parent: str) -> Item:
        if view.kind == "primitive":
            return self.primitive(view, parent)
        children = tuple(self.item(child, view.id) for child in view.children)
        return self.collective(view, children, parent)

    def primitive(self, view: ResourceView, parent: str) -> Item:
        name = base_of(view.name) if not view.unique else view.name
        failures = self.moment.failures_of.get(base_of(view.name), [])
        failures = [f for f in failures if _concerns(f, view, self.cloned(parent))]
        look = self.look_of(view)
        rank = look.rank if not failures else max(look.rank, 3 if view.failed else 2)
        return Item(
            key=view.id, name=clean(name), kind="instance" if parent else "resource", look=look,
            where=_places(view.nodes), rank=rank,
            note=self.note(view, failures, look, "" if self.cloned(parent) else base_of(view.name)),
            resource=base_of(view.name), view=view.id, node=view.nodes[0] if view.nodes else "",
            facts=_facts(view, look, failures),
        )  # fmt: skip

    def cloned(self, parent: str) -> bool:
        """Whether this is an instance of a clone, or in one."""
        above = self.moment.views.get(parent)
        return above is not None and (above.kind == "clone" or ":" in above.id)

    def look_of(self, view: ResourceView) -> Look:
        if view.pending:
            return looks.BUSY._replace(word=clean(view.pending.lower(), 14))
        if view.blocked:
            return looks.BLOCKED
        if view.failed:
            return looks.FAILED
        if view.active and any(node in self.unclean for node in view.nodes):
            return looks.DOUBT
        if view.active and any(node in self.unheard for node in view.nodes):
            return looks.UNHEARD
        if view.active:
            return looks.ROLES.get(view.role, looks.STARTED)
        return looks.DISABLED if disabled(view) else looks.STOPPED

    def note(
        self, view: ResourceView, failures: list[FailureView], look: Look, alone: str = ""
    ) -> Line:
        """`alone`: its name, where what is ahead of it concerns no other instance."""
        spans: list[Span] = []
        soon = self.ahead.get(alone, "")
        if soon and not view.active:
            spans.append(Span(soon, "busy"))
        for failure in failures[-1:]:
            where = f"{failure.node}: " if failure.node not in view.nodes else ""
            ink = "bad" if look.rank >= 3 or not view.active else "warn"
            spans.append(Span(where + brief(failure), ink))
        spans += self.chips(view)
        if look is looks.DOUBT:
            lost = " ".join(node for node in view.nodes if node in self.unclean)
            spans.append(Span(clean(f"{lost} lost: may still run there"), "bad"))
            spans += [Span(soon, "busy")] if soon else []
        if look is looks.UNHEARD:
            away = " ".join(node for node in view.nodes if node in self.unheard)
            spans.append(Span(clean(f"{away} not heard: ran there last"), "bad"))
        if not spans:
            spans.append(Span(clean(view.agent), "faint"))
        return _joined(spans)

    def chips(self, view: ResourceView) -> list[Span]:
        """What an operator did to it, and other things worth a word."""
        chips = [(view.orphaned, "not configured any more"), (view.maintenance, "maintenance"),
                 (not view.managed and not view.maintenance, "unmanaged"),
                 (view.failure_ignored, "failures ignored"),
                 (bool(view.locked_to), f"locked to {view.locked_to}")]  # fmt: skip
        spans = [Span(text, "warn") for holds, text in chips if holds]
        left = self.leftovers.get(view.id, [])
        return spans + [Span(clean(one.chip), "accent") for one in left if not one.expired]

    def by_node(self, clone: str, instances: tuple[Item, ...]) -> tuple[Item, ...]:
        """Anonymous instances have no lasting number: their node is what they are known by."""
        taken = {instance.node for instance in instances}
        free = sorted(node.name for node in self.moment.overview.nodes if node.name not in taken)
        placed: list[tuple[str, Item]] = []
        for number, instance in enumerate(instances):
            node = instance.node or (free.pop(0) if free else f"~{number}")
            if instance.look is looks.STOPPED and node in self.unable:
                instance = dataclasses.replace(instance, look=looks.ABSENT, rank=0)
            placed.append((node, _rekeyed(instance, f"{clone}@{node}")))
        return tuple(item for _, item in sorted(placed, key=lambda pair: pair[0]))

    def collective(self, view: ResourceView, children: tuple[Item, ...], parent: str) -> Item:
        multiplies = view.kind == "clone"
        if multiplies and not view.unique:
            children = self.by_node(view.id, children)
        look = self.clone_look(view, children) if multiplies else _sum_up(children)
        troubled = [child for child in children if child.rank >= 2 and child.look.rank != 2]
        note = self.collective_note(view, troubled)
        rank = max((child.rank for child in troubled), default=0)
        if not (multiplies and look.rank < 2):
            rank = max(rank, look.rank)
        return Item(
            key=view.id, name=clean(view.name), kind="instance" if parent else "resource",
            look=look, where=_roles(view) if multiplies else _places(view.nodes), note=note,
            children=children, resource=base_of(view.name), view=view.id,
            node=view.nodes[0] if view.nodes else "", facts=_facts(view, look, []), rank=rank,
            quiet=multiplies and not view.promotable,
        )  # fmt: skip

    def clone_look(self, view: ResourceView, children: Sequence[Item]) -> Look:
        wanted = min(len(children), self.able)
        active = [child for child in children if child.node]
        hurt = [child.look for child in active if child.look.rank >= 1]
        if hurt:
            return looks.worst(hurt)
        if disabled(view) and not active:
            return looks.DISABLED
        if (
            view.promotable
            and active
            and not any(place.role == "Promoted" for place in _all_places(view))
        ):
            return looks.UNPROMOTED._replace(word="unpromoted", ink="warn", rank=2)
        if len(active) < wanted:
            return looks.PARTIAL._replace(word=f"{len(active)} of {wanted}") if active else (
                looks.STOPPED
            )  # fmt: skip
        return looks.PROMOTED if view.promotable and active else looks.STARTED

    def collective_note(self, view: ResourceView, troubled: Sequence[Item]) -> Line:
        chips = self.chips(view)
        for child in troubled[:1]:
            told = child.note[0]
            alike = view.kind == "clone" and not child.children
            who = () if alike else (Span(f"{child.name}: ", told.ink),)
            return (*who, told, *(part for chip in chips for part in (Span("  "), chip)))
        what = "promotable clone" if view.promotable else view.kind
        return _joined(chips) if chips else (Span(what, "faint"),)


def _rekeyed(item: Item, key: str) -> Item:
    below = tuple(_rekeyed(child, f"{key}/{child.resource}") for child in item.children)
    return dataclasses.replace(item, key=key, children=below)


def _able(node: NodeView) -> bool:
    return node.online and not (node.standby or node.standby_on_fail)


def _concerns(failure: FailureView, view: ResourceView, cloned: bool) -> bool:
    """A failure of an anonymous clone shows on the instance that is, or was, on its node."""
    return not cloned or failure.node in view.nodes or view.failed


def _sum_up(children: Sequence[Item]) -> Look:
    """A group's look: its worst, unless some run and some don't."""
    if not children:
        return looks.STOPPED
    worst = looks.worst([child.look for child in children])
    if worst in (looks.DISABLED, looks.STOPPED) and any(child.node for child in children):
        running = sum(1 for child in children if child.node)
        return looks.PARTIAL._replace(word=f"{running} of {len(children)}")
    if worst.rank == 0:
        return looks.STARTED
    return worst


def _all_places(view: ResourceView) -> list[Place]:
    if not view.children:
        return list(view.places)
    return [place for child in view.children for place in _all_places(child)]


def _roles(view: ResourceView) -> Line:
    """Where a clone runs; of a promotable one, where it is promoted first."""
    promoted = _unique(p.node for p in _all_places(view) if p.role == "Promoted")
    others = [node for node in view.nodes if node not in promoted]
    spans = [Span(clean(node, 64), "role") for node in promoted]
    spans += [Span(clean(node, 64), "dim" if promoted else "text") for node in others]
    return _spaced(spans)


def _places(nodes: Sequence[str]) -> Line:
    return _spaced([Span(clean(node, 64)) for node in nodes])


def _spaced(spans: Sequence[Span]) -> Line:
    line: list[Span] = []
    for span in spans:
        line += [Span(" ", span.ink), span] if line else [span]
    return tuple(line)


def _joined(spans: Sequence[Span]) -> Line:
    line: list[Span] = []
    for span in spans:
        line += [Span("  "), span] if line else [span]
    return tuple(line)


def _unique(names: Iterable[str]) -> list[str]:
    return [n for n in dict.fromkeys(names) if n.strip()]


def _facts(view: ResourceView, look: Look, failures: Sequence[FailureView]) -> dict[str, str]:
    """What the filter may ask."""
    flags = {
        "failed": view.failed or bool(failures), "blocked": view.blocked,
        "unmanaged": not view.managed, "maintenance": view.maintenance,
        "orphaned": view.orphaned, "disabled": disabled(view),
        "active": view.active, "stopped": not view.active, "promotable": view.promotable,
        "managed": view.managed,
    }  # fmt: skip
    return {
        "node": " ".join(view.nodes),
        "state": f"{look.word} {view.role}",
        "is": " ".join((view.kind, *(name for name, holds in flags.items() if holds))),
        "agent": view.agent,
    }
