"""Name-value sets joined into one map: sets whose rules hold, by score, first word wins."""

from __future__ import annotations

from collections.abc import Iterable

from hanode.cib.configuration import NvSet
from hanode.cib.options import in_turn
from hanode.pe.unpack.rules import Context, holds


def joined(sets: Iterable[NvSet], context: Context, first: str = "") -> dict[str, str]:
    """The values that hold; the set named `first` (if any) beats the others."""
    found: dict[str, str] = {}
    if sets:
        add_to(found, sets, context, first)
    return found


def add_to(found: dict[str, str], sets: Iterable[NvSet], context: Context, first: str = "") -> None:
    """Add to `found` what isn't there yet; `#default` is as good as not being there."""
    for entry in in_turn(sets, first) if sets else ():
        if entry.rule is not None and not holds(entry.rule, context):
            continue
        for name, value in entry.pairs:
            if name not in found and value != "#default":
                found[name] = value
