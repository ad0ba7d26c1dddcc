"""Contradictory orderings make loops, in which nothing could ever begin.

Such a loop is opened at its weakest edge (a mere sequence before a need), and the
operator is told.
"""

from __future__ import annotations

from hanode.pe.model import ordering as o
from hanode.pe.model.cluster import Cluster
from hanode.pe.model.step import Edge, Step


def without_loops(cluster: Cluster, steps: list[Step], edges: list[Edge]) -> list[Edge]:
    """The edges, without those that would close a loop."""
    if _sorted(steps, edges):
        return edges
    strong = [e for e in edges if not _weak(e)]
    kept: list[Edge] = []
    after: dict[int, list[int]] = {}
    for edge in [*strong, *(e for e in edges if _weak(e))]:
        if _reaches(after, edge.then.serial, edge.first.serial):
            first, then = edge.first.key, edge.then.key
            cluster.warn(f"orderings contradict each other: {first} before {then} is given up")
            continue
        after.setdefault(edge.first.serial, []).append(edge.then.serial)
        kept.append(edge)
    return kept


def _weak(edge: Edge) -> bool:
    return not edge.flags & ~(o.ORDERED | o.SERIALIZE)


def _sorted(steps: list[Step], edges: list[Edge]) -> bool:
    """Whether the steps can be put into one order (Kahn's way)."""
    waiting = {step.serial: 0 for step in steps}
    after: dict[int, list[int]] = {}
    for edge in edges:
        waiting[edge.then.serial] += 1
        after.setdefault(edge.first.serial, []).append(edge.then.serial)
    ready = [serial for serial, count in waiting.items() if not count]
    done = 0
    while ready:
        serial = ready.pop()
        done += 1
        for then in after.get(serial, ()):
            waiting[then] -= 1
            if not waiting[then]:
                ready.append(then)
    return done == len(steps)


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
