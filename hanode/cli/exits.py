"""Exit codes of commands, sysexits.h's numbers, and the errors that end in them."""

from __future__ import annotations

OK = 0
FAILED = 1
USAGE = 64
DATA = 65
NO_INPUT = 66
UNAVAILABLE = 69
TEMPFAIL = 75
PROTOCOL = 76
NOPERM = 77
CONFIG = 78

_DENIED = {
    "usage": USAGE,
    "invalid": DATA,
    "unknown": DATA,
    "forbidden": NOPERM,
    "stale": TEMPFAIL,
    "no-quorum": UNAVAILABLE,
    "unavailable": UNAVAILABLE,
}
"""protocol.Denied.code and draft.CannotOrder.code, as exit codes."""


class Failed(Exception):  # noqa: N818 - the word that callers know
    """The command ends here: what is wrong, where, what to do; and the exit code."""

    def __init__(self, message: str, code: int = FAILED) -> None:
        super().__init__(message)
        self.code = code


def of_denial(code: str) -> int:
    """The exit code for a refusal by the node or by our own checks."""
    return _DENIED.get(code, FAILED)
