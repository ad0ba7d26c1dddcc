"""What the options of the whole cluster say, as they are set."""

from __future__ import annotations

from collections.abc import Mapping

from hanode.cib.configuration import Configuration


def options_of(configuration: Configuration) -> dict[str, str]:
    """Of several sets the first that has an option counts."""
    found: dict[str, str] = {}
    for properties in configuration.properties:
        for name, value in properties.pairs:
            found.setdefault(name, value)
    return found


def stops_all(options: Mapping[str, str]) -> bool:
    """Whether every resource is told to stop."""
    return options.get("stop-all-resources", "false").lower() in ("true", "yes", "on", "1")
