"""Why a resource is where it is: the score of every node, added up from its reasons."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from hanode.pe.overview import ResourceView
from hanode.transition import Contribution
from hatui.cluster.moment import Moment, base_of
from hatui.cluster.safe import clean, fit, width
from hatui.cluster.scores import Scores
from hatui.cluster.spans import BLANK, Line, Span, wrap

INFINITY = 1_000_000


def amount(score: int) -> str:
    """A score as the field writes it."""
    if score >= INFINITY:
        return "INFINITY"
    return "-INFINITY" if score <= -INFINITY else f"{score:+d}" if score else "0"


def why(
    moment: Moment, resource: str, cells: int, brief: bool = False, sign: str = "●"
) -> list[Line]:
    """The waterfall of each node, best first; `brief`: sums, each with its weightiest reason."""
    scores = moment.scores
    if scores is None:
        return [(Span("asking the policy engine", "dim"),)]
    names = _keys(moment, scores, resource)
    if brief:
        names = names[:1]
    if not names:
        return [(Span("the policy engine placed nothing under this name", "dim"),)]
    lines: list[Line] = []
    for name in names:
        if len(names) > 1:
            lines += [BLANK] if lines else []
            lines.append((Span(clean(name), "title"),))
        lines += _placement(moment, scores, name, cells, brief, sign)
    if not brief:
        lines += _blocked(scores, resource, cells)
    return lines


def _placement(
    moment: Moment, scores: Scores, name: str, cells: int, brief: bool, here_sign: str
) -> list[Line]:
    totals, parts = scores.reckoning(name)
    nodes = sorted({*totals, *parts}, key=lambda node: (-totals.get(node, 0), node))
    view = moment.views.get(name)
    here = view.nodes if view is not None else ()
    wide = max((width(clean(node, 24)) for node in nodes), default=0)
    lines: list[Line] = []
    for node in nodes:
        total = totals.get(node, 0)
        ink = "good" if node in here else "bad" if total < 0 else "text"
        sign, plain = (f"{here_sign} ", "good") if node in here else ("  ", "text")
        said = amount(total)
        lines.append(
            (Span(sign, plain), Span(fit(clean(node, 24), max(wide, 10)), plain),
             Span(" " * max(10 - len(said), 1)), Span(said, ink))
        )  # fmt: skip
        reasons = parts.get(node, [])
        for reason in _weightiest(reasons) if brief else reasons:
            lines += _reason(reason, cells)
    return lines


def _weightiest(reasons: Sequence[Contribution]) -> list[Contribution]:
    """The one that counts most; the first of several."""
    return [max(reasons, key=lambda reason: abs(reason.amount))] if reasons else []


def _reason(reason: Contribution, cells: int) -> list[Line]:
    wrapped = wrap(clean(reason.sentence), max(cells - 16, 16), "dim")
    first, rest = wrapped[:1], wrapped[1:]
    lines: list[Line] = [
        (Span(f"    {amount(reason.amount):>9}  ", "faint"), *line) for line in first
    ]
    return lines + [(Span(" " * 15), *line) for line in rest]


def _blocked(scores: Scores, resource: str, cells: int) -> list[Line]:
    lines: list[Line] = []
    for entry in scores.blocked:
        if base_of(entry.resource or "") == resource:
            said = f"{entry.operation} is blocked: {entry.reason}"
            lines += [BLANK, *wrap(clean(said), cells, "bad")]
    return lines


def _keys(moment: Moment, scores: Scores, resource: str) -> list[str]:
    """What the policy engine placed: the resource itself, its instances, or what is in it."""
    known = scores.names
    if resource in known:
        return [resource]
    instances = [name for name in known if base_of(name) == resource]
    if instances:
        return sorted(instances)
    within = {view.id for view in _leaves(moment.views.get(resource))}
    return [name for name in known if name in within]


def _leaves(view: ResourceView | None) -> list[ResourceView]:
    if view is None:
        return []
    return [leaf for child in view.children for leaf in _leaves(child)] or [view]


def why_lines(told: Iterable[str], cells: int) -> list[Line]:
    """The policy engine's own explanation (`hanode simulate --why`), in inks."""
    lines: list[Line] = []
    for text in told:
        said = text.strip()
        indent = len(text) - len(text.lstrip())
        ink = next((ink for start, ink in _STARTS if said.startswith(start)), "")
        if not said:
            lines.append(BLANK)
        elif indent >= 6:
            amount_, _, reason = said.partition("  ")
            head = Span(f"{amount_:>12}  ", "faint")
            _, _, sentence = reason.partition(": ")  # the sentence names its source
            first, *rest = wrap(clean(sentence or reason), max(cells - 14, 16), "dim") or [BLANK]
            lines += [(head, *first), *[(Span(" " * 14), *line) for line in rest]]
        else:
            lines += wrap(clean(said), cells, ink or ("title" if not indent else "accent"), "  ")
    return lines


_STARTS = (("Why not", "warn"), ("Why nowhere", "bad"), ("Why ", "good"))
