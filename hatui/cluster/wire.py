"""How the console hangs on the cluster: by which node, since when not, as whom."""

from __future__ import annotations

from typing import NamedTuple


class Wire(NamedTuple):
    """One line, as it is now."""

    node: str = ""
    """The node it is attached to; empty before the first answer."""
    place: str = ""
    """Its address."""
    lost: float = 0.0
    """Seconds since it was last heard; 0 while the line lives."""
    trying: str = ""
    """The address that is being tried."""
    why: str = ""
    readonly: bool = False
    unlocked: int = 0
    """Minutes for which a read-only context is open to orders."""
    past: str = ""
    """When the screen shows another moment: which."""
    context: str = ""
    operator: str = ""
    errand: str = ""
    """What was given by halves, and its second is yet to come."""
    undone: bool = False
    """Nor will it come: an operator has to."""
