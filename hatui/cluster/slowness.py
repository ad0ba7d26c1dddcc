"""Monitors that come near their timeout: worth a word days before the first of them fails."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from hanode.cib.configuration import Configuration, Resource
from hanode.mgmt.protocol import Pulse
from hatui.cluster.items import Item
from hatui.cluster.latency import NEAR, timeout_of
from hatui.cluster.moment import Moment, base_of, primitive_of
from hatui.cluster.safe import clean
from hatui.cluster.spans import Span

WELL = 0.4
"""The share of its timeout below which a monitor that was slow is well again."""
MONITOR = ".monitor_"


class Slow(NamedTuple):
    """One monitor on one node, by its latest turn."""

    resource: str
    node: str
    share: float
    """Of its timeout."""

    @property
    def chip(self) -> str:
        return f"monitor takes {self.share:.0%} of its timeout"

    @property
    def sentence(self) -> str:
        return clean(f"{self.resource}: its {self.chip} on {self.node}")


class Slowness:
    """Told of each pulse; a bounded number, for only what is configured is looked at."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], Slow] = {}

    @property
    def found(self) -> tuple[Slow, ...]:
        return tuple(self._found[key] for key in sorted(self._found))

    def note(self, pulse: Pulse, moment: Moment) -> bool:
        """Whether other monitors are slow now than before; a node tells of its own alone."""
        before = set(self._found)
        self._found = {key: slow for key, slow in self._found.items()
                       if slow.node == pulse.node and _runs(slow, moment)}  # fmt: skip
        for subject, values in pulse.drift.items():
            resource, _, interval = subject.partition(MONITOR)
            took = values.get("exec_ms")
            if interval.isdecimal() and isinstance(took, (int, float)):
                self._judge(resource, int(interval), pulse.node, took / 1000, moment)
        return before != set(self._found)

    def _judge(self, resource: str, interval: int, node: str, took: float, moment: Moment) -> None:
        timeout = _timeout(moment.configured, moment.configuration, resource, interval)
        share = took / timeout if timeout else 0.0
        key = (f"{resource}{MONITOR}{interval}", node)
        if share >= NEAR or (share >= WELL and key in self._found):
            self._found[key] = Slow(resource, node, share)
        else:
            self._found.pop(key, None)


def _runs(slow: Slow, moment: Moment) -> bool:
    """Of what runs there no more, no monitor will ever say that it is well."""
    node = moment.nodes.get(slow.node)
    return node is not None and base_of(slow.resource) in map(base_of, node.resources)


def _timeout(
    configured: Mapping[str, Resource], configuration: Configuration, resource: str, interval: int
) -> float:
    primitive = primitive_of(configured.get(base_of(resource)))
    if primitive is None:
        return 0.0
    return timeout_of(primitive, "monitor", interval, configuration)


def with_slow(items: Sequence[Item], slow: Sequence[Slow]) -> tuple[Item, ...]:
    """The tree of resources, with a word on each whose monitor is slow."""
    if not slow:
        return tuple(items)
    return tuple(_with(item, slow) for item in items)


def _with(item: Item, slow: Sequence[Slow]) -> Item:
    below = tuple(_with(child, slow) for child in item.children)
    rank = max((child.rank for child in below), default=0)
    mine = [one for one in slow if not below and _is_of(item, one)]
    note = item.note
    for one in mine:
        note, rank = (Span(clean(one.chip), "warn"), Span("  "), *note), 2
    return dataclasses.replace(item, children=below, note=note, rank=max(rank, item.rank))


def _is_of(item: Item, slow: Slow) -> bool:
    return item.resource == base_of(slow.resource) and item.node in ("", slow.node)


def in_header(slow: Sequence[Slow]) -> Span | None:
    """Which, if it is one."""
    if not slow:
        return None
    names = sorted({one.resource for one in slow})
    told = clean(names[0], 16) if len(names) == 1 else f"{len(names)} monitors"
    return Span(f"{told} slow", "warn")
