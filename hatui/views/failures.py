"""Failures that still count: what failed where, with the agent's own words."""

from __future__ import annotations

from hatui.cluster.lists import failures
from hatui.cluster.view import AS_IT_IS, View, heading

VIEW = View(
    "failures", "4", "Failures",
    lambda scene: failures(scene.moment, scene.today),
    "no failures: nothing is held against any resource",
    "Each failed operation that the cluster still holds against a resource, the newest first; C "
    "cleans it up.",
    lambda scene: heading("resource", "state", "node", "what failed, and the agent's words"),
    count=lambda scene: len(scene.moment.overview.failures),
    orders=(AS_IT_IS, "name", "node"),
)  # fmt: skip
