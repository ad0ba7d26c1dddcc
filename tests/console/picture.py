"""`python -m tests.console.picture OUT.svg`: the README's picture, or any other of the console.

python -m tests.console.picture out.svg [healthy|failed|outage] [--size 120x40]
    [--theme hatui-light] [--ascii] [KEY ...]
"""

from __future__ import annotations

import argparse
import asyncio
from pathlib import Path

from tests.console import feed
from tests.console.stage import play, stage


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.console.picture", description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("story", nargs="?", default="failed")
    parser.add_argument("--size", default="120x32")
    parser.add_argument("--theme", default="hatui-dark")
    parser.add_argument("--ascii", action="store_true")
    parser.add_argument("--press", default="", help="keys, with commas between them")
    told = parser.parse_args()
    width, _, height = told.size.partition("x")
    app = stage(getattr(feed, told.story)(), theme=told.theme, ascii_only=told.ascii)
    keys = [key for key in told.press.split(",") if key]
    told.out.write_text(asyncio.run(play(app, keys, (int(width), int(height)))))


if __name__ == "__main__":
    main()
