"""One remote node as a cluster node reaches it: one SSH connection, many operations on it."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import time
from collections.abc import Callable, Coroutine
from typing import Any, NamedTuple

from hanode.effects import Spawn
from hanode.inputs import ProcessEnded, Spawned, SpawnFailed
from hanode.runtime import far_script as far
from hanode.runtime import tasks
from hanode.runtime.far_process import FarProcess
from hanode.runtime.far_script import Token
from hanode.runtime.ssh import DIALLING, KEEPALIVE, private_key
from hanode.runtime.sshlib import asyncssh
from hanode.runtime.unreached import why
from hanode.runtime.vault import struck_out
from hanode.settings import OUTPUT_LIMIT

SHELL = "sh -s"
"""In a process group of its own: sshd gives each command one."""
CHANNELS = 8
"""sshd allows ten sessions on a connection, unless told otherwise; one is kept for killing, and one
for what agents ask."""
REOPEN_AFTER = (0.02, 0.05, 0.1, 0.2, 0.5, 1.0)
"""Seconds before a session that sshd refused is asked for again: it counts one that has ended until
it has looked after it."""
TAKE_OVER_LIMIT = 20.0
CONNECT_LIMIT = 15.0
"""Seconds for a host to let us in; three such limits are less than the agent's own."""
ASK_LIMIT = 20.0
"""Seconds for a short errand of the far shell."""
COMPLAINT_LIMIT = 4096
"""Of what the far shell complains of, in bytes."""
QUESTIONS_MAX = 64
"""Questions of agents over there that wait for their answers; further ones are not read yet."""
READ_SIZE = 65536
Asked = Callable[[str], Coroutine[Any, Any, str]]
"""A line that an agent asks over there, to the line that answers it; empty: none."""


class Where(NamedTuple):
    """How a remote node is reached."""

    host: str
    port: int
    user: str
    host_key: str
    """Its sshd's Ed25519 key, as in known_hosts: `ssh-ed25519 AAAA...`."""


class CantReach(Exception):  # noqa: N818 - said to the operator
    """The remote node can't be had: why, and what to do."""


class RemoteHost:
    """Connected from birth; `feed` is told what becomes of each operation."""

    def __init__(
        self,
        connection: asyncssh.SSHClientConnection,
        where: Where,
        token: Token,
        feed: Callable[[Any], None],
        asked: Asked,
    ) -> None:
        self.token = token
        self._asked = asked
        self._connection = connection
        self._rights = "" if where.user == "root" else "sudo -n "
        self._feed = feed
        self._channels = asyncio.Semaphore(CHANNELS)
        self._pids: dict[int, int] = {}
        """By token of the core: the operation's process group over there."""
        self._ending: dict[int, int] = {}
        """Operations that are to be ended as soon as their process group is known."""
        self._killing: asyncio.Task[None] | None = None
        """The last of what kills more than one operation."""

    @classmethod
    async def connect(
        cls, where: Where, seed: bytes, token: Token, feed: Callable[[Any], None], asked: Asked
    ) -> RemoteHost:
        """Reach it, and take it over from whoever had it. Raises CantReach."""
        try:
            pinned = asyncssh.import_public_key(where.host_key)
        except asyncssh.KeyImportError as error:
            raise CantReach(
                f"{where.host}: host_key is no public key ({error}); it is the first two words of "
                "its /etc/ssh/ssh_host_ed25519_key.pub"
            ) from None
        try:
            connection = await asyncssh.connect(
                where.host, where.port, username=where.user,
                client_keys=[private_key(seed)], known_hosts=([pinned], [], []),
                keepalive_interval=KEEPALIVE, keepalive_count_max=3,
                connect_timeout=CONNECT_LIMIT, login_timeout=CONNECT_LIMIT, **DIALLING,
            )  # fmt: skip
        except asyncssh.HostKeyNotVerifiable:
            raise CantReach(f"{where.host}: shows another host key than configured") from None
        except asyncssh.PermissionDenied:
            raise CantReach(
                f"{where.user}@{where.host}: refuses this node's key; put the lines of "
                "`hanode node keys` into its authorized_keys"
            ) from None
        except TimeoutError:
            limit = f"{CONNECT_LIMIT:.0f} s"
            raise CantReach(f"{where.host} port {where.port}: says nothing in {limit}") from None
        except (OSError, ValueError, asyncssh.Error) as error:
            raise CantReach(f"{where.host} port {where.port}: {why(error)}") from None
        host = cls(connection, where, token, feed, asked)
        try:
            await asyncio.wait_for(host._take_over(), TAKE_OVER_LIMIT)
            await host._hear_questions()
        except asyncio.CancelledError:
            connection.abort()
            raise
        except TimeoutError:
            await host.close()
            raise CantReach(f"{where.host}: its shell doesn't answer") from None
        except (CantReach, OSError, asyncssh.Error) as error:
            await host.close()
            raise CantReach(f"{where.host}: {error}") from None
        return host

    @property
    def alive(self) -> bool:
        return not self._connection.is_closed()

    async def close(self) -> None:
        self._connection.abort()
        await self._connection.wait_closed()

    def spawn(self, effect: Spawn, hidden: tuple[bytes, ...]) -> None:
        """Begin an operation; the answers are those of hanode.runtime.processes."""
        tasks.start(self._run(effect, hidden))

    def kill(self, token: int, hard: bool) -> None:
        number = signal.SIGKILL if hard else signal.SIGTERM
        self._ending[token] = number
        if token in self._pids:
            tasks.start(self._signal(self._pids[token], number))

    def kill_marked(self, name: str, value: str) -> None:
        """End all that bears this mark; what is begun from now on waits for that."""
        self._killing = tasks.start(self._do_quietly(far.kill_marked(name, value)))

    # -------------------------------------------------------------------------------- operations

    async def _take_over(self) -> None:
        code, said = await self._ask(far.take_over(self.token))
        if code != 0:
            raise CantReach(f"can't be taken over: {said or f'exit {code}'}")

    async def _ask(self, script: bytes) -> tuple[int | None, str]:
        """Have the far shell do something short: its exit code, the end of its complaints."""
        process = await self._open()
        try:
            return await asyncio.wait_for(self._told(process, script), ASK_LIMIT)
        finally:
            process.close()

    async def _told(self, process: FarProcess, script: bytes) -> tuple[int | None, str]:
        process.stdin.write(script)
        process.stdin.write_eof()
        said = bytearray()
        await process.hear_out(
            asyncio.gather(
                self._read(process.stdout, bytearray()), self._read(process.stderr, said)
            )
        )
        complaint = said[-COMPLAINT_LIMIT:].decode("utf-8", "replace").strip()
        return process.exit_status, complaint

    async def _open(self, command: str = SHELL) -> FarProcess:
        for pause in REOPEN_AFTER:
            try:
                return await self._begin(command)
            except asyncssh.ChannelOpenError:
                if not self.alive:
                    raise
                await asyncio.sleep(pause)
        return await self._begin(command)

    async def _begin(self, command: str) -> FarProcess:
        _, process = await self._connection.create_session(
            FarProcess, self._rights + command, encoding=None
        )
        assert isinstance(process, FarProcess)
        return process

    async def _hear_questions(self) -> None:
        """What agents over there ask of the cluster, as long as the connection lasts; from now on,
        before the first agent is run."""
        try:
            process = await self._open(far.questions(self.token))
            await asyncio.wait_for(process.stdout.readline(), TAKE_OVER_LIMIT)
        except (OSError, asyncssh.Error):
            return  # the connection broke, which its agent's monitor tells
        tasks.start(self._answer_questions(process))

    async def _answer_questions(self, process: FarProcess) -> None:
        try:
            places = asyncio.Semaphore(QUESTIONS_MAX)
            while line := await process.stdout.readline():
                await places.acquire()
                question = line.decode("utf-8", "replace").rstrip("\n")
                tasks.start(self._reply(process, question, places))
        except (OSError, asyncssh.Error):
            return  # the connection broke, which its agent's monitor tells

    async def _reply(self, process: FarProcess, question: str, places: asyncio.Semaphore) -> None:
        try:
            answer = await self._asked(question)
            if answer and not process.stdin.is_closing():
                with contextlib.suppress(OSError):  # the connection broke, which its agent tells
                    process.stdin.write(answer.encode() + b"\n")
                    await process.stdin.drain()
        finally:
            places.release()

    async def _run(self, effect: Spawn, hidden: tuple[bytes, ...]) -> None:
        if self._killing is not None:
            await asyncio.wait([self._killing])
        began = time.monotonic()
        try:
            async with self._channels:
                script = far.operation(self.token, effect.argv, effect.env, effect.stdin)
                process = await self._open()
                process.stdin.write(script)
                process.stdin.write_eof()
                out, err = bytearray(), bytearray()
                await process.hear_out(
                    asyncio.gather(
                        self._read(process.stdout, out, effect.token),
                        self._read(process.stderr, err),
                    )
                )
                rc = _exit_code(process)
        except (OSError, asyncssh.Error) as error:
            reason = f"the connection broke: {error}"
            self._over(effect.token, SpawnFailed(effect.token, False, reason))
            return
        took = round((time.monotonic() - began) * 1000)
        said, complained = bytes(out[-OUTPUT_LIMIT:]), bytes(err[-OUTPUT_LIMIT:])
        self._over(effect.token, _end(effect.token, rc, said, complained, hidden, took))

    def _over(self, token: int, news: ProcessEnded | SpawnFailed) -> None:
        self._pids.pop(token, None)
        self._ending.pop(token, None)
        self._feed(news)

    async def _read(
        self, stream: asyncssh.SSHReader[bytes], kept: bytearray, token: int | None = None
    ) -> None:
        """Keep the tail of a stream; the first line of stdout names the process group."""
        while data := await stream.read(READ_SIZE):
            kept += data
            if token is not None and token not in self._pids and b"\n" in kept:
                line, _, _ = bytes(kept).partition(b"\n")
                if group := far.group_of(line):
                    self._begun(token, group)
                    del kept[: len(line) + 1]
                else:
                    token = None
            if len(kept) > 2 * OUTPUT_LIMIT:
                del kept[:-OUTPUT_LIMIT]

    def _begun(self, token: int, pid: int) -> None:
        self._pids[token] = pid
        self._feed(Spawned(token, pid))
        if token in self._ending:
            tasks.start(self._signal(pid, self._ending[token]))

    async def _signal(self, pid: int, number: int) -> None:
        await self._do_quietly(far.signal_group(pid, number))

    async def _do_quietly(self, script: bytes) -> None:
        try:
            await self._ask(script)
        except (TimeoutError, OSError, asyncssh.Error):
            return  # broken, every operation on it ends by that; slow, its own time-outs see to it


def _exit_code(process: FarProcess) -> int:
    if process.exit_status is not None and process.exit_status >= 0:
        return {137: -9, 143: -15}.get(process.exit_status, process.exit_status)
    if process.exit_signal is None:
        raise asyncssh.ConnectionLost("no exit code came")
    return -9


def _end(
    token: int, rc: int, out: bytes, err: bytes, hidden: tuple[bytes, ...], took: int
) -> ProcessEnded | SpawnFailed:
    """What an end means: the far script has exit codes of its own."""
    if rc in (far.NOT_THERE, far.NO_FOLDER, far.OVERTAKEN):
        reason = err.decode("utf-8", "replace").strip()[-200:]
        return SpawnFailed(token, rc == far.NOT_THERE, reason or f"{far.FOLDER} can't be written")
    return ProcessEnded(token, rc, struck_out(out, hidden), struck_out(err, hidden), took)
