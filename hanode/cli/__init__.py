"""Commands: what pcs and crmsh users would type, over the node's own socket.

A verb that changes something gives a function from the state to a Proposal (hanode.mgmt.orders and
its neighbours); `change.py` then tries it, sends it, waits for it.
"""
