"""How agents' commands are read, how far their orders reach, and with what they end."""

from __future__ import annotations

import argparse
import os
from typing import NoReturn

from hanode.cli.change import send
from hanode.cli.desk import Desk
from hanode.cli.exits import USAGE, Failed
from hanode.cli.noun import Change
from hanode.mgmt.proposal import NothingToDo
from hanode.mgmt.switches import NODE_SWITCHES

OK, FAILED, NOT_FOUND = 0, 1, 105


class Words(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.exit(USAGE, f"{self.prog}: {message}; not known to this stand-in of hanode\n")


def within_reach(node: str, name: str = "", lasting: bool = False) -> None:
    """What agents on a remote node change, they change of that node alone: whoever holds that
    machine holds no member by it, nor has it fenced or kept out of service. Raises Failed."""
    remote = os.environ.get("HANODE_REMOTE", "")
    if not remote:
        return
    if node != remote:
        raise Failed(f"an agent on remote node {remote} can't change anything of {node}")
    if name == "terminate" or (lasting and name in NODE_SWITCHES):
        raise Failed(f"an agent on a remote node can't set {name}; that is left to people")


def commit(desk: Desk, change: Change) -> None:
    """Done once it is in the log; what is so already needs nothing."""
    try:
        send(change, change(desk.state), desk)
    except NothingToDo:
        return
