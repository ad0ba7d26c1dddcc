"""How a state looks: always a shape, a word and an ink together, so that none is needed alone.

Shapes differ from each other without any colour; each has an ASCII stand-in.
"""

from __future__ import annotations

from typing import NamedTuple


class Look(NamedTuple):
    word: str
    shape: str
    plain: str
    """The shape in ASCII."""
    ink: str
    rank: int = 0
    """How bad: 0 well, 1 deliberate or under way, 2 worth a look, 3 a fault."""


STARTED = Look("started", "●", "*", "good")
PROMOTED = Look("promoted", "◆", "M", "role")
UNPROMOTED = Look("unpromoted", "◇", "o", "good")
DISABLED = Look("disabled", "○", "-", "off", 1)
STOPPED = Look("stopped", "○", "-", "warn", 2)
FAILED = Look("failed", "✖", "X", "bad", 3)
BLOCKED = Look("blocked", "■", "#", "bad", 3)
DOUBT = Look("unclean", "▲", "?", "bad", 3)
PARTIAL = Look("partly", "◐", "%", "warn", 2)
BUSY = Look("pending", "◌", ">", "busy", 1)
ABSENT = Look("nowhere", "·", ".", "off")

ONLINE = Look("online", "●", "*", "good")
STANDBY = Look("standby", "◎", "=", "warn", 1)
MAINTENANCE = Look("maintenance", "◧", "+", "warn", 1)
JOINING = Look("joining", "◌", ">", "busy", 1)
LEAVING = Look("leaving", "◌", ">", "busy", 1)
OFFLINE = Look("offline", "○", "-", "warn", 2)
UNHEARD = Look("not heard", "▲", "?", "bad", 3)
FENCING = Look("fencing", "▲", "!", "bad", 3)
UNFENCED = Look("not fenced", "▲", "!", "bad", 3)
UNCLEAN = Look("UNCLEAN", "✖", "X", "bad", 3)
GROUPED = Look("", " ", " ", "text")
ROLES = {"Started": STARTED, "Promoted": PROMOTED, "Unpromoted": UNPROMOTED}


def shape(look: Look, ascii_only: bool) -> str:
    return look.plain if ascii_only else look.shape


def worst(looks: list[Look], otherwise: Look = STARTED) -> Look:
    """The look to sum others up with."""
    return max(looks, key=lambda look: look.rank) if looks else otherwise
