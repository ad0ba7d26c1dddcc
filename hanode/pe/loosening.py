"""What holds a resource where it is, or keeps it from running at all: taken away, one at a time."""

from __future__ import annotations

from collections.abc import Iterator

from hanode.cib.document import Cib
from hanode.cib.reading import is_true
from hanode.cib.status import TicketState
from hanode.pe.assign.placement import Placement
from hanode.pe.changed import with_parts, with_property, without, without_meta
from hanode.pe.model.resource import Resource

Candidate = tuple[str, Cib]
"""A change in words, as a command where there is one; and the CIB that it makes."""


class Loosening:
    """Of one resource, as it has been placed."""

    def __init__(self, cib: Cib, placement: Placement, name: str) -> None:
        self._cib = cib
        self._placement = placement
        self._name = name
        self._resource = placement.cluster.by_id.get(name)

    def candidates(self) -> Iterator[Candidate]:
        """The mildest first."""
        for kind in (
            self._target_role,
            self._nodes_back,
            self._failures,
            self._constraints,
            self._options,
            self._tickets,
        ):
            yield from kind()

    def _target_role(self) -> Iterator[Candidate]:
        part = self._resource
        while part is not None:
            role = part.meta.get("target-role", "")
            if role and role.lower() != "started":
                name = configured_as(part)
                changed = without_meta(self._cib, name, "target-role")
                yield f"hanode resource start {name} (target-role is {role})", changed
            part = part.parent

    def _nodes_back(self) -> Iterator[Candidate]:
        states = self._cib.status.nodes
        for at, state in enumerate(states):
            if is_true(state.attributes.get("standby", "false")):
                attributes = {k: v for k, v in state.attributes.items() if k != "standby"}
                nodes = (*states[:at], state._replace(attributes=attributes), *states[at + 1 :])
                status = self._cib.status._replace(nodes=nodes)
                sentence = f"hanode node online {state.name} (it is in standby)"
                yield sentence, self._cib._replace(status=status)
        for at, node in enumerate(self._cib.configuration.nodes):
            if any(key == "standby" and is_true(v) for s in node.attributes for key, v in s.pairs):
                sets = tuple(without(entry, "standby") for entry in node.attributes)
                nodes_ = self._cib.configuration.nodes
                kept = (*nodes_[:at], node._replace(attributes=sets), *nodes_[at + 1 :])
                changed = with_parts(self._cib, nodes=kept)
                yield f"hanode node online {node.uname} (it is in standby)", changed

    def _failures(self) -> Iterator[Candidate]:
        resource = self._resource
        if resource is None:
            return
        for state in self._cib.status.nodes:
            gone = tuple(f"{word}-{resource.base}" for word in ("fail-count", "last-failure"))
            kept = {k: v for k, v in state.attributes.items() if k.partition("#")[0] not in gone}
            if len(kept) == len(state.attributes):
                continue
            history = tuple(h for h in state.history if h.id != resource.base)
            changed = state._replace(attributes=kept, history=history)
            nodes = tuple(changed if s is state else s for s in self._cib.status.nodes)
            status = self._cib.status._replace(nodes=nodes)
            sentence = f"hanode resource cleanup {resource.base} --node {state.name}"
            yield sentence, self._cib._replace(status=status)

    def _constraints(self) -> Iterator[Candidate]:
        """Those that its scores name come first; an order moves nothing."""
        reasons = self._placement.tables.reasons.get(self._name, {})
        named = {part.source_id for parts in reasons.values() for part in parts}
        all_ = self._cib.configuration.constraints
        for constraint in sorted(all_, key=lambda entry: entry.id not in named):
            if type(constraint).__name__ in ("Location", "Colocation"):
                kept = tuple(entry for entry in all_ if entry is not constraint)
                changed = with_parts(self._cib, constraints=kept)
                yield f"hanode constraint remove {constraint.id}", changed

    def _options(self) -> Iterator[Candidate]:
        options = self._placement.cluster.options
        status = self._cib.status
        if not status.have_quorum:
            changed = self._cib._replace(status=status._replace(have_quorum=True))
            yield "quorum: more nodes must be there", changed
        for name, wanted, true in (
            ("maintenance-mode", "false", options.maintenance),
            ("stop-all-resources", "false", options.stop_all),
            ("stonith-enabled", "false", options.fencing_enabled),
            ("symmetric-cluster", "true", not options.symmetric),
        ):
            if true:
                changed = with_property(self._cib, name, wanted)
                yield f"hanode property set {name}={wanted}", changed

    def _tickets(self) -> Iterator[Candidate]:
        held = {t.id: t for t in self._cib.status.tickets}
        for bound in self._placement.constraints.tickets:
            ticket = held.get(bound.ticket)
            if ticket is not None and ticket.granted and not ticket.standby:
                continue
            changed = {**held, bound.ticket: TicketState(bound.ticket, granted=True)}
            status = self._cib.status._replace(tickets=tuple(changed.values()))
            yield f"hanode ticket grant {bound.ticket}", self._cib._replace(status=status)


def configured_as(resource: Resource) -> str:
    """The name of what an operator would move: a whole group, a whole clone, a whole bundle."""
    while resource.parent is not None:
        resource = resource.parent
    return resource.id
