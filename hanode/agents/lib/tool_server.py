"""Answers the tools that agents call, for questions that need all of hanode: imports them once.

    python -P tool_server.py SOCKET PARENT       (started by the LRM, at the first such question)

A tool (attribute_tool.py) sends its words, what counts of its environment, and its output streams;
a fork of this process does the rest, as if it were the tool, and tells the exit code. It ends when
nobody asks any more, and with the LRM.
"""

from __future__ import annotations

import importlib
import os
import signal
import socket
import sys
from pathlib import Path

IDLE = 300.0
"""Seconds without a question after which it is worth no memory any more."""
AT_ONCE = 16
READ_SIZE = 65536
PATIENCE = 2.0
"""Seconds for a tool to say what it wants."""
AHEAD = (
    "hanode.runtime.config", "hanode.pe", "hanode.state", "hanode.mgmt.joint",
    "hanode.cli.for_agents", "hatui.mon", "hatui.once", "hatui.config", "hatui.output.as_xml",
    "hatui.output.words",
)  # fmt: skip
"""What the answers need."""


def main(path: str) -> int:
    for name in AHEAD:
        importlib.import_module(name)
    listener = listen(Path(path))
    listener.settimeout(IDLE)
    at_work: set[int] = set()
    while True:
        try:
            wire, _ = listener.accept()
        except TimeoutError:
            Path(path).unlink(missing_ok=True)
            return 0
        bury(at_work, os.WNOHANG if len(at_work) < AT_ONCE else 0)
        pid = os.fork()
        if pid == 0:
            listener.close()
            answer(wire)
        at_work.add(pid)
        wire.close()


def listen(path: Path) -> socket.socket:
    """Bound under another name first: whoever finds the socket is answered."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(draft))
    os.chmod(draft, 0o600)
    listener.listen(AT_ONCE)
    draft.replace(path)
    return listener


def bury(at_work: set[int], how: int) -> None:
    """Those that are done; with `how` 0, at least one is waited for."""
    for pid in sorted(at_work):
        done, _ = os.waitpid(pid, how)
        if done:
            at_work.discard(pid)
            how = os.WNOHANG


def answer(wire: socket.socket) -> None:
    """In the fork: be the tool. Never comes back."""
    code = 1
    try:
        wire.settimeout(PATIENCE)
        said, streams, _, _ = socket.recv_fds(wire, READ_SIZE, 2)
        for number, descriptor in enumerate(streams, start=1):
            os.dup2(descriptor, number)
            os.close(descriptor)
        tool, words, environment = read(said)
        for name in [name for name in os.environ if name.startswith(("HANODE_", "OCF_"))]:
            del os.environ[name]
        os.environ.update(environment)
        code = be(tool, words)
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except Exception as error:
        print(f"the tool failed: {type(error).__name__}: {error}", file=sys.stderr)
    sys.stdout.flush()
    sys.stderr.flush()
    wire.send(bytes((code & 255,)))
    os._exit(0)


def read(said: bytes) -> tuple[str, list[str], dict[str, str]]:
    """TOOL, how many words, the words, NAME=VALUE of the environment, zeros between them."""
    tool, count, *rest = said.decode("utf-8", "surrogateescape").split("\0")
    words, environment = rest[: int(count)], rest[int(count) :]
    return tool, words, dict(pair.split("=", 1) for pair in environment if "=" in pair)


def be(tool: str, words: list[str]) -> int:
    if tool == "crm_mon":
        from hatui import mon

        return mon.main([*words, os.environ.get("HANODE_CONSOLE", "")])
    from hanode.cli import for_agents

    return for_agents.main([tool, *words])


if __name__ == "__main__":
    from hanode.runtime.lifeline import die_with_parent

    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    die_with_parent(int(sys.argv[2]))
    sys.exit(main(sys.argv[1]))
