"""Constraints and bans: what binds resources to nodes and to each other."""

from __future__ import annotations

from hatui.cluster.constraints import constraints, leftover_count
from hatui.cluster.view import AS_IT_IS, View, heading

VIEW = View(
    "constraints", "8", "Constraints",
    constraints,
    "nothing binds any resource",
    "What moves and bans have left behind comes first, with its end; u clears those of the "
    "resource under the cursor. Then every constraint of the configuration, by kind.",
    lambda scene: heading("resource", "how", "what, where", "how strongly, until when, id"),
    count=leftover_count,
    alarm="accent",
    whole=True,
    orders=(AS_IT_IS, "name", "node"),
)  # fmt: skip
