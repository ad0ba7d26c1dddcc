"""What the tools that agents call (hanode/agents/bin) are answered: a JSON object in, one out."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

Set = Callable[[str, str | None, float], None]
"""name, value (None takes it away), seconds of dampening"""
Get = Callable[[str], str | None]
Serve = Callable[[], None]
"""Somebody has more to ask than attributes: see to it that it finds who answers."""


def answer(data: bytes, set_: Set, get: Get, serve: Serve | None = None) -> bytes:
    return json.dumps(_answer(data, set_, get, serve)).encode()


def _answer(data: bytes, set_: Set, get: Get, serve: Serve | None) -> dict[str, Any]:
    try:
        question = json.loads(data)
        name, value = question.get("set"), question.get("value")
        asked, delay = question.get("get"), float(question.get("delay") or 0)
    except (ValueError, TypeError, AttributeError, RecursionError, OverflowError):
        return {"ok": False, "error": "not a question"}
    if serve is not None and question.get("serve") == "tools":
        serve()
        return {"ok": True}
    if isinstance(asked, str):
        return {"ok": True, "value": get(asked)}
    if not isinstance(name, str) or not isinstance(value, (str, type(None))):
        return {"ok": False, "error": "not a question"}
    set_(name, value, delay)
    if get(name) != value:
        return {"ok": False, "error": "the LRM refused it; its log says why"}
    return {"ok": True}
