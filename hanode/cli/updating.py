"""`update`, of resources and of fence devices: what changes is checked as at `create`."""

from __future__ import annotations

from collections.abc import Callable

from hanode.cli.creation import described, refuse_mistakes, site_of, warn_of_secrets
from hanode.cli.desk import Desk
from hanode.cli.noun import Change, Noun, arg
from hanode.cli.pairs import Sections, sections_of
from hanode.mgmt import resources
from hanode.mgmt.draft import Draft
from hanode.state import ClusterState
from hanode.transition import Agent


def update_verb(
    noun: Noun, summary: str, what: str,
    only: Callable[[ClusterState, str], str] = lambda state, name: name,
) -> None:  # fmt: skip
    """Give a noun its verb `update`; `only` raises CannotOrder for a name of something else."""

    @noun.verb(
        "update", summary, arg(what), arg("words", nargs="+", metavar="NAME=VALUE"),
        arg("--force", action="store_true", help="even if the agent's metadata objects"),
        changes=True,
    )  # fmt: skip
    def update(desk: Desk) -> Change:
        name, told = getattr(desk.arguments, what), sections_of(desk.arguments.words)
        only(desk.state, name)
        if not desk.arguments.force:
            _check(desk, name, told)
        warn_of_secrets(told.parameters)
        return lambda state: resources.update(
            state, name, desk.argv, parameters=told.parameters, meta=told.meta,
            operations=tuple(told.operations), force=desk.arguments.force,
        )  # fmt: skip


def _check(desk: Desk, name: str, told: Sections) -> None:
    """Against the metadata, where the agent is: only what is changed, which may be one of several
    mistakes being put right."""
    if not told.parameters and not told.operations:
        return
    draft = Draft(desk.state)
    element = draft.resource(name)
    if element.tag != "primitive" or element.get("template"):
        return
    agent = Agent(element.get("class", ""), element.get("provider", ""), element.get("type", ""))
    known = described(agent, site_of(desk), insist=False)
    if known is None:
        return
    pairs = element.iterfind("instance_attributes/nvpair")
    now = {pair.get("name", ""): pair.get("value", "") for pair in pairs}
    then = {name: value for name, value in {**now, **told.parameters}.items() if value}
    refuse_mistakes(known, then, told.operations, agent.class_, told.parameters)
