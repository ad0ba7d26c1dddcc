"""What an ordering between two actions means, as flags that may be joined.

Every ordering says "not before"; the flags say what the need for, or the failing of, one
action does to the other. `settle` is the only place that acts on them.
"""

from __future__ import annotations

ORDERED = 1  # a mere sequence, if both happen at all
FIRST_IMPLIES_THEN = 2  # if the first is needed, so is the second
THEN_IMPLIES_FIRST = 4  # if the second is needed, so is the first
PROMOTED_THEN_IMPLIES_FIRST = 8  # the same, where the second's resource is promoted now
UNRUNNABLE_BLOCKS = 16  # if the first can't be run, nor can the second
MIN_RUNNABLE = 32  # enough of several firsts must be runnable
SERIALIZE = 64  # one at a time, in either order
SAME_NODE = 128  # only if both are on one node
INTERMEDIATE_STOP = 256  # stop and start of one resource: what breaks one needs the other
GRAPH_THEN = 512  # a needed first takes the second along, without making it needed
GRAPH_FIRST = 1024  # a needed second takes the first along, without making it needed
ASYMMETRIC = 2048  # says nothing about a second that is in its wanted state already
KEPT = 4096  # holds even for the stop at the end of a migration
BLOCKS_ALONE = 8192  # if the first is needed and can't run, nor can the second; no sequence

MANDATORY_START = FIRST_IMPLIES_THEN | UNRUNNABLE_BLOCKS
