"""The one door to all checks: `python -m tests [STAGE] [OPTIONS]`; without a stage, all of them.

    lint     ruff, mypy --strict, the floors      unit     components, and the house's own rules
    pe       the policy engine                    stories  small clusters, told in words
    sim      seeds: `--nodes 3 --seed 1 --seeds 100`, `--mutant all`, `--trace`
    console  screens                              lab      real hosts in namespaces (root)
    bench    figures, beside the peers'     (`lab outages|agents|fencing` print tables)

Options of a stage of pytest (unit, pe, stories, console, lab) are pytest's. Without a stage
everything but lab and bench runs, and of sim a small fixed set of seeds with all that ever failed.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ALL = ("unit", "tidy", "pe", "stories", "console", "sim")
PROCESSES = ("-n", "2")


def pytest(*arguments: str) -> int:
    """Pytest in a process of its own; its summary line is the last one."""
    command = (sys.executable, "-m", "pytest", "-q", *arguments)
    return subprocess.run(command, cwd=ROOT, check=False).returncode


def everything() -> int:
    """What must be true at every commit."""
    print("lab and bench are left out: `python -m tests lab` (as root), `python -m tests bench`")
    sys.stdout.flush()
    return pytest(*PROCESSES, *(f"tests/{name}" for name in ALL))


def unit(argv: list[str]) -> int:
    return pytest(*PROCESSES, "tests/unit", "tests/tidy", *argv)


def lab(argv: list[str]) -> int:
    """One host after the other; says why, when it is skipped. A table's name prints that table."""
    if argv and not argv[0].startswith("-"):
        from tests.lab.tables import main

        return main(argv)
    return pytest("-m", "lab", "-rs", "tests/lab", *argv)


def sim(argv: list[str]) -> int:
    from tests.sim.command import main

    return main(argv)


def stories(argv: list[str]) -> int:
    if argv and not argv[0].startswith("-k"):
        from tests.stories.command import main

        return main(argv)
    return pytest("tests/stories", *argv)


def bench(argv: list[str]) -> int:
    from tests.bench.__main__ import main

    return main(argv)


def lint(argv: list[str]) -> int:
    from tests.tidy.tools import lint as all_tools

    return all_tools()


STAGES: dict[str, Callable[[list[str]], int]] = {
    "lint": lint,
    "unit": unit,
    "pe": lambda argv: pytest("tests/pe", *argv),
    "stories": stories,
    "sim": sim,
    "console": lambda argv: pytest("tests/console", *argv),
    "lab": lab,
    "bench": bench,
}


def main(argv: list[str]) -> int:
    """The exit status: 0 if all is well, 64 if the question makes no sense."""
    if not argv:
        return everything()
    if argv[0] in ("-h", "--help"):
        print(__doc__)
        return 0
    stage = STAGES.get(argv[0])
    if stage is None:
        print(f"no stage {argv[0]!r}; there are: {', '.join(STAGES)}", file=sys.stderr)
        return 64
    return stage(argv[1:])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
