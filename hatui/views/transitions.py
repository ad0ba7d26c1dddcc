"""Transitions as a Gantt chart: what the cluster did, does, and how long it should take."""

from __future__ import annotations

from hatui.cluster.gantt import transitions
from hatui.cluster.view import AS_IT_IS, View, heading

VIEW = View(
    "transitions", "6", "Transitions",
    transitions,
    "the cluster has not had to do anything yet",
    "Each walk of the transition engine, the newest first. Solid bars are what was; dotted ones "
    "what is expected, by this very resource's own past. Probes and monitors are left out.",
    lambda scene: heading("began", "state", "node", "over time"),
    count=lambda scene: int(scene.moment.state.transition is not None),
    alarm="busy",
    whole=True,
    lively=True,
    orders=(AS_IT_IS, "oldest first"),
)  # fmt: skip
