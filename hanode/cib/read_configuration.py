"""The `configuration` section read from XML."""

from __future__ import annotations

from lxml import etree

from hanode.cib.configuration import Configuration, FencingLevel, Node, NvSet, Tag
from hanode.cib.options import doubtful
from hanode.cib.read_constraints import read_constraints
from hanode.cib.read_resources import read_resources, read_templates
from hanode.cib.read_sets import read_sets
from hanode.cib.reading import Reader, children, line_of


def read_configuration(reader: Reader, section: etree._Element) -> Configuration:
    """All of the section; `reader` collects the warnings."""
    resources = section.find("resources")
    return Configuration(
        _properties(reader, section),
        tuple(_node(reader, node) for node in children(section.find("nodes"), "node")),
        read_resources(reader, resources),
        read_templates(reader, resources),
        read_constraints(reader, section.find("constraints")),
        _tags(section),
        _levels(reader, section),
        read_sets(reader, section.find("rsc_defaults"), "meta_attributes"),
        read_sets(reader, section.find("op_defaults"), "meta_attributes"),
    )


def _properties(reader: Reader, section: etree._Element) -> tuple[NvSet, ...]:
    sets = read_sets(reader, section.find("crm_config"), "cluster_property_set")
    reader.warnings.extend(doubtful(sets))
    return sets


def _node(reader: Reader, element: etree._Element) -> Node:
    name = element.get("uname", "") or element.get("id", "")
    if not name:
        reader.warn(element, "a node without id and uname")
    return Node(
        element.get("id", "") or name,
        name,
        element.get("type", "member") or "member",
        read_sets(reader, element, "instance_attributes"),
        read_sets(reader, element, "utilization"),
        line_of(element),
    )


def _tags(section: etree._Element) -> tuple[Tag, ...]:
    return tuple(
        Tag(tag.get("id", ""), tuple(ref.get("id", "") for ref in children(tag, "obj_ref")))
        for tag in children(section.find("tags"), "tag")
    )


def _levels(reader: Reader, section: etree._Element) -> tuple[FencingLevel, ...]:
    return tuple(
        FencingLevel(
            level.get("id", ""),
            reader.number(level, "index", 0),
            tuple(name for name in level.get("devices", "").split(",") if name),
            level.get("target", ""),
            level.get("target-pattern", ""),
            level.get("target-attribute", ""),
            level.get("target-value", ""),
        )
        for level in children(section.find("fencing-topology"), "fencing-level")
    )
