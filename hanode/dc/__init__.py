"""Who coordinates, and one order of events on every node: Raft's rules over our log.

Start reading at `election.py` (how a DC comes to be), then `replication.py` (how its log becomes
everybody's), `following.py` (what they do with it), `tally.py` (what counts as a majority, witness
included) and `log.py`.
Source of the rules: Ongaro, "Consensus: Bridging Theory and Practice" (2014), with pre-vote,
check-quorum and leader stickiness; what differs for leases and for the witness are our cluster
rules 3 and 4 (ARCHITECTURE.md).

Invariant: nothing here knows what an event means; the fold does.
"""

from hanode.dc.consensus import Consensus
from hanode.dc.log import Log

__all__ = ["Consensus", "Log"]
