"""Contradictory orderings make loops, in which nothing could ever begin.

Such a loop is opened at its weakest edge (a mere sequence before a need), and the
operator is told.
"""

from __future__ import annotations

from hanode.pe.model import ordering as o
from hanode.pe.model.cluster import Cluster
from hanode.pe.model.step import Edge, Step


def without_loops(cluster: Cluster, steps: list[Step], edges: list[Edge]) -> list[Edge]:
    """The edges, without those that close a loop: mere sequences are given up first, and of
    those the ones of what is configured last."""
    caught = _caught(steps, edges)
    if not caught:
        return edges
    after: dict[int, list[int]] = {}
    for edge in edges:
        after.setdefault(edge.first.serial, []).append(edge.then.serial)
    given_up: set[int] = set()
    candidates = [e for e in edges if e.first.serial in caught and e.then.serial in caught]
    candidates.sort(key=lambda e: (_weak(e), e.then.serial), reverse=True)
    for edge in candidates:
        if _reaches(after, edge.then.serial, edge.first.serial):
            first, then = edge.first.key, edge.then.key
            cluster.warn(f"orderings contradict each other: {first} before {then} is given up")
            after[edge.first.serial].remove(edge.then.serial)
            given_up.add(id(edge))
    return [edge for edge in edges if id(edge) not in given_up]


def _weak(edge: Edge) -> bool:
    return not edge.flags & ~(o.ORDERED | o.SERIALIZE)


def _caught(steps: list[Step], edges: list[Edge]) -> set[int]:
    """The steps that can't be put into any order (Kahn's way): in a loop, or after one."""
    waiting = {step.serial: 0 for step in steps}
    after: dict[int, list[int]] = {}
    for edge in edges:
        waiting[edge.then.serial] += 1
        after.setdefault(edge.first.serial, []).append(edge.then.serial)
    ready = [serial for serial, count in waiting.items() if not count]
    while ready:
        serial = ready.pop()
        for then in after.get(serial, ()):
            waiting[then] -= 1
            if not waiting[then]:
                ready.append(then)
    return {serial for serial, count in waiting.items() if count}


def _reaches(after: dict[int, list[int]], start: int, goal: int) -> bool:
    seen, todo = {start}, [start]
    while todo:
        here = todo.pop()
        if here == goal:
            return True
        for then in after.get(here, ()):
            if then not in seen:
                seen.add(then)
                todo.append(then)
    return False
