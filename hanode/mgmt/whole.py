"""The configuration as one text: laid out for people, compared, put in the place of another."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from lxml import etree

from hanode.cib.document import BadCib, parse_configuration
from hanode.cib.edits import version_of
from hanode.cib.version import Version
from hanode.cib.xml import BadXml, read_xml
from hanode.mgmt.draft import Draft
from hanode.mgmt.proposal import CannotOrder, NothingToDo, Proposal
from hanode.state import ClusterState


def checked(data: bytes) -> tuple[str, tuple[str, ...]]:
    """A configuration that can be read, and what is to be warned of. Raises CannotOrder."""
    try:
        warnings = parse_configuration(data).warnings
    except BadCib as error:
        raise CannotOrder(str(error), "invalid") from None
    at = data.find(b"<!--")
    if at >= 0:
        line = data.count(b"\n", 0, at) + 1
        warnings = (*warnings, f"line {line}: comments are not kept in the cluster; keep this file")
    return etree.tostring(read_xml(data), encoding="unicode"), tuple(warnings)


def replacement(
    state: ClusterState, xml: str, argv: Sequence[str], force: bool = False
) -> Proposal:
    """Put it in the place of what is there, unless that has changed since `xml` was taken."""
    if not force and is_whole(xml):
        given, now = version_of(xml), Version.of(state.version)
        if given < now._replace(num_updates=0):
            raise CannotOrder(
                f"the configuration is at {now}, and this was taken at {given}: somebody changed "
                "it since; take it anew (hanode cib show), or push with --force",
                "stale",
            )
    if not difference(state.cib, xml):
        raise NothingToDo("nothing to change: the configuration is like this already")
    draft = Draft(state)
    draft.replace(xml)
    return draft.propose("Replace the configuration.", argv, risky=True)


def difference(before: str, after: str) -> str:
    """As diff -u, over the two in one layout, versions left out. Raises CannotOrder."""
    old, new = (_comparable(text).splitlines(keepends=True) for text in (before, after))
    return "".join(difflib.unified_diff(old, new, "now", "then"))


def pretty(xml: str) -> str:
    """Two spaces a level. Raises CannotOrder."""
    try:
        root = read_xml(xml.encode())
    except BadXml as error:
        raise CannotOrder(str(error), "invalid") from None
    for element in root.iter():
        if element.text and not element.text.strip():
            element.text = None
        if element.tail and not element.tail.strip():
            element.tail = None
    etree.indent(root)
    return etree.tostring(root, encoding="unicode") + "\n"


def _comparable(xml: str) -> str:
    root = read_xml(xml.encode())
    configuration = root if root.tag == "configuration" else root.find("configuration")
    assert configuration is not None
    schema = root.get("validate-with", "") if root.tag == "cib" else ""
    return pretty(etree.tostring(configuration, encoding="unicode")) + schema


def is_whole(xml: str) -> bool:
    """Whether it says of which version it is, as a <configuration> alone can't."""
    return read_xml(xml.encode()).tag == "cib"
