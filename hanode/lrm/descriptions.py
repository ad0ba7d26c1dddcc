"""What the agents of a node say of themselves: which changed parameters each can take up live.

An agent is asked beside the first operation that is ordered of it, and again beside later probes
and stops, as its package may have been replaced: never beside a start for which somebody waits. One
is asked at a time. A start waits for the first answer only, so that its result can say what a later
change will need.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from hanode.effects import Kill, Spawn
from hanode.inputs import ProcessEnded, SpawnFailed
from hanode.lrm.limits import Limits
from hanode.peer_messages import Order
from hanode.ra import BadAgent, Command, Job, Site, command, parse_agent
from hanode.ra.reload import AGENT, NO_RELOAD, Reload, read_reload

FIRST_TOKEN = 1 << 32
"""Tokens of these processes are above those of operations."""
_TOLD_BY = ("start", "migrate_from", AGENT)
"""What waits for an agent that was never understood before."""
_ASKED_AGAIN_BY = ("monitor", "stop")


class _Asking(NamedTuple):
    agent: str
    token: int
    until: float


class Descriptions:
    def __init__(self, site: Site, limits: Limits, out: list[Any]) -> None:
        self._site = site
        self._limits = limits
        self._out = out
        self._known: dict[str, Reload] = {}
        self._asked_at: dict[str, float] = {}
        self._waiting: dict[str, None] = {}
        self._asking: _Asking | None = None
        self._tokens = FIRST_TOKEN

    def of(self, agent: str) -> Reload:
        """As far as is known."""
        return self._known.get(agent, NO_RELOAD)

    def look(self, order: Order, now: float) -> None:
        """Something is ordered of an agent: ask what it is like, unless that was done of late."""
        agent, last = order.agent, self._asked_at.get(order.agent)
        if order.interval_ms or not agent.startswith("ocf:"):
            return
        if last is None:
            wanted = order.task in (*_TOLD_BY, *_ASKED_AGAIN_BY)
            wanted = wanted and len(self._asked_at) < self._limits.agents
        else:
            old = now >= last + self._limits.description_age
            wanted = old and order.task in _ASKED_AGAIN_BY
        if wanted:
            self._asked_at[agent] = now
            self._waiting[agent] = None

    def awaited(self, order: Order) -> bool:
        """Whether this order waits for what its agent says first."""
        if order.task not in _TOLD_BY or order.agent in self._known:
            return False
        asked = self._asking is not None and self._asking.agent == order.agent
        return asked or order.agent in self._waiting

    def advance(self, now: float) -> None:
        """Ask the next one."""
        while self._waiting and self._asking is None:
            agent = next(iter(self._waiting))
            del self._waiting[agent]
            made = _command(agent, self._site)
            if made is None:
                self._known[agent] = NO_RELOAD
                continue
            self._tokens += 1
            self._asking = _Asking(agent, self._tokens, now + self._limits.description)
            self._out.append(Spawn(self._tokens, made.argv, made.env, made.stdin))

    def over(self, end: ProcessEnded | SpawnFailed) -> bool:
        """A process has ended. False: it was an operation's."""
        if end.token <= FIRST_TOKEN:
            return False
        if self._asking is not None and self._asking.token == end.token:
            if isinstance(end, ProcessEnded) and end.rc == 0:
                self._known[self._asking.agent] = read_reload(end.output)
            self._give_up()
        return True

    def ring(self, now: float) -> None:
        """An agent that doesn't answer in time is taken for one without reload."""
        if self._asking is not None and self._asking.until <= now:
            self._out.append(Kill(self._asking.token, hard=True))
            self._give_up()

    def deadline(self) -> float | None:
        return self._asking.until if self._asking is not None else None

    def _give_up(self) -> None:
        """That is all that is known of it until it is asked again."""
        assert self._asking is not None
        self._known.setdefault(self._asking.agent, NO_RELOAD)
        self._asking = None


def _command(agent: str, site: Site) -> Command | None:
    try:
        job = Job(parse_agent(agent), "", "meta-data", 0, 0, {}, {})
    except BadAgent:
        return None
    made = command(job, site)
    return made if isinstance(made, Command) else None
