"""Decisions as the reference's: a ratchet over cases that are kept elsewhere.

The cases are read from HATUI_SCHEDULER_CASES, or ../shared/scheduler/cases beside the
project; without them this is skipped. `conformance.txt` lists what passes, `name: levels`;
it may only grow. `python tests/pe/test_conformance.py` adds what passes by now.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from hanode.cib.document import parse
from hanode.pe import schedule
from hanode.pe.contract import as_contract

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

from comparing import LEVELS, levels_reached  # noqa: E402 - beside this file, no package

RATCHET = HERE / "conformance.txt"
BESIDE = HERE.parents[2] / "shared" / "scheduler" / "cases"
CASES = Path(os.environ.get("HATUI_SCHEDULER_CASES", BESIDE))
CHUNKS = 8


def known() -> dict[str, list[str]]:
    """What passed so far."""
    found = {}
    for line in RATCHET.read_text().splitlines():
        name, colon, levels = line.partition(":")
        if colon and not line.startswith("#"):
            found[name] = levels.split()
    return found


def reached(name: str) -> list[str]:
    """The levels at which a case passes."""
    cib = parse((CASES / f"{name}.xml").read_bytes())
    now = float(cib.written_at if cib.written_at is not None else 1_700_000_000)
    expected = json.loads((CASES / f"{name}.json").read_text())
    return levels_reached(expected, as_contract(cib, schedule(cib, now), now))


@pytest.mark.skipif(not CASES.is_dir(), reason="the cases are not here")
@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_what_passed_still_passes(chunk: int) -> None:
    lost = []
    for name, levels in sorted(known().items())[chunk::CHUNKS]:
        if not (CASES / f"{name}.xml").exists():
            continue
        missing = sorted(set(levels) - set(reached(name)))
        if missing:
            lost.append(f"{name}: {' '.join(missing)}")
    assert not lost, "\n".join(lost)


def main() -> int:
    """Write down what passes now; nothing that passed may be missing."""
    before = known() if RATCHET.exists() else {}
    now = {path.stem: reached(path.stem) for path in sorted(CASES.glob("*.xml"))}
    lost = [name for name, levels in before.items() if set(levels) - set(now.get(name, levels))]
    if lost and "--force" not in sys.argv:
        print("lost:", *lost)
        return 1
    counts = {level: sum(level in levels for levels in now.values()) for level in LEVELS}
    head = ", ".join(f"{level} {count}" for level, count in counts.items())
    lines = [f"# {len(now)} cases: {head}. This list may only grow."]
    lines += [f"{name}: {' '.join(levels)}" for name, levels in sorted(now.items()) if levels]
    RATCHET.write_text("\n".join(lines) + "\n")
    print(lines[0])
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
