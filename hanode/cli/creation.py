"""`create`, of resources and of fence devices: checked against the agent's metadata where it is."""

from __future__ import annotations

import sys
from collections.abc import Container, Iterable, Mapping

from hanode.cli.desk import Desk
from hanode.cli.exits import CONFIG, DATA, Failed
from hanode.cli.noun import Change, Noun, arg
from hanode.cli.pairs import Sections, sections_of
from hanode.mgmt import resources
from hanode.mgmt.resources import Operation, Wanted
from hanode.ra.metadata import AgentAction, Metadata
from hanode.ra.site import Site
from hanode.transition import Agent

TIMED = ("start", "stop", "promote", "demote")
DEFAULT_MONITOR = Operation("monitor", {"interval": "10s"})
"""Where neither operator nor agent says how often to look."""


def create_verb(noun: Noun, stonith: bool) -> None:
    """Give a noun its verb `create`."""
    agent = "a fence agent (fence_ipmilan)" if stonith else "ocf:PROVIDER:TYPE, or just TYPE"

    @noun.verb(
        "create", "NAME AGENT [NAME=VALUE...] [op monitor interval=10s...] [meta NAME=VALUE...]",
        arg("resource"), arg("agent", help=agent), arg("words", nargs="*", metavar="WORD"),
        arg("--group", default="", help="at the end of this group (made if need be)"),
        arg("--clone", action="store_true", help="run it on many nodes"),
        arg("--promotable", action="store_true", help="as a promotable clone"),
        arg("--disabled", action="store_true", help="don't start it yet"),
        arg("--force", action="store_true", help="even if the agent's metadata objects"),
        changes=True,
    )  # fmt: skip
    def create(desk: Desk) -> Change:
        return _create(desk, stonith)


def site_of(desk: Desk) -> Site:
    """Where agents are on this machine."""
    from pathlib import Path

    from hanode.runtime.config import ConfigError, load

    try:
        config = load(Path(desk.config_path))
    except ConfigError as error:
        raise Failed(str(error), CONFIG) from None
    plain = Site(config.name, str(config.run))
    return plain._replace(
        ocf_root=config.ocf_root or plain.ocf_root, fence_dir=config.fence_agents or plain.fence_dir
    )


def _create(desk: Desk, stonith: bool) -> Change:
    from hanode.cli.agents import agent_of

    given = desk.arguments
    told = sections_of(given.words)
    site = site_of(desk)
    named = given.agent if ":" in given.agent or not stonith else f"stonith:{given.agent}"
    agent = agent_of(named, site)
    known = described(agent, site, insist=not given.force)
    if known is not None and not given.force:
        refuse_mistakes(known, told.parameters, told.operations, agent.class_)
    warn_of_secrets(told.parameters)
    actions = known.actions if known is not None else ()
    if given.disabled:
        told.meta["target-role"] = "Stopped"
    wanted = Wanted(
        given.resource,
        (agent.class_, agent.provider, agent.type),
        told.parameters,
        _operations(told, actions),
        told.meta,
    )
    return lambda state: resources.create(
        state, wanted, desk.argv, group=given.group,
        clone=given.clone or told.clone is not None,
        promotable=given.promotable or told.promotable, clone_meta=told.clone, force=given.force,
    )  # fmt: skip


def described(agent: Agent, site: Site, *, insist: bool) -> Metadata | None:
    """What the agent says of itself; nothing, with a warning, where that can't be had. Raises
    Failed if it talks nonsense (`insist`)."""
    from hanode.cli.agents import metadata

    try:
        known = metadata(agent, site)
    except Failed as nonsense:
        if insist:
            raise Failed(f"{nonsense} (--force does without it)", DATA) from None
        print(f"warning: {nonsense}", file=sys.stderr)
        return None
    if known is None:
        print(f"warning: {agent} is not on this machine, so its parameters can't be checked here",
              file=sys.stderr)  # fmt: skip
    return known


def refuse_mistakes(
    known: Metadata, parameters: Mapping[str, str], operations: Iterable[Operation], class_: str,
    about: Container[str] | None = None,
) -> None:  # fmt: skip
    """Raises Failed with all that the agent's metadata objects to; `about` these names alone."""
    from hanode.mgmt.vocabulary import unknown_actions
    from hanode.ra.validate import wrong_parameters

    actions = [action.name for action in known.actions]
    wrong = [*wrong_parameters(known, parameters, class_, about)]
    if actions:
        wrong += unknown_actions(operations, actions)
    if wrong:
        raise Failed("; ".join(wrong) + " (--force does it all the same)", DATA)


def warn_of_secrets(parameters: dict[str, str]) -> None:
    from hanode.mgmt.secrets import is_plain_secret

    for name in [name for name, value in parameters.items() if is_plain_secret(name, value)]:
        print(f"warning: everybody who may see the configuration can read {name}; keep it apart: "
              f"hanode secret set NAME (on each node), then {name}=secret://NAME; or "
              f"hanode secret seal, then {name}=sealed://...",
              file=sys.stderr)  # fmt: skip


def _operations(told: Sections, actions: tuple[AgentAction, ...]) -> tuple[Operation, ...]:
    """What the operator says, and for what is left unsaid the agent's own advice."""
    operations = list(told.operations)
    named = {operation.name for operation in operations}
    for action in actions:
        name, advised = action.name, dict(action.advice)
        recurring = advised.get("interval", "0").rstrip("s") not in ("", "0")
        if name == "monitor" and recurring and "monitor" not in named:
            operations.append(Operation(name, advised))
        elif name in TIMED and name not in named and "timeout" in advised:
            options = {"interval": "0s", "timeout": advised["timeout"]}
            operations.append(Operation(name, options))
    if not any(operation.name == "monitor" for operation in operations):
        operations.append(DEFAULT_MONITOR)
    return tuple(operations)
