"""Legacy plugins of cluster-glue, driven by its `stonith` command (stonith(8)).

They are given their parameters by the environment (`-E`): as arguments, where the manual shows
them, everybody on the machine could read a password.
"""

from __future__ import annotations

from collections.abc import Mapping

from hanode.ra.job import Command
from hanode.ra.site import Site

_ASKED = {"monitor": ("-S",), "status": ("-S",), "list": ("-l",)}
_RESET = "reset"
"""What a reboot is called there."""


def drive(
    plugin: str, action: str, parameters: Mapping[str, str], site: Site, plug: str
) -> Command:
    """Have `plugin` do `action`: asked of the device as a whole, or done to its `plug`."""
    words = _ASKED.get(action) or ("-T", _RESET if action == "reboot" else action, plug)
    argv = (site.stonith, "-s", "-t", plugin, "-E", *words)
    given = {name: value for name, value in parameters.items() if _a_variable(name)}
    return Command(argv, {**given, **site.environment()})


def describe(plugin: str, site: Site) -> list[str]:
    """The command that prints a plugin's metadata."""
    return [site.stonith, "-t", plugin, "-m"]


def _a_variable(name: str) -> bool:
    """Whether a parameter can be given by the environment, and means nothing to the loader."""
    return name.isidentifier() and not name.startswith("LD_")
