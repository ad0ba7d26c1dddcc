"""The small questions that all readers of CIB elements ask, with warnings collected."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

REFERENCES_MAX = 100_000
"""So many `id-ref` are followed in one document: few characters may otherwise mean billions."""


class BadCib(ValueError):  # noqa: N818 - the word that callers know
    """This CIB can't be used: which line and element, why, and what to do about it."""

    def __init__(self, line: int, element: str, message: str, remedy: str) -> None:
        where = f"line {line}: " if line else ""
        what = f"<{element}>: " if element else ""
        super().__init__(f"{where}{what}{message}; {remedy}")
        self.line = line
        self.element = element
        self.message = message
        self.remedy = remedy


class Reader:
    """One document being read: finds what `id-ref` means, remembers the warnings."""

    def __init__(self, root: etree._Element) -> None:
        self.root = root
        self.warnings: list[str] = []
        self._by_id: dict[tuple[str, str], etree._Element] | None = None
        self._followed = 0

    def warn(self, element: etree._Element, message: str) -> None:
        """Name the element, since a warning without a place helps nobody."""
        name = element.get("id")
        what = f'<{element.tag} id="{name}">' if name else f"<{element.tag}>"
        self.warnings.append(f"line {line_of(element)}: {what}: {message}")

    def number(self, element: etree._Element, name: str, default: int) -> int:
        text = element.get(name)
        if text is None:
            return default
        try:
            return int(text)
        except ValueError:
            self.warn(element, f'{name}="{text}" is not a number; {default} is used')
            return default

    def truth(self, element: etree._Element, name: str, default: bool) -> bool:
        text = element.get(name)
        if text is None:
            return default
        return is_true(text)

    def resolve(self, element: etree._Element) -> etree._Element | None:
        """The element itself, or the one that its `id-ref` names."""
        reference = element.get("id-ref")
        if reference is None:
            return element
        self._followed += 1
        if self._followed > REFERENCES_MAX:
            if self._followed == REFERENCES_MAX + 1:
                self.warn(element, f"more than {REFERENCES_MAX} id-ref; the others are ignored")
            return None
        if self._by_id is None:
            self._by_id = {}
            for found in self.root.iter():
                if "id" in found.attrib:
                    self._by_id.setdefault((str(found.tag), str(found.attrib["id"])), found)
        target = self._by_id.get((element.tag, reference))
        if target is None:
            self.warn(element, f'id-ref="{reference}" names no <{element.tag}>; it is ignored')
        return target


def line_of(element: etree._Element) -> int:
    """Where the element began in its file; 0 when it has none."""
    return getattr(element, "sourceline", 0) or 0


def children(element: etree._Element | None, *tags: str) -> Iterator[etree._Element]:
    """The child elements with one of these tags, in document order."""
    if element is not None:
        yield from element.iterchildren(*tags)


def is_true(text: str) -> bool:
    """A boolean as CIBs write it."""
    return text.strip().lower() in ("true", "on", "yes", "y", "1")
