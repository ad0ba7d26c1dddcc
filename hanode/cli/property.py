"""`hanode property`: cluster options, and the defaults of resources and operations."""

from __future__ import annotations

from hanode.cib.xml import read_xml
from hanode.cli import table
from hanode.cli.desk import Desk
from hanode.cli.noun import Change, Noun, arg
from hanode.cli.pairs import pairs_of
from hanode.mgmt import options
from hanode.mgmt.elements import Operation
from hanode.mgmt.vocabulary import refuse_mistakes

noun = Noun("property", "options of the whole cluster", default="list")
PAIRS = arg("pairs", nargs="+", metavar="NAME=VALUE")
FORCE = arg("--force", action="store_true", help="even what isn't known")
SECTIONS = {
    "cluster": "crm_config",
    "resource defaults": "rsc_defaults",
    "operation defaults": "op_defaults",
}


def main(argv: list[str], config_path: str) -> int:
    return noun.main(argv, config_path)


@noun.verb("list", "what is set", arg("--json", action="store_true", help="print JSON"))
def show(desk: Desk) -> int:
    root = read_xml(desk.state.cib.encode())
    rows = [
        {"of": of, "name": pair.get("name", ""), "value": pair.get("value", "")}
        for of, section in SECTIONS.items()
        for pair in root.iterfind(f"configuration/{section}//nvpair")
    ]
    table.show(rows, desk.arguments.json, "no option is set; all are at their defaults")
    return 0


@noun.verb("options", "all options that there are, with the values that they take")
def known(desk: Desk) -> int:
    rows = [
        {"name": name, "takes": kind if isinstance(kind, str) else ", ".join(kind)}
        for name, kind in sorted(options.OPTIONS.items())
    ]
    table.show(rows, False, "")
    return 0


@noun.verb(
    "set", "NAME=VALUE...; NAME= takes one away", PAIRS, FORCE, changes=True,
)  # fmt: skip
def set_(desk: Desk) -> Change:
    pairs = pairs_of(desk.arguments.pairs)
    return lambda state: options.set_properties(state, pairs, desk.argv, desk.arguments.force)


@noun.verb("unset", "back to the default", arg("names", nargs="+"), changes=True)
def unset(desk: Desk) -> Change:
    pairs = dict.fromkeys(desk.arguments.names, "")
    return lambda state: options.set_properties(state, pairs, desk.argv)


@noun.verb("defaults", "of resources: NAME=VALUE...", PAIRS, FORCE, changes=True)
def resource_defaults(desk: Desk) -> Change:
    pairs = pairs_of(desk.arguments.pairs)
    if not desk.arguments.force:
        refuse_mistakes(pairs, ())
    return lambda state: options.set_defaults(state, "rsc_defaults", pairs, desk.argv)


@noun.verb("op-defaults", "of operations: NAME=VALUE...", PAIRS, FORCE, changes=True)
def operation_defaults(desk: Desk) -> Change:
    pairs = pairs_of(desk.arguments.pairs)
    if not desk.arguments.force:
        refuse_mistakes({}, (Operation("defaults", pairs),))
    return lambda state: options.set_defaults(state, "op_defaults", pairs, desk.argv)
