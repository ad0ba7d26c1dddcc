"""Fill the overview from a CIB."""

from __future__ import annotations

from hanode.cib.document import Cib
from hanode.pe.overview import Overview, ResourceView


def overview(cib: Cib, now: float) -> Overview:
    """What is active where."""
    return Overview()


def instance_state(cib: Cib, now: float) -> dict[str, ResourceView]:
    """The overview's resources, flat, by id."""
    return {}
