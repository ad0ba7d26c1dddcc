"""A node's mind: all parts put together, one short reaction per fact, in visible order.

`node.py` is the door and the order of reactions. Beside it, each a part with one concern:
`facts` (what this node states), `hands` (its LRM), `coordination` (what a DC does), `walking`
(its orders and their answers), `shooting` (fencing, as the DC sees to it), `time_bound` (without
it), `survivor` (two nodes alone), `isolation` (what a node does without quorum), `desk` (consoles
and commands), `founding` (how a cluster's first log is born).
"""

from hanode.node.founding import found
from hanode.node.node import Node

__all__ = ["Node", "found"]
