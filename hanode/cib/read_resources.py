"""Resources read from XML: primitives, groups, clones, bundles, templates."""

from __future__ import annotations

from lxml import etree

from hanode.cib.configuration import (
    Bundle,
    Clone,
    Group,
    OperationDefinition,
    PortMapping,
    Primitive,
    Resource,
    StorageMapping,
)
from hanode.cib.read_sets import read_sets
from hanode.cib.reading import Reader, children, line_of

_CONTAINERS = ("docker", "podman", "rkt")


def read_resources(reader: Reader, section: etree._Element | None) -> tuple[Resource, ...]:
    """All resources in document order; what has no sense is left out with a warning."""
    found = []
    for element in children(section):
        resource = _resource(reader, element)
        if resource is not None:
            found.append(resource)
    return tuple(found)


def read_templates(reader: Reader, section: etree._Element | None) -> tuple[Primitive, ...]:
    return tuple(read_primitive(reader, element) for element in children(section, "template"))


def _resource(reader: Reader, element: etree._Element) -> Resource | None:
    match element.tag:
        case "primitive":
            return read_primitive(reader, element)
        case "group":
            return _group(reader, element)
        case "clone" | "master":
            return _clone(reader, element)
        case "bundle":
            return _bundle(reader, element)
        case "template":
            return None
        case _:
            reader.warn(element, "not a kind of resource; it is ignored")
            return None


def read_primitive(reader: Reader, element: etree._Element) -> Primitive:
    operations = element.find("operations")
    target = reader.resolve(operations) if operations is not None else None
    return Primitive(
        _name(reader, element),
        element.get("class", ""),
        element.get("provider", ""),
        element.get("type", ""),
        element.get("template", ""),
        read_sets(reader, element, "meta_attributes"),
        read_sets(reader, element, "instance_attributes"),
        tuple(_operation(reader, op) for op in children(target, "op")),
        read_sets(reader, element, "utilization"),
        line_of(element),
    )


def _name(reader: Reader, element: etree._Element) -> str:
    name = element.get("id")
    if not name:
        reader.warn(element, "no id; give it one")
        return f"{element.tag}-at-line-{line_of(element)}"
    return name


def _operation(reader: Reader, element: etree._Element) -> OperationDefinition:
    attributes = tuple(
        (str(key), str(value))
        for key, value in element.items()
        if key not in ("id", "name", "interval")
    )
    return OperationDefinition(
        element.get("id", ""),
        element.get("name", ""),
        element.get("interval", "0"),
        attributes,
        read_sets(reader, element, "meta_attributes"),
        read_sets(reader, element, "instance_attributes"),
        line_of(element),
    )


def _group(reader: Reader, element: etree._Element) -> Group | None:
    members = tuple(read_primitive(reader, member) for member in children(element, "primitive"))
    if not members:
        reader.warn(element, "a group without members; it is ignored")
        return None
    return Group(
        _name(reader, element),
        members,
        read_sets(reader, element, "meta_attributes"),
        read_sets(reader, element, "instance_attributes"),
        line_of(element),
    )


def _clone(reader: Reader, element: etree._Element) -> Clone | None:
    child: Primitive | Group | None = None
    for inner in children(element, "primitive", "group"):
        child = read_primitive(reader, inner) if inner.tag == "primitive" else _group(reader, inner)
        break
    if child is None:
        reader.warn(element, "a clone without a primitive or group in it; it is ignored")
        return None
    return Clone(
        _name(reader, element),
        child,
        read_sets(reader, element, "meta_attributes"),
        read_sets(reader, element, "instance_attributes"),
        element.tag == "master",
        line_of(element),
    )


def _bundle(reader: Reader, element: etree._Element) -> Bundle | None:
    container = next(children(element, *_CONTAINERS), None)
    if container is None:
        reader.warn(element, "a bundle without docker or podman in it; it is ignored")
        return None
    network = element.find("network")
    storage = element.find("storage")
    inner = element.find("primitive")
    return Bundle(
        _name(reader, element),
        container.tag,
        _items(container),
        () if network is None else _items(network),
        tuple(
            PortMapping(
                port.get("id", ""),
                port.get("port", ""),
                port.get("internal-port", ""),
                port.get("range", ""),
            )
            for port in children(network, "port-mapping")
        ),
        tuple(
            StorageMapping(
                entry.get("id", ""),
                entry.get("source-dir", ""),
                entry.get("source-dir-root", ""),
                entry.get("target-dir", ""),
                entry.get("options", ""),
            )
            for entry in children(storage, "storage-mapping")
        ),
        None if inner is None else read_primitive(reader, inner),
        read_sets(reader, element, "meta_attributes"),
        line_of(element),
    )


def _items(element: etree._Element) -> tuple[tuple[str, str], ...]:
    return tuple((str(key), str(value)) for key, value in element.items())
