"""Pictures of the whole screen with its colours; `python -m tests.console.snapshots` draws anew.

They are fed by scenes of the simulator: one amid a failure has every colour that the console has.
Look at what has changed (any browser shows an SVG; `rsvg-convert` makes a PNG of it) before it is
committed.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import NamedTuple

from tests.console.simulated import FAILING, SPLIT, Scene, recorded, stage
from tests.console.stage import play

FOLDER = Path(__file__).parent / "snapshots"
SIZES = ((80, 24), (120, 40), (200, 50))
THEMES = ("hatui-dark", "hatui-light", "ansi")


class Snapshot(NamedTuple):
    """One view of a scene, at a size and in a theme."""

    scene: Scene
    key: str
    view: str
    size: tuple[int, int]
    theme: str

    @property
    def file(self) -> Path:
        width, height = self.size
        return FOLDER / f"{self.scene.name}-{self.view}-{width}x{height}-{self.theme}.svg"


SNAPSHOTS = (
    *(Snapshot(FAILING, "1", "resources", size, theme) for size in SIZES for theme in THEMES),
    *(Snapshot(FAILING, "6", "transitions", (80, 24), theme) for theme in THEMES),
    *(Snapshot(SPLIT, "B", "links", (80, 24), theme) for theme in THEMES),
)


def draw(snapshot: Snapshot) -> str:
    """The screen as SVG."""
    app = stage(recorded(snapshot.scene), theme=snapshot.theme)
    return asyncio.run(play(app, [snapshot.key], snapshot.size))


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for snapshot in SNAPSHOTS:
        snapshot.file.write_text(draw(snapshot))
        print(snapshot.file.name)


if __name__ == "__main__":
    main()
