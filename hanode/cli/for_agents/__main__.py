"""`python -m hanode.cli.for_agents TOOL WORD...`: as the tools on an agent's PATH call it."""

from __future__ import annotations

import sys

from hanode.cli.for_agents import main

sys.exit(main(sys.argv[1:]))
