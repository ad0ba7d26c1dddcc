"""Streams between members: real SSH over loopback."""

from __future__ import annotations

import asyncio
from typing import Any

import asyncssh
import pytest

from hanode.inputs import PeerSaid, StreamClosed, StreamOpened
from hanode.peer_messages import Proposed
from hanode.runtime import server
from hanode.runtime.ssh import ALGORITHMS, private_key
from tests.unit.runtime.ends import End, make_secrets


def run(story: Any) -> None:
    asyncio.run(asyncio.wait_for(story, 30))


async def pair() -> tuple[End, End]:
    one, two = End("n1", 1), End("n2", 2)
    members = (one.member, two.member)
    await one.start(members)
    await two.start(members)
    await one.until(StreamOpened("n2"))
    await two.until(StreamOpened("n1"))
    return one, two


def test_one_stream_carries_words_both_ways() -> None:
    async def story() -> None:
        one, two = await pair()
        there, back = Proposed("q1", "no"), Proposed("q2", "no" * 100_000)
        one.peers.send("n2", there)
        two.peers.send("n1", back)
        await two.until(PeerSaid("n1", there))
        await one.until(PeerSaid("n2", back))
        await one.stop()
        await two.stop()

    run(story())


def test_a_broken_stream_is_opened_again() -> None:
    async def story() -> None:
        one, two = await pair()
        two.peers._lines["n1"].end("broken by the test", hard=True)
        await one.until(StreamClosed("n2"))
        await one.until(StreamOpened("n2"), 2)
        await two.until(StreamOpened("n1"), 2)
        await one.stop()
        await two.stop()

    run(story())


def test_a_former_member_is_dropped() -> None:
    async def story() -> None:
        one, two = await pair()
        two.gate.set((two.member,), ())
        two.peers.set_members((two.member,))
        await one.until(StreamClosed("n2"))
        assert not two.peers.connected("n1")
        await one.stop()
        await two.stop()

    run(story())


def test_garbage_on_a_stream_ends_it() -> None:
    async def story() -> None:
        one, two = await pair()
        one.peers._lines["n2"].send(b"\xc1garbage")
        await two.until(StreamClosed("n1"))
        await two.until_said("a peer speaks nonsense")
        await one.stop()
        await two.stop()

    run(story())


def dial(end: End, user: str, seed: bytes) -> Any:
    host, port = end.listener.getsockname()
    return asyncssh.connect(
        host, port, config=None, username=user, client_keys=[private_key(seed)], known_hosts=None,
        agent_path=None, **ALGORITHMS,
    )  # fmt: skip


def test_a_stranger_s_key_is_refused() -> None:
    async def story() -> None:
        one, two = await pair()
        for user in ("n1", "root", "nobody"):
            with pytest.raises(asyncssh.PermissionDenied):
                await dial(two, user, make_secrets(99).host_seed)
        refused = await two.until_said("connection refused", 3)
        assert not two.consoles
        assert "no member's" in refused[0]["why"]
        await one.stop()
        await two.stop()

    run(story())


def test_a_member_gets_no_shell_and_no_console() -> None:
    async def story() -> None:
        one, two = await pair()
        connection = await dial(two, "n1", one.secrets.host_seed)
        with pytest.raises(asyncssh.ChannelOpenError):
            await connection.run("id")
        with pytest.raises(asyncssh.ChannelOpenError):
            await connection.create_session(
                asyncssh.SSHClientSession, subsystem="hanode-console", encoding=None
            )
        with pytest.raises(asyncssh.ChannelOpenError):
            await connection.open_connection("127.0.0.1", 22)
        connection.abort()
        await one.stop()
        await two.stop()

    run(story())


def test_who_proves_nothing_in_time_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half-open and slow connections cost a socket for a while, and a line."""
    monkeypatch.setattr(server, "LOGIN_LIMIT", 0.2)

    async def story() -> None:
        one, two = await pair()
        host, port = two.listener.getsockname()
        _, silent = await asyncio.open_connection(host, port)
        reader, slow = await asyncio.open_connection(host, port)
        slow.write(b"SSH-2.0-slow\r\n\x00\x00")
        refused = await two.until_said("connection refused", 2)
        assert all("imeout" in line["why"] for line in refused), refused
        assert (await reader.read()).startswith(b"SSH-2.0-hanode")
        silent.close()
        slow.close()
        idle = await dial(two, "n1", one.secrets.host_seed)
        refused = await two.until_said("connection refused", 3)
        assert "no channel opened" in refused[2]["why"]
        await idle.wait_closed()
        assert one.peers.connected("n2")
        await one.stop()
        await two.stop()

    run(story())


async def crowd(end: End, number: int, host: str) -> list[asyncio.StreamWriter]:
    """Strangers from one address, who say nothing."""
    address = end.listener.getsockname()
    opened = [await asyncio.open_connection(*address, local_addr=(host, 0)) for _ in range(number)]
    return [writer for _, writer in opened]


def test_more_strangers_than_the_node_hears_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The oldest makes room."""
    monkeypatch.setattr(server, "STRANGERS_MAX", 3)

    async def story() -> None:
        one, two = await pair()
        silent = [(await crowd(two, 1, f"127.0.1.{n}"))[0] for n in range(1, 6)]
        refused = await two.until_said("connection refused", 2)
        assert all(line["why"] == "more than 3 strangers at once" for line in refused)
        assert [line["from_"].partition(":")[0] for line in refused] == ["127.0.1.1", "127.0.1.2"]
        for writer in silent:
            writer.close()
        await two.until_said("connection refused", 5)
        await one.stop()
        await two.stop()

    run(story())


def test_one_host_shuts_out_nobody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    async def story() -> None:
        one, two = await pair()
        silent = await crowd(two, 30, "127.0.1.1")
        refused = await two.until_said("connection refused", 20)
        assert {line["why"] for line in refused} == {"more than 8 strangers from 127.0.1.1 at once"}
        members = await crowd(two, 12, "127.0.0.1")
        connection = await dial(two, "n1", one.secrets.host_seed)
        connection.abort()
        for writer in (*silent, *members):
            writer.close()
        await one.stop()
        await two.stop()

    run(story())


def test_a_member_s_host_has_its_bound_and_the_member_comes_in(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(server, "MEMBER_MAX", 5)

    async def story() -> None:
        one, two = await pair()
        silent = await crowd(two, 12, "127.0.0.1")
        refused = await two.until_said("connection refused", 7)
        assert {line["why"] for line in refused} == {"more than 5 strangers from 127.0.0.1 at once"}
        connection = await dial(two, "n1", one.secrets.host_seed)
        connection.abort()
        for writer in silent:
            writer.close()
        await one.stop()
        await two.stop()

    run(story())


async def newcomer(end: End) -> asyncssh.SSHClientConnection:
    """Anybody may say that he has a token."""
    connection: asyncssh.SSHClientConnection = await dial(end, "join", make_secrets(99).host_seed)
    await connection.create_session(
        asyncssh.SSHClientSession, subsystem="hanode-console", encoding=None
    )
    return connection


def test_more_newcomers_than_the_node_hears_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "NEWCOMERS_MAX", 2)

    async def story() -> None:
        one, two = await pair()
        idle = [await newcomer(two) for _ in range(2)]
        with pytest.raises((asyncssh.Error, OSError)):
            await newcomer(two)
        refused = await two.until_said("connection refused")
        assert refused[0]["why"] == "more than 2 newcomers at once"
        assert len(two.consoles) == 2
        for connection in idle:
            connection.abort()
        await one.stop()
        await two.stop()

    run(story())


def test_a_newcomer_has_only_so_long_to_join(monkeypatch: pytest.MonkeyPatch) -> None:
    """Then another one has his place."""
    monkeypatch.setattr(server, "NEWCOMERS_MAX", 1)
    monkeypatch.setattr(server, "NEWCOMER_LIMIT", 0.2)

    async def story() -> None:
        one, two = await pair()
        for count in (1, 2):
            idle = await newcomer(two)
            await idle.wait_closed()
            refused = await two.until_said("connection refused", count)
            assert "has not joined within" in refused[-1]["why"]
        await one.stop()
        await two.stop()

    run(story())
