"""The operator's order constraints, joined to the steps that they speak of.

A collective as the first of a pair is meant as a whole: its "done" step is what the
second waits for. A collective as the second is meant in each of its parts. Clones that
interleave are joined instance by instance, on each node.
"""

from __future__ import annotations

from hanode.pe.actions.plan import Plan
from hanode.pe.model import ordering as o
from hanode.pe.model.constraint import Before
from hanode.pe.model.resource import Resource
from hanode.pe.model.role import Role
from hanode.pe.model.step import Step
from hanode.pe.ordering.internal import DONE
from hanode.pe.ordering.partners import by_instance, partner, places, withdraw_lonely

_DEMANDS = o.THEN_IMPLIES_FIRST | o.PROMOTED_THEN_IMPLIES_FIRST


def order_explicitly(plan: Plan) -> None:
    """Every pair of every order constraint."""
    withdraw_lonely(plan)
    for pair in plan.placement.constraints.orders:
        if pair.set_key:
            _gated(plan, pair)
        else:
            join(plan, pair, pair.first, pair.then)


def join(plan: Plan, pair: Before, first: Resource, then: Resource) -> None:
    """One pair of resources."""
    if by_instance(pair, first, then):
        _interleaved(plan, pair, first, then)
        return
    if pair.flags & o.SERIALIZE:
        _serialized(plan, pair, first, then)
        return
    thens = _thens(plan, then, pair.then_task)
    if not thens:
        return
    if first.is_collective:
        _after_collective(plan, pair, first, thens)
        return
    flags = pair.flags
    if first.kind == "group":
        flags = (flags & ~_DEMANDS) or o.ORDERED
    for step in _firsts(plan, first, pair.first_task):
        for then_step in thens:
            weak = then.is_collective and not _concerned(step, then_step)
            theirs = (flags & ~_DEMANDS) | o.ORDERED if weak else flags
            plan.order(step, then_step, theirs, pair.id)


def _concerned(step: Step, instance: Step) -> bool:
    """Whether what happens to this instance of a clone is a matter for the step: on the same
    node, and no surplus instance, which nothing can depend on."""
    surplus = instance.resource is not None and instance.resource.orphan
    return step.node is instance.node and not surplus


def _after_collective(plan: Plan, pair: Before, first: Resource, thens: list[Step]) -> None:
    """All wait for the whole. What comes after it as a whole, too, begins anew with any change of
    it; others only with what happens on their own node."""
    task = pair.first_task
    flags = pair.flags & ~_DEMANDS
    if not pair.then.is_collective:
        flags &= ~o.FIRST_IMPLIES_THEN
    for step in _firsts(plan, first, task):
        for then_step in thens:
            plan.order(step, then_step, flags | o.ORDERED, pair.id)
    if pair.then.is_collective or not pair.flags & o.FIRST_IMPLIES_THEN:
        return
    beside: dict[str, list[Step]] = {}
    for instance in first.children:
        steps = [step for leaf in instance.primitives() for step in plan.all_of(leaf, task)]
        for node in {step.node.name: None for step in steps if step.node is not None}:
            here = [s for s in steps if s.node is not None and s.node.name == node]
            beside.setdefault(node, here)  # of several, the first one speaks for the node
    for then_step in thens:
        for step in beside.get(then_step.node.name, ()) if then_step.node is not None else ():
            plan.order(step, then_step, o.FIRST_IMPLIES_THEN, pair.id)


def _firsts(plan: Plan, first: Resource, task: str) -> list[Step]:
    """What stands for the first action being done."""
    if first.kind == "bundle" and any(part.notify for part in first.children):
        return _notifying_bundle(plan, first, task)
    if first.kind != "primitive":
        done = plan.find(first, DONE.get(task, task))
        return [done] if done is not None else []
    found = plan.all_of(first, task)
    if found:
        return found
    if task == "stop" and not first.active:
        return []
    if task == "demote" and first.role != Role.PROMOTED:
        return []
    if task not in ("start", "promote", "stop", "demote"):
        return []
    missing = plan.step(first, task, None)
    return [missing]


def _notifying_bundle(plan: Plan, bundle: Resource, task: str) -> list[Step]:
    """What waits for a bundle whose service is notified waits for its beginning only.

    Pacemaker looks for the end of the notices, which a bundle itself doesn't have; operators'
    clusters live by that, so it is kept.
    """
    begun = plan.find(bundle, task) if task in ("start", "promote") else None
    return [begun] if begun is not None else []


def _thens(plan: Plan, then: Resource, task: str) -> list[Step]:
    """Every step that the second action is made of."""
    found = list(plan.all_of(then, task))
    if then.kind != "primitive":
        for leaf in then.primitives():
            found.extend(plan.all_of(leaf, task))
        for part in then.children:
            if part.kind == "group":
                found.extend(plan.all_of(part, task))
    return found


def _serialized(plan: Plan, pair: Before, first: Resource, then: Resource) -> None:
    for one in _firsts(plan, first, pair.first_task):
        for two in _thens(plan, then, pair.then_task):
            plan.order(one, two, o.SERIALIZE, pair.id)


def _interleaved(plan: Plan, pair: Before, first: Resource, then: Resource) -> None:
    """Each instance of the second waits for the first's instance on its own node.

    As long as the first clone changes as a whole, the second begins after that.
    """
    done, begin = plan.find(first, DONE.get(pair.first_task, "")), plan.find(then, pair.then_task)
    if done is not None and begin is not None:
        plan.order(done, begin, o.ORDERED, pair.id)
    going = pair.then_task in ("start", "promote")
    for instance in then.children:
        for node in places(plan, instance, going):
            other = partner(plan, first, node, going)
            if other is not None:
                join(plan, pair, other, instance)


def _gated(plan: Plan, pair: Before) -> None:
    """`require-all=false`: a gate that opens when enough of the firsts can be run."""
    _, needed, _name = pair.set_key.split(":", 2)
    gate = plan.pseudo(f"{pair.set_key}:{pair.id}")
    gate.needed_before = int(needed)
    for instance in pair.first.children if pair.first.is_collective else [pair.first]:
        for step in _firsts(plan, instance, pair.first_task):
            plan.order(step, gate, o.MIN_RUNNABLE | o.GRAPH_THEN | o.FIRST_IMPLIES_THEN, pair.id)
    for then_step in _thens(plan, pair.then, pair.then_task):
        plan.order(gate, then_step, o.UNRUNNABLE_BLOCKS | o.ORDERED, pair.id)
