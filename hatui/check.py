"""`hatui check`: one line and performance data for monitoring systems.

Exit codes: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN (no node could be asked).
"""

from __future__ import annotations

from hatui.config import Context
from hatui.fetch import Unreachable
from hatui.once import take
from hatui.output.health import UNKNOWN, judge, line
from hatui.output.words import clean


def main(context: Context) -> int:
    """Ask once, judge, say it."""
    try:
        picture = take(context)
    except Unreachable as error:
        return unknown(str(error))
    health = judge(picture)
    print(line(health, picture))
    return health.level


def unknown(reason: str) -> int:
    print(f"CLUSTER UNKNOWN - {clean(reason).replace('|', '/')}")
    return UNKNOWN
