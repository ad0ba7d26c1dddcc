"""Random clusters, decided by us and by the crm_simulate that is installed.

`python tests/pe/test_differential.py FIRST LAST` counts agreement over many numbers and lists
those that differ, each with its family, which it counts in the end; with `--shrink FOLDER`
each is cut down to what it takes and written there. With `--of migrations` they are clusters
in which a live migration was begun.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hanode.cib.document import parse
from hanode.pe import schedule
from hanode.pe.contract import as_contract

sys.path.insert(0, str(Path(__file__).parent))

import reference
from comparing import differences, levels_reached
from families import FAMILIES, family
from random_cib import random_cib
from random_migration import random_migration
from shrinking import shrunk

DRAWS: dict[str, Callable[[int], bytes]] = {"clusters": random_cib, "migrations": random_migration}
KNOWN = {
    "clusters": Path(__file__).parent / "differential.txt",
    "migrations": Path(__file__).parent / "migrations.txt",
}
"""The numbers below LAST at which we differ: `seed: levels that agree`. They may only shrink."""
CHUNK = 25
LAST = 100


def ours(xml: bytes) -> dict[str, Any]:
    cib = parse(xml)
    assert cib.written_at is not None
    now = float(cib.written_at)
    return as_contract(cib, schedule(cib, now), now)


def theirs(xml: bytes, folder: Path) -> dict[str, Any]:
    path = folder / "cib.xml"
    path.write_bytes(xml)
    decision = reference.decided(path, folder)
    decision["after"] = {"nodes": {}, "resources": {}}
    return decision


def agree_at(xml: bytes, folder: Path) -> list[str]:
    """Of L1 and L2, those at which both decide alike; raises NotDecided where it can't."""
    reached = levels_reached(theirs(xml, folder), ours(xml))
    return [level for level in ("L1", "L2") if level in reached]


def known(kind: str) -> dict[int, set[str]]:
    found = {}
    for line in KNOWN[kind].read_text().splitlines():
        if not line.startswith("#"):
            seed, _, levels = line.partition("#")[0].partition(":")
            found[int(seed)] = set(levels.split())
    return found


@pytest.mark.skipif(reference.PROGRAM is None, reason="crm_simulate is not installed here")
@pytest.mark.parametrize("kind", sorted(DRAWS))
@pytest.mark.parametrize("first", range(0, LAST, CHUNK))
def test_decides_as_the_reference(first: int, kind: str, tmp_path: Path) -> None:
    differing = known(kind)
    for seed in range(first, first + CHUNK):
        xml = DRAWS[kind](seed)
        missing = differing.get(seed, {"L1", "L2"}) - set(agree_at(xml, tmp_path))
        if missing:
            decisions = theirs(xml, tmp_path), ours(xml)
            lines = "\n".join(differences(*decisions))
            pytest.fail(f"{kind}, seed {seed} differs at {' '.join(sorted(missing))}:\n{lines}")


def main() -> None:
    asking = argparse.ArgumentParser(description=__doc__)
    asking.add_argument("first", type=int)
    asking.add_argument("last", type=int)
    asking.add_argument("--shrink", type=Path, metavar="FOLDER")
    asking.add_argument("--of", choices=sorted(DRAWS), default="clusters")
    asked = asking.parse_args()
    counts: Counter[str] = Counter()
    kinds: Counter[tuple[str, bool]] = Counter()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for seed in range(asked.first, asked.last):
            xml = DRAWS[asked.of](seed)
            try:
                levels = agree_at(xml, folder)
            except reference.NotDecided as failure:
                counts["no answer"] += 1
                print(f"# {seed}: crm_simulate gave no answer: {str(failure)[:150]}", flush=True)
                continue
            counts.update(levels)
            if len(levels) < 2:
                kind = _family(xml, folder)
                kinds[kind, "L1" in levels] += 1
                print(f"{seed}: {' '.join(levels)}".rstrip(), f"# {kind}", flush=True)
                if asked.shrink:
                    _shrink(seed, xml, folder, asked.shrink)
    total = asked.last - asked.first
    counted = ("L1", "L2", "no answer")
    print(f"# {total} CIBs: " + ", ".join(f"{level} {counts[level]}" for level in counted))
    for name in sorted({name for name, _ in kinds}):
        meaning = "; ".join(FAMILIES[part] for part in name.split("+"))
        differs, only_actions = kinds[name, False], kinds[name, True]
        print(f"# {differs:4} at L1, {only_actions:3} at L2 alone  {name}: {meaning}")


def _family(xml: bytes, folder: Path) -> str:
    return family(parse(xml), theirs(xml, folder))


def _shrink(seed: int, xml: bytes, folder: Path, to: Path) -> None:
    whole = set(differences(theirs(xml, folder), ours(xml)))

    def disagree(candidate: bytes) -> bool:
        """In some of the ways in which the whole does, and in no other."""
        try:
            left = set(differences(theirs(candidate, folder), ours(candidate)))
        except reference.NotDecided:
            return False
        return bool(left) and left <= whole

    small = shrunk(xml, disagree)
    to.mkdir(parents=True, exist_ok=True)
    (to / f"{seed}.xml").write_bytes(small)
    lines = differences(theirs(small, folder), ours(small))
    (to / f"{seed}.txt").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
