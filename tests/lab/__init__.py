"""Real hosts, as far as one machine can have them: namespaces, a bridge, a power strip (root)."""
