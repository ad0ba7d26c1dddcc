"""The live link against nodes of our own making: real sockets, a cluster in memory behind them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from hanode.events import VOCABULARY, HistoryCleared
from hanode.mgmt.protocol import (
    ANSWERS,
    REQUESTS,
    VERSION,
    Command,
    Denied,
    Done,
    Entries,
    FetchLog,
    Hello,
    Pulse,
    StateImage,
    Subscribe,
    Welcome,
)
from hanode.mgmt.session import Frames, frame
from hatui.cluster.arrival import Arrival
from hatui.config import Address, Context
from hatui.link.dial import Stream
from hatui.link.live import LiveLink
from hatui.link.thinker import Thinker
from tests.console.feed import Cluster, healthy


class Node:
    """Serves one cluster on a Unix socket, as a node does."""

    def __init__(self, name: str, path: Path, cluster: Cluster) -> None:
        self.name, self.path, self.cluster = name, path, cluster
        self.subscribed: list[Subscribe] = []
        self.refuses = ""
        self.drops = False
        """The next who asks for the past is hung up on."""
        self._writers: list[asyncio.StreamWriter] = []
        self._server: asyncio.Server | None = None
        self._serving: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        self._server = await asyncio.start_unix_server(self._serve, self.path)

    async def stop(self) -> None:
        assert self._server is not None
        self._server.close()
        for writer in self._writers:
            writer.close()
        self._writers.clear()
        self.path.unlink(missing_ok=True)
        if self._serving:
            await asyncio.wait(self._serving)  # each sees the end of its connection

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.append(writer)
        task = asyncio.current_task()
        assert task is not None
        self._serving.add(task)
        task.add_done_callback(self._serving.discard)
        frames = Frames()
        while data := await reader.read(65536):
            for message in frames.feed(data):
                for answer in self._answer(REQUESTS.unpack(message), writer):
                    writer.write(frame(ANSWERS.pack(answer)))

    def _answer(self, asked: Any, writer: asyncio.StreamWriter) -> list[Any]:
        cluster, state = self.cluster, self.cluster.state
        index = state.position.index
        if isinstance(asked, Hello):
            if self.refuses:
                return [Denied(0, "forbidden", self.refuses)]
            return [Welcome(asked.number, VERSION, self.name, "anna", "admin")]
        if isinstance(asked, Subscribe):
            self.subscribed.append(asked)
            number = asked.number
            cluster.readers.append(
                lambda entries: writer.write(
                    frame(ANSWERS.pack(Entries(number, entries.entries, entries.last)))
                )
            )
            if asked.after is not None:
                return [Entries(number, tuple(cluster.entries[asked.after.index :]), index)]
            pulse = Pulse(number, self.name, "dc", state.dc, state.term, state.position, index,
                          True, view=state.present)  # fmt: skip
            return [StateImage(number, state.position, state.pack()), pulse]
        if isinstance(asked, FetchLog) and self.drops:
            self.drops = False
            writer.close()
            return []
        if isinstance(asked, FetchLog):
            found = cluster.entries[asked.first - 1 : asked.first - 1 + asked.count]
            return [Entries(asked.number, tuple(found), index)]
        if isinstance(asked, Command):
            if asked.basis is not None and asked.basis != state.basis:
                return [Denied(asked.number, "stale", "moved on")]
            cluster.order(VOCABULARY.unpack(asked.event))
            return [Done(asked.number, cluster.state.position.index)]
        raise AssertionError(asked)


Script = Callable[[LiveLink, list[Arrival], list[Node]], Awaitable[None]]


def run(script: Script, folder: Path, drops: bool = False) -> None:
    async def play() -> None:
        cluster = healthy()
        nodes = [Node(name, folder / name, cluster) for name in ("n1", "n2")]
        nodes[0].drops = drops
        for node in nodes:
            await node.start()
        where = tuple(Address(socket=str(node.path)) for node in nodes)
        thinker = Thinker(lambda: cluster.now)
        link = LiveLink(Context("test", where), thinker)
        arrivals: list[Arrival] = []
        link.start(arrivals.append)
        try:
            await until(lambda: any(one.moment for one in arrivals))
            await script(link, arrivals, nodes)
        finally:
            await link.close()
            thinker.close()
            for node in nodes:
                await node.stop()

    asyncio.run(play())


async def until(holds: Callable[[], bool]) -> None:
    while not holds():  # noqa: ASYNC110 - nothing sets an event
        await asyncio.sleep(0.01)


def moments(arrivals: list[Arrival]) -> list[Any]:
    return [one.moment for one in arrivals if one.moment is not None]


def test_it_attaches_and_follows(tmp_path: Path) -> None:
    async def script(link: LiveLink, arrivals: list[Arrival], nodes: list[Node]) -> None:
        assert arrivals[-1].wire.node == "n1"
        await until(lambda: any(one.past for one in arrivals))
        nodes[0].cluster.fail("web", "n1", "gone")
        await until(lambda: any(news.subject == "web" for one in arrivals for news in one.news))
        await until(lambda: bool(moments(arrivals)[-1].overview.failures))
        assert moments(arrivals)[-1].state.digest() == nodes[0].cluster.state.digest()

    run(script, tmp_path)


def test_a_lost_node_costs_nothing_but_a_moment(tmp_path: Path) -> None:
    async def script(link: LiveLink, arrivals: list[Arrival], nodes: list[Node]) -> None:
        await nodes[0].stop()
        nodes[0].cluster.lose("n1")
        await until(lambda: arrivals[-1].wire.node == "n2" and not arrivals[-1].wire.lost)
        assert any(one.wire.lost for one in arrivals)
        (again,) = nodes[1].subscribed
        assert again.after is not None  # from where it broke off
        await until(lambda: "n1" not in moments(arrivals)[-1].state.present)
        await nodes[0].start()

    run(script, tmp_path)


def test_the_past_is_asked_for_again_where_the_line_broke_on_it(tmp_path: Path) -> None:
    async def script(link: LiveLink, arrivals: list[Arrival], nodes: list[Node]) -> None:
        await until(lambda: any(one.past for one in arrivals))
        assert arrivals[-1].wire.node == "n2"

    run(script, tmp_path, drops=True)


def test_another_past_is_taken_from_a_snapshot(tmp_path: Path) -> None:
    async def script(link: LiveLink, arrivals: list[Arrival], nodes: list[Node]) -> None:
        other = healthy()
        other.fail("backup", "n2", "another past")
        other.fail("backup", "n2", "another past")
        nodes[1].cluster = other
        await nodes[0].stop()
        await until(lambda: moments(arrivals)[-1].state.digest() == other.state.digest())
        await nodes[0].start()

    run(script, tmp_path)


def test_orders_are_taken_or_refused(tmp_path: Path) -> None:
    async def script(link: LiveLink, arrivals: list[Arrival], nodes: list[Node]) -> None:
        cluster = nodes[0].cluster
        basis = cluster.state.basis
        done = await link.order([HistoryCleared("web"), HistoryCleared("db")], basis, "cleanup")
        assert done.entry == cluster.state.position.index
        stale = await link.order([HistoryCleared("web")], basis, "cleanup")
        assert (stale.entry, stale.code) == (None, "stale")
        nodes[0].refuses = nodes[1].refuses = "go away"
        await nodes[0].stop()
        await nodes[1].stop()
        await until(lambda: arrivals[-1].wire.lost > 0)
        gone = await link.order([HistoryCleared("web")], None, "cleanup")
        assert (gone.entry, gone.code) == (None, "offline")
        await nodes[0].start()
        await nodes[1].start()
        await until(lambda: arrivals[-1].wire.why == "go away")

    run(script, tmp_path)


def test_a_flood_is_handed_on_in_few_flushes(tmp_path: Path) -> None:
    async def script(link: LiveLink, arrivals: list[Arrival], nodes: list[Node]) -> None:
        cluster, before = nodes[0].cluster, len(arrivals)
        for _ in range(500):
            cluster.ran("web", "monitor", "n1", 1000)
            await asyncio.sleep(0)
        digest = cluster.state.digest()
        await until(lambda: moments(arrivals)[-1].state.digest() == digest)
        assert len(arrivals) - before < 25

    run(script, tmp_path)


def test_a_flood_leaves_the_screen_its_turns() -> None:
    """A stream that always has more never suspends whoever reads it."""

    class Flood:
        async def read(self, count: int) -> bytes:
            return frame(ANSWERS.pack(Denied(7, "busy", "again")))

    async def play() -> None:
        link = LiveLink(Context("demo", ()), Thinker())
        turns = 0

        async def screen() -> None:
            nonlocal turns
            while True:
                turns += 1
                await asyncio.sleep(0)

        drawing, heard = asyncio.create_task(screen()), 0
        async for _ in link._answers(Stream(Flood(), lambda data: None, lambda: None)):
            heard += 1
            if heard == 50:
                break
        drawing.cancel()
        assert turns >= 49

    asyncio.run(play())
