"""hanode.toml: what one node is told about itself.

Strict: an unknown key, a wrong type or a missing value is an error that names the file, the key
and what to write. Relative paths are relative to the file, so that a node is a folder.
"""

from __future__ import annotations

import ipaddress
import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hanode.runtime.settings_table import (
    Address,
    ConfigError,
    Table,
    parse_address,
    parse_duration,
)
from hanode.settings import Timing

__all__ = [
    "Address", "Config", "ConfigError", "Link", "load", "parse_address", "parse_duration", "read",
]  # fmt: skip

DEFAULT_PATH = Path("/etc/hanode/hanode.toml")
HEARTBEAT_PORT = 694
STREAM_PORT = 5566
KINDS = ("unicast", "broadcast", "multicast")
ROLES = ("data", "witness")
KEEPALIVE_LEAST = 0.02
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}")


@dataclass(frozen=True, slots=True)
class Link:
    """One way by which heartbeats travel: this node's address on it, and to where they go."""

    kind: str
    address: Address
    to: str = ""
    """The broadcast address or multicast group; empty for unicast (the members' addresses)."""


@dataclass(frozen=True, slots=True)
class Config:
    """One node's settings, with every path absolute."""

    path: Path
    name: str
    links: tuple[Link, ...]
    stream: Address
    role: str = "data"
    state: Path = Path("/var/lib/hanode")
    run: Path = Path("/run/hanode")
    log: Path = Path("/var/log/hanode.log")
    pid: Path = Path("/run/hanode/hanode.pid")
    identity: Path = Path("/etc/hanode/identity")
    trusted: Path = Path("/etc/hanode/trusted")
    timing: Timing = field(default_factory=Timing)
    watchdog: str = ""
    """The watchdog device, such as /dev/watchdog; empty: none."""
    ocf_root: str = ""
    """Where the system's OCF agents are; empty: /usr/lib/ocf."""
    fence_agents: str = ""
    """Where fence agents are looked for beside our own; empty: /usr/sbin."""
    user: str = ""
    """Whom the crm runs as, when started by root; empty: as whoever starts hanode."""

    @property
    def console_socket(self) -> Path:
        return self.run / "console.sock"

    @property
    def heart_socket(self) -> Path:
        return self.run / "heart.sock"

    @property
    def lrm_socket(self) -> Path:
        return self.run / "lrm.sock"

    @property
    def remote_socket(self) -> Path:
        return self.run / "remote.sock"

    @property
    def log_database(self) -> Path:
        return self.state / "log.sqlite"


def load(path: Path) -> Config:
    """Read a node's configuration. Raises ConfigError."""
    path = path.absolute()
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        remedy = "run `hanode init` (new cluster) or `hanode join`, or name another by --config"
        raise ConfigError(path, "", "there is no such file", remedy) from None
    except OSError as error:
        raise ConfigError(path, "", f"can't be read: {error.strerror}", "mend that") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(path, "", f"is not TOML: {error}", "correct that line") from None
    return read(path, data)


def read(path: Path, data: dict[str, Any]) -> Config:
    """A configuration from parsed TOML. Raises ConfigError."""
    table = Table(path, "", data)
    config = Config(
        path=path,
        name=_name(table),
        links=tuple(_link(path, n, entry) for n, entry in enumerate(table.tables("link"), 1)),
        stream=table.address("stream", STREAM_PORT),
        role=table.choice("role", ROLES, "data"),
        state=table.path("state", "/var/lib/hanode"),
        run=table.path("run", "/run/hanode"),
        log=table.path("log", "/var/log/hanode.log"),
        pid=table.path("pid", "/run/hanode/hanode.pid"),
        identity=table.path("identity", "/etc/hanode/identity"),
        trusted=table.path("trusted", "/etc/hanode/trusted"),
        timing=_timing(path, table.table("timing")),
        watchdog=table.text("watchdog", ""),
        ocf_root=table.text("ocf_root", ""),
        fence_agents=table.text("fence_agents", ""),
        user=table.text("user", ""),
    )
    table.finish()
    if not config.links:
        remedy = 'add a [[link]] with kind = "unicast" and address = "ADDRESS:694"'
        raise ConfigError(path, "link", "a node needs at least one heartbeat link", remedy)
    return config


def _name(table: Table) -> str:
    name = table.text("name", None)
    if not NAME.fullmatch(name):
        remedy = 'write letters, digits, ".", "-" and "_", such as "n1"'
        raise ConfigError(table.file, "name", f"{name!r} can't be a node's name", remedy)
    return name


def _link(path: Path, number: int, data: dict[str, Any]) -> Link:
    table = Table(path, f"link {number}", data)
    kind = table.choice("kind", KINDS, "unicast")
    address = table.address("address", HEARTBEAT_PORT)
    to = ""
    if kind == "broadcast":
        to = table.text("broadcast", None)
    elif kind == "multicast":
        to = table.text("group", None)
    if to and not _is_figures(to):
        remedy = "write its address in figures: heartbeat asks no name server"
        raise ConfigError(path, f"link {number}", f"{to!r} is no address", remedy)
    table.finish()
    return Link(kind, address, to)


def _is_figures(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _timing(path: Path, data: dict[str, Any]) -> Timing:
    table = Table(path, "timing", data)
    plain = Timing()
    timing = Timing(
        keepalive=table.duration("keepalive", plain.keepalive),
        warntime=table.duration("warntime", plain.warntime),
        deadtime=table.duration("deadtime", plain.deadtime),
        initdead=table.duration("initdead", plain.initdead),
    )
    table.finish()
    if timing.keepalive < KEEPALIVE_LEAST:
        remedy = f"write {KEEPALIVE_LEAST} or more"
        raise ConfigError(path, "timing.keepalive", f"{timing.keepalive} s is too short", remedy)
    if not timing.keepalive < timing.warntime < timing.deadtime <= timing.initdead:
        raise ConfigError(
            path,
            "timing",
            f"keepalive {timing.keepalive}, warntime {timing.warntime}, deadtime "
            f"{timing.deadtime}, initdead {timing.initdead} are not in order",
            "make keepalive < warntime < deadtime <= initdead",
        )
    return timing
