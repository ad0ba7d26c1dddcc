"""Every main view of each scene at three sizes; `python -m tests.console.scenes` draws anew.

Look at what has changed (git diff) before it is committed.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import NamedTuple

from tests.console.simulated import FOLDER, SCENES, Scene, recorded, stage
from tests.console.snapshots import SIZES
from tests.console.stage import settled, text

VIEWS = ("1", "2", "3", "4", "5", "6", "7", "8", "B")
"""The keys of the views, in the order in which they are drawn."""


class Page(NamedTuple):
    """All views of one scene at one size."""

    scene: Scene
    size: tuple[int, int]

    @property
    def file(self) -> Path:
        return FOLDER / f"{self.scene.name}-{self.size[0]}x{self.size[1]}.txt"


PAGES = tuple(Page(scene, size) for scene in SCENES for size in SIZES)


def draw(page: Page) -> str:
    """View after view, a ruler between them; blank lines in a row are drawn as one."""

    async def play() -> str:
        app = stage(recorded(page.scene))
        drawn = []
        async with app.run_test(size=page.size) as pilot:
            await settled(pilot)
            for key in VIEWS:
                await pilot.press(key)
                await settled(pilot)
                drawn.append(_folded(text(app)))
        return ("\n" + "~" * page.size[0] + "\n").join(drawn) + "\n"

    return asyncio.run(play())


def _folded(screen: str) -> str:
    lines = screen.split("\n")
    bare = [line.rstrip(" │") for line in lines]
    return "\n".join(line for at, line in enumerate(lines) if bare[at] or not at or bare[at - 1])


def main() -> None:
    for page in PAGES:
        page.file.write_text(draw(page))
        print(page.file.name, page.file.stat().st_size)


if __name__ == "__main__":
    main()
