"""Golden pictures of the whole screen as text; `python -m tests.console.golden` draws them anew.

Look at what has changed (git diff) before it is committed.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import NamedTuple

from tests.console import feed
from tests.console.stage import settled, stage, text

FOLDER = Path(__file__).parent / "golden"


class Shot(NamedTuple):
    """One picture: a story, a size, and the keys that lead to it."""

    name: str
    story: str
    size: tuple[int, int]
    keys: tuple[str, ...] = ()
    ascii_only: bool = False


SHOTS = (
    Shot("resources-80x24", "healthy", (80, 24)),
    Shot("resources-ascii-80x24", "failed", (80, 24), ascii_only=True),
    Shot("resources-failed-120x40", "failed", (120, 40), ("j", "j")),
    Shot("resources-outage-200x50", "outage", (200, 50)),
    Shot("nodes-outage-80x24", "outage", (80, 24), ("2",)),
    Shot("nodes-tall-100x44", "healthy", (100, 44), ("2",)),
    Shot("events-120x30", "outage", (120, 30), ("5",)),
    Shot("failures-80x24", "failed", (80, 24), ("4",)),
    Shot("fencing-80x24", "outage", (80, 24), ("7",)),
    Shot("matrix-80x24", "outage", (80, 24), ("3",)),
    Shot("transitions-80x24", "failed", (80, 24), ("6",)),
    Shot("transitions-200x50", "outage", (200, 50), ("6", "asterisk")),
    Shot("constraints-80x24", "healthy", (80, 24), ("8",)),
    Shot("links-120x40", "outage", (120, 40), ("B",)),
    Shot("why-80x24", "healthy", (80, 24), ("j", "e")),
    Shot("help-80x24", "healthy", (80, 24), ("question_mark",)),
    Shot("menu-80x24", "healthy", (80, 24), ("2", "a")),
    Shot("preview-move-80x24", "healthy", (80, 24), ("m", "2")),
    Shot("preview-standby-120x40", "healthy", (120, 40), ("2", "S")),
    Shot("preview-fence-120x40", "healthy", (120, 40), ("2", "a", "f")),
    Shot("tiny-40x10", "outage", (40, 10)),
)


def draw(shot: Shot) -> str:
    """The screen as text."""

    async def play() -> str:
        app = stage(getattr(feed, shot.story)(), ascii_only=shot.ascii_only)
        async with app.run_test(size=shot.size) as pilot:
            await settled(pilot)
            for key in shot.keys:
                await pilot.press(key)
                await settled(pilot)
            return text(app) + "\n"

    return asyncio.run(play())


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for shot in SHOTS:
        (FOLDER / f"{shot.name}.txt").write_text(draw(shot))
        print(shot.name)


if __name__ == "__main__":
    main()
