"""Changes of a configuration, as edits that every replica applies alike.

An edit names elements by their id, as operators do; a section (resources, constraints, nodes,
crm_config, ...) is named by its tag. SECTION/ID, or SECTION/ alone, is about what is in that
section only: a remote node has the id of its connection resource. Edits are all or nothing:
`apply_edits` returns the new text, or raises BadEdit and nothing has changed.
"""

from __future__ import annotations

from collections.abc import Iterable

from lxml import etree

from hanode.cib.version import Version
from hanode.cib.xml import read_xml
from hanode.events import Edit

SECTIONS = (
    "crm_config", "nodes", "resources", "constraints", "fencing-topology", "acls", "tags",
    "alerts", "rsc_defaults", "op_defaults",
)  # fmt: skip

EMPTY = (
    '<cib admin_epoch="0" epoch="1" num_updates="0" validate-with="pacemaker-3.9">'
    "<configuration><crm_config/><nodes/><resources/><constraints/></configuration><status/></cib>"
)
"""The CIB of a cluster that has not been told anything."""

LOOKS_MAX = 10_000_000
"""Edits times tags: what one change may take of every node, about four seconds of a slow one. So
a thousand resources may be changed by a thousand edits, or by one that puts a whole section."""
NUMBER_MAX = 10**15
"""Of a version that is given; there is always a next one to it."""


class BadEdit(ValueError):  # noqa: N818 - the word that callers know
    """This change can't be made to this configuration, and why."""


def version_of(xml: str) -> Version:
    """The version that a CIB's text bears."""
    return _version(read_xml(xml.encode()))


def apply_edits(xml: str, edits: Iterable[Edit]) -> str:
    """The configuration after the edits, its epoch one higher. Raises BadEdit."""
    edits = tuple(edits)
    _refuse_work(xml, edits)
    try:
        root = read_xml(xml.encode())
        before = _version(root)
        for edit in edits:
            root = _STEPS[edit.verb](root, edit)
        bumped = max(before, _given(root, before)).next_epoch()
        for name in Version._fields:
            root.set(name, str(getattr(bumped, name)))
        return _readable(root)
    except KeyError as error:
        raise BadEdit(f"unknown verb {error}; use put, remove, set or replace") from None
    except ValueError as error:  # ours, and lxml's of names and characters that XML hasn't
        raise BadEdit(str(error)) from None


def _refuse_work(xml: str, edits: tuple[Edit, ...]) -> None:
    tags = xml.count("<") + sum(edit.xml.count("<") for edit in edits)
    if len(edits) * tags > LOOKS_MAX:
        raise BadEdit(
            f"{len(edits)} edits are too many at once for a configuration of this size; "
            "put or replace whole sections, or make several changes"
        )


def _readable(root: etree._Element) -> str:
    """Its text. Edits that are good each may make a whole that nobody could read again."""
    text = etree.tostring(root, encoding="unicode")
    if read_xml(text.encode()).tag != "cib":
        raise BadEdit("after these edits it is no <cib> any more")
    return text


def _given(root: etree._Element, before: Version) -> Version:
    version = _version(root)
    if version != before and max(version) > NUMBER_MAX:
        raise BadEdit(f"no number of the cib's version may be greater than {NUMBER_MAX}")
    return version


def _version(root: etree._Element) -> Version:
    try:
        return Version(*(int(root.get(name) or 0) for name in Version._fields))
    except ValueError:
        raise BadEdit("the cib's version isn't three numbers; correct its epoch") from None


def _put(root: etree._Element, edit: Edit) -> etree._Element:
    element = read_xml(edit.xml.encode())
    ident = element.get("id")
    scope, target = _scope(root, edit.target)
    old = _find(scope, ident) if ident else None
    if old is not None:
        parent = old.getparent()
        if parent is None:
            raise BadEdit(f"{ident} is the whole CIB; replace it, or put its parts")
        element.tail = old.tail
        parent.replace(old, element)
    else:
        _parent(scope, target).append(element)
    return root


def _remove(root: etree._Element, edit: Edit) -> etree._Element:
    element = _named(root, edit.target)
    parent = element.getparent()
    if parent is None:
        raise BadEdit(f"{edit.target} is the whole CIB; remove its parts by their ids")
    parent.remove(element)
    return root


def _set(root: etree._Element, edit: Edit) -> etree._Element:
    element = _named(root, edit.target)
    if edit.value:
        element.set(edit.name, edit.value)
    elif edit.name in element.attrib:
        del element.attrib[edit.name]
    return root


def _replace(root: etree._Element, edit: Edit) -> etree._Element:
    new = read_xml(edit.xml.encode())
    if new.tag == "configuration":
        old = root.find("configuration")
        if old is None:
            root.insert(0, new)
        else:
            root.replace(old, new)
        return root
    if new.tag != "cib":
        raise BadEdit(f"<{new.tag}> is no configuration; give <cib> or <configuration>")
    status = new.find("status")
    if status is not None:
        new.remove(status)
    return new


_STEPS = {"put": _put, "remove": _remove, "set": _set, "replace": _replace}


def _scope(root: etree._Element, target: str) -> tuple[etree._Element, str]:
    """Where an edit's ids are looked up, and what is named there. An id that has a slash in it
    itself is an id all the same."""
    section, slash, ident = target.partition("/")
    if slash and section in SECTIONS and _find(root, target) is None:
        return _section(root, section), ident
    return root, target


def _find(scope: etree._Element, ident: str) -> etree._Element | None:
    for element in scope.iter():
        if element.get("id") == ident:
            return element
    return None


def _named(root: etree._Element, target: str) -> etree._Element:
    scope, ident = _scope(root, target)
    element = _find(scope, ident)
    if element is None:
        where = "the configuration" if scope is root else f"<{scope.tag}>"
        raise BadEdit(f"nothing in {where} has the id {ident!r}")
    return element


def _parent(scope: etree._Element, target: str) -> etree._Element:
    if not target and scope.tag in SECTIONS:
        return scope
    return _section(scope, target) if target in SECTIONS else _named(scope, target)


def _section(root: etree._Element, tag: str) -> etree._Element:
    configuration = root.find("configuration")
    if configuration is None:
        configuration = etree.SubElement(root, "configuration")
    section = configuration.find(tag)
    return etree.SubElement(configuration, tag) if section is None else section
