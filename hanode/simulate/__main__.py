"""`python -m hanode.simulate`: the command without its front door."""

from __future__ import annotations

import sys

from hanode.simulate.command import main

raise SystemExit(main(sys.argv[1:]))
