"""The agents' processes: spawned in sessions of their own, their output drained within a bound,
their whole group ended when they must go.

A process is over when its first process is: what it started may hold the pipes open as long as it
likes. Only a group that was told to end is ended whole.
"""

from __future__ import annotations

import errno
import os
import select
import signal
import time
from collections.abc import Callable
from pathlib import Path

from hanode.effects import Spawn
from hanode.inputs import ProcessEnded, Spawned, SpawnFailed
from hanode.runtime.cgroup import Cgroups
from hanode.runtime.vault import struck_out
from hanode.settings import OUTPUT_LIMIT

READ_SIZE = 65536
LAST_READS = 16
"""Reads of what is still in a pipe once the process is over: a flood ends here."""
STDIN_LIMIT = 60_000
"""Less than a pipe holds, so that it is written before the process begins."""
_RESET = (
    signal.SIGPIPE, signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD, signal.SIGXFSZ,
)  # fmt: skip
_MISSING = frozenset((errno.ENOENT, errno.EACCES, errno.ENOTDIR, errno.ENOEXEC, errno.ELOOP))


class Tail:
    """The end of one output stream."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor
        self.open = True
        """Once closed, the number may be another file's."""
        self._kept = bytearray()

    def read(self) -> int:
        """Take some of what is there. 0: this was the end; -1: nothing is there now."""
        try:
            data = os.read(self.descriptor, READ_SIZE)
        except BlockingIOError:
            return -1
        self._kept += data
        if len(self._kept) > 2 * OUTPUT_LIMIT:
            del self._kept[:-OUTPUT_LIMIT]
        return len(data)

    def bytes(self) -> bytes:
        return bytes(self._kept[-OUTPUT_LIMIT:])


class Process:
    def __init__(self, token: int, pid: int, out: int, err: int, hidden: tuple[bytes, ...]) -> None:
        self.token = token
        self.pid = pid
        self.pidfd = os.pidfd_open(pid)
        self.tails = (Tail(out), Tail(err))
        self.began = time.monotonic()
        self.hidden = hidden
        """What nobody is to read in its output."""
        self.ending = False
        """Told to end: nothing of its group may stay."""


class Processes:
    """All agents at work; `feed` is told what becomes of each."""

    def __init__(
        self, epoll: select.epoll, feed: Callable[[object], None], cgroups: Cgroups
    ) -> None:
        self._epoll = epoll
        self._feed = feed
        self._cgroups = cgroups
        self._by_token: dict[int, Process] = {}
        self._by_descriptor: dict[int, tuple[Process, Tail | None]] = {}

    def spawn(self, effect: Spawn, hidden: tuple[bytes, ...] = ()) -> None:
        """Begin a process; the answer is Spawned or SpawnFailed."""
        try:
            process = self._begin(effect, hidden)
        except OSError as error:
            self._feed(_failure(effect, error))
            return
        except ValueError as error:  # a zero byte, a name with "=": no process can be told that
            self._feed(SpawnFailed(effect.token, True, f"{effect.argv[0]}: {error}"))
            return
        self._by_token[effect.token] = process
        self._watch(process.pidfd, process, None)
        for tail in process.tails:
            self._watch(tail.descriptor, process, tail)
        self._feed(Spawned(effect.token, process.pid))

    def kill(self, token: int, hard: bool) -> None:
        """Signal the whole group; it is ours as long as we haven't reaped its leader."""
        process = self._by_token.get(token)
        if process is None:
            return
        process.ending = True
        _signal_group(process.pid, signal.SIGKILL if hard else signal.SIGTERM)

    def ready(self, descriptor: int) -> bool:
        """Something happened on a descriptor. False: it isn't one of ours."""
        found = self._by_descriptor.get(descriptor)
        if found is None:
            return False
        process, tail = found
        if tail is None:
            self._over(process)
        elif tail.read() == 0:
            self._close(tail)
        return True

    # -------------------------------------------------------------------------------------- begin

    def _begin(self, effect: Spawn, hidden: tuple[bytes, ...]) -> Process:
        pipes: list[int] = []
        try:
            stdin = _stdin(effect.stdin, pipes)
            out, out_end = _pipe(pipes)
            err, err_end = _pipe(pipes)
            home = self._cgroups.of(effect.resource)
            pid = _execute(effect, (stdin, out_end, err_end), home)
        except BaseException:
            for descriptor in pipes:
                os.close(descriptor)
            raise
        for descriptor in (stdin, out_end, err_end):
            os.close(descriptor)
        os.set_blocking(out, False)
        os.set_blocking(err, False)
        try:
            return Process(effect.token, pid, out, err, hidden)
        except OSError:  # no descriptor left to watch it by: then it must not run
            _signal_group(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            os.close(out)
            os.close(err)
            raise

    # ---------------------------------------------------------------------------------------- end

    def _over(self, process: Process) -> None:
        if os.waitid(os.P_PIDFD, process.pidfd, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
            return  # the event was for a descriptor of this number before
        if process.ending:
            _signal_group(process.pid, signal.SIGKILL)
        _, status = os.waitpid(process.pid, 0)
        took = round((time.monotonic() - process.began) * 1000)
        self._unwatch(process.pidfd)
        os.close(process.pidfd)
        del self._by_token[process.token]
        for tail in process.tails:
            reads = LAST_READS
            while tail.open and reads and tail.read() > 0:
                reads -= 1
            self._close(tail)
        out, err = (struck_out(tail.bytes(), process.hidden) for tail in process.tails)
        rc = os.waitstatus_to_exitcode(status)
        self._feed(ProcessEnded(process.token, rc, out, err, took))

    def _watch(self, descriptor: int, process: Process, tail: Tail | None) -> None:
        self._by_descriptor[descriptor] = process, tail
        self._epoll.register(descriptor, select.EPOLLIN)

    def _close(self, tail: Tail) -> None:
        if tail.open:
            tail.open = False
            self._unwatch(tail.descriptor)
            os.close(tail.descriptor)

    def _unwatch(self, descriptor: int) -> None:
        del self._by_descriptor[descriptor]
        self._epoll.unregister(descriptor)


def _pipe(opened: list[int]) -> tuple[int, int]:
    ends = os.pipe()
    opened += ends
    return ends


def _stdin(data: bytes, opened: list[int]) -> int:
    """A descriptor from which the process reads `data`, then the end."""
    if not data:
        null = os.open("/dev/null", os.O_RDONLY | os.O_CLOEXEC)
        opened.append(null)
        return null
    if len(data) > STDIN_LIMIT:
        raise OSError(errno.E2BIG, f"parameters of {len(data)} bytes, more than {STDIN_LIMIT}")
    reader, writer = _pipe(opened)
    os.set_blocking(writer, False)  # whose user has many pipes gets small ones
    if os.write(writer, data) < len(data):
        raise OSError(errno.ENOBUFS, os.strerror(errno.ENOBUFS))
    opened.remove(writer)
    os.close(writer)
    return reader


def _execute(effect: Spawn, streams: tuple[int, int, int], home: Path | None) -> int:
    if home is not None:
        return _fork_into(home, effect, streams)
    return os.posix_spawn(
        effect.argv[0],
        effect.argv,
        effect.env,
        file_actions=[(os.POSIX_SPAWN_DUP2, fd, n) for n, fd in enumerate(streams)],
        setsid=True,
        setsigmask=(),
        setsigdef=_RESET,
    )


def _fork_into(home: Path, effect: Spawn, streams: tuple[int, int, int]) -> int:
    """As posix_spawn does it, with one step more: into its cgroup before anything else."""
    news, tell = os.pipe()
    try:
        pid = os.fork()
    except OSError:
        os.close(news)
        os.close(tell)
        raise
    if pid == 0:
        try:
            os.setsid()
            _enter(home)
            for number, descriptor in enumerate(streams):
                os.dup2(descriptor, number)
            for number in _RESET:
                signal.signal(number, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_SETMASK, ())
            os.execve(effect.argv[0], effect.argv, effect.env)
        except OSError as error:
            os.write(tell, str(error.errno).encode())
        except ValueError:
            os.write(tell, str(errno.EINVAL).encode())
        finally:
            os._exit(127)
    os.close(tell)
    failure = os.read(news, 16)
    os.close(news)
    if failure:
        os.waitpid(pid, 0)
        raise OSError(int(failure), os.strerror(int(failure)))
    return pid


def _enter(home: Path) -> None:
    """A cgroup that won't have us (removed, full) is no reason not to serve."""
    try:
        descriptor = os.open(home / "cgroup.procs", os.O_WRONLY)
        os.write(descriptor, b"0")
        os.close(descriptor)
    except OSError as error:
        os.write(2, f"can't enter {home}: {error.strerror}\n".encode())


def _signal_group(pid: int, number: int) -> None:
    try:
        os.killpg(pid, number)
    except (ProcessLookupError, PermissionError):
        return  # nobody left in it, or nobody that we may end: the operation's end will tell


def _failure(effect: Spawn, error: OSError) -> SpawnFailed:
    if error.errno in _MISSING:
        reason = f"{effect.argv[0]}: {os.strerror(error.errno or 0)}; install it on this node"
        return SpawnFailed(effect.token, True, reason)
    return SpawnFailed(effect.token, False, f"this machine can't start a process: {error.strerror}")
