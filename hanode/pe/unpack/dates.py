"""Whether a date expression holds now.

Times without a zone are UTC. A moment before the start or at and after the end is
outside; a missing start or end leaves that side open.
"""

from __future__ import annotations

import calendar
import datetime as dt

from hanode.cib.configuration import DateExpression

_SPAN = ("years", "months", "weeks", "days", "hours", "minutes", "seconds")


def date_holds(expression: DateExpression, now: float) -> bool:
    """Whether `now` (epoch seconds) fits."""
    moment = dt.datetime.fromtimestamp(now, dt.UTC)
    start, end = read_time(expression.start), read_time(expression.end)
    if expression.operation == "date_spec":
        return expression.spec is not None and _matches(dict(expression.spec), moment)
    if expression.operation == "gt":
        return start is not None and moment > start
    if expression.operation == "lt":
        return end is not None and moment < end
    if start is None and expression.start:
        return False
    if start is not None and expression.duration is not None and end is None:
        end = later(start, dict(expression.duration))
    if end is None and expression.end:
        return False
    if start is None and end is None:
        return False
    return (start is None or moment >= start) and (end is None or moment <= end)


def read_time(text: str) -> dt.datetime | None:
    """An ISO 8601 time; None when it is none."""
    text = text.strip()
    if not text:
        return None
    try:
        found = dt.datetime.fromisoformat(_tidy(text))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=dt.UTC)


def _tidy(text: str) -> str:
    """What people write: a blank before the zone, no seconds, a one-digit offset."""
    parts = text.split()
    if len(parts) > 1 and parts[-1][:1] in "+-Z":
        return "T".join(parts[:-1]) + parts[-1]
    return "T".join(parts)


def later(start: dt.datetime, span: dict[str, str]) -> dt.datetime:
    """`start` plus a duration; months and years by the calendar."""
    amounts = {name: _int(span.get(name)) for name in _SPAN}
    month = start.month - 1 + amounts["months"] + 12 * amounts["years"]
    year = min(max(start.year + month // 12, 1), 9999)
    month = month % 12 + 1
    day = min(start.day, calendar.monthrange(year, month)[1])
    moved = start.replace(year=year, month=month, day=day)
    try:
        return moved + dt.timedelta(
            weeks=amounts["weeks"],
            days=amounts["days"],
            hours=amounts["hours"],
            minutes=amounts["minutes"],
            seconds=amounts["seconds"],
        )
    except OverflowError:
        return dt.datetime.max.replace(tzinfo=dt.UTC)


def _int(text: str | None) -> int:
    try:
        return max(-(10**9), min(10**9, int(text or 0)))
    except ValueError:
        return 0


def _matches(spec: dict[str, str], moment: dt.datetime) -> bool:
    week = moment.isocalendar()
    fields = {
        "seconds": moment.second,
        "minutes": moment.minute,
        "hours": moment.hour,
        "monthdays": moment.day,
        "weekdays": week.weekday,
        "yeardays": moment.timetuple().tm_yday,
        "months": moment.month,
        "weeks": week.week,
        "years": moment.year,
        "weekyears": week.year,
    }
    return all(name not in spec or _within(spec[name], value) for name, value in fields.items())


def _within(ranges: str, value: int) -> bool:
    """`1-5,7`: in any of them; open at a side that isn't written."""
    for part in ranges.split(","):
        low, dash, high = part.strip().partition("-")
        if not dash:
            high = low
        if (low and not low.isdecimal()) or (high and not high.isdecimal()):
            continue
        if (not low or value >= int(low[:18])) and (not high or value <= int(high[:18])):
            return True
    return False
