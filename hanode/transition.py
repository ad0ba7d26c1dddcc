"""What the policy engine decides, as values that a transition engine can execute alone.

A `Transition` holds the actions, which of them must wait for which, and what it all
means to people: the changes, the scores with their reasons, what is blocked and why.
The TE needs nothing else: parameters and meta attributes are resolved per node.
"""

from __future__ import annotations

from dataclasses import field
from typing import Literal, NamedTuple

from hanode.lean import dataclass

Kind = Literal["rsc", "fence", "pseudo", "shutdown", "cancel", "cleanup"]
"""rsc: an agent's operation · fence: of a node · pseudo: nothing to do, holds the order
together · shutdown: the node's own hanode ends · cancel: of a recurring operation ·
cleanup: forget history or fail counts (`clear_failcount`, `lrm_delete`, `delete`)."""


class Agent(NamedTuple):
    """Which agent carries an operation out, e.g. ocf:heartbeat:IPaddr2."""

    class_: str
    provider: str
    type: str

    def __str__(self) -> str:
        return ":".join(part for part in self if part)


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to do, with all that is needed to do it.

    `resource` is the name that the LRM's history bears (an anonymous clone's instance has
    no number); `instance` is the one with a number. `meta` holds what an OCF agent is
    told as OCF_RESKEY_CRM_meta_* (underscores, not dashes: `interval`, `timeout`,
    `on_node`, `clone`, `notify_start_resource` ...). `target_rc` is the expected return
    code. `router` is the node that relays to a remote or guest node, else None. For a
    fence action `operation` is `reboot`, `off` or `on` and `node` is the target.
    """

    id: int
    kind: Kind
    task: str
    operation: str = ""
    node: str | None = None
    resource: str | None = None
    instance: str | None = None
    interval_ms: int = 0
    timeout_ms: int = 0
    parameters: dict[str, str] = field(default_factory=dict)
    meta: dict[str, str] = field(default_factory=dict)
    agent: Agent | None = None
    target_rc: int = 0
    role: str = ""
    reason: str = ""
    digest: str = ""
    """Of the parameters; the result bears it, so that a later change of them is found out."""
    router: str | None = None
    priority: int = 0

    @property
    def pseudo(self) -> bool:
        return self.kind == "pseudo"


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the summary: what becomes of one resource or node."""

    action: str
    resource: str | None
    nodes: tuple[str, ...]
    roles: tuple[str, ...] = ()
    blocked: bool = False
    reason: str = ""


class Contribution(NamedTuple):
    """One part of a node's score for a resource: how much, from what, in words."""

    amount: int
    source_id: str
    sentence: str


class Blocked(NamedTuple):
    """Something that ought to be done and can't be, and why."""

    resource: str | None
    node: str | None
    operation: str
    reason: str


class RecheckAt(NamedTuple):
    """When to ask again without news, since the passing of time alone changes the answer."""

    time: float
    why: str


@dataclass(frozen=True, slots=True)
class Transition:
    """A decision. `orderings` are (before, after) pairs of action ids."""

    actions: tuple[Action, ...] = ()
    orderings: tuple[tuple[int, int], ...] = ()
    summary: tuple[Change, ...] = ()
    scores: dict[str, dict[str, list[Contribution]]] = field(default_factory=dict)
    totals: dict[str, dict[str, int]] = field(default_factory=dict)
    blocked: tuple[Blocked, ...] = ()
    warnings: tuple[str, ...] = ()
    recheck: RecheckAt | None = None
    concurrency_max: int = 0
    """Actions under way at once; 0: no bound. (batch-limit)"""
    per_node_max: int = 0
    """The same of one node. (node-action-limit)"""
    migrations_max: int = -1
    """Live migrations from or to one node at once; -1: no bound. (migration-limit)"""

    @property
    def empty(self) -> bool:
        """Nothing is to be done (pseudo-actions alone do nothing)."""
        return all(action.kind == "pseudo" for action in self.actions)
