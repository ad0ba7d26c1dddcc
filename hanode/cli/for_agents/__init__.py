"""What agents ask of the whole cluster through crm_attribute, crm_node, crm_resource and their kin.

The usual question, an attribute of the agent's own node until its reboot, never comes here: the
LRM answers it (hanode/agents/lib/attribute_tool.py). What these commands can do beyond this is
refused by name.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable

from hanode.cli.desk import Desk
from hanode.cli.exits import Failed
from hanode.cli.for_agents import attributes, resources
from hanode.cli.for_agents.words import FAILED
from hanode.cli.line import Refusal
from hanode.mgmt.proposal import CannotOrder


def main(argv: list[str]) -> int:
    tool, *words = argv
    node = os.environ.get("HANODE_NODE", "")
    desk = Desk(os.environ.get("HANODE_CONFIG", ""), [tool, *words], argparse.Namespace())
    try:
        return TOOLS[tool](desk, node, words)
    except (CannotOrder, Refusal, Failed) as error:
        print(f"{tool}: {error}", file=sys.stderr)
        return FAILED
    finally:
        desk.close()


TOOLS: dict[str, Callable[[Desk, str, list[str]], int]] = {
    "crm_attribute": attributes.attribute,
    "crm_master": attributes.attribute,
    "attrd_updater": attributes.attribute,
    "crm_node": resources.node,
    "crm_resource": resources.resource,
}
