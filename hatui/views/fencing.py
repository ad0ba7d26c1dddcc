"""Fencing, past and pending: who was shot, by whom, with what proof."""

from __future__ import annotations

from hatui.cluster.lists import fencing
from hatui.cluster.view import AS_IT_IS, View, heading

VIEW = View(
    "fencing", "7", "Fencing",
    lambda scene: fencing(scene.moment, scene.today),
    "no node has been fenced",
    "Each fencing with its device, its proof and how long it took, the newest first.",
    lambda scene: heading("node", "outcome", "at", "action, by whom, proof, reason"),
    count=lambda scene: len(scene.moment.state.intents),
    alarm="bad",
    orders=(AS_IT_IS, "worst first", "name"),
)  # fmt: skip
