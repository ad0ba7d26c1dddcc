"""A CIB document: XML at the edge, typed values inside.

`parse` reads a whole CIB as a file holds it, `parse_configuration` the part that an
operator edits. What is malformed raises `BadCib` with line and remedy; what Pacemaker
tolerates is tolerated, and named in `configuration.warnings`.
"""

from __future__ import annotations

from typing import NamedTuple

from lxml import etree

from hanode.cib.configuration import Configuration
from hanode.cib.read_configuration import read_configuration
from hanode.cib.read_status import Histories, read_status
from hanode.cib.reading import BadCib, Reader, line_of
from hanode.cib.status import Status
from hanode.cib.version import Version
from hanode.cib.xml import BadXml, read_xml

__all__ = ["BadCib", "Cib", "parse", "parse_configuration"]


class Cib(NamedTuple):
    """Configuration, status and version: everything that the policy engine is asked with.

    `written_at` is the `execution-date` that saved files carry (epoch seconds), if any.
    """

    configuration: Configuration = Configuration()
    status: Status = Status()
    version: Version = Version()
    written_at: int | None = None


def parse(data: bytes) -> Cib:
    """Read a whole CIB; raises BadCib."""
    histories = Histories()
    root = _root(data, histories)
    if root.tag != "cib":
        raise _not_a(root, "a <cib>")
    section = root.find("configuration")
    if section is None:
        remedy = "add <configuration> with crm_config, nodes, resources and constraints"
        raise BadCib(line_of(root), "cib", "no <configuration> in it", remedy)
    reader = Reader(root)
    configuration = read_configuration(reader, section)
    have_quorum = root.get("have-quorum", "1").lower() in ("1", "true", "yes", "on", "y")
    dc = root.get("dc-uuid", "")
    status = read_status(reader, root.find("status"), histories, have_quorum, dc)
    panic = root.get("no-quorum-panic", "0").lower() in ("1", "true", "yes", "on", "y")
    status = status._replace(had_quorum=have_quorum or panic)
    version = Version(
        reader.number(root, "admin_epoch", 0),
        reader.number(root, "epoch", 0),
        reader.number(root, "num_updates", 0),
    )
    date = root.get("execution-date")
    written_at = reader.number(root, "execution-date", 0) if date else None
    configuration = configuration._replace(warnings=tuple(reader.warnings))
    return Cib(configuration, status, version, written_at)


def parse_configuration(data: bytes) -> Configuration:
    """Read a <cib> or a <configuration> element alone; raises BadCib."""
    root = _root(data)
    section = root.find("configuration") if root.tag == "cib" else root
    if section is None or section.tag != "configuration":
        raise _not_a(root, "a <configuration> (or a <cib> with one in it)")
    reader = Reader(root)
    configuration = read_configuration(reader, section)
    return configuration._replace(warnings=tuple(reader.warnings))


def _root(data: bytes, histories: Histories | None = None) -> etree._Element:
    try:
        if histories is not None:
            return read_xml(data, histories.TAG, histories.take)
        return read_xml(data)
    except BadXml as error:
        raise BadCib(error.line, "", error.message, error.remedy) from None


def _not_a(root: etree._Element, wanted: str) -> BadCib:
    return BadCib(line_of(root), root.tag, f"this is not {wanted}", f"give {wanted}")
