"""Which clusters a console knows, and how it reaches them: a TOML file of contexts.

The file is ~/.config/hatui/config.toml, or what --config names; `hatui demo` writes one as
DIR/hatui.toml. Everything in it is optional but `where`:

    default = "prod"                 # the context that is used when none is named
    theme = "hatui-dark"             # a file of themes/, or one of the user's own
    ascii = false                    # no box characters
    mouse = "auto"                   # auto (not over SSH), on, off

    [contexts.prod]
    where = ["ha@n1.example:5566", "ha@n2.example:5566"]  # tried in turn; the next when one is lost
    key = "~/.ssh/id_ed25519"        # an OpenSSH private key; else the agent's keys are offered
    known_hosts = "~/.ssh/known_hosts"
    host_keys = ["ssh-ed25519 AAAA..."]   # pinned: one of these, and known_hosts is not asked
    readonly = false
    prod = true                      # risky actions here need the object's name typed
    theme = "hatui-light"
    shell = "ssh -t {host}"          # `s` on a node; {node} is its name, {host} its address
    log = "ssh -o BatchMode=yes {host} journalctl -n 200 -f -u hanode"
    restart = "ssh -t {host} systemctl restart hanode"
    attach = "hanode attach"         # what runs at the far end of ssh:// addresses

    [contexts.here]
    where = ["/run/hanode/console.sock"]

An address is the path of a node's socket, or [user@]host[:port] (port 5566 unless given; an IPv6
address in brackets), or ssh://[user@]host[:port]: through the machine's own sshd by the ssh command
(its configuration, aliases, ProxyJump, known_hosts, agent), with `hanode attach` at the far end.
Relative paths count from the file's own directory.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from typing import Any, NamedTuple

PORT = 5566
SOCKET = "/run/hanode/console.sock"
DEFAULT_FILE = "~/.config/hatui/config.toml"


class BadConfig(ValueError):  # noqa: N818 - the word that callers know
    """This configuration can't be used: where, what, and what to do about it."""


class Address(NamedTuple):
    """One place where a cluster can be reached."""

    socket: str = ""
    """A node's Unix socket; or, if empty:"""
    host: str = ""
    port: int = PORT
    user: str = ""
    sshd: bool = False
    """Through the machine's own sshd; port 0 is whatever ssh's configuration says."""

    def __str__(self) -> str:
        if self.socket:
            return self.socket
        if self.sshd:
            at, port = f"{self.user}@" if self.user else "", f":{self.port}" if self.port else ""
            return f"ssh://{at}{self.host}{port}"
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.user}@{host}:{self.port}" if self.user else f"{host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Context:
    """One cluster, as this user reaches it."""

    name: str
    where: tuple[Address, ...]
    key: str = ""
    known_hosts: str = ""
    host_keys: tuple[str, ...] = ()
    readonly: bool = False
    prod: bool = False
    theme: str = ""
    shell: str = "ssh -t {host}"
    log: str = "ssh -o BatchMode=yes {host} journalctl -n 200 -f -u hanode"
    restart: str = "ssh -t {host} systemctl restart hanode"
    attach: str = "hanode attach"
    """What is run at the far end of an ssh:// address."""
    chaos: str = ""
    """The power strip of a demo, and of nothing else."""


@dataclass(frozen=True, slots=True)
class Config:
    """All that the user told."""

    contexts: dict[str, Context] = field(default_factory=dict)
    default: str = ""
    theme: str = ""
    ascii: bool = False
    mouse: str = "auto"
    path: str = ""


def load(path: str = "") -> Config:
    """The file's contents; an absent default file is an empty one. Raises BadConfig."""
    file = os.path.expanduser(path or DEFAULT_FILE)
    try:
        with open(file, encoding="utf-8") as opened:
            text = opened.read()
    except FileNotFoundError:
        if path:
            raise BadConfig(
                f"{file}: no such file; give --config the path of a TOML file"
            ) from None
        return Config()
    except (OSError, UnicodeDecodeError) as error:
        raise BadConfig(f"{file}: can't be read ({error}); correct it or its rights") from None
    import tomllib  # 15 ms that a command without such a file need not pay

    try:
        return _config(tomllib.loads(text), file)
    except tomllib.TOMLDecodeError as error:
        raise BadConfig(f"{file}: not TOML: {error}") from None


def find(config: Config, where: str = "") -> Context:
    """The context that WHERE means: one of that name, an address, or the default. BadConfig."""
    if where in config.contexts:
        return config.contexts[where]
    if where:
        return Context(where, (address(where),))
    if config.default:
        return config.contexts[config.default]
    if len(config.contexts) == 1:
        return next(iter(config.contexts.values()))
    if not config.contexts and os.path.exists(SOCKET):
        return Context("here", (Address(socket=SOCKET),))
    if config.contexts:
        names = ", ".join(config.contexts)
        raise BadConfig(f"{config.path}: which context? Name one ({names}), or set default = ...")
    raise BadConfig(
        f"no cluster is known: there is no node here ({SOCKET}) and no {DEFAULT_FILE}; "
        "give a host, user@host:port or a node's socket, or try `hatui demo`"
    )


def address(text: str, base: str = "") -> Address:
    """Read `PATH`, `[user@]host[:port]` or `ssh://[user@]host[:port]`. Raises BadConfig."""
    if text.startswith("ssh://"):
        rest = text.removeprefix("ssh://").rstrip("/")
        if "/" in rest or rest.startswith("-"):
            raise BadConfig(f"address {text!r}: give ssh://[user@]host[:port]")
        named = address(rest)
        ported = re.search(r":\d+$", rest) is not None
        return named._replace(sshd=True, port=named.port if ported else 0)
    if "/" in text:
        return Address(socket=os.path.join(base, os.path.expanduser(text)))
    user, _, rest = text.rpartition("@")
    host, port = rest, str(PORT)
    if rest.startswith("["):
        host, bracket, tail = rest[1:].partition("]")
        if not bracket or (tail and not tail.startswith(":")):
            raise BadConfig(f"address {text!r}: write an IPv6 address as [ADDRESS]:PORT")
        port = tail[1:] or port
    elif rest.count(":") == 1:
        host, _, port = rest.partition(":")
    if not host or not port.isdecimal() or not 0 < int(port) < 65536:
        raise BadConfig(f"address {text!r}: give a socket's path or [user@]host[:port]")
    return Address(host=host, port=int(port), user=user)


KINDS: dict[type, str] = {
    str: "a text in quotes", bool: "true or false", list: "a list in [ ]", dict: "a table",
}  # fmt: skip
"""What TOML calls them is not what its writers do."""
_TOP = {"default": str, "theme": str, "ascii": bool, "mouse": str, "contexts": dict}
_CONTEXT = {
    "where": (list, str), "key": str, "known_hosts": str, "host_keys": list, "readonly": bool,
    "prod": bool, "theme": str, "shell": str, "log": str, "restart": str, "attach": str,
    "chaos": str,
}  # fmt: skip


def _config(table: dict[str, Any], file: str) -> Config:
    top = _checked(table, _TOP, file)
    contexts = {
        name: _context(name, entry, file) for name, entry in top.get("contexts", {}).items()
    }
    default = top.get("default", "")
    if default and default not in contexts:
        known = ", ".join(contexts) or "none"
        raise BadConfig(f"{file}: default = {default!r} names no context; known: {known}")
    mouse = top.get("mouse", "auto")
    if mouse not in ("auto", "on", "off"):
        raise BadConfig(f"{file}: mouse = {mouse!r}; give auto, on or off")
    return Config(contexts, default, top.get("theme", ""), top.get("ascii", False), mouse, file)


def _context(name: str, entry: Any, file: str) -> Context:
    place = f"{file}: [contexts.{name}]"
    if not isinstance(entry, dict):
        raise BadConfig(f"{place}: not a table")
    told = _checked(entry, _CONTEXT, place)
    base = os.path.dirname(os.path.realpath(file))
    where = told.get("where", [])
    written = [where] if isinstance(where, str) else where
    if not written or not all(isinstance(text, str) for text in written):
        raise BadConfig(f"{place}: where = [...] is missing; give a node's socket or host:port")
    try:
        addresses = tuple(address(text, base) for text in written)
    except BadConfig as error:
        raise BadConfig(f"{place}: {error}") from None
    return Context(
        name,
        addresses,
        _path(told.get("key", ""), base),
        _path(told.get("known_hosts", ""), base),
        tuple(str(key) for key in told.get("host_keys", ())),
        told.get("readonly", False),
        told.get("prod", False),
        told.get("theme", ""),
        chaos=_path(told.get("chaos", ""), base),
        **{name: told[name] for name in ("shell", "log", "restart", "attach") if name in told},
    )


def _checked(table: dict[str, Any], known: dict[str, Any], place: str) -> dict[str, Any]:
    for name, value in table.items():
        if name not in known:
            raise BadConfig(f"{place}: unknown setting {name!r}; known: {', '.join(known)}")
        if not isinstance(value, known[name]):
            kinds = known[name] if isinstance(known[name], tuple) else (known[name],)
            wanted = " or ".join(KINDS[kind] for kind in kinds)
            raise BadConfig(f"{place}: {name} = {value!r}: give {wanted}")
    return table


def _path(text: str, base: str) -> str:
    return os.path.join(base, os.path.expanduser(text)) if text else ""
