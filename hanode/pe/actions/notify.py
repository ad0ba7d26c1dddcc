"""Clones with `notify` hear before and after what happens to any of their instances.

Before: all that are active then. After: all that are active then. Each operation waits
for its "before" to be heard by all, and what comes next waits for the "after".
"""

from __future__ import annotations

from hanode.pe.actions.plan import Plan
from hanode.pe.model import ordering as o
from hanode.pe.model.resource import Resource
from hanode.pe.model.role import Role
from hanode.pe.model.step import Step
from hanode.pe.ordering.internal import DONE

_TASKS = ("stop", "start", "demote", "promote")
# What is heard after the one comes before what is heard before the other.
_NEXT = (
    ("demote", "stop"),
    ("demote", "start"),
    ("demote", "promote"),
    ("stop", "start"),
    ("stop", "promote"),
    ("start", "promote"),
)


def plan_notices(plan: Plan) -> None:
    """Notices for all operations that will happen; called when that is settled."""
    for top in plan.placement.cluster.resources:
        for part in top.everything():
            if part.kind == "clone" and part.notify:
                _notify(plan, part)


def _notify(plan: Plan, clone: Resource) -> None:
    frames: dict[str, tuple[Step, Step]] = {}
    leaves = list(clone.primitives())
    for task in _TASKS:
        happening = [
            step
            for leaf in leaves
            for step in plan.all_of(leaf, task)
            if step.required and step.runnable and leaf.managed
        ]
        if happening:
            frames[task] = _frame(plan, clone, leaves, task, happening)
    for first, then in _NEXT:
        if first in frames and then in frames:
            plan.order(frames[first][1], frames[then][0], o.ORDERED, "notify")


def _frame(
    plan: Plan, clone: Resource, leaves: list[Resource], task: str, happening: list[Step]
) -> tuple[Step, Step]:
    """The notices around one task; returns where they begin and where they end."""
    begin = _pseudo(plan, clone, f"pre_notify_{task}")
    heard = _pseudo(plan, clone, f"confirmed-pre_notify_{task}")
    told = _pseudo(plan, clone, f"post_notify_{DONE[task]}")
    end = _pseudo(plan, clone, f"confirmed-post_notify_{DONE[task]}")
    plan.order(begin, heard, o.ORDERED, "notify")
    plan.order(told, end, o.ORDERED, "notify")
    own = plan.find(clone, task)
    done = plan.find(clone, DONE[task])
    if own is not None:
        plan.order(heard, own, o.ORDERED, "notify")
    if done is not None:
        plan.order(done, told, o.ORDERED, "notify")
    for step in happening:
        plan.order(heard, step, o.ORDERED, "notify")
        plan.order(step, told, o.ORDERED, "notify")
    _make_others_wait(plan, clone, leaves, done, end)
    for pair in plan.placement.constraints.orders:
        if pair.first is clone and pair.first_task == task and pair.then.kind == "clone":
            for leaf in pair.then.primitives():
                for step in plan.all_of(leaf, pair.then_task):
                    plan.order(end, step, o.ORDERED, "notify")
    fenced = task == "stop" and any(step.pseudo for step in happening)
    for leaf in leaves:
        _before(plan, leaf, task, begin, heard)
        if fenced:
            _survivor(plan, leaf, told, end)
        else:
            _after(plan, leaf, task, told, end)
    return begin, end


def _make_others_wait(
    plan: Plan, clone: Resource, leaves: list[Resource], done: Step | None, end: Step
) -> None:
    """What waits for the operation waits for its being heard of; so does watching."""
    inside = {part.id for part in clone.everything()}
    for edge in list(done.after) if done is not None else ():
        then = edge.then
        if then.resource is None or then.resource.id not in inside:
            plan.order(end, then, o.ORDERED, "notify")
    for leaf in leaves:
        for monitor in plan.recurring(leaf):
            if monitor.required:
                plan.order(end, monitor, o.ORDERED, "notify")


def _pseudo(plan: Plan, clone: Resource, task: str) -> Step:
    step = plan.collective(clone, task)
    step.optional = False
    return step


def _before(plan: Plan, leaf: Resource, task: str, begin: Step, heard: Step) -> None:
    if task == "promote":
        _who_will_be_there(plan, leaf, f"pre_notify_{task}", begin, heard)
        return
    for node in leaf.active:
        if not node.online or node.unclean:
            continue
        if task == "start" and _needed(plan, leaf, "stop"):
            continue
        _tell(plan, leaf, f"pre_notify_{task}", node.name, begin, heard)


def _after(plan: Plan, leaf: Resource, task: str, told: Step, end: Step) -> None:
    if task in ("start", "promote"):
        _who_will_be_there(plan, leaf, f"post_notify_{task}", told, end)
        return
    if task == "stop" and _needed(plan, leaf, "stop"):
        return
    _tell_where_active(plan, leaf, f"post_notify_{task}", told, end)


def _survivor(plan: Plan, leaf: Resource, told: Step, end: Step) -> None:
    """Who outlives a fenced instance hears of its end, even if it restarts for another's sake."""
    if not any(step.required and step.cause is None for step in plan.all_of(leaf, "stop")):
        _tell_where_active(plan, leaf, "post_notify_stop", told, end)


def _tell_where_active(plan: Plan, leaf: Resource, what: str, begin: Step, end: Step) -> None:
    for place in leaf.active:
        if place.online and not place.unclean:
            _tell(plan, leaf, what, place.name, begin, end)


def _who_will_be_there(plan: Plan, leaf: Resource, what: str, begin: Step, end: Step) -> None:
    node = plan.placement.node_of.get(leaf.id)
    role = plan.placement.next_role.get(leaf.id, Role.STOPPED)
    if node is None or role <= Role.STOPPED:
        return
    start = plan.find(leaf, "start", node)
    if start is not None and start.required and not start.runnable:
        return
    if plan.is_up(node) and (not node.unclean or node.is_guest):
        _tell(plan, leaf, what, node.name, begin, end)


def _needed(plan: Plan, leaf: Resource, task: str) -> bool:
    return any(step.required and step.runnable for step in plan.all_of(leaf, task))


def _tell(plan: Plan, leaf: Resource, what: str, node: str, begin: Step, end: Step) -> None:
    place = plan.placement.cluster.nodes[node]
    key = f"{leaf.label}_{what}_0"
    step = plan.other(key, "notify", "rsc", leaf, place)
    step.optional = False
    step.role = ""
    step.reason = f"{leaf.label} is told of what happens to the others"
    plan.order(begin, step, o.ORDERED, "notify")
    plan.order(step, end, o.ORDERED, "notify")
