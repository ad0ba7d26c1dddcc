"""One walk through a transition: what may begin now, what is under way, when it is over."""

from __future__ import annotations

from dataclasses import dataclass

from hanode.ids import NodeName
from hanode.transition import Action, Transition

BATCH_LIMIT = 64
"""Actions under way at once where the CIB sets no batch-limit."""
MIGRATION = ("migrate_to", "migrate_from")
ANSWER_GRACE = 10.0
"""Seconds beyond an action's own timeout after which its answer counts as lost."""


@dataclass(slots=True)
class Step:
    """An action that was ordered and has not been answered."""

    action: Action
    since: float
    deadline: float


class Walk:
    """The state of one transition's execution. Give it answers; ask it what is ready."""

    def __init__(
        self, number: int, basis: int, transition: Transition, walker: NodeName = ""
    ) -> None:
        """`walker` is whose orders these are."""
        self.number = number
        self.basis = basis
        self.transition = transition
        self.given_up = ""
        """Why nothing more is begun; empty while all is well."""
        self.done = 0
        self.flying: dict[int, Step] = {}
        self._actions = {action.id: action for action in transition.actions}
        self._waits: dict[int, int] = dict.fromkeys(self._actions, 0)
        self._then: dict[int, list[int]] = {ident: [] for ident in self._actions}
        ours = (
            *_looks_before_leaving(transition),
            *_looks_before_promoting(transition),
            *_last_to_leave(transition, walker),
        )
        for before, after in sorted({*transition.orderings, *ours}):
            if before in self._actions and after in self._actions:
                self._waits[after] += 1
                self._then[before].append(after)
        self._ready = [ident for ident in sorted(self._actions) if not self._waits[ident]]
        self._limit = transition.concurrency_max or BATCH_LIMIT

    @property
    def over(self) -> bool:
        """Nothing is under way, and nothing more will be."""
        return not self.flying and (bool(self.given_up) or not self._ready)

    @property
    def left(self) -> int:
        return len(self._actions) - self.done

    def begin(self, now: float) -> list[Action]:
        """The actions to order now. Those that nobody executes are done on the way."""
        begun: list[Action] = []
        waiting: list[int] = []
        while self._ready and not self.given_up and len(self.flying) < self._limit:
            action = self._actions[self._ready.pop(0)]
            if action.pseudo:
                self._complete(action.id)
                continue
            if self._too_many(action):
                waiting.append(action.id)
                continue
            deadline = now + action.timeout_ms / 1000 + ANSWER_GRACE
            self.flying[action.id] = Step(action, now, deadline)
            begun.append(action)
        self._ready[:0] = waiting
        return begun

    def _too_many(self, action: Action) -> bool:
        """Whether its node does as much at once as the CIB allows it."""
        most, migrations = self.transition.per_node_max, self.transition.migrations_max
        moves = migrations >= 0 and action.operation in MIGRATION
        if action.kind == "fence" or not (most or moves):
            return False
        node = _executor(action)
        here = [step.action for step in self.flying.values() if _executor(step.action) == node]
        moving = [other for other in here if other.operation in MIGRATION]
        return bool(most and len(here) >= most) or (moves and len(moving) >= max(1, migrations))

    def finish(self, ident: int | None, *, ok: bool, why: str = "") -> None:
        """An answer. A failure ends the walk; what is under way goes on to its own end."""
        if ident is None or self.flying.pop(ident, None) is None:
            return
        if ok:
            self._complete(ident)
        else:
            action = self._actions[ident]
            self.give_up(why or f"{action.task} on {action.node} failed")

    def give_up(self, why: str) -> None:
        """The world has changed: begin nothing more. What is under way goes on to its end; only a
        fencing is not waited for, since its intent outlives any walk."""
        self.given_up = self.given_up or why
        self.flying = {i: s for i, s in self.flying.items() if s.action.kind != "fence"}

    def lose(self, node: NodeName) -> None:
        """A node is gone: its answers will not come."""
        for ident, step in list(self.flying.items()):
            if _executor(step.action) == node and step.action.kind != "fence":
                del self.flying[ident]
        self.give_up(f"{node} is lost")

    def given_again(self, step: Step, now: float) -> None:
        """It may begin only now, so its time does, too."""
        step.since, step.deadline = now, now + step.deadline - step.since

    def next_deadline(self) -> float | None:
        return min((step.deadline for step in self.flying.values()), default=None)

    def overdue(self, now: float) -> list[Step]:
        """Steps whose answers are lost."""
        return [step for _, step in sorted(self.flying.items()) if step.deadline <= now]

    def _complete(self, ident: int) -> None:
        self.done += 1
        for after in self._then[ident]:
            self._waits[after] -= 1
            if not self._waits[after]:
                self._ready.append(after)


def _executor(action: Action) -> NodeName | None:
    return action.router or action.node


def _looks_before_leaving(transition: Transition) -> list[tuple[int, int]]:
    """A node that is being looked at leaves only after that: what is found is to be stopped."""
    leaving = {a.node: a.id for a in transition.actions if a.kind == "shutdown"}
    return [
        (action.id, leaving[action.node])
        for action in transition.actions
        if action.operation == "monitor" and not action.interval_ms and action.node in leaving
    ]


def _looks_before_promoting(transition: Transition) -> list[tuple[int, int]]:
    """What is promoted may be so on a node that is being looked at: more so than there may be. (The
    PE, as Pacemaker's, has a promotion wait for starts, and thus for looks, only if there are any.)
    """
    looks = [a for a in transition.actions if a.operation == "monitor" and not a.interval_ms]
    promotions = [a for a in transition.actions if a.operation == "promote" and not a.pseudo]
    pairs = [(a.id, b.id) for b in promotions for a in looks if _base(a) == _base(b)]
    late = {promotion: _led_to(transition, {promotion}) for _, promotion in pairs}
    return [(look, promotion) for look, promotion in pairs if look not in late[promotion]]


def _base(action: Action) -> str:
    """The resource, whichever of its instances is meant."""
    return (action.resource or "").partition(":")[0]


def _led_to(transition: Transition, first: set[int]) -> set[int]:
    """These, and all that waits for them."""
    found = set(first)
    while more := {then for before, then in transition.orderings if before in found} - found:
        found |= more
    return found


def _last_to_leave(transition: Transition, walker: NodeName) -> list[tuple[int, int]]:
    """Who gives the orders leaves after all of them are carried out: what it ran would else wait
    for the next DC's election before it starts elsewhere. A fencing, which may never succeed, and
    what waits for one are the next DC's."""
    own = [a.id for a in transition.actions if a.kind == "shutdown" and a.node == walker]
    fencings = {a.id for a in transition.actions if a.kind == "fence"}
    later = _led_to(transition, fencings.union(own))
    return [(a.id, ident) for ident in own for a in transition.actions if a.id not in later]
