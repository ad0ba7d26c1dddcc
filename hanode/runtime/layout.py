"""A new node's files: where they are, and its configuration as TOML with comments."""

from __future__ import annotations

import argparse
import re
import socket
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from hanode.runtime.config import (
    HEARTBEAT_PORT,
    KINDS,
    NAME,
    STREAM_PORT,
    Address,
    Config,
    Link,
    load,
    parse_address,
)
from hanode.runtime.settings_table import parse_duration
from hanode.runtime.trusted import write_durably

ELSEWHERE = Address("192.0.2.1", 9)
"""TEST-NET-1, never ours: the route to it shows which of our addresses is the main one."""
TIMING = {"keepalive": "100ms", "warntime": "500ms", "deadtime": "1s", "initdead": "10s"}
"""What can be said of it, with what holds if nothing is."""


class BadWish(Exception):  # noqa: N818 - said to the operator
    """The node can't be set up like this; the text says why, and what to write."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What the operator asked for on the command line."""

    node: str
    links: tuple[Link, ...]
    stream: Address
    config: Path
    relocated: bool
    """All below the configuration's folder, rather than in the system's places."""
    role: str = "data"
    timing: tuple[tuple[str, str], ...] = ()


def add_options(parser: argparse.ArgumentParser) -> None:
    """What `init` and `join` have in common."""
    parser.add_argument("--node", help="this node's name (default: the host's)")
    parser.add_argument(
        "--link",
        action="append",
        default=[],
        metavar="[KIND,]ADDRESS[:PORT][,TO]",
        help="a heartbeat link: this node's address on it; KIND is unicast (default), broadcast "
        "or multicast, TO the broadcast address or group; several for several networks",
    )
    parser.add_argument(
        "--stream", help="address for consoles and peers, HOST[:PORT] (default: the first link's)"
    )
    parser.add_argument("--dir", type=Path, help="keep all of the node below this folder")
    parser.add_argument("--keepalive", help="between two heartbeats, e.g. 100ms")
    parser.add_argument("--warntime", help="a late heartbeat is worth a word, e.g. 500ms")
    parser.add_argument("--deadtime", help="a silent node is lost, e.g. 1s")
    parser.add_argument("--initdead", help="how long a starting cluster waits, e.g. 10s")


def wish_of(given: argparse.Namespace, config: str | None, role: str = "data") -> Wish:
    """The options, checked. Raises BadWish."""
    node = given.node or socket.gethostname().split(".")[0]
    if not NAME.fullmatch(node):
        raise BadWish(f"{node!r} can't be a node's name; give another with --node")
    links = tuple(_link(text) for text in given.link) or (
        Link("unicast", Address(own_address(), HEARTBEAT_PORT)),
    )
    try:
        stream = parse_address(given.stream or links[0].address.host, STREAM_PORT)
    except ValueError as error:
        raise BadWish(f"--stream: {error}") from None
    path = given.dir / "hanode.toml" if given.dir else Path(config or "/etc/hanode/hanode.toml")
    path = path.absolute()
    timing = tuple((name, getattr(given, name)) for name in TIMING if getattr(given, name))
    relocated = bool(given.dir) or path.parent != Path("/etc/hanode")
    return Wish(node, links, stream, path, relocated, role, timing)


def write_config(wish: Wish) -> Config:
    """Write a new node's hanode.toml, and read it as `hanode run` will. Raises BadWish, OSError,
    ConfigError."""
    if wish.config.exists():
        raise BadWish(f"{wish.config}: is there already; this machine is a node. Use another --dir")
    wish.config.parent.mkdir(parents=True, exist_ok=True)
    write_durably(wish.config, config_text(wish).encode(), 0o644)
    try:
        config = load(wish.config)
        if config.log_database.exists():
            raise BadWish(
                f"{config.log_database}: the log of an earlier life is here; move it away "
                "(a node that lost its disk, or got an old one back, joins with an empty one)"
            )
    except Exception:
        wish.config.unlink()
        raise
    return config


def take_timing(wish: Wish, cluster: Mapping[str, float]) -> tuple[str, ...]:
    """Write hanode.toml anew with the timing of the cluster, which is the same on all its nodes;
    the names of what was wished otherwise. Raises OSError, ConfigError."""
    timing = tuple((name, _written(cluster[name])) for name in TIMING if name in cluster)
    text = config_text(replace(wish, timing=timing or wish.timing))
    write_durably(wish.config, text.encode(), 0o644)
    load(wish.config)
    wished = ((name, parse_duration(text)) for name, text in wish.timing)
    return tuple(name for name, value in wished if value != cluster.get(name, value))


def _written(seconds: float) -> str:
    return f"{seconds:g}s" if seconds >= 1 else f"{seconds * 1000:g}ms"


def config_text(wish: Wish) -> str:
    """The file, with a comment for each thing that one may want to change."""
    lines = [
        "# This node's settings; `hanode run --check` checks them.",
        f'name = "{wish.node}"',
        f'role = "{wish.role}"                # data, or witness: a vote without resources',
        f'stream = "{wish.stream}"   # SSH, for consoles and peers',
        "",
        "# Where things are; relative paths begin at this file's folder.",
        *(f'{key} = "{value}"' for key, value in _places(wish).items()),
    ]
    for link in wish.links:
        lines += ["", "[[link]]", f'kind = "{link.kind}"', f'address = "{link.address}"']
        if link.kind != "unicast":
            lines.append(f'{"broadcast" if link.kind == "broadcast" else "group"} = "{link.to}"')
    lines += [
        "",
        "[timing]  # as in ha.cf; the same on all nodes. To change it, write it on every",
        "# node, then restart hanode on one after the other; till then the shorter one counts.",
    ]
    given = dict(wish.timing)
    for name, default in TIMING.items():
        mark = "" if name in given else "# "
        lines.append(f'{mark}{name} = "{given.get(name, default)}"')
    return "\n".join(lines) + "\n"


def own_address() -> str:
    """The address of this machine from which most of the world is reached. Raises BadWish."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect((ELSEWHERE.host, ELSEWHERE.port))  # sends nothing
        except OSError:
            raise BadWish("this machine has no route; give its address with --link") from None
        return str(probe.getsockname()[0])


def _places(wish: Wish) -> dict[str, str]:
    if wish.relocated:
        return {
            "identity": "identity",
            "trusted": "trusted",
            "state": "state",
            "run": "run",
            "log": "hanode.log",
            "pid": "hanode.pid",
        }
    return {
        "identity": "/etc/hanode/identity",
        "trusted": "/etc/hanode/trusted",
        "state": "/var/lib/hanode",
        "run": "/run/hanode",
        "log": "/var/log/hanode.log",
        "pid": "/run/hanode/hanode.pid",
    }


def _link(text: str) -> Link:
    words = text.split(",")
    kind = words.pop(0) if words[0] in KINDS else "unicast"
    if not words or len(words) != (1 if kind == "unicast" else 2):
        raise BadWish(f"--link {text}: write [KIND,]ADDRESS[:PORT][,TO], such as 10.0.0.1:694")
    try:
        address = parse_address(words[0], HEARTBEAT_PORT)
    except ValueError as error:
        raise BadWish(f"--link {text}: {error}") from None
    to = words[1] if len(words) > 1 else ""
    if to and not re.fullmatch(r"[0-9A-Fa-f.:]+", to):
        raise BadWish(f"--link {text}: {to!r} is not an address")
    return Link(kind, address, to)
