"""The console's floors: app, screens beside link, widgets, cluster; nothing reaches up."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import hatui

ROOT = Path(hatui.__file__).parent
FLOORS = (
    ("app",), ("palette",), ("screens", "link"), ("widgets",),
    ("commandline", "terminal", "outside", "following", "mischief"),
    ("rebinding",), ("themes", "deeds", "keymap"), ("views",), ("remote", "plugins"), ("cluster",),
    ("config", "key_names"),
)  # fmt: skip
FLOOR = {name: height for height, names in enumerate(FLOORS) for name in names}


def imported(file: Path) -> set[str]:
    """The packages of hatui that a file imports, anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text())):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module]
        found |= {name.split(".")[1] for name in names if name.startswith("hatui.")}
    return found


@pytest.mark.parametrize("name", sorted(FLOOR))
def test_imports_go_down(name: str) -> None:
    place = ROOT / name
    for file in place.rglob("*.py") if place.is_dir() else [ROOT / f"{name}.py"]:
        for other in imported(file) - {name}:
            if other in FLOOR:
                assert FLOOR[other] > FLOOR[name], f"{file.name} imports {other}"


def test_view_models_know_no_terminal() -> None:
    seen = subprocess.run(
        [sys.executable, "-c",
         "import sys, hatui.views, hatui.cluster.preview, hatui.cluster.detail\n"
         "import hatui.commandline, hatui.cluster.arrival, hatui.link.live\n"
         "print([m for m in ('textual', 'asyncssh', 'nacl.public') if m in sys.modules])"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert seen.stdout.strip() == "[]"
