"""All that a view may be drawn from: a moment, and what the console has gathered around it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from hatui.cluster.draw import UNICODE, Signs
from hatui.cluster.moment import Moment
from hatui.cluster.news import News
from hatui.cluster.standing import Wire


class Scene(NamedTuple):
    """What is known when a view is drawn, and how much room there is for it."""

    moment: Moment
    news: Sequence[News] = ()
    wire: Wire = Wire()
    cells: int = 80
    """Width of the view: for bars and grids, which fill what is left."""
    signs: Signs = UNICODE
