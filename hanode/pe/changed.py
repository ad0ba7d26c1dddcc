"""A CIB with one thing changed, as a value: what would be decided then can be asked."""

from __future__ import annotations

from hanode.cib.configuration import Configuration, Location, NvSet
from hanode.cib.document import Cib


def with_parts(cib: Cib, **changes: object) -> Cib:
    """With other parts of its configuration."""
    configuration: Configuration = cib.configuration._replace(**changes)  # type: ignore[arg-type]
    return cib._replace(configuration=configuration)


def with_location(cib: Cib, resource: str, node: str, score: str, role: str = "") -> Cib:
    """With one more wish of where a resource is to be."""
    wish = Location("what-if", resource, node, score, role)
    return with_parts(cib, constraints=(*cib.configuration.constraints, wish))


def with_property(cib: Cib, name: str, value: str) -> Cib:
    """With another value of a cluster option."""
    sets = tuple(without(entry, name) for entry in cib.configuration.properties)
    first, *rest = sets or (NvSet("cib-bootstrap-options"),)
    return with_parts(cib, properties=(first._replace(pairs=(*first.pairs, (name, value))), *rest))


def without(entry: NvSet, name: str) -> NvSet:
    """A set without one of its pairs."""
    return entry._replace(pairs=tuple(pair for pair in entry.pairs if pair[0] != name))


def without_meta(cib: Cib, resource: str, name: str) -> Cib:
    """Without one meta-attribute on a resource, its members and its instances' pattern."""

    def strip(entry: object) -> object:
        changes: dict[str, object] = {}
        if hasattr(entry, "meta"):
            changes["meta"] = tuple(without(one, name) for one in entry.meta)
        if hasattr(entry, "members"):
            changes["members"] = tuple(strip(member) for member in entry.members)
        if getattr(entry, "child", None) is not None:
            changes["child"] = strip(entry.child)  # type: ignore[attr-defined]
        return entry._replace(**changes)  # type: ignore[attr-defined]

    resources = tuple(
        strip(top) if _contains(top, resource) else top for top in cib.configuration.resources
    )
    return with_parts(cib, resources=resources)


def _contains(entry: object, name: str) -> bool:
    parts: list[object] = [*getattr(entry, "members", ()), getattr(entry, "child", None)]
    return getattr(entry, "id", "") == name or any(_contains(p, name) for p in parts if p)
