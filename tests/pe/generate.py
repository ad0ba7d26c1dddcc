"""Random small clusters, as typed values, for properties that must hold for all of them."""

from __future__ import annotations

from hypothesis import strategies as st

from hanode.cib.configuration import (
    Clone,
    Colocation,
    Configuration,
    Group,
    Location,
    Node,
    NvSet,
    OperationDefinition,
    Order,
    Primitive,
)
from hanode.cib.document import Cib
from hanode.cib.status import NodeState, Operation, ResourceHistory, Status

NODES = ("n1", "n2", "n3")
SCORES = ("INFINITY", "-INFINITY", "100", "-100", "1", "0")


def nvset(name: str, **pairs: str) -> NvSet:
    return NvSet(name, tuple((key.replace("_", "-"), value) for key, value in pairs.items()))


@st.composite
def meta(draw: st.DrawFn, name: str) -> tuple[NvSet, ...]:
    pairs = {}
    if draw(st.integers(0, 9)) == 0:
        pairs["target-role"] = draw(st.sampled_from(("Stopped", "Started", "Unpromoted")))
    if draw(st.integers(0, 9)) == 0:
        pairs["is-managed"] = "false"
    if draw(st.booleans()):
        pairs["resource-stickiness"] = draw(st.sampled_from(("0", "1", "100", "INFINITY")))
    if draw(st.integers(0, 4)) == 0:
        pairs["priority"] = str(draw(st.integers(-2, 10)))
    if draw(st.integers(0, 4)) == 0:
        pairs["migration-threshold"] = "2"
    return (NvSet(f"{name}-meta", tuple(pairs.items())),)


@st.composite
def primitive(draw: st.DrawFn, name: str) -> Primitive:
    operations = [OperationDefinition(f"{name}-monitor", "monitor", "10s")]
    if draw(st.integers(0, 3)) == 0:
        on_fail = draw(st.sampled_from(("ignore", "block", "stop", "restart", "fence", "standby")))
        operations.append(
            OperationDefinition(f"{name}-slow", "monitor", "30s", (("on-fail", on_fail),))
        )
    return Primitive(
        name, "ocf", "hanode", "Dummy", meta=draw(meta(name)), operations=tuple(operations)
    )


@st.composite
def history(draw: st.DrawFn, name: str) -> ResourceHistory:
    kind = draw(st.sampled_from(("stopped", "stopped", "stopped", "running", "failed", "stuck")))
    operations = [Operation("monitor", 0, 1, 7, expected_rc=7, last_rc_change=100)]
    if kind != "stopped":
        operations.append(Operation("start", 0, 2, 0, expected_rc=0, last_rc_change=200))
        operations.append(Operation("monitor", 10_000, 3, 0, expected_rc=0, last_rc_change=201))
    if kind == "failed":
        operations.append(Operation("monitor", 10_000, 4, 1, expected_rc=0, last_rc_change=300))
    if kind == "stuck":
        operations.append(Operation("stop", 0, 4, 1, expected_rc=0, last_rc_change=300))
    return ResourceHistory(name, "ocf", "hanode", "Dummy", operations=tuple(operations))


@st.composite
def clusters(draw: st.DrawFn) -> Cib:
    """A cluster of two or three nodes with a handful of resources of all kinds."""
    nodes = NODES[: draw(st.integers(2, 3))]
    resources: list[Primitive | Group | Clone] = []
    leaves: list[str] = []
    for number in range(draw(st.integers(1, 4))):
        name = f"r{number}"
        shape = draw(st.sampled_from(("primitive", "primitive", "group", "clone", "promotable")))
        if shape == "group":
            members = tuple(draw(primitive(f"{name}m{i}")) for i in range(2))
            leaves += [member.id for member in members]
            resources.append(Group(name, members, draw(meta(name))))
        elif shape == "primitive":
            leaves.append(name)
            resources.append(draw(primitive(name)))
        else:
            leaves.append(f"{name}c")
            options = {"promotable": "true"} if shape == "promotable" else {}
            if draw(st.booleans()):
                options["interleave"] = "true"
            if draw(st.booleans()):
                options["notify"] = "true"
            if draw(st.integers(0, 3)) == 0:
                options["clone-max"] = "2"
            resources.append(
                Clone(
                    name, draw(primitive(f"{name}c")), (NvSet(f"{name}-o", tuple(options.items())),)
                )
            )
    clones = {resource.id for resource in resources if isinstance(resource, Clone)}
    names = [resource.id for resource in resources]
    constraints = draw(some_constraints(names, nodes, clones))
    fencing = draw(st.booleans())
    properties = {"stonith-enabled": "true" if fencing else "false"}
    properties["no-quorum-policy"] = draw(st.sampled_from(("stop", "ignore", "freeze", "demote")))
    if fencing:
        resources.append(Primitive("fence", "stonith", "", "fence_demo"))
    configuration = Configuration(
        properties=(NvSet("cib-bootstrap-options", tuple(properties.items())),),
        nodes=tuple(Node(name, name) for name in nodes),
        resources=tuple(resources),
        constraints=constraints,
    )
    states = tuple(draw(node_state(name, leaves)) for name in nodes)
    return Cib(configuration, Status(states, have_quorum=draw(st.integers(0, 4)) > 0, dc=nodes[0]))


@st.composite
def some_constraints(
    draw: st.DrawFn, names: list[str], nodes: tuple[str, ...], clones: set[str]
) -> tuple[Location | Colocation | Order, ...]:
    found: list[Location | Colocation | Order] = []
    for number in range(draw(st.integers(0, 4))):
        first, second = draw(st.sampled_from(names)), draw(st.sampled_from(names))
        score = draw(st.sampled_from(SCORES))
        match draw(st.sampled_from(("location", "colocation", "order"))):
            case "location":
                node = draw(st.sampled_from(nodes))
                role = draw(st.sampled_from(("", "", "Promoted")))
                found.append(Location(f"l{number}", first, node, score, role))
            case "colocation":
                if first in clones and second in clones and score.startswith("-"):
                    continue  # two clones that chase each other need not come to rest
                role = draw(st.sampled_from(("", "", "Promoted")))
                found.append(Colocation(f"c{number}", first, second, score, with_role=role))
            case _:
                kind = draw(st.sampled_from(("Mandatory", "Optional", "Serialize")))
                found.append(Order(f"o{number}", first, second, kind=kind))
    return tuple(found)


@st.composite
def node_state(draw: st.DrawFn, name: str, leaves: list[str]) -> NodeState:
    if draw(st.integers(0, 6)) == 0:
        kept = tuple(draw(history(leaf)) for leaf in leaves if draw(st.booleans()))
        return NodeState(name, name, False, False, "down", "member", history=kept)
    attributes = {}
    for leaf in leaves:
        if draw(st.integers(0, 2)) == 0:
            attributes[f"master-{leaf}"] = str(draw(st.integers(-10, 100)))
        if draw(st.integers(0, 9)) == 0:
            attributes[f"fail-count-{leaf}#monitor_10000"] = "2"
    if draw(st.integers(0, 9)) == 0:
        attributes["standby"] = "on"
    kept = tuple(draw(history(leaf)) for leaf in leaves if draw(st.integers(0, 3)) > 0)
    return NodeState(name, name, attributes=attributes, history=kept)
