"""A causal chain as lines: times, durations as bars, and where the time went."""

from __future__ import annotations

from hatui.cluster.causes import Step
from hatui.cluster.chain import Chain
from hatui.cluster.clock import clock_fine, dated, span
from hatui.cluster.safe import fit
from hatui.cluster.spans import BLANK, Line, Span, wrap

BAR = 16
NARROW = 72


def chain_lines(
    chain: Chain | None, cells: int, ascii_only: bool = False, now: float = 0.0
) -> list[Line]:
    """Each at most `cells` wide; what is not over goes on until `now`."""
    if chain is None or not chain.steps:
        return wrap("the log that is here does not reach back to it", cells, "dim")
    waits = 0.0 if chain.settled else max(now - chain.steps[-1].at, 0.0)
    lines = [_heading(chain, cells, waits), BLANK]
    longest = max((s.at - b.at for b, s in _pairs(chain)), default=0.0)
    for number, step in enumerate(chain.steps):
        gone = step.at - chain.steps[number - 1].at if number else 0.0
        lines += _step(chain, number, gone, longest, cells, ascii_only)
    lines += [BLANK, (Span("where the time went", "accent"),), *_phases(chain, waits)]
    if chain.others:
        lines += [BLANK, (Span("from the same beginning", "accent"),)]
        for step in chain.others:
            after = f"after {span(step.at - chain.steps[0].at)}"
            lines.append((Span(f"  {fit(after, 16)}", "dim"), Span(step.sentence)))
    return lines


def _heading(chain: Chain, cells: int, waits: float) -> Line:
    total = span(max(chain.total, 0.0) + waits)
    date: Line = (Span(f"  {dated(chain.steps[0].at)}", "faint"),) if cells >= NARROW else ()
    if chain.over:
        return (Span(f"{total}", "title"), Span(" from beginning to end", "dim"), *date)
    if chain.settled:
        return (Span(f"{total}", "title"), Span(" until it was fenced", "dim"), *date)
    return (Span(f"{total} so far", "bad"), Span("  nothing answers again yet", "dim"), *date)


def _pairs(chain: Chain) -> list[tuple[Step, Step]]:
    return list(zip(chain.steps, chain.steps[1:], strict=False))


def _step(
    chain: Chain, number: int, gone: float, longest: float, cells: int, ascii_only: bool
) -> list[Line]:
    step = chain.steps[number]
    last = number == len(chain.steps) - 1
    ink = "bad" if step.bad else "good" if last and chain.over else "text"
    bar = ("#" if ascii_only else "█") * round(BAR * gone / longest) if longest > 0 else ""
    took = f"+{span(max(gone, 0.0))}" if number else ""
    narrow = cells < NARROW
    head: Line = (
        Span(f"{clock_fine(step.at)}  ", "dim"), Span(f"{took:>8}  "),
        *(() if narrow else (Span(f"{bar:<{BAR}}  ", "warn"),)),
    )  # fmt: skip
    taken = 23 if narrow else 25 + BAR
    phase = f"{step.phase}: " if step.phase and number else ""
    told = wrap(f"{phase}{step.sentence}", max(cells - taken, 16), ink)
    blank = Span(" " * taken)
    return [(*head, *told[0]), *[(blank, *line) for line in told[1:]]]


def _phases(chain: Chain, waits: float) -> list[Line]:
    total = chain.total + waits or 1.0
    phases = sorted((*chain.phases, ("waiting still", waits)), key=lambda one: -one[1])
    return [
        (Span(f"  {fit(name, 22)}"), Span(f"{span(seconds):>8}"),
         Span(f"{100 * seconds / total:>5.0f} %", "dim"))
        for name, seconds in phases if seconds > 0
    ]  # fmt: skip
