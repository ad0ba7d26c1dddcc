"""`hanode constraint`: where resources may run, together and in which order."""

from __future__ import annotations

from hanode.cib.xml import read_xml
from hanode.cli import table
from hanode.cli.constraint_words import in_words
from hanode.cli.desk import Desk
from hanode.cli.noun import Change, Noun, arg
from hanode.cli.pairs import pairs_of
from hanode.mgmt import constraints
from hanode.mgmt.options import check_boolean
from hanode.mgmt.orders import Proposal
from hanode.mgmt.proposal import CannotOrder
from hanode.state import ClusterState

noun = Noun("constraint", "where, together, in which order", default="list")
ROLES = ("started", "stopped", "promoted", "unpromoted", "master", "slave")
ACTIONS = ("start", "stop", "promote", "demote")


def main(argv: list[str], config_path: str) -> int:
    return noun.main(argv, config_path)


@noun.verb("list", "all constraints", arg("--json", action="store_true", help="print JSON"))
def show(desk: Desk) -> int:
    root = read_xml(desk.state.cib.encode())
    rows = [
        {"id": found.get("id", ""), "kind": str(found.tag), "says": in_words(found)}
        for found in root.iterfind("configuration/constraints/*")
    ]
    table.show(rows, desk.arguments.json, "there are no constraints")
    return 0


@noun.verb(
    "location", "RESOURCE prefers|avoids NODE[=SCORE]..., or RESOURCE NODE SCORE",
    arg("resource"), arg("words", nargs="+", metavar="prefers|avoids NODE[=SCORE]"),
    arg("--role", default="", help="for this role only"), changes=True,
)  # fmt: skip
def location(desk: Desk) -> Change:
    resource, (verb, *rest) = desk.arguments.resource, desk.arguments.words
    if verb not in ("prefers", "avoids"):
        if len(rest) != 1:
            raise CannotOrder(
                "say: location RESOURCE prefers NODE=SCORE, or: location RESOURCE NODE SCORE"
            )
        verb, rest = "prefers", [f"{verb}={rest[0]}"]
    if len(rest) != 1:
        raise CannotOrder(f"{verb}: one NODE[=SCORE] at a time")
    node, _, score = rest[0].partition("=")
    score = constraints.check_score(score or "INFINITY")
    if verb == "avoids":
        score = score[1:] if score.startswith("-") else f"-{score}"
    role = desk.arguments.role
    return lambda state: constraints.location(state, resource, node, score, desk.argv, role)


@noun.verb(
    "colocation", "add [ROLE] RESOURCE with [ROLE] OTHER [SCORE]",
    arg("words", nargs="+", metavar="WORD"), changes=True,
)  # fmt: skip
def colocation(desk: Desk) -> Change:
    words = _without_add(desk.arguments.words)
    if "with" not in words:
        raise CannotOrder("say: colocation add RESOURCE with OTHER [SCORE]")
    middle = words.index("with")
    role, (resource, *extra) = _role_first(words[:middle])
    other_role, (other, *tail) = _role_first(words[middle + 1 :])
    if extra or len(tail) > 1:
        raise CannotOrder(f"too many words: {' '.join([*extra, *tail])}")
    score = tail[0].removeprefix("score=") if tail else "INFINITY"
    return lambda state: constraints.colocation(
        state, resource, other, score, desk.argv, role=role, other_role=other_role
    )


@noun.verb(
    "order", "[ACTION] FIRST then [ACTION] THEN [kind=Mandatory|Optional|Serialize]",
    arg("words", nargs="+", metavar="WORD"), changes=True,
)  # fmt: skip
def order(desk: Desk) -> Change:
    words = _without_add(desk.arguments.words)
    options = pairs_of([word for word in words if "=" in word])
    if unknown := set(options) - {"kind", "symmetrical"}:
        raise CannotOrder(f"unknown option {min(unknown)!r}; options: kind, symmetrical")
    words = [word for word in words if "=" not in word]
    if "then" not in words:
        raise CannotOrder("say: order FIRST then THEN")
    middle = words.index("then")
    first_action, first = _action_first(words[:middle])
    then_action, then = _action_first(words[middle + 1 :])
    symmetrical = check_boolean("symmetrical", options.get("symmetrical", "true")) == "true"
    return lambda state: constraints.order(
        state, first, then, desk.argv, first_action=first_action, then_action=then_action,
        kind=options.get("kind", "Mandatory"), symmetrical=symmetrical,
    )  # fmt: skip


@noun.verb("delete", "the same as remove", arg("ids", nargs="+"), changes=True)
@noun.verb("remove", "constraints go, by their ids", arg("ids", nargs="+"), changes=True)
def remove(desk: Desk) -> Change:
    def change(state: ClusterState) -> Proposal:
        return constraints.remove(state, desk.arguments.ids)

    return change


def _without_add(words: list[str]) -> list[str]:
    return words[1:] if words[0] == "add" else words


def _role_first(words: list[str]) -> tuple[str, list[str]]:
    if len(words) > 1 and words[0].lower() in ROLES:
        return words[0], words[1:]
    if not words:
        raise CannotOrder("name a resource on either side of 'with'")
    return "", words


def _action_first(words: list[str]) -> tuple[str, str]:
    if len(words) == 2 and words[0] in ACTIONS:
        return words[0], words[1]
    if len(words) != 1:
        raise CannotOrder(f"{' '.join(words) or 'nothing'}: name one resource, or ACTION RESOURCE")
    return "", words[0]
