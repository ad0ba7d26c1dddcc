"""A question to whoever sits at the terminal."""

from __future__ import annotations


def agreed(question: str) -> bool:
    """Only a plain yes is one; the end of all input is none."""
    try:
        return input(f"{question} [y/N] ").strip().lower() in ("y", "yes")
    except EOFError:
        print()
        return False
