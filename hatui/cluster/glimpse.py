"""One of several clusters, as far as the console has seen it."""

from __future__ import annotations

from typing import NamedTuple

from hatui.cluster.moment import Moment
from hatui.cluster.wire import Wire


class Glimpse(NamedTuple):
    """What is known of one context."""

    name: str
    moment: Moment = Moment()
    wire: Wire = Wire()
    current: bool = False
    prod: bool = False
    readonly: bool = False
