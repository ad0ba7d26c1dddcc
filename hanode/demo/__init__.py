"""A small cluster of real parts on one machine, with a power strip to pull its plugs."""
