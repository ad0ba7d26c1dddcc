"""Which parameters are secrets, by their names, and a command line that tells none of them.

The line of a change stands in the log for good, also after a password that was given in plain words
was replaced by a reference.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

HIDDEN = "(secret)"
_NAME = re.compile(r"passw|passphrase|secret|token|community", re.IGNORECASE)
_REFERENCES = ("secret://", "sealed://")


def is_plain_secret(name: str, value: str) -> bool:
    """Whether this parameter holds a secret itself, and no reference to one (nor a script that
    tells it)."""
    named = _NAME.search(name) is not None and "script" not in name
    return named and bool(value) and not value.startswith(_REFERENCES)


def without_secrets(argv: Sequence[str]) -> list[str]:
    """The command line as it may be remembered."""
    return [_hidden(word) for word in argv]


def _hidden(word: str) -> str:
    name, equals, value = word.partition("=")
    return f"{name}={HIDDEN}" if equals and is_plain_secret(name, value) else word
