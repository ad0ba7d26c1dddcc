"""Commands that reach a node's machine: over the operator's own ssh, or as the context says.

Names come from the cluster, and so from anybody: they become words of a command, never options and
never text for a shell.
"""

from __future__ import annotations

import re
import shlex

from hanode.state import ClusterState

_HARMLESS = re.compile(r"[A-Za-z0-9_\[][A-Za-z0-9_.:@%\[\]-]*")


class NoCommand(ValueError):  # noqa: N818 - what came of the template
    """This can't be run for that node: why."""


def command(template: str, state: ClusterState, node: str) -> list[str]:
    """The template's words with {node} and {host} filled in. Raises NoCommand."""
    if not template:
        raise NoCommand("this context has no such command (see shell, log, restart in its config)")
    values = {"node": node, "host": host_of(state, node)}
    for value in values.values():
        if not _HARMLESS.fullmatch(value):
            raise NoCommand(f"{value!r} is no name that could be given to a command")
    try:
        return [word.format_map(values) for word in shlex.split(template)]
    except (KeyError, ValueError, IndexError) as error:
        raise NoCommand(
            f"{template!r}: only {{node}} and {{host}} can stand in it ({error})"
        ) from None


def host_of(state: ClusterState, node: str) -> str:
    """Where its machine is: the host of its stream, else its name (an alias of ssh's own)."""
    member = state.members.get(node)
    host, _, _ = (member.stream if member is not None else "").rpartition(":")
    return host.strip("[]") or node
