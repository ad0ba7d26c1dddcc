"""How the console hangs on a cluster: lines that outlast its nodes, and a policy engine to ask."""
