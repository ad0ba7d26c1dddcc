"""What resources there are: create, delete, update, groups, clones."""

from __future__ import annotations

from hanode.cli.creation import create_verb
from hanode.cli.desk import Desk
from hanode.cli.noun import Change, arg
from hanode.cli.pairs import pairs_of
from hanode.cli.resource.noun import RESOURCE, WORDS, noun
from hanode.cli.updating import update_verb
from hanode.mgmt import resources

create_verb(noun, stonith=False)
update_verb(
    noun, "change parameters, `meta NAME=VALUE`, `op NAME ...`; NAME= takes one away", "resource"
)


@noun.verb("delete", "a resource goes, with its constraints", RESOURCE, changes=True)
def delete(desk: Desk) -> Change:
    return lambda state: resources.delete(state, desk.arguments.resource)


@noun.verb("meta", "change meta attributes; NAME= takes one away", RESOURCE, WORDS,
           arg("--force", action="store_true", help="any attribute, any value"),
           changes=True)  # fmt: skip
def meta(desk: Desk) -> Change:
    given, pairs = desk.arguments, pairs_of(desk.arguments.words)
    return lambda state: resources.update(
        state, given.resource, desk.argv, meta=pairs, force=given.force
    )


@noun.verb("group", "the same as group add", arg("group"), arg("members", nargs="+"),
           changes=True)  # fmt: skip
@noun.verb("group add", "GROUP RESOURCE...: on one node, in this order",
           arg("group"), arg("members", nargs="+"), changes=True)  # fmt: skip
def group_add(desk: Desk) -> Change:
    return lambda state: resources.group_add(state, desk.arguments.group, desk.arguments.members)


@noun.verb("ungroup", "the same as group remove",
           arg("group"), arg("members", nargs="*"), changes=True)  # fmt: skip
@noun.verb("group remove", "GROUP [RESOURCE...]: take members (all) out",
           arg("group"), arg("members", nargs="*"), changes=True)  # fmt: skip
def group_remove(desk: Desk) -> Change:
    return lambda state: resources.group_remove(state, desk.arguments.group, desk.arguments.members)


@noun.verb("clone", "run it on many nodes: clone RESOURCE [promotable] [NAME=VALUE...]",
           RESOURCE, WORDS, arg("--promotable", action="store_true"), changes=True)  # fmt: skip
def clone(desk: Desk) -> Change:
    given = desk.arguments
    words = [word for word in given.words if word not in ("promotable", "meta")]
    promotable = given.promotable or "promotable" in given.words
    options = {**({"promotable": "true"} if promotable else {}), **pairs_of(words)}
    return lambda state: resources.clone(state, given.resource, desk.argv, options)


@noun.verb("promotable", "the same as clone --promotable", RESOURCE, WORDS, changes=True)
def promotable(desk: Desk) -> Change:
    options = {"promotable": "true", **pairs_of(desk.arguments.words)}
    return lambda state: resources.clone(state, desk.arguments.resource, desk.argv, options)


@noun.verb("unclone", "run it once only", RESOURCE, changes=True)
def unclone(desk: Desk) -> Change:
    return lambda state: resources.unclone(state, desk.arguments.resource)
