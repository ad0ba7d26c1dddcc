"""Our own small situations: each folder a CIB, and in words what is decided and why.

`python tests/pe/test_cases.py` writes the expectations anew; read the difference before
you commit it.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from hanode.cib.document import parse
from hanode.pe import schedule
from hanode.pe.explain import change_line
from hanode.pe.simulate import in_order
from hanode.transition import Transition

CASES = Path(__file__).parent / "cases"
NOW = 1_700_000_000


def words(transition: Transition) -> str:
    """The decision as the expectation writes it."""
    lines = [change_line(change) for change in transition.summary] or ["nothing to do"]
    names = {action.id: f"{action.task}@{action.node}" for action in transition.actions}
    real = {action.id for action in transition.actions if not action.pseudo}
    before: dict[int, set[int]] = {}
    for first, then in transition.orderings:
        before.setdefault(then, set()).add(first)
    lines.append("")
    for action in in_order(transition):
        if action.id in real:
            first = sorted(names[name] for name in _nearest(action.id, before, real))
            lines.append(names[action.id] + (f" after {', '.join(first)}" if first else ""))
    return "\n".join(lines).rstrip() + "\n"


def _nearest(name: int, before: dict[int, set[int]], real: set[int]) -> set[int]:
    """The real actions that come before, looking through those that do nothing."""
    found: set[int] = set()
    seen, todo = set(), list(before.get(name, ()))
    while todo:
        first = todo.pop()
        if first in seen:
            continue
        seen.add(first)
        if first in real:
            found.add(first)
        else:
            todo.extend(before.get(first, ()))
    return found


def decided(folder: Path) -> str:
    return words(schedule(parse((folder / "cib.xml").read_bytes()), NOW))


@pytest.mark.parametrize("name", sorted(path.name for path in CASES.iterdir()))
def test_case(name: str) -> None:
    folder = CASES / name
    sentence, _, expected = (folder / "expected.txt").read_text().partition("\n\n")
    assert sentence.startswith("# ")
    assert decided(folder) == expected


def main() -> None:
    for folder in sorted(CASES.iterdir()):
        path = folder / "expected.txt"
        sentence = path.read_text().partition("\n\n")[0] if path.exists() else "# "
        path.write_text(f"{sentence}\n\n{decided(folder)}")


if __name__ == "__main__":
    main()
