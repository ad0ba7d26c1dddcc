"""Resources as a tree: what is configured, how it is, where it runs."""

from __future__ import annotations

from hatui.cluster.resource_tree import resource_tree
from hatui.cluster.slowness import with_slow
from hatui.cluster.view import View, heading

VIEW = View(
    "resources", "1", "Resources",
    lambda scene: with_slow(resource_tree(scene.moment), scene.slow),
    "no resource is configured yet: hanode resource create ...",
    "Groups, clones and bundles with what is in them. Branches with a fault are open; what is well "
    "is folded when there is no room for all.",
    lambda scene: heading("resource", "state", "runs on", "what to know"),
)  # fmt: skip
