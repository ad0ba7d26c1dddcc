"""How an agent is named: `class:provider:type` for OCF, `class:type` for the others.

Legacy stonith plugins of cluster-glue are named as it names them: `stonith:external/ipmi`.
"""

from __future__ import annotations

import re

from hanode.transition import Agent

WITH_PROVIDER = ("ocf",)
KNOWN = ("ocf", "lsb", "systemd", "service", "heartbeat", "stonith")
EXTERNAL = "external/"
"""What cluster-glue puts before those of its plugins that are scripts."""
_PART = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.@+:\\-]*")
"""Of a path, a part that can't lead elsewhere: no slash, no leading dot or dash."""


class BadAgent(ValueError):  # noqa: N818 - the word that callers know
    """This names no agent: why, and how it should read."""


def parse_agent(text: str) -> Agent:
    """The agent that `text` names. Raises BadAgent."""
    class_, _, rest = text.partition(":")
    if class_ not in KNOWN:
        raise BadAgent(f"agent {text!r:.80}: no class {class_!r:.40}; known: {', '.join(KNOWN)}")
    provider = ""
    if class_ in WITH_PROVIDER:
        provider, colon, rest = rest.partition(":")
        if not colon:
            raise BadAgent(f"agent {text!r:.80}: write it as {class_}:PROVIDER:TYPE")
    parts = (provider, rest) if class_ in WITH_PROVIDER else (rest,)
    if class_ == "stonith":
        parts = (rest.removeprefix(EXTERNAL),)
    for part in parts:
        if not _PART.fullmatch(part):
            raise BadAgent(f"agent {text!r:.80}: {part!r:.40} can't be the name of an agent's file")
    return Agent(class_, provider, rest)
