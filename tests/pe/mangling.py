"""Known CIBs, damaged: attributes and elements dropped, doubled, exchanged, made absurd."""

from __future__ import annotations

import random
from pathlib import Path

from lxml import etree

ABSURD = (
    "",
    " ",
    "-1",
    "0",
    "INFINITY",
    "+-INFINITY",
    "999999999999999999999999",
    "1e9",
    "true",
    "P1Y2M",
    "PT-5S",
    "2024-13-45T99:99:99Z",
    "nobody",
    "Promoted",
    "a:b:c:d",
    "\N{SNOWMAN}",
    "٣",
)


def mangled(source: Path, seed: int) -> bytes:
    """The CIB in `source` with some damage that depends on the seed alone."""
    chance = random.Random(f"{source.stem} {seed}")
    root = etree.fromstring(source.read_bytes())
    for _ in range(chance.choice((1, 2, 4, 8, 16))):
        elements = [element for element in root.iter() if isinstance(element.tag, str)]
        _damage(chance, elements, chance.choice(elements))
    return etree.tostring(root)


def _damage(chance: random.Random, elements: list[etree._Element], element: etree._Element) -> None:
    names = list(element.attrib)
    parent = element.getparent()
    match chance.randrange(7):
        case 0 if names:
            del element.attrib[chance.choice(names)]
        case 1 | 2 if names:
            element.set(chance.choice(names), chance.choice(ABSURD))
        case 3 if names:
            other = chance.choice(elements)
            if other.attrib:
                value = other.attrib[chance.choice(list(other.attrib))]
                element.set(chance.choice(names), value)
        case 4 if parent is not None:
            parent.remove(element)
        case 5 if parent is not None:
            parent.append(etree.fromstring(etree.tostring(element)))
        case 6 if len(element) < 50:
            other = chance.choice(elements)
            if other is not element and element not in other.iterancestors() and len(other) < 5:
                element.append(etree.fromstring(etree.tostring(other)))
