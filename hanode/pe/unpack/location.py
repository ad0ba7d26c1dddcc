"""Location constraints: scores for nodes, given plainly or by rules that hold for nodes."""

from __future__ import annotations

from hanode.cib.configuration import Location, Rule
from hanode.cib.score import INFINITY, read, show
from hanode.pe.model.cluster import Cluster
from hanode.pe.model.constraint import Constraints, Place
from hanode.pe.model.resource import Resource
from hanode.pe.model.role import Role, read_role
from hanode.pe.unpack.rules import Context, expand, holds
from hanode.pe.unpack.targets import targets


def unpack_location(cluster: Cluster, into: Constraints, config: Location) -> None:
    """All that one `rsc_location` says."""
    if config.pattern:
        for resource, matches in _matching(cluster, config):
            _one(cluster, into, config, resource, config.role, matches)
        return
    for entry in config.sets:
        for name in entry.refs:
            members = targets(cluster, name)
            if not members:
                cluster.warn(f'location "{config.id}" names "{name}", which is no resource')
            for resource in members:
                _one(cluster, into, config, resource, entry.role or config.role, (), entry.score)
    if config.rsc:
        found = targets(cluster, config.rsc)
        if not found:
            cluster.warn(f'location "{config.id}" names "{config.rsc}", which is no resource')
        for resource in found:
            _one(cluster, into, config, resource, config.role, ())


def _matching(cluster: Cluster, config: Location) -> list[tuple[Resource, tuple[str, ...]]]:
    import re  # patterns are rare, and starting quickly is not

    pattern, negated = config.pattern, config.pattern.startswith("!")
    if _might_take_for_ever(pattern):
        cluster.warn(
            f'location "{config.id}" is ignored: its pattern repeats a group that itself repeats '
            "or chooses, which can take for ever; write it without"
        )
        return []
    try:
        regex = re.compile(pattern[1:] if negated else pattern)
    except re.error as error:
        cluster.warn(f'location "{config.id}" has no valid pattern: {error}')
        return []
    found: list[tuple[Resource, tuple[str, ...]]] = []
    for resource in cluster.resources:
        match = regex.search(resource.id)
        if match is not None and not negated:
            groups = tuple(group or "" for group in (match.group(0), *match.groups()))
            found.append((resource, groups))
        elif match is None and negated:
            found.append((resource, ()))
    return found


def _might_take_for_ever(pattern: str) -> bool:
    """Whether a repeated group holds what repeats or chooses, as `(a+)+` does: Python's matcher
    would try all ways of dividing a name, which are exponentially many."""
    loose = [False]  # for each open group, and outside: whether anything in it repeats or chooses
    escaped = False
    for at, letter in enumerate(pattern):
        if escaped:
            escaped = False
        elif letter == "\\":
            escaped = True
        elif letter == "(":
            loose.append(False)
        elif letter == ")" and len(loose) > 1:
            inner = loose.pop()
            if inner and pattern[at + 1 : at + 2] in ("*", "+", "{"):
                return True
            loose[-1] = loose[-1] or inner
        elif letter in "*+{|":
            loose[-1] = True
    return False


def _one(
    cluster: Cluster,
    into: Constraints,
    config: Location,
    resource: Resource,
    role_text: str,
    matches: tuple[str, ...],
    score_text: str = "",
) -> None:
    discovery = config.discovery or "always"
    role = _role(role_text)
    text = config.score or score_text
    if config.node and text:
        node = next(
            (n for n in cluster.nodes.values() if n.name.lower() == config.node.lower()), None
        )
        if node is None:
            cluster.warn(f'location "{config.id}" names "{config.node}", which is no node')
            return
        score = read(text)
        sentence = f"location {config.id} gives {show(score)} to {node.name}"
        into.place(Place(config.id, resource, {node.name: score}, role, discovery, sentence))
        return
    for rule in config.rules:
        scores = _by_rule(cluster, rule, matches, resource)
        ruled = _role(rule.role) if rule.role else role
        sentence = f"rule {rule.id} of location {config.id} holds there"
        if scores:
            into.place(Place(config.id, resource, scores, ruled, discovery, sentence))


def _role(text: str) -> Role:
    """Only the promoted role is a matter of its own; any other means being there at all."""
    role = read_role(text)
    return role if role == Role.PROMOTED else Role.UNKNOWN


def _by_rule(
    cluster: Cluster, rule: Rule, matches: tuple[str, ...], resource: Resource
) -> dict[str, int]:
    found = {}
    for node in cluster.nodes.values():
        parameters = _parameters(cluster, rule, resource)
        context = Context(cluster.now, node.attributes, parameters, resource.meta, matches=matches)
        if not holds(rule, context):
            continue
        if rule.score_attribute:
            text = node.attributes.get(expand(rule.score_attribute, matches))
            found[node.name] = -INFINITY if text is None else read(text)
        else:
            found[node.name] = read(rule.score)
    return found


def _parameters(cluster: Cluster, rule: Rule, resource: Resource) -> dict[str, str] | None:
    for condition in rule.conditions:
        if getattr(condition, "value_source", "") == "param":
            from hanode.pe.unpack.parameters import parameters

            return parameters(cluster, resource, None)
    return None
