"""A remote node over a real sshd: operations, their end, and who may act."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from hanode.effects import Spawn
from hanode.inputs import ProcessEnded, Spawned, SpawnFailed
from hanode.runtime.far_script import Token, token_of
from hanode.runtime.remote_host import CantReach, RemoteHost, Where
from tests.unit.runtime.far_end import HOST, FarEnd

SEED = bytes(range(32))
PATIENCE = 60.0
pytestmark = pytest.mark.skipif(
    os.geteuid() != 0 or shutil.which("sshd") is None,
    reason="a far end is made by root, with sshd (apt-get install openssh-server)",
)


class Desk:
    """What comes back from a remote node."""

    def __init__(self) -> None:
        self._news: asyncio.Queue[Any] = asyncio.Queue()
        self.questions: list[list[str]] = []
        self.answer = "0\x1f\x1f"

    async def asked(self, question: str) -> str:
        number, *words = question.split("\x1f")
        self.questions.append(words)
        return f"{number} {self.answer}" if self.answer else ""

    def feed(self, news: Any) -> None:
        self._news.put_nowait(news)

    async def next(self, kind: type | tuple[type, ...]) -> Any:
        while True:
            news = await asyncio.wait_for(self._news.get(), PATIENCE)
            if isinstance(news, kind):
                return news

    async def end(self) -> ProcessEnded:
        """Of an operation; that it could not begin is a failure."""
        over = await self.next((ProcessEnded, SpawnFailed))
        assert isinstance(over, ProcessEnded), over
        return over


@pytest.fixture
def far(tmp_path: Path) -> Iterator[FarEnd]:
    end = FarEnd(tmp_path, SEED)
    yield end
    end.end()


def where(far: FarEnd, **more: Any) -> Where:
    return Where(HOST, far.port, "root", far.host_key)._replace(**more)


def run(far: FarEnd, act: Callable[[RemoteHost, Desk], Awaitable[None]]) -> None:
    """Act on a connected remote node."""

    async def all_of_it() -> None:
        desk = Desk()
        host = await RemoteHost.connect(where(far), SEED, Token(1, 2, 3), desk.feed, desk.asked)
        await act(host, desk)
        await host.close()

    asyncio.run(all_of_it())


def agent(far: FarEnd, script: str) -> tuple[str, ...]:
    path = far.folder / "agent"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return (str(path), "start")


def test_an_operation_has_environment_output_and_exit_code(far: FarEnd) -> None:
    argv = agent(far, 'echo "$1 $OCF_RESKEY_x"; echo oops >&2; cat; exit 7')
    value = 'a\'b "c" $(d)\n;e\\'

    async def act(host: RemoteHost, desk: Desk) -> None:
        host.spawn(Spawn(1, argv, {"OCF_RESKEY_x": value, "bad-name": "x"}), ())
        assert (await desk.next(Spawned)).token == 1
        ended = await desk.next(ProcessEnded)
        assert (ended.token, ended.rc) == (1, 7)
        assert ended.output.decode() == f"start {value}\n"
        assert ended.errors == b"oops\n"
        host.spawn(Spawn(2, argv, {}, b"password=x'y\n"), ())
        assert (await desk.next(ProcessEnded)).output == b"start \npassword=x'y\n"

    run(far, act)


def test_what_a_secret_says_is_struck_out(far: FarEnd) -> None:
    argv = agent(far, 'echo "$OCF_RESKEY_pw"')

    async def act(host: RemoteHost, desk: Desk) -> None:
        host.spawn(Spawn(1, argv, {"OCF_RESKEY_pw": "canary"}), (b"canary",))
        assert (await desk.next(ProcessEnded)).output == b"(secret)\n"

    run(far, act)


def test_an_agent_that_is_not_there(far: FarEnd) -> None:
    async def act(host: RemoteHost, desk: Desk) -> None:
        host.spawn(Spawn(1, ("/usr/lib/ocf/none", "start")), ())
        failed = await desk.next(SpawnFailed)
        assert failed.missing
        assert failed.reason == "/usr/lib/ocf/none: not there"

    run(far, act)


def test_an_operation_is_killed_with_all_that_it_began(far: FarEnd) -> None:
    argv = agent(far, "trap '' TERM; sleep 1000 & sleep 1000; sleep 1000")

    async def act(host: RemoteHost, desk: Desk) -> None:
        host.spawn(Spawn(1, argv), ())
        pid = (await desk.next(Spawned)).pid
        host.kill(1, hard=True)
        ended = await desk.next(ProcessEnded)
        assert ended.rc == -9
        host.spawn(Spawn(2, agent(far, f"ps -o pid= -g {pid}; ls /run/hanode-remote/ops")), ())
        left = (await desk.next(ProcessEnded)).output.split()
        assert str(pid).encode() not in left

    run(far, act)


def test_a_flood_is_bounded_and_many_are_served_at_once(far: FarEnd) -> None:
    argv = agent(far, "head -c 3000000 /dev/zero | tr '\\0' x; echo end")

    async def act(host: RemoteHost, desk: Desk) -> None:
        for token in range(1, 31):
            host.spawn(Spawn(token, argv), ())
        ends = [await desk.end() for _ in range(30)]
        assert sorted(end.token for end in ends) == list(range(1, 31))
        assert all(end.rc == 0 and end.output.endswith(b"xend\n") for end in ends)
        assert max(len(end.output) for end in ends) <= 65536

    run(far, act)


def test_who_comes_later_ends_what_the_older_one_began_and_it_can_begin_no_more(
    far: FarEnd,
) -> None:
    argv = agent(far, "sleep 1000")

    async def act(old: RemoteHost, desk: Desk) -> None:
        old.spawn(Spawn(1, argv), ())
        await desk.next(Spawned)
        later = Desk()
        new = await RemoteHost.connect(where(far), SEED, Token(1, 2, 4), later.feed, later.asked)
        assert (await desk.next(ProcessEnded)).rc == -9
        old.spawn(Spawn(2, agent(far, "exit 0")), ())
        refused = await desk.next(SpawnFailed)
        assert not refused.missing
        assert "order 1 2 4 has taken it over" in refused.reason
        new.spawn(Spawn(1, agent(far, "exit 0")), ())
        assert (await later.next(ProcessEnded)).rc == 0
        with pytest.raises(CantReach, match="has taken it over already"):
            await RemoteHost.connect(where(far), SEED, Token(1, 1, 9), desk.feed, desk.asked)
        await new.close()

    run(far, act)


def test_a_connection_that_breaks_ends_every_operation_without_a_result(far: FarEnd) -> None:
    argv = agent(far, "sleep 1000")

    async def act(host: RemoteHost, desk: Desk) -> None:
        host.spawn(Spawn(1, argv), ())
        await desk.next(Spawned)
        far.end()
        failed = await desk.next(SpawnFailed)
        assert "the connection broke" in failed.reason
        assert not failed.missing
        assert not host.alive
        far.start()

    run(far, act)


@pytest.mark.parametrize(
    ("change", "why"),
    [({"host_key": "other"}, "another host key"), ({"host_key": "ssh-ed25519 junk"}, "127.66.0.10"),
     ({"port": 1}, "port 1"), ({"user": "nobody"}, "refuses this node's key")],
)  # fmt: skip
def test_what_is_refused(far: FarEnd, tmp_path: Path, change: dict[str, Any], why: str) -> None:
    if change.get("host_key") == "other":
        other = str(tmp_path / "other")
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", other], check=True)
        change = {"host_key": " ".join(Path(other + ".pub").read_text().split()[:2])}

    async def connect() -> None:
        await RemoteHost.connect(
            where(far, **change), SEED, Token(1, 1, 1), lambda _: None, Desk().asked
        )

    with pytest.raises(CantReach, match=why):
        asyncio.run(connect())


def test_tokens_come_from_orders_and_grow_with_them() -> None:
    earlier, later = token_of("7.12.3"), token_of("7.13.1")
    assert earlier is not None
    assert later is not None
    assert earlier < later
    assert earlier.first_number < later.first_number
    assert token_of("alone.1.2.3") is None


def test_what_agents_ask_of_the_cluster_is_answered(far: FarEnd) -> None:
    said = "crm_attribute -N far -n x -v 'a b' || echo refused; crm_attribute -G -n x; exit $?"
    argv = agent(far, f"PATH=/run/hanode-remote/bin:$PATH\n{said}")

    async def act(host: RemoteHost, desk: Desk) -> None:
        desk.answer = "105\x1fone\x1etwo\x1e\x1fno attribute x\x1e"
        host.spawn(Spawn(1, argv, {"OCF_RESOURCE_INSTANCE": "r1"}), ())
        ended = await desk.end()
        assert desk.questions == [
            ["crm_attribute", "r1", "-N", "far", "-n", "x", "-v", "a b"],
            ["crm_attribute", "r1", "-G", "-n", "x"],
        ]
        assert ended.rc == 105
        assert ended.output == b"one\ntwo\nrefused\none\ntwo\n"
        assert ended.errors == b"no attribute x\nno attribute x\n"

    run(far, act)


def test_a_question_of_two_lines_is_refused(far: FarEnd) -> None:
    argv = agent(far, "PATH=/run/hanode-remote/bin:$PATH\ncrm_attribute -n x -v 'a\nb'")

    async def act(host: RemoteHost, desk: Desk) -> None:
        host.spawn(Spawn(1, argv, {}), ())
        ended = await desk.end()
        assert ended.rc == 64
        assert b"line break" in ended.errors
        assert desk.questions == []

    run(far, act)


def test_our_own_agents_are_there(far: FarEnd) -> None:
    async def act(host: RemoteHost, desk: Desk) -> None:
        dummy = ("/run/hanode-remote/ocf/Dummy", "monitor")
        host.spawn(Spawn(1, dummy, {"OCF_RESOURCE_INSTANCE": "d", "HA_RSCTMP": "/run"}), ())
        assert (await desk.end()).rc == 7

    run(far, act)


def test_what_runs_can_be_stopped_where_no_note_can_be_written(far: FarEnd) -> None:
    notes = "/run/hanode-remote/ops"
    fill = f"mount -t tmpfs -o size=4k tmpfs {notes}; head -c 9999 /dev/zero > {notes}/0; echo full"

    async def act(host: RemoteHost, desk: Desk) -> None:
        host.spawn(Spawn(1, agent(far, fill)), ())
        assert (await desk.end()).output == b"full\n"
        path, _ = agent(far, "echo $1; exit 0")
        for token, task in enumerate(("stop", "demote", "monitor"), 2):
            host.spawn(Spawn(token, (path, task)), ())
            ended = await desk.end()
            assert (ended.rc, ended.output) == (0, f"{task}\n".encode())
        host.spawn(Spawn(9, (path, "start")), ())
        assert not (await desk.next(SpawnFailed)).missing

    run(far, act)


def test_a_service_that_keeps_the_pipes_open_holds_nobody_up(far: FarEnd) -> None:
    argv = agent(far, "sleep 1000 & echo begun; echo warned >&2; exit 3")

    async def act(host: RemoteHost, desk: Desk) -> None:
        host.spawn(Spawn(1, argv), ())
        ended = await desk.end()
        assert (ended.rc, ended.output, ended.errors) == (3, b"begun\n", b"warned\n")
        host.spawn(Spawn(2, agent(far, "pgrep -x sleep > /dev/null; echo $?")), ())
        assert (await desk.end()).output == b"0\n"

    run(far, act)


def test_who_does_not_heed_is_still_found_by_who_comes_later(far: FarEnd) -> None:
    argv = agent(far, "trap '' TERM; echo ready; while :; do sleep 0.1; done")

    async def act(old: RemoteHost, desk: Desk) -> None:
        old.spawn(Spawn(1, argv), ())
        pid = (await desk.next(Spawned)).pid
        await old._signal(pid, signal.SIGTERM)
        await old.close()
        later = Desk()
        new = await RemoteHost.connect(where(far), SEED, Token(1, 2, 4), later.feed, later.asked)
        new.spawn(Spawn(1, agent(far, f"ps -o pid= -g {pid}; exit 0")), ())
        assert (await later.end()).output == b""
        await new.close()

    run(far, act)


def test_a_full_run_is_taken_over_all_the_same(far: FarEnd) -> None:
    fill = (
        "rm /run/hanode-remote/ops/*\n"  # a note that is forgotten leaves room
        "mount -o remount,size=1m /run; cat /dev/zero > /run/all; echo x > /run/more\n"
        "[ -s /run/more ] || echo full"
    )

    async def act(old: RemoteHost, desk: Desk) -> None:
        old.spawn(Spawn(1, agent(far, fill)), ())
        assert (await desk.end()).output == b"full\n"
        later = Desk()
        new = await RemoteHost.connect(where(far), SEED, Token(1, 2, 4), later.feed, later.asked)
        path, _ = agent(far, "echo $1; exit 0")
        new.spawn(Spawn(1, (path, "stop")), ())
        assert (await later.end()).output == b"stop\n"
        old.spawn(Spawn(2, (path, "stop")), ())
        assert "has taken it over" in (await desk.next(SpawnFailed)).reason
        await new.close()

    run(far, act)


def test_what_a_resource_left_running_is_ended_before_one_looks(far: FarEnd) -> None:
    mark = "/run/hanode-remote:web"
    begin = agent(far, "setsid sleep 1000 > /dev/null 2>&1 < /dev/null & echo $!")

    async def act(host: RemoteHost, desk: Desk) -> None:
        for token, name in enumerate((mark, f"{mark}2"), 1):
            host.spawn(Spawn(token, begin, {"HANODE_RESOURCE": name}), ())
            await desk.end()
        host.kill_marked("HANODE_RESOURCE", mark)
        host.spawn(Spawn(9, agent(far, "pgrep -x sleep | wc -l")), ())
        assert (await desk.end()).output == b"1\n"

    run(far, act)
