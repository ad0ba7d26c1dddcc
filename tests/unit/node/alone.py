"""A cluster of one node: enough to see what a Node answers, with its disk and LRM in memory."""

from __future__ import annotations

from random import Random
from typing import Any

from hanode.effects import Answer, AskPe, Exit, Persist, Say, TellLrm, Wrote
from hanode.events import Member, Operator
from hanode.identity import Identity, verify
from hanode.inputs import Asked, LocalSaid, PartUp, Wake, WallClock
from hanode.local_messages import Alive, Heard, TakeTerm, TermTaken, View
from hanode.node import Node, found
from hanode.settings import Timing
from hanode.state.records import NodeRecord

IDENTITY = Identity(bytes(32))
CIB = (
    '<cib admin_epoch="0" epoch="1" num_updates="0"><configuration><crm_config/><nodes/>'
    '<resources><primitive id="web" class="ocf" provider="hanode" type="Dummy"/></resources>'
    "<constraints/></configuration><status/></cib>"
)


class Alone:
    """Drives one node that is its own majority; `said` is all that it wanted done."""

    def __init__(self, cib: str = CIB) -> None:
        member = Member("n1", 1, "data", IDENTITY.public)
        saved = found(IDENTITY, "n1", b"c" * 16, "shop", (member,), (Operator("ann", b"k"),), cib)
        self.now = 100.0
        self.node = Node("n1", 1, Timing(), IDENTITY, verify, Random(1), saved, self.now)
        self.said: list[Any] = []
        self.lrm_lives = True
        self.running = 0
        self.tell(WallClock(5000.0))
        self.tell(PartUp("lrm"))
        self.hear(quorate=True)
        self.wait(3.0)

    def hear(self, *, quorate: bool, lease: float = 1000.0) -> None:
        members = (("n1", 1),) if quorate else ()
        view = View(1, members, quorate)
        self.tell(LocalSaid(Heard(view, (), self.now + lease if quorate else self.now)))

    def tell(self, given: Any) -> list[Any]:
        """One input; the disk and the LRM's terms answer at once."""
        return self.carry_out(self.node.step(given, self.now))

    def carry_out(self, new: list[Any]) -> list[Any]:
        """Effects, and what follows from them."""
        self.said.extend(new)
        for effect in new:
            if isinstance(effect, Persist):
                for then in effect.then:
                    if isinstance(then, Wrote):
                        new = new + self.tell(then)
                    else:
                        self.said.append(then)
            elif isinstance(effect, TellLrm) and isinstance(effect.message, TakeTerm):
                taken = TermTaken(effect.message.term, effect.message.boot, ())
                new = new + self.tell(LocalSaid(taken))
        return new

    def wait(self, seconds: float) -> None:
        """Meanwhile the LRM says every second that it lives."""
        while seconds > 1.0:
            self._wait(1.0)
            seconds -= 1.0
        self._wait(seconds)

    def _wait(self, seconds: float) -> None:
        if self.lrm_lives:
            self.tell(LocalSaid(Alive(self.running)))
        until = self.now + seconds
        while (deadline := self.node.deadline()) is not None and deadline <= until:
            self.now = max(self.now, deadline)
            self.tell(Wake())
        self.now = until

    def ask(self, request: Any, role: str = "admin", client: str = "c1") -> list[Any]:
        """What the client is answered."""
        new = self.tell(Asked(client, "ann", role, request))
        return [e.message for e in new if isinstance(e, Answer) and e.client == client]

    def all(self, kind: type) -> list[Any]:
        return [effect for effect in self.said if isinstance(effect, kind)]


__all__ = ["CIB", "IDENTITY", "Alone", "AskPe", "Exit", "Say"]


POWER = """<primitive id="power" class="stonith" type="fence_elsewhere">
<instance_attributes id="pi"><nvpair id="pi-h" name="pcmk_host_list" value="n1 n2"/>
</instance_attributes></primitive></resources>"""


def powered(cib: str) -> str:
    """With a fence device for both."""
    return cib.replace("</resources>", POWER)


def led(cib: str = powered(CIB)) -> Alone:
    """n1, which was the DC of two when both votes had committed all that it holds."""
    return joined(Alone(cib))


def joined(alone: Alone) -> Alone:
    """There is an n2."""
    state = alone.node.state
    state.members["n2"] = Member("n2", 2, "data", b"2" * 32)
    state.nodes["n2"] = NodeRecord("n2", boot=1, reported=1)
    alone.wait(1.0)
    return alone
