"""`python -m tests stories NAME ...`: tell stories and print their traces; --update keeps them."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.stories.language import BORDER
from tests.stories.teller import Teller

FOLDER = Path(__file__).parent


def main(argv: list[str]) -> int:
    """The exit status: 0 if every story ends as it should."""
    update = "--update" in argv
    names = [name for name in argv if name != "--update"]
    paths = [FOLDER / f"{name.removesuffix('.txt')}.txt" for name in names] or stories()
    failed = 0
    for path in paths:
        if not path.exists():
            known = ", ".join(story.stem for story in stories())
            print(f"no story {path.stem!r}; there are: {known}", file=sys.stderr)
            return 64
        failed += not _tell(path, update)
    return 1 if failed else 0


def stories() -> list[Path]:
    return sorted(FOLDER.glob("*.txt"))


def _tell(path: Path, update: bool) -> bool:
    teller = Teller(path)
    try:
        trace = teller.tell()
    except Exception as error:  # reported below, with what led to it
        print(*teller.world.trace.tail(60), sep="\n")
        print(f"{path.stem}: {type(error).__name__}: {error}")
        return False
    if update:
        told = path.read_text().partition(f"\n{BORDER}\n")[0].rstrip()
        path.write_text(f"{told}\n{BORDER}\n" + "\n".join(trace) + "\n")
        print(f"{path.stem}: {len(trace)} lines")
    else:
        print(*trace, sep="\n")
    return True
