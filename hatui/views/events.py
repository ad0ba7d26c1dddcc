"""Events: what happened, in sentences."""

from __future__ import annotations

from hatui.cluster.lists import events
from hatui.cluster.view import AS_IT_IS, View, heading

VIEW = View(
    "events", "5", "Events",
    lambda scene: events(scene.news, scene.today),
    "nothing has happened yet",
    "The log in sentences, the newest first; enter tells all of one.",
    lambda scene: heading("time", "", "", "what happened"),
    whole=True,
    lively=True,
    newest_first=True,
    orders=(AS_IT_IS, "oldest first", "worst first"),
)  # fmt: skip
