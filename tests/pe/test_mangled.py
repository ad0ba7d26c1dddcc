"""Damaged CIBs are decided upon or refused in words, whatever the damage."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from hanode.cib.document import BadCib, Cib, parse
from hanode.pe import apply, overview, schedule
from hanode.pe.contract import as_contract

sys.path.insert(0, str(Path(__file__).parent))

from mangling import mangled

CASES = Path(__file__).parent / "cases"
NOW = 1_700_000_000
SEEDS = range(25)


@pytest.mark.parametrize("name", sorted(path.name for path in CASES.iterdir()))
def test_damage_is_survived(name: str) -> None:
    for seed in SEEDS:
        cib = _read(mangled(CASES / name / "cib.xml", seed))
        if cib is not None:
            transition = schedule(cib, NOW)
            json.dumps(as_contract(cib, transition, NOW))
            overview(apply(cib, transition, NOW), NOW)


def _read(data: bytes) -> Cib | None:
    """The CIB; None if it was refused, which must be done in words."""
    try:
        return parse(data)
    except BadCib as refusal:
        words = str(refusal)
    assert words
    return None
