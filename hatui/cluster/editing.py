"""The configuration in an editor's hands: what is opened, and what became of it.

Nothing that was written is ever lost: a text that is no configuration is opened again as it is,
with what is wrong as a comment at its top.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from hanode.mgmt.proposal import CannotOrder
from hanode.mgmt.whole import checked, difference, pretty
from hanode.state import ClusterState
from hatui.cluster import errands
from hatui.cluster.order import Order
from hatui.cluster.safe import clean

_OPENING, _CLOSING = "<!-- hatui: ", " -->\n"
_NOTE = re.compile(re.escape(_OPENING) + r".*?" + re.escape(_CLOSING), re.DOTALL)


class Edited(NamedTuple):
    """What came back from the editor."""

    order: Order | None
    """To be previewed; None if there is nothing to order (yet)."""
    problem: str = ""
    """What is wrong with it; empty with no order: nothing was changed."""


def opened(state: ClusterState) -> str:
    """The text to be edited."""
    return pretty(state.cib)


def noted(text: str, problem: str) -> str:
    """The same text with the problem at its top, for another try."""
    safe = clean(problem, 2000).replace("--", "- -")
    return f"{_OPENING}{safe}{_CLOSING}{without_notes(text)}"


def without_notes(text: str) -> str:
    return _NOTE.sub("", text)


def closed(before: ClusterState, text: str) -> Edited:
    """What the operator means by this text, written on top of `before`."""
    try:
        xml, _ = checked(without_notes(text).encode())
        if not difference(before.cib, xml):
            return Edited(None)
    except CannotOrder as error:
        return Edited(None, str(error))
    return Edited(errands.edited(before.cib, before.version, xml))
