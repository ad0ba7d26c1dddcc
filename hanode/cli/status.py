"""`hanode status`: the console's own one-shot picture of this node's cluster.

The console is the floor above; so its program takes this one's place.
"""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from typing import NoReturn

from hanode.cli.desk import Desk
from hanode.cli.exits import USAGE, Failed


def main(argv: list[str], config_path: str) -> int:
    outputs = {(): "text", ("--json",): "json", ("--xml",): "xml"}
    output = outputs.get(tuple(argv))
    if output is None:
        helps = argv in (["-h"], ["--help"])
        print("usage: hanode status [--json | --xml]", file=sys.stdout if helps else sys.stderr)
        return 0 if helps else USAGE
    try:
        socket = Desk(config_path, ["status"], Namespace()).socket
    except Failed as error:
        print(f"hanode status: {error}", file=sys.stderr)
        return error.code
    sys.stdout.flush()
    return _become([sys.executable, "-m", "hatui", "--once", "--output", output, socket])


def _become(command: list[str]) -> NoReturn:
    os.execv(command[0], command)
