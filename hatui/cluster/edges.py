"""What stands above and below an order's preview: what is going on, which keys count."""

from __future__ import annotations

from hatui.cluster.course import BETWEEN, GIVING, OVER, RUNNING, THINKING, Course
from hatui.cluster.safe import clean
from hatui.cluster.spans import Line, Span, fit_line

_NAMES = {GIVING: "RUNNING", RUNNING: "RUNNING", BETWEEN: "RUNNING", OVER: "DONE"}
_INKS = {"DONE": "tab", "NOT POSSIBLE": "tab", "FAILED": "alarm", "HALF DONE": "alarm",
         "NOT KNOWN": "alarm"}  # fmt: skip


def banner(course: Course, now: float, cells: int) -> Line:
    """In reverse video while nothing is settled."""
    name = _NAMES.get(course.phase, "WHAT IF" if course.order.hypothetical else "PREVIEW")
    if course.phase == OVER and not course.given:
        name = "NOT POSSIBLE"
    if course.phase == OVER and course.unsure:
        name = "NOT KNOWN"
    if course.phase == OVER and course.to_come:
        name = "HALF DONE"
    if course.phase == OVER and course.failures:
        name = "FAILED"
    ink = _INKS.get(name, "stale")
    progress = course.progress(now)
    label = clean(course.order.label)
    half = " (second half)" if course.half > 1 and course.phase != OVER else ""
    return fit_line(
        (Span(f" {name} ", ink), Span(f"  {label}{half}", "title"), Span(f"  {progress}", "busy")),
        cells,
    )


def keys(course: Course) -> Line:
    """The line at the bottom."""
    if course.phase in (RUNNING, GIVING, BETWEEN):
        return (Span("  esc", "key"), Span(" leave it: it goes on by itself", "dim"))
    if course.phase == OVER:
        return (Span("  esc", "key"), Span(" back", "dim"))
    rest: Line = (
        Span("    esc", "key"), Span(" leave it", "dim"), Span("    1 2", "key"),
        Span(" resources, nodes", "dim"), Span("    tab", "key"), Span(" plan", "dim"),
    )  # fmt: skip
    return (*_yes(course), *rest)


def _yes(course: Course) -> Line:
    if course.phase == THINKING:
        return (Span("  thinking", "busy"),)
    if course.order.hypothetical:
        return (Span("  a question only: nothing is ordered", "dim"),)
    if course.level >= 3:
        name = clean(course.order.object)
        return (Span("  type ", "bad"), Span(name, "title"), Span(" and enter", "bad"))
    key = "enter" if course.level == 1 else "y"
    return (Span(f"  {key}", "key"), Span(" do it", "dim"))
