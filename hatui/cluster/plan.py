"""The panel beside a preview: what is done in which order, what is left, the same by command."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hanode.mgmt.proposal import Proposal
from hatui.cluster.clock import span
from hatui.cluster.draw import Signs
from hatui.cluster.preview import Preview
from hatui.cluster.safe import clean, width
from hatui.cluster.spans import BLANK, Line, Span, width_of, wrap
from hatui.cluster.steps import DONE, FAILED, SPARED, WAITING, Step

SHOWN = 40
"""Steps that are listed; of more, the number."""


def plan(
    proposal: Proposal,
    shown: Preview,
    states: Mapping[Step, str],
    cells: int,
    signs: Signs,
    details: Sequence[str] = (),
    tight: bool = False,
) -> list[Line]:
    """The lines, each at most `cells` wide; `tight` for where rows are dear."""
    steps, sentence, command = shown.steps, proposal.sentence, proposal.command
    gap = [] if tight else [BLANK]
    first, dot, rest = clean(sentence).partition(". ")
    lines = wrap(first + dot.strip(), cells, "title")
    lines += [] if tight else wrap(rest, cells, "dim")
    lines += _details(details, cells, gap)
    lines += gap
    for one in shown.remains:
        lines += wrap(one.text, cells, one.ink)
    lines += [*gap, *_heading(shown)]
    if not steps:
        lines.append((Span("nothing is to be started or stopped", "dim"),))
    current = next((s.wave for s in steps if states.get(s, WAITING) == WAITING), 0)
    for step in steps[:SHOWN]:
        lines += _step(step, states, current, cells, signs)
    if len(steps) > SHOWN:
        lines.append((Span(f"and {len(steps) - SHOWN} more", "dim"),))
    if command:
        lines += [*gap, (Span("the same by command", "accent"),)]
        lines += wrap(clean(command), cells, "dim", "  ")
    return lines


def _heading(shown: Preview) -> list[Line]:
    """In which order, and how long it takes if all goes as it usually goes."""
    if not shown.takes:
        return [(Span("in this order", "accent"),)]
    unknown = sum(1 for step in shown.steps if step.takes is None)
    more = f", {unknown} unknown" if unknown else ""
    return [(Span("in this order", "accent"), Span(f"  about {span(shown.takes)}{more}", "dim"))]


def _details(details: Sequence[str], cells: int, gap: list[Line]) -> list[Line]:
    """A diff, as it is read everywhere."""
    lines: list[Line] = [*gap] if details else []
    for text in details[2:]:
        ink = {"+": "added", "-": "removed", "@": "accent"}.get(text[:1], "dim")
        lines += wrap(f"{text[:1]} {clean(text[1:].strip())}", cells, ink, "    ")
    return lines


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
    takes = f"{span(step.takes)}  " if step.takes is not None else ""
    told = (Span(f"{sign} ", ink), Span(f"{verb} ", _verb(verb)), Span(f"{rest}  "),
            Span(takes, "faint"))  # fmt: skip
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
