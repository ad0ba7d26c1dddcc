"""The one way by which XML enters this project.

Strangers' XML can ask a parser to read files, to call the network or to grow without
end. So: no entities, no network, no DTD, any DOCTYPE refused, and limits on size,
depth and count. Everything that reads XML calls `read_xml`.
"""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

from lxml import etree

BYTES_MAX = 512 * 1024 * 1024
"""The status of 10,000 resources on 64 nodes is that long; what people edit is much shorter."""
DEPTH_MAX = 64
ELEMENTS_MAX = 4_000_000


class BadXml(ValueError):  # noqa: N818 - the word that callers know
    """This isn't XML that we accept: where, why, and what to do about it."""

    def __init__(self, line: int, message: str, remedy: str) -> None:
        super().__init__(f"line {line}: {message}; {remedy}" if line else f"{message}; {remedy}")
        self.line = line
        self.message = message
        self.remedy = remedy


def read_xml(
    data: bytes, tag: str = "", take: Callable[[etree._Element], None] | None = None
) -> etree._Element:
    """The root element of `data`; raises BadXml for anything doubtful.

    With `tag`, each element of that name goes to `take` as soon as it is complete, which may
    empty it: so that of a large file no more than a part is ever held as a tree.
    """
    _refuse_by_bytes(data)
    try:
        root = _whole(data) if take is None else _in_parts(data, tag, take)
    except etree.XMLSyntaxError as error:
        line = error.lineno or 0
        raise BadXml(line, f"not well-formed XML: {error.msg}", "correct this line") from None
    except ValueError as error:
        raise BadXml(0, f"not XML: {error}", "give a file in UTF-8") from None
    if root is None:
        raise BadXml(0, "no element in it", "give a CIB: an element <cib>")
    _refuse_by_tree(root)
    return root


def _in_parts(data: bytes, tag: str, take: Callable[[etree._Element], None]) -> etree._Element:
    parts = etree.iterparse(
        BytesIO(data),
        tag=tag,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        remove_blank_text=True,
        collect_ids=False,
    )
    for _, element in parts:
        take(element)
    root: etree._Element = parts.root  # known once it is at its end
    return root


def _whole(data: bytes) -> etree._Element:
    return etree.fromstring(data, _parser())


def _parser() -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        remove_blank_text=False,
    )


def _refuse_by_bytes(data: bytes) -> None:
    if len(data) > BYTES_MAX:
        message = f"{len(data)} bytes are more than the {BYTES_MAX} that are accepted"
        raise BadXml(0, message, "remove old status, or split the configuration")
    if not data.strip():
        raise BadXml(0, "the document is empty", "give a CIB: an element <cib>")
    at = data.find(b"<!DOCTYPE")
    if at >= 0:
        raise BadXml(data.count(b"\n", 0, at) + 1, "a DOCTYPE is not accepted", "remove it")
    if data.count(b"<") > 2 * ELEMENTS_MAX:
        raise BadXml(0, f"more than {ELEMENTS_MAX} elements", "remove old status")


def _refuse_by_tree(root: etree._Element) -> None:
    if root.getroottree().docinfo.internalDTD is not None:
        raise BadXml(1, "a DOCTYPE is not accepted", "remove it")
    deep = root.xpath("/*" * (DEPTH_MAX + 1))
    if isinstance(deep, list) and deep:
        line = getattr(deep[0], "sourceline", 0) or 0
        raise BadXml(line, f"elements nested deeper than {DEPTH_MAX}", "remove the nesting")
