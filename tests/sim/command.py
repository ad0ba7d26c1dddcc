"""`python -m tests sim`: many seeds, on all cores, and what they came to."""

from __future__ import annotations

import argparse
import hashlib
import math
import os
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from multiprocessing import get_context

from tests.sim import mutants
from tests.sim.options import BOUNDED, FAULTS, SHAPES
from tests.sim.promises import table
from tests.sim.simulator import MINUTES, Outcome, simulate

Job = tuple[int, str, float, tuple[str, ...], bool, bool, str]


def main(argv: list[str]) -> int:
    """The exit status: 0 only if no seed found a violation (of a mutant: if each was found)."""
    options = _arguments(argv)
    if options.coverage:
        from tests.sim.breadth import measure

        return measure(options.seed, options.seeds)
    if options.table:
        print(table())
        return 0
    classes = BOUNDED if options.no_fencing else FAULTS
    faults = tuple(options.faults.split(",")) if options.faults else classes
    unknown = [name for name in faults if name not in FAULTS]
    if unknown:
        print(f"no faults of class {unknown[0]!r}; there are: {', '.join(FAULTS)}", file=sys.stderr)
        return 64
    if options.mutant:
        return _hunt(options, faults)
    if options.trace:
        return _replay(options, faults)
    return _many(options, faults)


def _arguments(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m tests sim", description=__doc__)
    parser.add_argument("--nodes", default="3", choices=SHAPES, help="2w: two and a witness")
    parser.add_argument("--seed", type=int, default=1, help="the first seed")
    parser.add_argument("--seeds", type=int, default=1, help="how many")
    parser.add_argument("--hours", type=float, default=0.0, help="as many seeds as it takes")
    parser.add_argument("--minutes", type=float, default=MINUTES, help="of faults, per seed")
    parser.add_argument("--faults", default="", help="only these classes, joined by commas")
    parser.add_argument("--dense", action="store_true", help="none of these is ever left out")
    parser.add_argument("--no-fencing", action="store_true", help="stonith-enabled=false")
    parser.add_argument("--trace", action="store_true", help="print what happens in one seed")
    parser.add_argument("--wordy", action="store_true", help="... with what the parts say")
    parser.add_argument("--table", action="store_true", help="which faults, which invariants")
    parser.add_argument(
        "--coverage", action="store_true", help="branches reached by so many seeds of each kind"
    )
    parser.add_argument("--mutant", default="", help="plant this bug (or all) and find it")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes")
    return parser.parse_args(argv)


# ------------------------------------------------------------------------------------- many seeds


def _many(options: argparse.Namespace, faults: tuple[str, ...]) -> int:
    count = options.seeds
    if options.hours:
        count = math.ceil(options.hours * 60 / options.minutes)  # each lives longer than that
    seeds = range(options.seed, options.seed + count)
    fencing = not options.no_fencing
    jobs = [
        (seed, options.nodes, options.minutes, faults, fencing, options.dense, "") for seed in seeds
    ]
    outcomes = []
    for outcome in _outcomes(jobs, options.jobs):
        outcomes.append(outcome)
        if outcome.violation:
            _report(outcome, options)
    _counts("faults", [outcome.faults for outcome in outcomes])
    _counts("reached", [outcome.reached for outcome in outcomes])
    print(_summary(outcomes))
    return 1 if any(outcome.violation for outcome in outcomes) else 0


def _outcomes(jobs: list[Job], processes: int) -> Iterator[Outcome]:
    """In the order of the seeds, so that the digest over all is always the same."""
    if processes == 1 or len(jobs) == 1:
        yield from map(_run, jobs)
        return
    with get_context("fork").Pool(processes) as pool:
        yield from pool.imap(_run, jobs, chunksize=max(1, min(8, len(jobs) // processes)))


def _run(job: Job) -> Outcome:
    seed, shape, minutes, faults, fencing, dense, mutant = job
    with mutants.planted(mutant):
        return simulate(seed, shape, minutes, faults, fencing=fencing, dense=dense)


def _report(outcome: Outcome, options: argparse.Namespace) -> None:
    print(*outcome.tail, sep="\n")
    more = f" --faults {options.faults}" if options.faults else ""
    more += " --dense" if options.dense else ""
    more += " --no-fencing" if options.no_fencing else ""
    more += f" --minutes {options.minutes:g}" if options.minutes != MINUTES else ""
    print(f"seed {outcome.seed}: {outcome.violation}")
    print(
        f"  again: python -m tests sim --nodes {outcome.shape} --seed {outcome.seed}{more} --trace",
        flush=True,
    )


def _counts(title: str, each: list[dict[str, int]]) -> None:
    """By class, the most frequent first."""
    total: Counter[str] = Counter()
    for counts in each:
        total.update(counts)
    print(f"{title}: " + (", ".join(f"{n} {name}" for name, n in total.most_common()) or "none"))


def _summary(outcomes: list[Outcome]) -> str:
    minutes = sum(outcome.cpu for outcome in outcomes) / 60
    hours = sum(outcome.seconds for outcome in outcomes) / 3600
    faults: Counter[str] = Counter()
    for outcome in outcomes:
        faults.update(outcome.faults)
    bad = [outcome.seed for outcome in outcomes if outcome.violation]
    return (
        f"seeds {len(outcomes)}, {hours:.2f} simulated hours, "
        f"{sum(outcome.steps for outcome in outcomes)} steps, {faults.total()} faults, "
        f"{len(bad)} violations{_seeds(bad)}, digest {_digest(outcomes)}, "
        f"{hours / max(minutes, 1e-9):.1f} hours per core-minute"
    )


def _seeds(bad: list[int]) -> str:
    if not bad:
        return ""
    shown = ", ".join(map(str, bad[:20]))
    return f" (seeds {shown}{', ...' if len(bad) > 20 else ''})"


def _digest(outcomes: Iterable[Outcome]) -> str:
    whole = hashlib.blake2b(digest_size=8)
    for outcome in outcomes:
        whole.update(f"{outcome.seed} {outcome.digest}\n".encode())
    return whole.hexdigest()


# --------------------------------------------------------------------------------- one, and bugs


def _replay(options: argparse.Namespace, faults: tuple[str, ...]) -> int:
    """One seed with its whole trace."""
    outcome = simulate(
        options.seed, options.nodes, options.minutes, faults, sys.stdout, options.wordy,
        not options.no_fencing, options.dense,
    )  # fmt: skip
    counts = ", ".join(f"{kind} {count}" for kind, count in sorted(outcome.faults.items()))
    print(f"faults: {counts or 'none'}")
    print(_summary([outcome]))
    return 1 if outcome.violation else 0


def _hunt(options: argparse.Namespace, faults: tuple[str, ...]) -> int:
    """Plant bugs, and print a table of which seed found each."""
    print(f"{'planted bug':<24} on  seed tried  what found it")
    names = list(mutants.MUTANTS) if options.mutant == "all" else options.mutant.split(",")
    missed = 0
    for name in names:
        shape = mutants.MUTANTS[name].shape or options.nodes
        seeds = range(options.seed, options.seed + options.seeds)
        fencing = mutants.MUTANTS[name].fencing and not options.no_fencing
        classes = faults if fencing else tuple(f for f in faults if f in BOUNDED)
        dense = options.dense
        if mutants.MUTANTS[name].faults and not options.faults:
            classes, dense = tuple(mutants.MUTANTS[name].faults.split(",")), True
        jobs = [(seed, shape, options.minutes, classes, fencing, dense, name) for seed in seeds]
        found, tried = None, 0
        for outcome in _outcomes(jobs, options.jobs):
            tried += 1
            if outcome.violation:
                found = outcome
                break
        missed += found is None
        what = f"{found.violation[:90]}" if found else f"NOT in {tried} seeds"
        at = found.seed if found else "-"
        print(f"{name:<24} {shape:>3} {at:>5} {tried:>5}  {what}", flush=True)
    print(f"{len(names) - missed} of {len(names)} planted bugs found")
    return 1 if missed else 0
