"""Which fault strikes where, and which function checks which invariant: read from the sources, so
that the table can't say what is not there (`python -m tests sim --table`)."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
NUMBERED = re.compile(r"\b(INV-\d+|L\d)\b")
INVARIANTS = (
    *(f"INV-{number}" for number in (*range(1, 33), 34)),  # 33 and 35: tests/unit
    *(f"L{number}" for number in range(1, 7)),
)
ELSEWHERE = {
    "INV-21": "tests/pe/test_properties.py: test_the_same_question_has_the_same_answer",
    "L1": "tests/sim/liveness.py: unsettled (one DC)",
    "L2": "tests/sim/liveness.py: unsettled (no intent pending)",
    "L3": "tests/sim/liveness.py: unsettled (everything runs, once)",
    "L4": "tests/sim/liveness.py: unsettled (equal positions, equal states)",
    "L5": "tests/sim/liveness.py: unsettled (the policy engine wants nothing, nobody waits)",
}
"""Invariants that no single function here is named for."""


def table() -> str:
    """Fault classes, as the package's docstring has them; each invariant with its functions."""
    text = ast.get_docstring(ast.parse((HERE / "__init__.py").read_text())) or ""
    faults = text[text.index("The fault classes") :]
    checks = {name: sorted(set(found)) for name, found in _checks().items()}
    lines = []
    for name in INVARIANTS:
        where = checks[name] or [ELSEWHERE.get(name, "NOT CHECKED")]
        lines += [f"{name if n == 0 else '':<8}{place}" for n, place in enumerate(where)]
    return "\n".join([faults, "", "The invariants, and what checks them:", "", *lines])


def _checks() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {name: [] for name in INVARIANTS}
    for path in (*HERE.glob("*.py"), *HERE.glob("invariants/*.py")):
        for function in _functions(ast.parse(path.read_text())):
            for name in NUMBERED.findall(_said(function)):
                if name in found:
                    found[name].append(f"{path.relative_to(HERE.parent.parent)}: {function.name}")
    return found


def _functions(tree: ast.AST) -> Iterator[ast.FunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def _said(function: ast.FunctionDef) -> str:
    """Its docstring, and what it says when it fails."""
    fails = [
        node.args[0].value
        for node in ast.walk(function)
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant)
    ]
    return " ".join([ast.get_docstring(function) or "", *map(str, fails)])
