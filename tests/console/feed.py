"""A cluster that lives in memory: its log is written by a script, and orders are carried out by it.

The same fold, policy engine and follower as in life; no sockets, no time of its own. A test says
what happens (`lose`, `fail`, `ran`), the console hears of it as of any node.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from hanode.events import (
    NO_HASH,
    STATEMENTS,
    VOCABULARY,
    AttributeSet,
    CibChanged,
    ClusterFounded,
    DcElected,
    Entry,
    Event,
    FencingConfirmed,
    FencingIntended,
    HistoryCleared,
    Member,
    NodeReported,
    OperationFinished,
    Signed,
    Statement,
    TransitionEnded,
    TransitionStarted,
    ViewAgreed,
)
from hanode.identity import Identity
from hanode.mgmt.joint import joint
from hanode.mgmt.proposal import Proposal
from hanode.mgmt.protocol import Entries, Pulse, StateImage
from hanode.node.orders import plan
from hanode.pe import schedule
from hanode.state import ClusterState, cib_of, open_and_apply
from hanode.state.lawful import ordered
from hanode.transition import Action, Transition
from hatui.cluster.arrival import Outcome, Post
from hatui.cluster.beliefs import Word
from hatui.cluster.past import Past
from hatui.cluster.wire import Wire
from hatui.link.follower import Follower
from hatui.link.thinker import Thinker

START = 1_795_262_400.0
"""Where the cluster's clock begins: 2026-11-21 12:00:00 UTC."""
AGENTS = {
    "front-ip": "ocf:hanode:Dummy", "web": "ocf:hanode:web", "backup": "ocf:hanode:Dummy",
    "ping": "ocf:hanode:Dummy", "db": "ocf:hanode:Stateful", "fence-n1": "stonith:fence_demo",
    "fence-n2": "stonith:fence_demo", "fence-n3": "stonith:fence_demo",
}  # fmt: skip
CIB = (Path(__file__).parent / "demo.xml").read_text()


class Cluster:
    """Writes a log; every reader of it is told each entry."""

    def __init__(self, names: Sequence[str] = ("n1", "n2", "n3"), cib: str = CIB) -> None:
        self.state = ClusterState()
        self.entries: list[Entry] = []
        self.readers: list[Any] = []
        self.now = START
        self.boots = dict.fromkeys(names, 1)
        self._calls = 0
        self._requests = 0
        self._walks = 0
        self.keys = {name: Identity(bytes([n] * 32)) for n, name in enumerate(names, 1)}
        members = tuple(
            Member(name, n, "data", self.keys[name].public, links=(f"127.77.0.{n}:694",),
                   stream=f"127.77.0.{n}:5566")
            for n, name in enumerate(names, 1)
        )  # fmt: skip
        self.say(ClusterFounded(b"c" * 16, "demo", members, cib=cib))
        self.say(DcElected(1, names[0], tuple(names)))
        self.agree()

    def say(self, event: Event, actor: str = "", took: float = 0.02) -> Entry:
        """One more entry."""
        self.now += took
        actor = actor or self.state.dc or "n1"
        boot = self.boots.get(actor, 1)
        index = self.state.position.index + 1
        cause = "operator root" if ordered(event) else ""
        said = Statement(actor, boot, index, self.now, cause, VOCABULARY.pack(event))
        previous = self.entries[-1].hash() if self.entries else NO_HASH
        payload = STATEMENTS.pack(said)
        cluster = event.cluster if isinstance(event, ClusterFounded) else self.state.cluster
        signed = Signed(payload, self.keys[actor].sign("event", cluster, payload))
        entry = Entry(max(self.state.term, 1), index, previous, signed)
        self.entries.append(entry)
        open_and_apply(self.state, entry)
        for reader in self.readers:
            reader(Entries(1, (entry,), index))
        return entry

    # --------------------------------------------------------------------------- what happens

    def agree(self, *away: str) -> None:
        """A view of all nodes but these; who is new there reports."""
        here = tuple((name, boot) for name, boot in sorted(self.boots.items()) if name not in away)
        silent = tuple((name, 1.02) for name in away if self.state.nodes[name].present)
        self.say(ViewAgreed(here, 2 * len(here) > len(self.boots), silent))
        for name, boot in here:
            if self.state.nodes[name].reported != boot:
                self.say(NodeReported(name, boot, 1), name)

    def ran(self, resource: str, task: str, node: str, interval: int = 0, **more: Any) -> None:
        """An operation that ended well, unless told otherwise."""
        self._calls += 1
        base = resource.partition(":")[0]
        told: dict[str, Any] = {"rc": 0, "status": "done", "exec_ms": 84, "agent": AGENTS[base]}
        told |= more
        self.say(
            OperationFinished(node, base, task=task, interval_ms=interval, call_id=self._calls,
                              at=self.now + told["exec_ms"] / 1000, **told),
            node, took=told["exec_ms"] / 1000,
        )  # fmt: skip

    def probed(self) -> None:
        """Nothing ran anywhere before."""
        for node in self.state.present:
            for resource in AGENTS:
                self.ran(resource, "monitor", node, rc=7, expected_rc=7, exec_ms=12)

    def settle(self, rounds: int = 6) -> list[Transition]:
        """The DC's work: ask the policy engine, carry out, until nothing is left to do."""
        walked = []
        for _ in range(rounds):
            decision = schedule(cib_of(self.state), self.now)
            if decision.empty:
                break
            walked.append(decision)
            self.begin()
            for action in _in_order(decision):
                self._carry_out(action)
            self.say(TransitionEnded(self._walks, "complete", len(decision.actions)))
        return walked

    def begin(self) -> Transition:
        """The DC decides, and has not got any further."""
        decision = schedule(cib_of(self.state), self.now)
        self._walks += 1
        self.say(TransitionStarted(self._walks, self.state.basis, plan(decision)))
        return decision

    def lose(self, node: str) -> None:
        """It falls silent."""
        self.now += 1.0
        self.agree(node, *(n for n in self.boots if not self.state.nodes[n].present))

    def intend(self, node: str) -> None:
        self._requests += 1
        record = self.state.nodes[node]
        self.say(FencingIntended(f"f{self._requests}", node, record.boot, "reboot",
                                 "heartbeats are missing"))  # fmt: skip

    def fence(self, node: str) -> None:
        """Intended and confirmed by the device's owner."""
        if not any(intent.target == node for intent in self.state.intents.values()):
            self.intend(node)
        intent = next(i for i in self.state.intents.values() if i.target == node)
        by = next(name for name in self.state.present if name != node)
        self.say(FencingConfirmed(intent.request, node, intent.boot, "power-verified",
                                  f"fence-{node}", by, 620), by, took=0.62)  # fmt: skip

    def fail(self, resource: str, node: str, reason: str, rc: int = 7) -> None:
        """Its monitor changes its mind."""
        self.ran(resource, "monitor", node, 1000, rc=rc, expected_rc=0, reason=reason)

    def order(self, event: Event) -> None:
        """As the DC takes it from an operator."""
        if isinstance(event, FencingIntended):
            self._requests += 1
            event = FencingIntended(f"f{self._requests}", event.target, event.boot, event.action,
                                    event.reason, "anna")  # fmt: skip
        elif isinstance(event, CibChanged):
            event = CibChanged(event.base, event.edits, "anna", event.why)
        elif isinstance(event, HistoryCleared):
            event = HistoryCleared(event.resource, event.node, "anna")
        self.say(event)

    def _carry_out(self, action: Action) -> None:
        if action.kind == "fence" and action.node:
            self.fence(action.node)
            self.agree(*(n for n in self.boots if not self.state.nodes[n].present))
        elif action.kind == "cancel" and action.resource and action.node:
            self.ran(action.resource, action.operation, action.node, action.interval_ms,
                     status="cancelled")  # fmt: skip
        elif action.kind == "rsc" and action.node and action.resource:
            rc = action.target_rc
            order = f"{self.state.term}.{self._walks}.{action.id}"
            self.ran(action.resource, action.operation, action.node, action.interval_ms, rc=rc,
                     expected_rc=rc, order=order)  # fmt: skip
            if action.operation == "start" and action.resource == "db":
                score = {"n2": "20"}.get(action.node, "10")
                self.say(AttributeSet(action.node, "master-db", score), action.node)


def pulse_of(cluster: Cluster, node: str, hears: Sequence[str] = ()) -> Pulse:
    """As this node would tell it, when it hears these, else all that are in the view."""
    state = cluster.state
    here = tuple(hears) or state.present
    quorate = 2 * len({node, *here}) > len(state.voters)
    peers = {
        name: {"heard": 0.1 if name in here else 42.0, "rtt_ms": 0.4 if name in here else 0.0,
               "loss": 0.0 if name in here else 1.0, "links": [name in here],
               "dc": state.dc, "term": state.term, "index": state.position.index,
               "hears": [n for n in here if n != name], "view": list(here)}
        for name in state.voters if name != node
    }  # fmt: skip
    return Pulse(1, node, "dc" if node == state.dc else "follower",
                 state.dc if state.dc in here else "", state.term, state.position,
                 state.position.index, quorate, peers,
                 view=tuple(sorted({node, *here})))  # fmt: skip


class MemoryLink:
    """A link to such a cluster, on the same Follower as a live one."""

    def __init__(self, cluster: Cluster, thinker: Thinker, node: str = "n1") -> None:
        self.cluster = cluster
        self.follower: Follower | None = None
        self.orders: list[Event] = []
        self.resyncs = 0
        self.around: tuple[Word, ...] = ()
        self.asked_around = 0
        self.held = False
        """Orders are taken, but nothing is done about them yet."""
        self.refusals: list[str] = []
        """Why the next orders are not taken."""
        self._thinker = thinker
        self.past = Past()
        self._node = node

    def start(self, post: Post) -> None:
        self.follower = Follower(self._thinker, post, self.past)
        self.follower.set_wire(self._wire())
        state = self.cluster.state
        pulse = pulse_of(self.cluster, self._node)
        self.follower.take(StateImage(1, state.position, state.pack()))
        self.follower.take(pulse)
        self.follower.recall(Entries(2, tuple(self.cluster.entries), state.position.index))
        self.cluster.readers.append(self.follower.take)

    async def order(self, events: Sequence[Event], basis: int | None, why: str) -> Outcome:
        if basis is not None and basis != self.cluster.state.basis:
            return Outcome(None, "stale", "the state has moved on")
        if self.refusals:
            return Outcome(None, self.refusals.pop(0), "not now")
        event = joint(events)
        self.orders.append(event)
        self.cluster.order(event)
        index = self.cluster.state.position.index
        if not self.held:
            self.cluster.settle()
        return Outcome(index)

    def lost(self, seconds: float, trying: str = "n2") -> None:
        """The line breaks."""
        assert self.follower is not None
        self.follower.set_wire(self._wire()._replace(lost=seconds, trying=trying))

    def back(self) -> None:
        assert self.follower is not None
        self.follower.set_wire(self._wire())

    async def ask_around(self) -> tuple[Word, ...]:
        self.asked_around += 1
        return self.around

    async def recall(self) -> str:
        self.past.anchor(ClusterState())
        return ""

    def resync(self) -> None:
        self.resyncs += 1

    async def close(self) -> None:
        if self.follower is not None:
            with contextlib.suppress(ValueError):
                self.cluster.readers.remove(self.follower.take)

    def _wire(self) -> Wire:
        return Wire(self._node, "memory", context="demo", operator="anna")


def healthy() -> Cluster:
    """Everything runs: front on n1, db promoted on n2."""
    cluster = Cluster()
    cluster.probed()
    cluster.settle()
    return cluster


def failed() -> Cluster:
    """The web server died once on n1, and was started again there."""
    cluster = healthy()
    cluster.fail("web", "n1", "no answer on port 8080")
    cluster.settle()
    return cluster


def outage() -> Cluster:
    """n3 is lost, and being fenced."""
    cluster = healthy()
    cluster.lose("n3")
    cluster.intend("n3")
    return cluster


def after(*proposals: Callable[[ClusterState], Proposal]) -> Cluster:
    """A healthy cluster after these orders, and what came of them."""
    cluster = healthy()
    for build in proposals:
        for event in build(cluster.state).events:
            cluster.order(event)
    cluster.settle()
    return cluster


def _in_order(decision: Transition) -> list[Action]:
    """The actions, each after those that it waits for."""
    waits: dict[int, set[int]] = {action.id: set() for action in decision.actions}
    for before, after in decision.orderings:
        if before in waits and after in waits:
            waits[after].add(before)
    done: list[Action] = []
    left = {action.id: action for action in decision.actions}
    while left:
        ready = [ident for ident in left if not waits[ident] & left.keys()]
        assert ready, "the transition goes in circles"
        for ident in ready:
            done.append(left.pop(ident))
    return done
