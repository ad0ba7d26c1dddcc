"""Executes a decision, in order, in parallel where it may.

Invariant: the TE never decides. It walks the graph that the PE gave it, and stops walking when
it is told that the world has changed.
"""

from hanode.te.walk import Walk

__all__ = ["Walk"]
