"""A power strip with a switch for each node's plug, asked over a Unix socket.

It belongs to no node, as a real one wouldn't. A request is one line of JSON, the answer another:

    {"action": "reboot", "plug": "n2"}  ->  {"ok": true, "state": "on"}

Actions are off, on, reboot, status, list and monitor; for playing, kill, freeze and thaw what
runs there, jam a plug's switch and free it again; cut and mend a cable of the network's switch,
which stands in the same rack. `off` is answered once nothing of the node is left; a refusal has
"ok": false and an "error". When its lifeline breaks (whoever started the strip is gone) or it is
told to end, it takes all nodes down with it. An outlet that is killed takes its node's power away
for a moment; the other nodes don't notice.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shutil
import signal
import socket
import sys
from pathlib import Path
from typing import Any, NoReturn

from hanode.demo import family
from hanode.demo.outlet import OFF_LIMIT, Outlet, Plug
from hanode.demo.switch import Cable, Switch

SWITCHING = ("off", "on", "reboot", "status")
TROUBLE = ("kill", "freeze", "thaw")
"""Done to what runs behind a plug, for who wants to see a cluster cope."""
LINE_LIMIT = 4096
CLIENTS_MAX = 64
DESCRIPTORS_MAX = 4096


class Refused(Exception):  # noqa: N818 - an answer rather than an error
    """The request can't be obeyed; the words go back to who asked."""


class Wire:
    """The strip's end of one outlet: one order at a time."""

    def __init__(self, plug: Plug) -> None:
        self.plug = plug
        self.state = "off"
        self.pid = 0
        self._turn = asyncio.Lock()
        self._reader: asyncio.StreamReader
        self._writer: asyncio.StreamWriter

    async def connect(self) -> None:
        """Fork the outlet."""
        near, far = socket.socketpair()
        self.pid = os.fork()
        if self.pid == 0:
            _become_outlet(self.plug, far)
        far.close()
        self.state = "off"
        self._reader, self._writer = await asyncio.open_connection(sock=near)

    async def ask(self, action: str) -> dict[str, Any]:
        """Have the outlet obey; its answer."""
        async with self._turn:
            try:
                self._writer.write(action.encode() + b"\n")
                line = await self._reader.readline()
            except OSError:
                line = b""
        if not line:
            raise Refused(f"the outlet of {self.plug.name} went away")
        answer: dict[str, Any] = json.loads(line)
        self.state = answer.get("state", self.state)
        return answer

    def disconnect(self) -> None:
        self._writer.close()


class PowerStrip:
    """All outlets of one strip, and the socket at which they are switched."""

    def __init__(
        self, path: Path, plugs: tuple[Plug, ...], switch: Switch, lifeline: int | None = None
    ) -> None:
        self._path = path
        self._switch = switch
        self._wires = {plug.name: Wire(plug) for plug in plugs}
        self._lifeline = lifeline
        self._jammed: set[str] = set()
        """Plugs whose switch does not obey: broken fence devices."""
        self._clients = 0
        self._end = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Switch everything on; serve until told to end, or until the lifeline breaks."""
        self._watch()
        await self._switch.start()
        for wire in self._wires.values():
            await self._plug_in(wire)
        server = await asyncio.start_unix_server(self._serve, self._path, limit=LINE_LIMIT)
        self._path.chmod(0o600)
        async with server:
            print("ready", flush=True)
            await self._end.wait()
        self._switch.stop()

    def _watch(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            loop.add_signal_handler(number, self._end.set)
        loop.add_signal_handler(signal.SIGCHLD, family.reap)
        if self._lifeline is not None:
            # Nobody ever writes to it: readable means that its other end is closed.
            loop.add_reader(self._lifeline, self._end.set)

    async def _plug_in(self, wire: Wire) -> None:
        await wire.connect()
        pidfd = os.pidfd_open(wire.pid)
        asyncio.get_running_loop().add_reader(pidfd, self._outlet_ended, wire, pidfd)
        answer = await wire.ask("on")
        if not answer["ok"]:
            raise OSError(f"{wire.plug.name}: {answer['error']}")

    def _outlet_ended(self, wire: Wire, pidfd: int) -> None:
        """What it held is now the strip's own; the node's power was gone, so nothing may stay."""
        asyncio.get_running_loop().remove_reader(pidfd)
        os.close(pidfd)
        wire.disconnect()
        others = frozenset(other.pid for other in self._wires.values() if other is not wire)
        family.end_strangers(others, OFF_LIMIT)
        task = asyncio.create_task(self._plug_in(wire))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._clients += 1
        try:
            while self._clients <= CLIENTS_MAX and (line := await reader.readline()):
                writer.write(json.dumps(await self._answer(line)).encode() + b"\n")
                await writer.drain()
        except (OSError, ValueError):
            pass  # it hung up, or a line has no end
        finally:
            self._clients -= 1
            writer.close()

    async def _answer(self, line: bytes) -> dict[str, Any]:
        try:
            return await self._obey(*_request(line))
        except Refused as refusal:
            return {"ok": False, "error": str(refusal)}

    async def _obey(self, action: str, plug: str) -> dict[str, Any]:
        if action == "monitor":
            return {"ok": True}
        if action == "list":
            return {"ok": True, "plugs": {name: w.state for name, w in self._wires.items()}}
        known = (*SWITCHING, *TROUBLE, "jam", "free", "cut", "mend")
        if action not in known:
            raise Refused(f"unknown action {action!r:.40}; one of {', '.join(known)}")
        if plug not in self._wires:
            raise Refused(f"no plug {plug!r:.40}; this strip has {', '.join(self._wires)}")
        if action in ("cut", "mend"):
            (self._switch.pull if action == "cut" else self._switch.put_back)(plug)
            return {"ok": True}
        if action in ("jam", "free"):
            (self._jammed.add if action == "jam" else self._jammed.discard)(plug)
            return {"ok": True}
        if plug in self._jammed and action in SWITCHING:
            raise Refused(f"the switch of {plug} is jammed; free it first")
        return await self._wires[plug].ask(action)


def main(argv: list[str]) -> int:
    """Run a strip in the foreground, and leave nothing behind."""
    parser = argparse.ArgumentParser(prog="python -m hanode.demo.power_strip")
    parser.add_argument("socket", type=Path)
    parser.add_argument("plugs", help="JSON: a list of plugs, each a map of Plug's fields")
    parser.add_argument("--lifeline", type=int, metavar="FD", help="end when it is closed")
    parser.add_argument("--cables", default="{}", help="JSON: each node's port and address")
    parser.add_argument("--remove", type=Path, metavar="DIR", help="delete it at the end")
    args = parser.parse_args(argv)
    plugs = tuple(Plug(**plug) for plug in json.loads(args.plugs))
    switch = Switch(_cables(args.cables))
    if args.lifeline is not None:
        os.set_inheritable(args.lifeline, False)
    family.adopt_orphans()
    try:
        asyncio.run(PowerStrip(args.socket, plugs, switch, args.lifeline).run())
    except OSError as error:
        print(f"power strip at {args.socket}: {error}", file=sys.stderr)
        return os.EX_OSERR
    finally:
        left = family.end_all(OFF_LIMIT)
        args.socket.unlink(missing_ok=True)
        if args.remove:
            shutil.rmtree(args.remove, ignore_errors=True)
    return 0 if left == 0 else os.EX_OSERR


def _cables(text: str) -> dict[str, Cable]:
    """Each node's: two addresses, each a host and a port."""
    found: dict[str, list[tuple[str, int]]] = json.loads(text)
    return {name: Cable(*((host, number) for host, number in ends)) for name, ends in found.items()}


def _request(line: bytes) -> tuple[str, str]:
    try:
        request = json.loads(line)
    except ValueError:
        raise Refused("not a line of JSON") from None
    if not isinstance(request, dict):
        raise Refused('not a map such as {"action": "status", "plug": "n1"}')
    return str(request.get("action", "")), str(request.get("plug", ""))


def _become_outlet(plug: Plug, strip: socket.socket) -> NoReturn:
    """In the forked child: forget the strip's loop, signals and descriptors, then serve."""
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    os.dup2(2, 1)
    # Another outlet's wire held here would keep that outlet from noticing the strip's end.
    os.closerange(3, strip.fileno())
    os.closerange(strip.fileno() + 1, DESCRIPTORS_MAX)
    try:
        Outlet(plug, strip).serve()
    finally:
        os._exit(0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
