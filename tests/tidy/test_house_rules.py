"""How our files read: a docstring that is one idea, no clock and no chance in the core."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.tidy.tools import ROOT

WORLD = ("runtime", "cli", "demo", "simulate", "agents")
"""Where I/O lives."""
WORLD_FILES = ("__main__.py",)
TIMELESS = ("time", "monotonic", "perf_counter", "now", "today", "sleep")
FORBIDDEN_FOLDERS = ("utils", "common", "base", "manager")
LONGEST_FUNCTION = 90
"""Lines: far above what we aim for; past this, nobody has tried."""


def test_every_file_opens_with_its_idea() -> None:
    mute = [_name(p) for p in _sources("hanode", "hatui", "tests") if not _docstring(p)]
    assert not mute, "a file begins with a docstring: its one idea, in a sentence"


def test_the_core_asks_no_clock_and_draws_no_lots() -> None:
    """Nothing waits, `now` is told, chance is a `Random` given at birth."""
    guilty = [f"{_name(path)}:{line}" for path in _core() for line in _offences(_tree(path))]
    assert not guilty


def test_functions_fit_on_a_screen() -> None:
    long = [
        f"{_name(path)}: {name} has {lines} lines"
        for path in _sources("hanode", "hatui", "tests")
        for name, lines in _functions(path)
        if lines > LONGEST_FUNCTION
    ]
    assert not long


def test_no_folder_without_an_idea() -> None:
    folders = {path.parent.name for path in _sources("hanode", "hatui", "tests")}
    assert not folders & set(FORBIDDEN_FOLDERS)


def test_nothing_is_swallowed() -> None:
    """`except Exception: pass`, or of anything, hides what went wrong."""
    swallowed = [
        f"{_name(path)}:{node.lineno}"
        for path in _sources("hanode", "hatui")
        for node in ast.walk(_tree(path))
        if isinstance(node, ast.ExceptHandler) and _broad(node) and _silent(node)
    ]
    assert not swallowed


def _sources(*packages: str) -> list[Path]:
    return sorted(p for name in packages for p in (ROOT / name).rglob("*.py") if p.stat().st_size)


def _core() -> Iterator[Path]:
    for path in _sources("hanode"):
        first = path.relative_to(ROOT / "hanode").parts[0]
        if first not in WORLD and first not in WORLD_FILES:
            yield path


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def _docstring(path: Path) -> str:
    return ast.get_docstring(_tree(path)) or ""


def _offences(tree: ast.Module) -> Iterator[int]:
    imported = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
    }
    for node in ast.walk(tree):
        if isinstance(node, (ast.AsyncFunctionDef, ast.Await)):
            yield node.lineno
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = node.func.value
            module = owner.id if isinstance(owner, ast.Name) else ""
            chance = module == "random" and module in imported and node.func.attr != "Random"
            clock = module in ("time", "datetime") and node.func.attr in TIMELESS
            if chance or clock:
                yield node.lineno


def _functions(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(_tree(path)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1


def _broad(node: ast.ExceptHandler) -> bool:
    return node.type is None or ast.unparse(node.type) in ("Exception", "BaseException")


def _silent(node: ast.ExceptHandler) -> bool:
    return all(isinstance(line, ast.Pass) for line in node.body)
