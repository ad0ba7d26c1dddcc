"""One run of one agent: what is asked of it, and what to execute for that."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from hanode.transition import Agent


class Job(NamedTuple):
    """What an agent is to do."""

    agent: Agent
    resource: str
    task: str
    interval_ms: int
    timeout_ms: int
    parameters: Mapping[str, str]
    meta: Mapping[str, str]


class Command(NamedTuple):
    """What to execute: never a shell's line, always a vector."""

    argv: tuple[str, ...]
    env: dict[str, str]
    stdin: bytes = b""


class Unrunnable(NamedTuple):
    """Nothing is to be executed; this is the answer, as an OCF exit code with its reason."""

    rc: int
    reason: str
