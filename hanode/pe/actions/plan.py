"""All steps that are being considered, findable by what they do.

A step is made once for each (resource, task, interval, node); asking for it again can
only make it more needed. Whether it can run at all is judged when it is made: is the
node there, is there quorum, is the resource ours to manage.
"""

from __future__ import annotations

from collections.abc import Iterable

from hanode.pe.assign.placement import Placement
from hanode.pe.model.node import Node
from hanode.pe.model.resource import Resource
from hanode.pe.model.step import Edge, Step


class Plan:
    """Steps and the edges between them."""

    __slots__ = (
        "_by_key",
        "_by_task",
        "_edges",
        "edges",
        "fencing",
        "placement",
        "pseudos",
        "shutdowns",
        "steps",
        "unfencing",
    )

    def __init__(self, placement: Placement) -> None:
        self.placement = placement
        self.steps: list[Step] = []
        self.edges: list[Edge] = []
        self._by_key: dict[tuple[str, str, int, str], Step] = {}
        self._by_task: dict[tuple[str, str], list[Step]] = {}
        self._edges: dict[tuple[int, int], Edge] = {}
        self.pseudos: dict[str, Step] = {}
        self.fencing: dict[str, Step] = {}
        self.shutdowns: dict[str, Step] = {}
        self.unfencing: dict[str, Step] = {}

    # -- making

    def step(
        self,
        resource: Resource,
        task: str,
        node: Node | None,
        optional: bool = True,
        interval_ms: int = 0,
    ) -> Step:
        """An operation of a primitive on a node."""
        name = node.name if node is not None else ""
        index = (resource.id, task, interval_ms, name)
        found = self._by_key.get(index)
        if found is None:
            key = f"{resource.label}_{task}_{interval_ms}"
            found = self._new(key, task, resource, node, interval_ms)
            self._by_key[index] = found
            self._by_task.setdefault((resource.id, task), []).append(found)
            self._judge(found, resource, node)
            found.optional = True
        if not optional and not (
            not resource.managed and interval_ms == 0 and task not in ("monitor",)
        ):
            found.optional = False
        return found

    def collective(self, resource: Resource, task: str, optional: bool = True) -> Step:
        """A group's or clone's own start, running, stop ...: nobody executes it."""
        index = (resource.id, task, 0, "")
        found = self._by_key.get(index)
        if found is None:
            found = self._new(f"{resource.id}_{task}_0", task, resource, None, 0)
            found.pseudo = True
            self._by_key[index] = found
            self._by_task.setdefault((resource.id, task), []).append(found)
        if not optional:
            found.optional = False
        return found

    def pseudo(self, name: str) -> Step:
        """A gate that belongs to no resource."""
        found = self.pseudos.get(name)
        if found is None:
            found = self._new(name, name, None, None, 0)
            found.pseudo = True
            self.pseudos[name] = found
        return found

    def other(self, key: str, task: str, kind: str, resource: Resource | None, node: Node) -> Step:
        """Something that is no operation of an agent: fencing, shutdown, clean-up."""
        found = self._new(key, task, resource, node, 0)
        found.kind = kind
        if resource is not None:
            self._by_task.setdefault((resource.id, task), []).append(found)
        return found

    def _new(
        self, key: str, task: str, resource: Resource | None, node: Node | None, interval: int
    ) -> Step:
        step = Step(len(self.steps), key, task, resource, node, interval)
        self.steps.append(step)
        return step

    def order(self, first: Step, then: Step, flags: int, source: str = "") -> None:
        """Join two steps; several orderings of one pair become one with all meanings."""
        if first is then:
            return
        index = (first.serial, then.serial)
        edge = self._edges.get(index)
        if edge is not None:
            edge.flags |= flags
            return
        edge = Edge(first, then, flags, source)
        self._edges[index] = edge
        self.edges.append(edge)
        first.after.append(edge)
        then.before.append(edge)

    # -- finding

    def find(
        self, resource: Resource, task: str, node: Node | None = None, interval_ms: int = 0
    ) -> Step | None:
        """The step of a primitive on this node, if it was made."""
        name = node.name if node is not None else ""
        return self._by_key.get((resource.id, task, interval_ms, name))

    def all_of(self, resource: Resource, task: str) -> list[Step]:
        """Every step of a resource for one task, on whatever node; not the recurring ones."""
        found = self._by_task.get((resource.id, task), [])
        if task == "monitor":
            return [step for step in found if step.interval_ms == 0]
        return found

    def recurring(self, resource: Resource) -> Iterable[Step]:
        return [s for s in self._by_task.get((resource.id, "monitor"), ()) if s.interval_ms]

    # -- judging

    def _judge(self, step: Step, resource: Resource, node: Node | None) -> None:
        """What can be said at once about whether it can run."""
        if node is None:
            step.forbid(self.placement.why_nowhere.get(resource.id, "") or "it has no node")
            return
        if step.task in ("clear_failcount", "lrm_delete"):
            return
        if not self.is_up(node):
            step.forbid(f"{node.name} is not online")
        elif node.pending:
            step.forbid(f"{node.name} is still joining")
        elif step.task in ("start", "promote") and resource.needs != "nothing":
            self._judge_quorum(step, resource)
        if (
            not resource.managed
            and step.interval_ms == 0
            and step.task not in ("monitor", "delete")
        ):
            step.optional = True

    def is_up(self, node: Node) -> bool:
        """Whether operations can be sent there: a guest may be coming up with its host."""
        if node.online:
            return True
        if node.is_remote and node.connection is not None:
            return self._coming_up(node)
        return False

    def _coming_up(self, node: Node) -> bool:
        connection = node.connection
        assert connection is not None
        if connection.id not in self.placement.node_of:
            return False
        return self.placement.node_of[connection.id] is not None and (
            not node.unclean or node.is_guest
        )

    def _judge_quorum(self, step: Step, resource: Resource) -> None:
        options = self.placement.cluster.options
        if options.have_quorum:
            return
        match options.no_quorum_policy:
            case "stop" | "fence":
                step.forbid("there is no quorum")
            case "demote" if step.task == "promote" or not (
                resource.promotable and resource.active
            ):
                step.forbid("there is no quorum")
            case "freeze":
                if not resource.active or self.placement.role(resource) > resource.role:
                    step.forbid("there is no quorum (frozen)")
