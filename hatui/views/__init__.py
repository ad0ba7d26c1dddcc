"""The views, each a file of its own; a new one is a file here and a line in VIEWS."""

from hatui.cluster.view import View
from hatui.views import (
    clusters,
    constraints,
    events,
    failures,
    fencing,
    links,
    matrix,
    nodes,
    resources,
    transitions,
)

VIEWS: tuple[View, ...] = (
    resources.VIEW, nodes.VIEW, matrix.VIEW, failures.VIEW, events.VIEW, transitions.VIEW,
    fencing.VIEW, constraints.VIEW, clusters.VIEW, links.VIEW,
)  # fmt: skip


def view_of(name: str) -> View:
    return next(view for view in VIEWS if view.name == name)
