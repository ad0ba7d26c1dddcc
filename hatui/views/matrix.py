"""Resources against nodes: a grid of what runs where, and where it may not."""

from __future__ import annotations

from hatui.cluster.matrix import matrix, matrix_heading
from hatui.cluster.view import View

VIEW = View(
    "matrix", "3", "Matrix",
    matrix,
    "no resource is configured yet: hanode resource create ...",
    "A row for each resource, a column for each node. A dot: it may run there; a cross: a "
    "constraint or a score keeps it away; an empty cell: the node takes nothing. < and > go "
    "sideways where there are more nodes than columns.",
    matrix_heading,
    headed=True,
    orders=("as it is", "worst first", "name"),
)  # fmt: skip
