"""The lab's tables: `python -m tests lab outages|agents|fencing` prints one as it comes about."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

from tests.lab.needs import missing


def _outages(words: Sequence[str]) -> int:
    from tests.lab.outages import main

    return main(words)


def _agents(words: Sequence[str]) -> int:
    from tests.lab.lives import main

    return main(words)


def _fencing(words: Sequence[str]) -> int:
    from tests.lab.evidence import main

    return main(words)


TABLES: dict[str, Callable[[Sequence[str]], int]] = {
    "outages": _outages,
    "agents": _agents,
    "fencing": _fencing,
}


def main(argv: Sequence[str]) -> int:
    """The exit status: 0 if all is well, 64 if there is no such table, 77 if there is no lab."""
    table = TABLES.get(argv[0])
    if table is None:
        print(f"no table {argv[0]!r}; there are: {', '.join(TABLES)}", file=sys.stderr)
        return 64
    if why := missing():
        print(why, file=sys.stderr)
        return 77
    return table(argv[1:])
