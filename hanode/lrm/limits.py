"""The named bounds of an LRM; seconds unless the name says otherwise."""

from __future__ import annotations

from typing import NamedTuple


class Limits(NamedTuple):
    jobs: int = 128
    """Agents at work at once; stops and demotes don't wait for that."""
    waiting: int = 64
    """Operations of one resource that wait for their turn."""
    turn: float = 5.0
    """How long an operation waits for its turn before it is given up: less than the DC waits for
    an answer beyond the operation's own time-out."""
    held: int = 1024
    """Messages of the crm that wait until a former life's agents are gone."""
    known: int = 4096
    """Ids of orders that are remembered, so that each is carried out once."""
    results: int = 16_384
    attributes: int = 1024
    agents: int = 512
    """Agents of which it is remembered what they say of themselves."""
    description: float = 2.0
    """How long one may take to say that."""
    description_age: float = 60.0
    """After this it is asked again, with the next operation."""
    terminate: float = 1.0
    """Between SIGTERM and SIGKILL for an operation that timed out."""
    reap: float = 2.0
    """After SIGKILL: how long until a process that won't die is given up."""
    monitor_grace: float = 0.2
    """What a recurring monitor under way still gets when a stop (or the like) is ordered."""
    term_patience: float = 1.0
    """A disk that hasn't taken a term after this holds no stop or demote back."""
    term_retry: float = 1.0
    alive: float = 1.0
    intent_first: bool = False
    """Whether what brings something up is begun only once the log knows that it is: whoever runs
    this LRM for a node elsewhere may be gone when it ends, and that node still have it."""
