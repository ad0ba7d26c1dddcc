"""What the operator wants, as values: the CIB's `configuration` section, typed.

These are words only: who is configured, with which sets of name-value pairs, under
which rules. What they mean together (defaults, templates, rules that hold now) is
worked out by the policy engine. Scores stay words here ("INFINITY", "-5", a name of an
attribute), because a score may be wrong, and the one who adds it up says so. Named
tuples, for they are cheap; `line` is where an element stood in its file, 0 if nowhere.
"""

from __future__ import annotations

from typing import NamedTuple, TypeAlias


class Expression(NamedTuple):
    """Compares a node attribute with a value (or asks whether it is defined)."""

    id: str
    attribute: str
    operation: str
    value: str | None = None
    type: str = ""
    value_source: str = "literal"


class DateExpression(NamedTuple):
    """Asks whether now is in a range, or matches a specification of clock and calendar."""

    id: str
    operation: str
    start: str = ""
    end: str = ""
    duration: tuple[tuple[str, str], ...] | None = None
    spec: tuple[tuple[str, str], ...] | None = None


class ResourceExpression(NamedTuple):
    """Asks for an agent; for resource defaults and operation defaults only."""

    id: str
    class_: str | None = None
    provider: str | None = None
    type: str | None = None


class OperationExpression(NamedTuple):
    """Asks for an operation's name and interval; for operation defaults only."""

    id: str
    name: str
    interval: str | None = None


class Rule(NamedTuple):
    """Conditions joined by `and` or `or`."""

    id: str
    conditions: tuple[Condition, ...] = ()
    boolean_op: str = "and"
    score: str | None = None
    score_attribute: str | None = None
    role: str = ""


Condition: TypeAlias = (
    "Expression | DateExpression | ResourceExpression | OperationExpression | Rule"
)


class NvSet(NamedTuple):
    """A set of name-value pairs that holds when its rule does."""

    id: str
    pairs: tuple[tuple[str, str], ...] = ()
    rule: Rule | None = None
    score: str = ""


class OperationDefinition(NamedTuple):
    """An operation as configured on a resource (an `op`)."""

    id: str
    name: str
    interval: str = "0"
    attributes: tuple[tuple[str, str], ...] = ()
    meta: tuple[NvSet, ...] = ()
    parameters: tuple[NvSet, ...] = ()
    line: int = 0


class Primitive(NamedTuple):
    """One service under one agent; also what a template holds."""

    id: str
    class_: str = "ocf"
    provider: str = ""
    type: str = ""
    template: str = ""
    meta: tuple[NvSet, ...] = ()
    parameters: tuple[NvSet, ...] = ()
    operations: tuple[OperationDefinition, ...] = ()
    utilization: tuple[NvSet, ...] = ()
    line: int = 0


class Group(NamedTuple):
    """Members that run together on one node, started in order."""

    id: str
    members: tuple[Primitive, ...] = ()
    meta: tuple[NvSet, ...] = ()
    parameters: tuple[NvSet, ...] = ()
    line: int = 0


class Clone(NamedTuple):
    """Several instances of a primitive or a group; `promotable` may be an option of it."""

    id: str
    child: Primitive | Group
    meta: tuple[NvSet, ...] = ()
    parameters: tuple[NvSet, ...] = ()
    master: bool = False
    line: int = 0


class PortMapping(NamedTuple):
    id: str
    port: str = ""
    internal_port: str = ""
    range: str = ""


class StorageMapping(NamedTuple):
    id: str
    source_dir: str = ""
    source_dir_root: str = ""
    target_dir: str = ""
    options: str = ""


class Bundle(NamedTuple):
    """A container, its address and its storage, perhaps with a service inside."""

    id: str
    container: str = "podman"
    container_options: tuple[tuple[str, str], ...] = ()
    network: tuple[tuple[str, str], ...] = ()
    ports: tuple[PortMapping, ...] = ()
    storage: tuple[StorageMapping, ...] = ()
    child: Primitive | None = None
    meta: tuple[NvSet, ...] = ()
    line: int = 0


Resource: TypeAlias = Primitive | Group | Clone | Bundle


class Node(NamedTuple):
    """A configured node; `type` is `member`, `remote` or `ping`."""

    id: str
    uname: str
    type: str = "member"
    attributes: tuple[NvSet, ...] = ()
    utilization: tuple[NvSet, ...] = ()
    line: int = 0


class ResourceSet(NamedTuple):
    """Several resources in one constraint."""

    id: str
    refs: tuple[str, ...] = ()
    sequential: bool = True
    require_all: bool = True
    role: str = ""
    action: str = ""
    score: str = ""
    ordering: str = ""
    kind: str = ""


class Location(NamedTuple):
    """Where a resource may or should run."""

    id: str
    rsc: str = ""
    node: str = ""
    score: str = ""
    role: str = ""
    pattern: str = ""
    discovery: str = ""
    rules: tuple[Rule, ...] = ()
    sets: tuple[ResourceSet, ...] = ()
    line: int = 0


class Colocation(NamedTuple):
    """What runs, or never runs, where another does."""

    id: str
    rsc: str = ""
    with_rsc: str = ""
    score: str = ""
    role: str = ""
    with_role: str = ""
    node_attribute: str = ""
    influence: str = ""
    sets: tuple[ResourceSet, ...] = ()
    line: int = 0


class Order(NamedTuple):
    """What happens only after something else."""

    id: str
    first: str = ""
    then: str = ""
    first_action: str = ""
    then_action: str = ""
    kind: str = ""
    score: str = ""
    symmetrical: str = ""
    require_all: str = ""
    sets: tuple[ResourceSet, ...] = ()
    line: int = 0


class TicketConstraint(NamedTuple):
    """What runs only while this site holds a ticket."""

    id: str
    ticket: str
    rsc: str = ""
    role: str = ""
    loss_policy: str = ""
    sets: tuple[ResourceSet, ...] = ()
    line: int = 0


Constraint: TypeAlias = Location | Colocation | Order | TicketConstraint


class Tag(NamedTuple):
    """A name for several things."""

    id: str
    refs: tuple[str, ...] = ()


class FencingLevel(NamedTuple):
    """Devices that together fence a target, tried in the order of `level`."""

    id: str
    level: int
    devices: tuple[str, ...]
    target: str = ""
    target_pattern: str = ""
    target_attribute: str = ""
    target_value: str = ""


class Configuration(NamedTuple):
    """Everything that the operator wants, in document order."""

    properties: tuple[NvSet, ...] = ()
    nodes: tuple[Node, ...] = ()
    resources: tuple[Resource, ...] = ()
    templates: tuple[Primitive, ...] = ()
    constraints: tuple[Constraint, ...] = ()
    tags: tuple[Tag, ...] = ()
    levels: tuple[FencingLevel, ...] = ()
    resource_defaults: tuple[NvSet, ...] = ()
    operation_defaults: tuple[NvSet, ...] = ()
    warnings: tuple[str, ...] = ()
