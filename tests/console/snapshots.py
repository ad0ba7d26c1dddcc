"""Pictures of the whole screen with its colours; `python -m tests.console.snapshots` draws anew.

An outage is drawn: the screen then has every colour that it has. Look at what has changed (any
browser shows an SVG; `rsvg-convert` makes a PNG of it) before it is committed.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import NamedTuple

from tests.console import feed
from tests.console.stage import play, stage

FOLDER = Path(__file__).parent / "snapshots"
SIZES = ((80, 24), (120, 40), (200, 50))
THEMES = ("hatui-dark", "hatui-light", "ansi")


class Snapshot(NamedTuple):
    """One picture: a size and a theme."""

    size: tuple[int, int]
    theme: str

    @property
    def file(self) -> Path:
        return FOLDER / f"outage-{self.size[0]}x{self.size[1]}-{self.theme}.svg"


SNAPSHOTS = tuple(Snapshot(size, theme) for size in SIZES for theme in THEMES)


def draw(snapshot: Snapshot) -> str:
    """The screen as SVG."""
    app = stage(feed.outage(), theme=snapshot.theme)
    return asyncio.run(play(app, (), snapshot.size))


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for snapshot in SNAPSHOTS:
        snapshot.file.write_text(draw(snapshot))
        print(snapshot.file.name)


if __name__ == "__main__":
    main()
