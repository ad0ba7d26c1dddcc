"""How much of the code on which safety rests the simulator alone reaches: branches, by package."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("membership", "dc", "fencing", "lrm")
WORLDS = (
    ("--nodes", "3"), ("--nodes", "3", "--no-fencing"), ("--nodes", "2"), ("--nodes", "2w"),
    ("--nodes", "5"), ("--nodes", "3", "--dense"), ("--nodes", "3", "--dense", "--no-fencing"),
)  # fmt: skip
LINES_SHOWN = 12


def measure(seed: int, seeds: int) -> int:
    """Run so many seeds of each kind of cluster, and print what they came to."""
    with tempfile.TemporaryDirectory() as folder:
        data = f"--data-file={folder}/data"
        wanted = ",".join(f"hanode.{package}" for package in PACKAGES)
        for world in WORLDS:
            chosen = (*world, "--seed", str(seed), "--seeds", str(seeds), "--jobs", "1")
            command = ("run", "--append", "--branch", data, f"--source={wanted}", "-m", "tests")
            _coverage(*command, "sim", *chosen)
        _coverage("json", data, "-q", "-o", f"{folder}/report.json")
        report = json.loads(Path(f"{folder}/report.json").read_text())
    print(table(report["files"]))
    return 0


def _coverage(*words: str) -> None:
    subprocess.run((sys.executable, "-m", "coverage", *words), cwd=ROOT, check=True)


def table(files: dict[str, Any]) -> str:
    """Packages with their figures, then the branches that nothing took."""
    lines = [f"{'package':<12}{'branches':>9}{'reached':>9}{'share':>8}"]
    for package in PACKAGES:
        sums = [f["summary"] for name, f in files.items() if name.startswith(f"hanode/{package}/")]
        lines.append(_row(package, sums))
    lines.append(_row("together", [file["summary"] for file in files.values()]))
    lines.append("\nnever taken (from line->to line; to -1 is the function's end):")
    for name, file in sorted(files.items()):
        if missing := file["missing_branches"]:
            more = " ..." if len(missing) > LINES_SHOWN else ""
            told = " ".join(f"{a}->{b}" for a, b in missing[:LINES_SHOWN])
            lines.append(f"  {name}: {told}{more}")
    return "\n".join(lines)


def _row(name: str, summaries: list[dict[str, Any]]) -> str:
    every = sum(one["num_branches"] for one in summaries)
    reached = sum(one["covered_branches"] for one in summaries)
    share = f"{reached / every:.1%}" if every else "-"
    return f"{name:<12}{every:>9}{reached:>9}{share:>8}"
