"""What crm_simulate 2.1.5 does otherwise on purpose or by mistake, each rule on its own.

A disagreement that goes away once such a rule is put into our engine is explained by it. None of
them is ours: they put two instances of a clone on one node, move what could stay, or never come
to rest; the cases of newer versions contradict some.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from unittest.mock import patch

from hanode.cib.score import INFINITY
from hanode.pe.actions import roles
from hanode.pe.actions.plan import Plan
from hanode.pe.assign import clone, criteria, obey, obey_clone
from hanode.pe.assign.placement import Placement
from hanode.pe.model.constraint import Colocate
from hanode.pe.model.node import Node
from hanode.pe.model.resource import Resource
from hanode.pe.model.role import Role

RULES = {
    "places": "no place is kept aside for an instance that would rather be elsewhere, nor is a "
    "cloned group counted that chose so: instances move for nothing, or crowd on one node",
    "stuck": "where an instance can't be stopped, another one is started beside it",
    "pretence": "of several active instances a failed one is stopped, and its start is a pretence: "
    "what is begun is its monitor alone",
    "pairs": "what keeps off an interleaved clone keeps off one of its instances, and chases it",
}


@contextmanager
def as_before(*names: str) -> Iterator[None]:
    """Decide by these rules meanwhile."""
    with ExitStack() as stack:
        for name in names:
            where, what, instead = _CHANGES[name]
            stack.enter_context(patch.object(where, what, instead))
        yield


class _Hasty(clone.Distribution):
    """Each active instance has one try at its own node."""

    def _stay(self, instance: Resource, current: Node, total: int) -> None:
        undo = self.placement.tables.snapshot(instance)
        chosen = self._put(instance, current)
        if chosen is current:
            return
        if instance.primitive:
            self._take(instance, chosen)
            self.placement.tables.restore(undo)
        elif chosen is not None:
            self.count[chosen.name] -= 1
            self.assigned -= 1


_ban_clone = criteria._ban_failed


def _ban_one(
    placement: Placement, resource: Resource, node: Node, why: str, instances: bool = False
) -> None:
    """A stop that failed speaks for its own instance alone."""
    if why.endswith("failed to stop there"):
        placement.tables.add(resource, node.name, -INFINITY, "failure", why)
    else:
        _ban_clone(placement, resource, node, why, instances)


_obey_all = obey_clone.obey_clone


def _obey_one(
    placement: Placement, dependent: Resource, primary: Resource, colocation: Colocate
) -> None:
    mine = dependent.clone()
    if colocation.score < 0 and mine is not None and mine.interleave and mine is not primary:
        wanted = colocation.primary_role
        counting = [i for i in primary.children if obey_clone._counts(placement, i, wanted)]
        obey_clone._obey_interleaved(placement, dependent, counting, colocation)
    else:
        _obey_all(placement, dependent, primary, colocation)


_gather_all = roles._gather


def _pretend(
    plan: Plan, resource: Resource, active: list[Node], chosen: Node, wanted: Role
) -> None:
    _gather_all(plan, resource, active, chosen, wanted)
    start = plan.find(resource, "start", chosen)
    if start is not None and resource.failed and resource.multiple_active == "stop_unexpected":
        start.pseudo = True


_CHANGES: dict[str, tuple[object, str, object]] = {
    "places": (clone, "Distribution", _Hasty),
    "stuck": (criteria, "_ban_failed", _ban_one),
    "pretence": (roles, "_gather", _pretend),
    "pairs": (obey, "obey_clone", _obey_one),
}
