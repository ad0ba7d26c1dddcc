"""`hanode simulate`: what the policy engine would do with a CIB, without doing it.

arguments.py  the command line, in the words of crm_simulate's users
source.py     where the CIB comes from: files, stdin, a live node
what_if.py    what is made to happen before the decision (--node-fail, --op-inject, ...)
command.py    one CIB through it all, and the exit codes
picture.py    the cluster's state in words
dot.py        the transition as a graph for Graphviz
"""

from __future__ import annotations

from hanode.simulate.command import main

__all__ = ["main"]
