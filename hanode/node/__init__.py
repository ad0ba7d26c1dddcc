"""A node's mind: all parts put together, one short reaction per fact, in visible order.

`node` holds the parts, in the order in which they react; `doors` brings each input to the part that
it concerns; `folding` makes the committed log the state, and `reactions` tells who must know of it.
Beside them, each a part with one concern:

its own         facts, proposals (what it states), hands (its LRM), remotes (remote nodes),
                heart_news (what its heartbeat says), ailing (its disk), snapshots (of its log)
who belongs     roll, voters, enrolment, founding
as the DC       coordination, hearing (before it decides), walking (what was decided), orders
fencing         shooting, fence_orders, fence_results, fencing_limits, unfencing, time_bound
                (where it is disabled)
left alone      isolation (without quorum), survivor and importance (two nodes alone)
for people      desk, commands, subscribers, pulse
"""

from hanode.node.founding import found
from hanode.node.node import Node

__all__ = ["Node", "found"]
