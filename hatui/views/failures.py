"""Alarms that are in force, then failures that still count, with the agent's own words."""

from __future__ import annotations

from hatui.cluster.lists import alarms, failures
from hatui.cluster.view import AS_IT_IS, View, heading

VIEW = View(
    "failures", "4", "Failures",
    lambda scene: (*alarms(scene.moment, scene.today), *failures(scene.moment, scene.today)),
    "no failures: nothing is held against any resource",
    "What only a person can settle; then each failed operation that the cluster still holds "
    "against a resource, the newest first; C cleans it up.",
    lambda scene: heading("resource", "state", "node", "what failed, and the agent's words"),
    count=lambda scene: len(scene.moment.overview.failures) + len(scene.moment.alarms),
    orders=(AS_IT_IS, "name", "node"),
)  # fmt: skip
