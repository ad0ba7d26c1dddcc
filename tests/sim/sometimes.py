"""Interesting states that a run must really reach, with counts: else it proves nothing of them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from hanode.effects import Say

if TYPE_CHECKING:
    from tests.sim.world import World

SAID = (
    ("steps back from dc", "a DC stepped back"),
    ("steps back from candidate", "a candidate stepped back"),
    ("was asleep", "a heartbeat process noticed that it slept"),
    ("an order that is not for this node in this term", "an order of an old term was dropped"),
    ("isn't on disk", "a term could not be written"),
    ("fencing of", "an attempt at fencing failed"),
    ("speaks in another's name", "a member spoke in another's name"),
    ("proposal was not taken", "a proposal was declined"),
    ("proposes what nobody can read", "a proposal that nobody can read"),
    ("goes on with one vote", "one of two nodes alone went on by one vote"),
    ("neither votes nor leads until", "a disk took no writes"),
    ("is an older copy", "a restored disk was found out"),
    ("has caught up", "a restored disk caught up"),
    ("without quorum: stops", "a node without quorum stopped what it ran"),
    ("was declared over", "a boot was declared over though it lived"),
    ("its lease is over, and no order", "an LRM stopped of its own accord what it ran"),
    ("hangs and can't be killed", "a fence agent could not be killed"),
    ("messages wait already", "an LRM's former life took too long to end"),
    ("an agent set attribute", "an agent set an attribute that makes no sense"),
    ("not for an LRM", "a crm in wrong hands spoke to its LRM"),
    ("it doesn't list", "a fence device did not know its target"),
    ("look yourself, then", "a plugin's fencing proved nothing"),
    ("is put off", "a monitor was excused"),
)
"""Words of the log of a node -> what they show."""


class Sometimes:
    """Counts what was reached."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.reached: Counter[str] = Counter()
        self._lost: dict[tuple[str, str], float] = {}

    def __call__(self, name: str) -> None:
        self.reached[name] += 1

    def heed(self, who: str, said: Say) -> None:
        """Something that a part of a node has said."""
        for words, name in SAID:
            if words in said.text:
                self.reached[name] += 1
        if said.text.endswith("is not heard both ways any more"):
            self._suspicion(who.partition(".")[0], said.text.partition(" ")[0])

    def _suspicion(self, who: str, whom: str) -> None:
        now = self._world.now
        self._lost[who, whom] = now
        if now - self._lost.get((whom, who), -1e9) < 2 * self._world.options.timing.deadtime:
            self.reached["mutual suspicion"] += 1
