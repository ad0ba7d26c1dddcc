"""Links and beliefs: who hears whom, and what each node holds to be true."""

from __future__ import annotations

from hatui.cluster.link_rows import links, trouble
from hatui.cluster.view import AS_IT_IS, View, heading

VIEW = View(
    "links", "B", "Links",
    links,
    "no node has said anything yet",
    "What every node believes of the DC, of quorum and of the log, by its own word where the "
    "console can ask it. In a split each side has a column of its own, or a section where there is "
    "no room. Below: round trip and loss of each line, as they were lately.",
    lambda scene: heading("node", "state"),
    headed=False,
    count=trouble,
    alarm="bad",
    whole=True,
    lively=True,
    orders=(AS_IT_IS, "worst first"),
)  # fmt: skip
