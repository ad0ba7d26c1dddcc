"""The panel beside a preview: what is done in which order, what is left, the same by command."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hatui.cluster.draw import Signs
from hatui.cluster.safe import clean, width
from hatui.cluster.spans import BLANK, Line, Span, width_of, wrap
from hatui.cluster.steps import DONE, FAILED, SPARED, WAITING, Step

SHOWN = 40
"""Steps that are listed; of more, the number."""


def plan(
    sentence: str,
    steps: Sequence[Step],
    states: Mapping[Step, str],
    remains: Sequence[Span],
    command: str,
    cells: int,
    signs: Signs,
    tight: bool = False,
) -> list[Line]:
    """The lines, each at most `cells` wide; `tight` for where rows are dear."""
    gap = [] if tight else [BLANK]
    first, dot, rest = clean(sentence).partition(". ")
    lines = wrap(first + dot.strip(), cells, "title")
    lines += [] if tight else wrap(rest, cells, "dim")
    lines += gap
    for span in remains:
        lines += wrap(span.text, cells, span.ink)
    lines += [*gap, (Span("in this order", "accent"),)]
    if not steps:
        lines.append((Span("nothing is to be started or stopped", "dim"),))
    current = next((s.wave for s in steps if states.get(s, WAITING) == WAITING), 0)
    for step in steps[:SHOWN]:
        lines += _step(step, states, current, cells, signs)
    if len(steps) > SHOWN:
        lines.append((Span(f"and {len(steps) - SHOWN} more", "dim"),))
    lines += [*gap, (Span("the same by command", "accent"),)]
    return lines + wrap(clean(command), cells, "dim", "  ")


def _step(
    step: Step, states: Mapping[Step, str], current: int, cells: int, signs: Signs
) -> list[Line]:
    sign, ink = _SIGNS[states.get(step, WAITING)]
    if not states:
        sign, ink = f"{step.wave:>2}", "faint"
    elif states.get(step, WAITING) == WAITING and step.wave == current:
        sign, ink = " ◌", "busy"
    if signs.ascii_only:
        sign = _PLAIN.get(sign, sign)
    verb, _, rest = step.sentence.partition(" ")
    reason = step.reason if not states else ""
    told = (Span(f"{sign} ", ink), Span(f"{verb} ", _verb(verb)), Span(f"{rest}  "))
    if width_of(told) + width(reason) <= cells:
        return [(*told, Span(reason, "faint"))]
    return [told, *[(Span("     "), *line) for line in wrap(reason, cells - 5, "faint")]]


_SIGNS = {
    WAITING: (" ·", "faint"),
    DONE: (" ●", "good"),
    FAILED: (" ✖", "bad"),
    SPARED: (" -", "faint"),
}
_PLAIN = {" ·": " .", " ●": " *", " ✖": " X", " ◌": " >"}
_VERBS = {"stop": "removed", "demote": "removed", "start": "added", "promote": "added",
          "fence": "bad"}  # fmt: skip


def _verb(verb: str) -> str:
    return _VERBS.get(verb, "moved")
