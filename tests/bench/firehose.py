"""A node in name only: speaks to one console at a time, of as many resources and events as asked.

`python -m tests.bench.firehose SOCKET RESOURCES EVENTS_PER_SECOND`
"""

from __future__ import annotations

import asyncio
import sys
import time

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
from hanode.mgmt.protocol import (
    ANSWERS,
    REQUESTS,
    VERSION,
    Entries,
    FetchLog,
    Hello,
    Pulse,
    StateImage,
    Subscribe,
    Welcome,
)
from hanode.mgmt.session import Frames, frame
from hanode.state import ClusterState, open_and_apply
from hanode.state.lawful import ordered

NODES = ("n1", "n2", "n3", "n4", "n5")
BEAT = 0.05
"""Seconds between two batches of events."""
PULSE = 4.0
"""Seconds between two signs of life."""
_PRIMITIVE = (
    '<primitive id="r{0:04}" class="ocf" provider="hanode" type="Dummy"><operations>'
    '<op id="r{0:04}-m" name="monitor" interval="10s"/></operations></primitive>'
)


def configuration(resources: int) -> str:
    """Groups of ten."""
    groups = []
    for first in range(0, resources, 10):
        members = "".join(_PRIMITIVE.format(n) for n in range(first, min(first + 10, resources)))
        groups.append(f'<group id="g{first // 10:03}">{members}</group>')
    return (
        '<cib admin_epoch="0" epoch="1" num_updates="0" validate-with="pacemaker-3.9">'
        "<configuration><crm_config/><nodes/>"
        f"<resources>{''.join(groups)}</resources><constraints/></configuration></cib>"
    )


class Firehose:
    """Writes its own log."""

    def __init__(self, resources: int) -> None:
        self.state = ClusterState()
        self.resources = resources
        self.calls = 0
        self.keys = {name: Identity(bytes([n] * 32)) for n, name in enumerate(NODES, 1)}
        members = tuple(
            Member(name, n, "data", self.keys[name].public) for n, name in enumerate(NODES, 1)
        )
        self.numbers = dict.fromkeys(NODES, 0)
        """Each speaker numbers its own statements."""
        self.last = NO_HASH
        self.say(ClusterFounded(b"c" * 16, "bench", members, cib=configuration(resources)))
        self.say(DcElected(1, "n1", NODES))
        self.say(ViewAgreed(tuple((name, 1) for name in NODES)))
        for name in NODES:
            self.say(NodeReported(name, 1, 1))
        for number in range(resources):
            self.say(self.ran(number, "start", 0))

    def ran(self, number: int, task: str, interval: int) -> Event:
        self.calls += 1
        node = NODES[number // 10 % len(NODES)]
        return OperationFinished(
            node, f"r{number:04}", "ocf:hanode:Dummy", task, interval, 0, "done",
            call_id=self.calls, at=time.time(), exec_ms=self.calls % 90,
        )  # fmt: skip

    def say(self, event: Event) -> Entry:
        index = self.state.position.index + 1
        actor = event.node if isinstance(event, OperationFinished | NodeReported) else "n1"
        self.numbers[actor] += 1
        cause = "operator root" if ordered(event) else ""
        said = Statement(actor, 1, self.numbers[actor], time.time(), cause, VOCABULARY.pack(event))
        payload = STATEMENTS.pack(said)
        cluster = event.cluster if isinstance(event, ClusterFounded) else self.state.cluster
        signed = Signed(payload, self.keys[actor].sign("event", cluster, payload))
        entry = Entry(1, index, self.last, signed)
        open_and_apply(self.state, entry)
        self.last = entry.hash()
        return entry

    def pulse(self) -> Pulse:
        at = self.state.position
        return Pulse(2, "n1", "dc", "n1", 1, at, at.index, True, view=self.state.present)

    def batch(self, count: int) -> tuple[Entry, ...]:
        """Starts and stops of resources in turn: each is news."""
        found = []
        for _ in range(count):
            number = self.calls % self.resources
            task = "stop" if self.calls // self.resources % 2 else "start"
            found.append(self.say(self.ran(number, task, 0)))
        return tuple(found)


async def serve(path: str, resources: int, rate: float) -> None:
    """Until it is killed."""
    hose = Firehose(resources)

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        frames = Frames()
        flowing: asyncio.Task[None] | None = None
        while data := await reader.read(1 << 16):
            for message in frames.feed(data):
                request = REQUESTS.unpack(message)
                for answer in answers(hose, request):
                    writer.write(frame(ANSWERS.pack(answer)))
                if isinstance(request, Subscribe) and flowing is None:
                    flowing = asyncio.create_task(flow(hose, writer, rate))
        if flowing is not None:
            flowing.cancel()

    server = await asyncio.start_unix_server(talk, path)
    print("ready", flush=True)
    await server.serve_forever()


def answers(hose: Firehose, request: object) -> list[object]:
    match request:
        case Hello(number=number):
            return [Welcome(number, VERSION, "n1", "bench", "admin")]
        case Subscribe(number=number):
            image = StateImage(number, hose.state.position, hose.state.pack())
            return [image, hose.pulse()]
        case FetchLog(number=number):
            return [Entries(number, (), hose.state.position.index)]
        case _:
            number = getattr(request, "number", 0)
            return [StateImage(number, hose.state.position, hose.state.pack()), hose.pulse()]


async def flow(hose: Firehose, writer: asyncio.StreamWriter, rate: float) -> None:
    began, sent, pulsed = time.monotonic(), 0, 0.0
    while True:
        await asyncio.sleep(BEAT if rate else PULSE)
        if time.monotonic() - pulsed >= PULSE:
            pulsed = time.monotonic()
            writer.write(frame(ANSWERS.pack(hose.pulse())))
        due = int((time.monotonic() - began) * rate) - sent
        if due > 0:
            sent += due
            told = Entries(2, hose.batch(due), hose.state.position.index)
            writer.write(frame(ANSWERS.pack(told)))
            await writer.drain()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1], int(sys.argv[2]), float(sys.argv[3])))
