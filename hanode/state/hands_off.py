"""What is left to people at this moment: in maintenance (all, a node, a resource), or unmanaged.

The PE gives no orders for it, but one may be out. Rules are not looked into here, as they ask for
the time and more: what a rule may let hold counts as if it held. (What is wrongly taken for theirs
is only not ordered once more before the PE decides anew.)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

from lxml import etree

from hanode.cib.configuration import NvSet
from hanode.cib.options import in_turn, possible, property_sets
from hanode.cib.read_sets import read_sets
from hanode.cib.reading import Reader, is_true
from hanode.cib.xml import read_xml
from hanode.ids import NodeName
from hanode.state.cluster import ClusterState

MANAGED, MAINTENANCE = ("is-managed", "is_managed"), ("maintenance",)


class HandsOff:
    """As one state has it."""

    def __init__(self, state: ClusterState) -> None:
        self._state = state

    def of(self, resource: str, node: NodeName) -> bool:
        """Whether this resource, on this node, is left as it is. An instance is its clone's."""
        return (
            self._state.hands_off
            or "true" in self._option("maintenance-mode")
            or self._node(node)
            or self._resource(resource.partition(":")[0])
        )

    @cached_property
    def _reader(self) -> Reader:
        return Reader(read_xml(self._state.cib.encode()))

    def _option(self, name: str) -> list[str]:
        return possible(property_sets(self._reader.root), name)

    def _node(self, name: NodeName) -> bool:
        record = self._state.record(name)
        if record is not None and is_true(record.attributes.get("maintenance", "")):
            return True
        nodes = self._reader.root.iterfind("configuration/nodes/node")
        own = self._sets((n for n in nodes if n.get("uname") == name), "instance_attributes")
        return any(is_true(value) for value in _said(own, MAINTENANCE, ["false"]))

    def _resource(self, name: str) -> bool:
        meta = self._sets(self._layers(name), "meta_attributes")
        managed = _said(meta, MANAGED, self._option("is-managed-default"))
        maintained = _said(meta, MAINTENANCE, ["false"])
        return not all(map(is_true, managed)) or any(map(is_true, maintained))

    def _layers(self, name: str) -> Iterator[etree._Element]:
        """Where its meta attributes may stand, nearest first."""
        configuration = self._reader.root.find("configuration")
        for element in configuration.iterfind("resources//*") if configuration is not None else ():
            ident = element.get("id", "")
            # (A bundle's containers and addresses are named after it, and stand nowhere.)
            if ident == name or (element.tag == "bundle" and name.startswith(f"{ident}-")):
                yield from self._outwards(element)
        yield from self._reader.root.iterfind("configuration/rsc_defaults")

    def _outwards(self, element: etree._Element) -> Iterator[etree._Element]:
        """It, its template, and all that it is a part of."""
        yield element
        for template in self._reader.root.iterfind("configuration/resources/template"):
            if template.get("id") == element.get("template"):
                yield template
        yield from element.iterancestors("group", "clone", "master", "bundle")

    def _sets(self, layers: Iterable[etree._Element], tag: str) -> list[NvSet]:
        """All of them, in the order in which they are asked."""
        return [s for layer in layers for s in in_turn(read_sets(self._reader, layer, tag))]


def _said(sets: list[NvSet], names: tuple[str, ...], default: list[str]) -> list[str]:
    """Whatever it may be at some time; an earlier name comes first, wherever it stands."""
    found = []
    for name in names:
        for entry in sets:
            said = [value for key, value in entry.pairs if key == name]
            found += said[:1]
            if said and entry.rule is None:
                return found
    return found + default
