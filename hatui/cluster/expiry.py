"""When a constraint ends by itself: its rules say so."""

from __future__ import annotations

from datetime import UTC, datetime

from hanode.cib.configuration import DateExpression, Location, Rule


def expiry(constraint: Location) -> float:
    """When it ends by itself; 0 for never."""
    ends = [end for rule in constraint.rules for end in _ends(rule)]
    return min(ends, default=0.0)


def _ends(rule: Rule) -> list[float]:
    found: list[float] = []
    for condition in rule.conditions:
        if isinstance(condition, Rule):
            found += _ends(condition)
        elif isinstance(condition, DateExpression) and condition.end:
            found += _seconds(condition.end)
    return found


def _seconds(text: str) -> list[float]:
    """ISO 8601, UTC where nothing is said; nothing for what can't be read."""
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError:
        return []
    return [(at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()]
