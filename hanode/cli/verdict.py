"""What is wrong with a configuration though it can be read, each fault with its line."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from lxml import etree

from hanode.cib.document import Cib, parse_configuration
from hanode.cib.reading import line_of
from hanode.cib.xml import read_xml

_LINE = re.compile(r"^line (\d+): | \(line (\d+)\)")
_NAMED = re.compile(r'"([^"]+)"')


class Fault(NamedTuple):
    line: int
    """0 where it has none."""
    message: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.message}" if self.line else self.message


def faults(data: bytes) -> list[Fault]:
    """What is ignored, counts as something else, or can't be meant; in the order of the file.
    Raises BadCib."""
    from hanode.pe import schedule
    from hanode.pe.doubts import doubts

    configuration = parse_configuration(data)
    decided = schedule(Cib(configuration), time.time())
    root = read_xml(data)
    told = dict.fromkeys((*configuration.warnings, *decided.warnings, *doubts(configuration)))
    found = [*_placed(told, root), *_same_ids(root), *_misspelt(root)]
    return sorted(dict.fromkeys(found), key=lambda fault: fault.line)


def _placed(told: Iterable[str], root: etree._Element) -> Iterator[Fault]:
    """Each sentence with its line: its own, or that of the first element that it names."""
    lines: dict[str, int] = {}
    for element in root.iter():
        lines.setdefault(element.get("id", ""), line_of(element))
    for sentence in told:
        own = _LINE.search(sentence)
        named = (lines[name] for name in _NAMED.findall(sentence) if name in lines)
        line = int(own[1] or own[2]) if own else next(named, 0)
        yield Fault(line, _LINE.sub("", sentence, count=1))


def _same_ids(root: etree._Element) -> Iterator[Fault]:
    """An edit that names one of them would find the first. A remote node's entry shares that of
    its connection, what is a resource twice is told by the policy engine."""
    first: dict[str, int] = {}
    for element in root.iter():
        ident = element.get("id")
        if ident is None or element.tag in ("node", "primitive", "resource_ref", "obj_ref"):
            continue
        if ident in first:
            message = f'the id "{ident}" is that of line {first[ident]}; give it another'
            yield Fault(line_of(element), message)
        first.setdefault(ident, line_of(element))


def _misspelt(root: etree._Element) -> Iterator[Fault]:
    """Cluster options that are nearly one; what isn't may be somebody's own."""
    from difflib import get_close_matches

    from hanode.cib.options import names_of
    from hanode.mgmt.options import NEW_NAMES, OPTIONS

    known = {name for option in (*OPTIONS, *NEW_NAMES) for name in (option, *names_of(option))}
    for pair in root.iterfind(".//cluster_property_set/nvpair"):
        name = pair.get("name", "")
        near = get_close_matches(name, known - {name}, 1, 0.9) if name not in known else []
        if near:
            message = f'"{name}" is no cluster option; did you mean {near[0]}?'
            yield Fault(line_of(pair), message)
