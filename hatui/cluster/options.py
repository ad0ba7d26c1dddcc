"""What the options of the whole cluster say at all times, read as the cluster itself reads them."""

from __future__ import annotations

from collections.abc import Mapping

from hanode.cib.configuration import Configuration
from hanode.cib.options import timeless, truth


def options_of(configuration: Configuration) -> dict[str, str]:
    """As they are set."""
    return timeless(configuration.properties)


def stops_all(options: Mapping[str, str]) -> bool:
    """Whether every resource is told to stop."""
    return truth(options, "stop-all-resources", False)
