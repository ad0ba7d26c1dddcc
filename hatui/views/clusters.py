"""Clusters: every context of the configuration, as it stands now."""

from __future__ import annotations

from hatui.cluster.fleet import clusters, in_trouble
from hatui.cluster.view import AS_IT_IS, View, heading

VIEW = View(
    "clusters", "9", "Clusters",
    clusters,
    "no context is configured: ~/.config/hatui/config.toml",
    "Each context of hatui's configuration, watched from when this view is first opened; enter "
    "goes there.",
    lambda scene: heading("context", "state", "", "how it stands"),
    count=in_trouble,
    alarm="bad",
    whole=True,
    lively=True,
    orders=(AS_IT_IS, "worst first", "name"),
)  # fmt: skip
