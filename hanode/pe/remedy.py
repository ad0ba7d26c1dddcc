"""The smallest single change of a cluster that would put a resource elsewhere.

Candidates are tried from the mildest on, each by deciding where everything would go with it;
what is proposed has been seen to work. A preference is made as small as it can be.
"""

from __future__ import annotations

from collections.abc import Iterator

from hanode.cib.configuration import Configuration, Location, NvSet
from hanode.cib.document import Cib
from hanode.cib.score import INFINITY
from hanode.pe.assign import assign_all
from hanode.pe.assign.placement import Placement
from hanode.pe.model.resource import Resource
from hanode.pe.model.role import Role
from hanode.pe.scheduler import schedule
from hanode.pe.unpack import unpack
from hanode.pe.unpack.constraints import unpack_constraints

TRIALS_MAX = 60
"""Decisions that are made at most before we say that we know of no change."""

Candidate = tuple[str, Cib]


def decide(cib: Cib, now: float) -> Placement:
    """Where everything goes, without what is to be done for it."""
    cluster = unpack(cib, now)
    return assign_all(cluster, unpack_constraints(cluster))


def smallest_change(cib: Cib, now: float, name: str) -> str:
    """In words, as a command where there is one; empty when no single change is known."""
    return _Search(cib, now, name).run()


def smallest_release(cib: Cib, now: float, name: str, label: str) -> str:
    """The same for what has a place and may not start there: what would let it run."""
    for sentence, changed in _Search(cib, now, name).others():
        if not any(entry.resource == label for entry in schedule(changed, now).blocked):
            return sentence
    return ""


class _Search:
    """One question; counts what it has cost."""

    def __init__(self, cib: Cib, now: float, name: str) -> None:
        self.cib = cib
        self.now = now
        self.name = name
        self.trials = 0
        self.placement = self._decide(cib)
        self.places = self._places(self.placement)
        self.here = {node for node, _ in self.places}

    def run(self) -> str:
        best: tuple[int, str] | None = None
        for node, role in (*self._for_promotion(), *self._other_nodes()):
            found = self._preference(node, role, best[0] if best else INFINITY)
            if found is not None:
                best = found
        if best is not None:
            return best[1]
        for sentence, changed in self.others():
            if self._moves(changed):
                return sentence
        return ""

    def _decide(self, cib: Cib) -> Placement:
        self.trials += 1
        return decide(cib, self.now)

    def _places(self, placement: Placement) -> set[tuple[str, Role]]:
        """Where it goes, in which role; of an anonymous clone, wherever any instance of it goes."""
        resource = placement.cluster.by_id.get(self.name)
        if resource is None:
            return set()
        clone = None if resource.unique else resource.clone()
        parts = [resource]
        if clone is not None:
            parts = [leaf for leaf in clone.primitives() if leaf.base == resource.base]
        places = ((placement.node_of.get(leaf.id), placement.role(leaf)) for leaf in parts)
        return {(node.name, role) for node, role in places if node is not None}

    def _moves(self, changed: Cib) -> bool:
        if self.trials >= TRIALS_MAX:
            return False
        places = self._places(self._decide(changed))
        return bool(places) and places != self.places

    # ------------------------------------------------------------------------- preferences

    def _for_promotion(self) -> list[tuple[str, str]]:
        """Where it runs, and could be promoted as well."""
        promoted = any(role == Role.PROMOTED for _, role in self.places)
        lower = sorted(node for node, role in self.places if role != Role.PROMOTED)
        return [(node, "Promoted") for node in lower] if promoted else []

    def _other_nodes(self) -> list[tuple[str, str]]:
        """Where it might go, those with the smallest distance first; banned ones are left out."""
        resource = self._resource()
        if resource is None or not self.here:
            return []
        table = self.placement.tables.of(resource)
        nodes = self.placement.cluster.nodes
        free = [n for n in table if n not in self.here and self.placement.usable(nodes[n])]
        able = [name for name in free if table[name] > -INFINITY]
        return [(name, "") for name in sorted(able, key=lambda name: (-table[name], name))[:4]]

    def _preference(self, node: str, role: str, limit: int) -> tuple[int, str] | None:
        """The smallest score for this node that moves it, if it is below the limit."""
        resource = self._resource()
        assert resource is not None
        target = _configured(resource)

        def moves(score: int) -> bool:
            return self._moves(_with_location(self.cib, target, node, str(score), role))

        guess = max(1, self._distance(resource, node, role))
        high = guess if guess < limit and moves(guess) else 0
        if not high:
            return self._infinite(target, node) if limit == INFINITY and not role else None
        low = 0
        while low + 1 < high and self.trials < TRIALS_MAX:
            middle = high - 1 if low == 0 and high == guess else (low + high) // 2
            if moves(middle):
                high = middle
            else:
                low = middle
        wish = f"a location constraint with score {high} for {target} on {node}"
        if role:
            return high, f"{wish}, for the role Promoted"
        return high, f"{wish}: hanode constraint location {target} prefers {node}={high}"

    def _distance(self, resource: Resource, node: str, role: str) -> int:
        if role:
            scores = [s for s in self.placement.promotion.values() if abs(s) < INFINITY]
            return max(scores, default=0) - min(scores, default=0) + 1
        table = self.placement.tables.of(resource)
        best = max(table.get(name, 0) for name in self.here)
        return min(best - table[node] + 1, INFINITY)

    def _infinite(self, target: str, node: str) -> tuple[int, str] | None:
        changed = _with_location(self.cib, target, node, "INFINITY")
        if self._moves(changed):
            return INFINITY, f"to be held on {node}: hanode resource move {target} {node}"
        return None

    def _resource(self) -> Resource | None:
        return self.placement.cluster.by_id.get(self.name)

    # ------------------------------------------------------------------------ other changes

    def others(self) -> Iterator[Candidate]:
        """What keeps it where it is, or from running at all, taken away one by one."""
        for candidates in (
            self._target_role,
            self._nodes_back,
            self._failures,
            self._constraints,
            self._options,
            self._tickets,
        ):
            yield from candidates()

    def _target_role(self) -> Iterator[Candidate]:
        resource = self._resource()
        part: Resource | None = resource
        while part is not None:
            role = part.meta.get("target-role", "")
            if role and role.lower() != "started":
                name = _configured(part)
                changed = _without_meta(self.cib, name, "target-role")
                yield f"hanode resource start {name} (target-role is {role})", changed
            part = part.parent

    def _nodes_back(self) -> Iterator[Candidate]:
        from hanode.cib.reading import is_true

        states = self.cib.status.nodes
        for at, state in enumerate(states):
            if is_true(state.attributes.get("standby", "false")):
                attributes = {k: v for k, v in state.attributes.items() if k != "standby"}
                nodes = (*states[:at], state._replace(attributes=attributes), *states[at + 1 :])
                status = self.cib.status._replace(nodes=nodes)
                sentence = f"hanode node online {state.name} (it is in standby)"
                yield sentence, self.cib._replace(status=status)
        for at, node in enumerate(self.cib.configuration.nodes):
            if any(key == "standby" and is_true(v) for s in node.attributes for key, v in s.pairs):
                sets = tuple(_without(entry, "standby") for entry in node.attributes)
                nodes_ = self.cib.configuration.nodes
                kept = (*nodes_[:at], node._replace(attributes=sets), *nodes_[at + 1 :])
                changed = _with(self.cib, nodes=kept)
                yield f"hanode node online {node.uname} (it is in standby)", changed

    def _failures(self) -> Iterator[Candidate]:
        resource = self._resource()
        if resource is None:
            return
        for state in self.cib.status.nodes:
            gone = tuple(f"{word}-{resource.base}" for word in ("fail-count", "last-failure"))
            kept = {k: v for k, v in state.attributes.items() if k.partition("#")[0] not in gone}
            if len(kept) == len(state.attributes):
                continue
            history = tuple(h for h in state.history if h.id != resource.base)
            changed = state._replace(attributes=kept, history=history)
            nodes = tuple(changed if s is state else s for s in self.cib.status.nodes)
            status = self.cib.status._replace(nodes=nodes)
            sentence = f"hanode resource cleanup {resource.base} --node {state.name}"
            yield sentence, self.cib._replace(status=status)

    def _constraints(self) -> Iterator[Candidate]:
        """Those that its scores name come first; an order moves nothing."""
        reasons = self.placement.tables.reasons.get(self.name, {})
        named = {part.source_id for parts in reasons.values() for part in parts}
        all_ = self.cib.configuration.constraints
        for constraint in sorted(all_, key=lambda entry: entry.id not in named):
            if type(constraint).__name__ in ("Location", "Colocation"):
                kept = tuple(entry for entry in all_ if entry is not constraint)
                yield f"hanode constraint remove {constraint.id}", _with(self.cib, constraints=kept)

    def _options(self) -> Iterator[Candidate]:
        options = self.placement.cluster.options
        status = self.cib.status
        if not status.have_quorum:
            changed = self.cib._replace(status=status._replace(have_quorum=True))
            yield "quorum: more nodes must be there", changed
        for name, wanted, true in (
            ("maintenance-mode", "false", options.maintenance),
            ("stop-all-resources", "false", options.stop_all),
            ("stonith-enabled", "false", options.fencing_enabled),
            ("symmetric-cluster", "true", not options.symmetric),
        ):
            if true:
                changed = _with_property(self.cib, name, wanted)
                yield f"hanode property set {name}={wanted}", changed

    def _tickets(self) -> Iterator[Candidate]:
        held = {t.id: t for t in self.cib.status.tickets}
        for bound in self.placement.constraints.tickets:
            ticket = held.get(bound.ticket)
            if ticket is not None and ticket.granted and not ticket.standby:
                continue
            from hanode.cib.status import TicketState

            changed = {**held, bound.ticket: TicketState(bound.ticket, granted=True)}
            status = self.cib.status._replace(tickets=tuple(changed.values()))
            yield f"hanode ticket grant {bound.ticket}", self.cib._replace(status=status)


def _configured(resource: Resource) -> str:
    """The name of what an operator would move: a whole group, a whole clone, a whole bundle."""
    found: Resource = resource
    while found.parent is not None:
        found = found.parent
    return found.id


def _with(cib: Cib, **changes: object) -> Cib:
    configuration: Configuration = cib.configuration._replace(**changes)  # type: ignore[arg-type]
    return cib._replace(configuration=configuration)


def _with_location(cib: Cib, resource: str, node: str, score: str, role: str = "") -> Cib:
    wish = Location("what-if", resource, node, score, role)
    return _with(cib, constraints=(*cib.configuration.constraints, wish))


def _with_property(cib: Cib, name: str, value: str) -> Cib:
    sets = tuple(_without(entry, name) for entry in cib.configuration.properties)
    first, *rest = sets or (NvSet("cib-bootstrap-options"),)
    return _with(cib, properties=(first._replace(pairs=(*first.pairs, (name, value))), *rest))


def _without(entry: NvSet, name: str) -> NvSet:
    return entry._replace(pairs=tuple(pair for pair in entry.pairs if pair[0] != name))


def _without_meta(cib: Cib, resource: str, name: str) -> Cib:
    """Without one meta-attribute on a resource, its members and its instances' pattern."""

    def strip(entry: object) -> object:
        changes: dict[str, object] = {}
        if hasattr(entry, "meta"):
            changes["meta"] = tuple(_without(one, name) for one in entry.meta)
        if hasattr(entry, "members"):
            changes["members"] = tuple(strip(member) for member in entry.members)
        if getattr(entry, "child", None) is not None:
            changes["child"] = strip(entry.child)  # type: ignore[attr-defined]
        return entry._replace(**changes)  # type: ignore[attr-defined]

    resources = tuple(
        strip(top) if _contains(top, resource) else top for top in cib.configuration.resources
    )
    return _with(cib, resources=resources)


def _contains(entry: object, name: str) -> bool:
    parts: list[object] = [*getattr(entry, "members", ()), getattr(entry, "child", None)]
    return getattr(entry, "id", "") == name or any(_contains(p, name) for p in parts if p)
