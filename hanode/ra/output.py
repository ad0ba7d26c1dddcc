"""What an agent's output tells: the reason it gives for its exit, and a tail fit for people."""

from __future__ import annotations

import re

from hanode.settings import TAIL_LIMIT

REASON_LIMIT = 512
_REASON = re.compile(r"^\s*ocf[-_]exit[-_]reason:(.*)$", re.MULTILINE)
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]"
)
"""Control characters but newline and tab, and what turns the reading direction."""
_ESCAPES = re.compile(r"\x1b(\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(\x07|\x1b\\)?|[@-Z\\^_])")
"""Whole terminal sequences, so that their letters don't stay behind."""


def readable(data: bytes) -> str:
    """Bytes of an unknown program as text that no terminal obeys."""
    text = _ESCAPES.sub("", data.decode("utf-8", "replace").replace("\r\n", "\n"))
    return _UNPRINTABLE.sub("", text)


def exit_reason(errors: bytes) -> str:
    """The last `ocf-exit-reason:` line of an agent's stderr, or nothing."""
    reasons = _REASON.findall(readable(errors))
    return reasons[-1].strip()[:REASON_LIMIT] if reasons else ""


def tail(output: bytes, errors: bytes) -> str:
    """The end of what an agent wrote: stderr's part last, as that is where trouble is."""
    said = "\n".join(part for part in (readable(output).strip(), readable(errors).strip()) if part)
    encoded = said.encode()
    if len(encoded) <= TAIL_LIMIT:
        return said
    return encoded[-TAIL_LIMIT:].decode("utf-8", "ignore")
