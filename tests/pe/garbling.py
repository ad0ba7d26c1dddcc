"""CIBs with mistakes in them: attributes with nonsense, gone, elements gone or twice."""

from __future__ import annotations

import copy
from random import Random

from lxml import etree

NONSENSE = (
    "", "-1", "99999999999999999999", "INFINITY", "-INFINITY", "true", "n1", "r0", "x", "1e9",
    "+5", "Promoted", "stop", "P1Y", "é", "9999-99-99", "NaN", "{}", "monitor", "0x10", "#uname",
    ":", ";", "a:1",
)  # fmt: skip


def garbled(xml: bytes, random: Random) -> bytes:
    """The CIB with one to six mistakes."""
    root = etree.fromstring(xml)
    elements = list(root.iter())
    for _ in range(random.randint(1, 6)):
        _spoil(random.choice(elements), elements, random)
    return etree.tostring(root)


def _spoil(element: etree._Element, elements: list[etree._Element], random: Random) -> None:
    kind, parent = random.random(), element.getparent()
    if kind < 0.6 and element.attrib:
        element.set(random.choice(sorted(map(str, element.attrib))), random.choice(NONSENSE))
    elif kind < 0.75 and element.attrib:
        del element.attrib[random.choice(sorted(map(str, element.attrib)))]
    elif kind < 0.9 and parent is not None:
        parent.remove(element)
    else:
        other = random.choice(elements)
        if other.getparent() is not None and other not in element.iterancestors():
            element.append(copy.deepcopy(other))
