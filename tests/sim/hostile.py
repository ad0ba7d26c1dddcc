"""Those who mean harm: an outsider on the wire, a member that signs anything with its own key."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random
from typing import TYPE_CHECKING, Any

from hanode.codec import Vocabulary
from hanode.events import (
    STATEMENTS,
    VOCABULARY,
    AttributeSet,
    CibChanged,
    DcElected,
    Edit,
    FencingIntended,
    Member,
    MemberAdded,
    MemberRemoved,
    NodeLeft,
    NodeReported,
    OperationFinished,
    Operator,
    OperatorAdded,
    OrderGiven,
    Signed,
    Statement,
    TicketSet,
)
from hanode.inputs import DatagramArrived
from hanode.messaging.keys import MAC_BYTES
from hanode.node import Node
from hanode.node.facts import Facts
from hanode.peer_messages import Append, AppendReply, Order, Propose, VoteReply
from tests.sim.invariants.strangers import FORGED
from tests.sim.keys import CLUSTER
from tests.sim.parts import HeartPart

if TYPE_CHECKING:
    from tests.sim.machines import Machine
    from tests.sim.world import World


@dataclass(frozen=True, slots=True)
class Later:
    """An event of a version that is not written yet."""

    what: str


LATER = Vocabulary(Later)


class Outsider:
    """Hears everything on the wire, alters it, cuts it short, makes things up, says it again."""

    def __init__(self, world: World, random: Random) -> None:
        self._world = world
        self._random = random

    def strike(self, count: int) -> None:
        heard = list(self._world.network.overheard)
        for _ in range(count if heard else 0):
            link, target, data = self._random.choice(heard)
            made_up = self._made_of(data)
            if made_up != data:
                self._world.forged.add(made_up)
            heart = self._world.machines[target].parts.get("heart")
            if isinstance(heart, HeartPart):
                heart.take(DatagramArrived(link, made_up))

    def _made_of(self, data: bytes) -> bytes:
        """(Nothing is flipped among the MACs: each receiver looks at its own alone.)"""
        kind = self._random.choice(("again", "flipped", "short", "long", "noise"))
        at = self._random.randrange(len(data) - MAC_BYTES * (len(self._world.machines) - 1))
        match kind:
            case "flipped":
                bit = 1 << self._random.randrange(8)
                return data[:at] + bytes([data[at] ^ bit]) + data[at + 1 :]
            case "short":
                return data[:at]
            case "long":
                return data + self._random.randbytes(8)
            case "noise":
                return self._random.randbytes(len(data))
            case _:
                return data


class Traitor:
    """One member whose key and streams are in wrong hands. What it may say of itself it may; what
    it says of others, or in their names, must come to nothing."""

    def __init__(self, world: World, random: Random) -> None:
        self._world = world
        self._random = random
        self._of_witness = Facts("", 0, world.keys.signer(""), 0.0)
        """Who states nothing of its own has no outbox to number by."""

    def strike(self, machine: Machine) -> None:
        crm = machine.crm
        if crm is None or crm.paused:
            return
        others = [name for name in self._world.machines if name != machine.name]
        victim, peer = self._random.choice(others), self._random.choice(others)
        for message in self._words(machine, victim):
            self._world.streams.send(crm, peer, message)

    def _words(self, machine: Machine, victim: str) -> list[Any]:
        core: Any = machine.crm.core if machine.crm else None
        term, boot = core.seat.term, self._world.machines[victim].boot
        agent = "ocf:hanode:Dummy"
        facts = (
            NodeReported(victim, boot, term, (), {FORGED: "1"}),
            OperationFinished(victim, FORGED, agent, "start", 0, 0, "done", call_id=10**6),
            AttributeSet(victim, FORGED, "1"),
            DcElected(term, FORGED),
            NodeLeft(victim, boot),
        )
        words: list[Any] = [self._signed(machine, machine.name, fact) for fact in facts]
        words += [self._signed(machine, victim, fact) for fact in facts]
        words += [
            VoteReply(term, victim, boot, True, False),
            AppendReply(term, victim, boot, 1, True, 10**6),
            Append(term + 1, victim, boot, core.seat.log.last, b"", (), 10**6, 1),
            Propose(Signed(self._random.randbytes(40), bytes(64))),
            self._of_a_later_version(machine),
            *self._nonsense(machine, victim),
            *self._repeated(core),
        ]
        words += [self._signed(machine, machine.name, fact) for fact in self._of_itself(machine)]
        if self._world.invariants.office.dc_of(term) != machine.name:  # else it may order
            ident = f"{term}.1.{FORGED}"
            words.append(Order(ident, term, victim, boot, "p1", agent, "start"))
        return words

    def _nonsense(self, machine: Machine, victim: str) -> list[Propose]:
        """What no replica may take, or trip over, though a person is said to have ordered it."""
        dc: Any = self._world.dc()
        version = dc.core.state.version if dc is not None else ""
        key = self._world.keys.signer(self._world.machines[victim].identity).public
        done = OperationFinished(machine.name, "p1", "ocf:hanode:Dummy", "monitor", 1000, 7, "done")
        orders = (
            CibChanged(version, (Edit("set", target=victim, name="a b", value=FORGED),)),
            CibChanged(version, (Edit("set", target=victim, name=FORGED, value="\x01"),)),
            CibChanged(version, (Edit("replace", xml=f'<cib epoch="{10**20}"/>'),)),
            OperatorAdded(Operator(FORGED, b"")),
            MemberAdded(Member(FORGED, 2**40, "data", b"")),
            MemberAdded(Member(victim, 255, "data", key)),
            AttributeSet(machine.name, f"{FORGED}\0", "1"),
            TicketSet("\0", True),
            OrderGiven((b"\xc1",)),
            OrderGiven((VOCABULARY.pack(OrderGiven((b"\xc1",))),)),
            replace(done, at=float("nan")),
        )
        unordered = (OperatorAdded(Operator(FORGED, key)), TicketSet(FORGED, True))
        return [
            self._stated(machine, machine.name, VOCABULARY.pack(order), "operator root")
            for order in orders
        ] + [self._signed(machine, machine.name, order) for order in unordered]

    def _signed(self, machine: Machine, actor: str, event: Any) -> Propose:
        return self._stated(machine, actor, VOCABULARY.pack(event))

    def _of_a_later_version(self, machine: Machine) -> Propose:
        """It says, in its own name, what no program of this version can read."""
        return self._stated(machine, machine.name, LATER.pack(Later(FORGED)))

    def _stated(self, machine: Machine, actor: str, event: bytes, cause: str = "") -> Propose:
        """Numbered among what its crm itself says, so that both are news."""
        core: Any = machine.crm.core if machine.crm else None
        own = core.facts if isinstance(core, Node) else self._of_witness
        own.last += 1
        boot = self._world.machines[actor].boot
        said = Statement(actor, boot, own.last, 0.0, cause, event)
        payload = STATEMENTS.pack(said)
        signer = self._world.keys.signer(machine.identity)
        return Propose(Signed(payload, signer.sign("event", CLUSTER, payload)))

    def _of_itself(self, machine: Machine) -> tuple[Any, ...]:
        """Lawful, as long as it is a member; of one that was removed, nothing is."""
        if machine.name in self._world.voters:
            return ()
        return (
            NodeReported(machine.name, machine.boot, 1, (), {FORGED: "1"}),
            AttributeSet(machine.name, FORGED, "1"),
            FencingIntended(FORGED, self._world.voters[0], 10**6, "off", FORGED),
            MemberRemoved(self._world.voters[0]),
        )

    def _repeated(self, core: Any) -> list[Propose]:
        """What others have truly said once, said again."""
        log = core.seat.log
        count = log.last.index - log.base.index
        if not count:
            return []
        index = log.base.index + 1 + self._random.randrange(count)
        return [Propose(log.entry(index).signed)]
