"""Cluster states to order things on: built by the fold, from events as nodes state them."""

from __future__ import annotations

from typing import Any

from hanode.events import (
    NO_HASH,
    STATEMENTS,
    VOCABULARY,
    ClusterFounded,
    DcElected,
    Entry,
    Event,
    Member,
    NodeReported,
    OperationFinished,
    Signed,
    Statement,
    ViewAgreed,
)
from hanode.identity import Identity
from hanode.state import ClusterState, open_and_apply
from hanode.state.lawful import ordered

NOW = 1_780_000_000.0

RESOURCES = """
<primitive id="web" class="ocf" provider="hanode" type="web"><operations>
  <op id="web-monitor-interval-1s" name="monitor" interval="1s"/></operations></primitive>
<group id="g"><primitive id="ip" class="ocf" provider="hanode" type="Dummy"/>
  <primitive id="app" class="ocf" provider="hanode" type="Dummy"/></group>
<clone id="everywhere"><primitive id="agent" class="ocf" provider="hanode" type="Dummy"/></clone>
<clone id="db-clone"><meta_attributes id="db-clone-meta_attributes">
  <nvpair id="db-clone-meta_attributes-promotable" name="promotable" value="true"/>
  </meta_attributes><primitive id="db" class="ocf" provider="hanode" type="Stateful"/></clone>
<primitive id="strip" class="stonith" type="fence_demo"/>
"""

CIB = (
    '<cib admin_epoch="0" epoch="4" num_updates="0" validate-with="pacemaker-3.9"><configuration>'
    f"<crm_config/><nodes/><resources>{RESOURCES}</resources><constraints/></configuration>"
    "<status/></cib>"
)


def identity(name: str) -> Identity:
    return Identity(name.encode().rjust(32, b"."))


class Log:
    """A log that grows: states events one after the other, and folds them."""

    def __init__(self) -> None:
        self.state = ClusterState()
        self.entries: list[Entry] = []

    def say(self, *events: Event, actor: str = "n1") -> None:
        for event in events:
            n = len(self.entries) + 1
            cause = "operator root" if ordered(event) else ""
            statement = Statement(actor, 1, n, NOW + n, cause, VOCABULARY.pack(event))
            previous = self.entries[-1].hash() if self.entries else NO_HASH
            payload = STATEMENTS.pack(statement)
            signed = Signed(payload, identity(actor).sign("event", bytes(16), payload))
            entry = Entry(1, n, previous, signed)
            self.entries.append(entry)
            open_and_apply(self.state, entry)


def operation(node: str, resource: str, task: str = "start", **fields: Any) -> OperationFinished:
    given: dict[str, Any] = {"interval_ms": 0, "rc": 0, "status": "done", "at": NOW, **fields}
    agent = given.pop("agent", "ocf:hanode:Dummy")
    return OperationFinished(node, resource, agent, task, **given)


def founded(cib: str = CIB, nodes: tuple[str, ...] = ("n1", "n2", "n3")) -> Log:
    """A cluster that has just been founded; all nodes are present and have reported."""
    log = Log()
    members = tuple(
        Member(name, number, "data", identity(name).public) for number, name in enumerate(nodes, 1)
    )
    log.say(ClusterFounded(bytes(16), "demo", members, cib=cib), DcElected(1, nodes[0], nodes))
    log.say(ViewAgreed(tuple((name, 1) for name in nodes)))
    for name in nodes:
        log.say(NodeReported(name, 1, 1), actor=name)
    return log


def healthy() -> Log:
    """Everything runs."""
    log = founded()
    log.say(
        operation("n1", "web", agent="ocf:hanode:web", call_id=3, exec_ms=20),
        operation("n1", "web", "monitor", agent="ocf:hanode:web", call_id=4, interval_ms=1000),
    )
    log.say(operation("n2", "ip", call_id=2), operation("n2", "app", call_id=3), actor="n2")
    log.say(operation("n3", "strip", agent="stonith:fence_demo", call_id=2), actor="n3")
    for name in ("n1", "n2", "n3"):
        log.say(
            operation(name, "agent", call_id=10),
            operation(name, "db", agent="ocf:hanode:Stateful", call_id=11),
            actor=name,
        )
    log.say(operation("n1", "db", "promote", agent="ocf:hanode:Stateful", call_id=12))
    return log
