"""Opens a byte stream to a node: its Unix socket, or the console's subsystem over SSH."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from hatui.config import Address, Context

SUBSYSTEM = "hanode-console"
CONNECT_LIMIT = 5.0
KEEPALIVE = 2
"""Seconds of silence after which SSH asks whether the far end lives; three times."""


class CannotAttach(Exception):  # noqa: N818 - the word that callers know
    """No stream to this address: why, and what to do."""


class Reads(Protocol):
    async def read(self, count: int) -> bytes: ...


class Stream(NamedTuple):
    """An open line."""

    reader: Reads
    write: Callable[[bytes], None]
    close: Callable[[], None]
    over: Callable[[], Awaitable[Any]] | None = None
    """Waits until nothing is left of it, once it was closed."""


async def dial(address: Address, context: Context) -> Stream:
    """Open it. Raises CannotAttach."""
    try:
        async with asyncio.timeout(CONNECT_LIMIT):
            if address.socket:
                return await _local(address)
            if address.sshd:
                return await _through_sshd(address, context)
            return await _ssh(address, context)
    except TimeoutError:
        raise CannotAttach(f"{address} did not answer within {CONNECT_LIMIT:g} s") from None
    except OSError as error:
        raise CannotAttach(f"{address}: {error.strerror or error}") from None


async def _local(address: Address) -> Stream:
    reader, writer = await asyncio.open_unix_connection(address.socket)
    return Stream(reader, writer.write, writer.close)


async def _through_sshd(address: Address, context: Context) -> Stream:
    """Where only sshd's port is open: OpenSSH's own client, all of its configuration honoured."""
    argv = ["ssh", "-T", "-o", "BatchMode=yes", "-o", f"ConnectTimeout={CONNECT_LIMIT:.0f}"]
    argv += ["-p", str(address.port)] if address.port else []
    argv += ["-l", address.user] if address.user else []
    argv += ["--", address.host, context.attach]
    process = await asyncio.create_subprocess_exec(
        *argv, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE, start_new_session=True,
    )  # fmt: skip
    assert process.stdin is not None

    def close() -> None:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()

    return Stream(_PipeReader(process), process.stdin.write, close, process.communicate)


class _PipeReader:
    """What ssh brings; when it ends, its last word says why."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def read(self, count: int) -> bytes:
        assert self._process.stdout is not None
        assert self._process.stderr is not None
        data = await self._process.stdout.read(count)
        if data:
            return data
        said = (await self._process.stderr.read(4096)).decode(errors="replace").strip()
        code = await self._process.wait()
        raise ConnectionError(said.splitlines()[-1] if said else f"ssh ended with {code}")


async def _ssh(address: Address, context: Context) -> Stream:
    import asyncssh  # half a second that a local socket need not pay

    try:
        connection = await asyncssh.connect(
            address.host, address.port, **_options(address, context)
        )
        writer, reader, _ = await connection.open_session(subsystem=SUBSYSTEM, encoding=None)
    except asyncssh.HostKeyNotVerifiable as error:
        raise CannotAttach(
            f"{address}: its host key is not known ({error}); pin it in the context's host_keys"
        ) from None
    except asyncssh.PermissionDenied:
        raise CannotAttach(f"{address}: it does not know your key; add you as operator") from None
    except asyncssh.Error as error:
        raise CannotAttach(f"{address}: {error}") from None
    return Stream(_SshReader(reader), writer.write, connection.abort)


class _SshReader:
    """An SSH channel's reader whose troubles are a socket's."""

    def __init__(self, reader: Reads) -> None:
        self._reader = reader

    async def read(self, count: int) -> bytes:
        import asyncssh

        try:
            return await self._reader.read(count)
        except asyncssh.Error as error:  # ConnectionLost and its kin are no OSError
            raise ConnectionError(str(error)) from None


def _options(address: Address, context: Context) -> dict[str, Any]:
    import asyncssh

    options: dict[str, Any] = {"keepalive_interval": KEEPALIVE, "keepalive_count_max": 3}
    if address.user:
        options["username"] = address.user
    if context.key:
        options["client_keys"] = [str(Path(context.key).expanduser())]
    if context.host_keys:
        keys = [asyncssh.import_public_key(line) for line in context.host_keys]
        options["known_hosts"] = (keys, [], [])
    elif context.known_hosts:
        options["known_hosts"] = str(Path(context.known_hosts).expanduser())
    return options
