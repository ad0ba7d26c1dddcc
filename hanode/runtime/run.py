"""`hanode run`: checks everything first, counts the boot, then supervises the node's processes."""

from __future__ import annotations

import argparse
import fcntl
import os
import pwd
import socket
import sys
from pathlib import Path

from hanode.runtime import boot, checked, keys, trusted
from hanode.runtime.aside import JournalAside
from hanode.runtime.config import DEFAULT_PATH, Address, Config, ConfigError, Link, load
from hanode.runtime.journal import Journal, open_log, rotate
from hanode.runtime.supervisor import ANEW, Part, Supervisor, block_signals, lead_process_group

BACKLOG = 128
PRIVATE = 0o077
"""What is kept from other users of this machine: all that a node writes. (Its lrm has a mask of its
own, for its agents.)"""
SOCKET_PATH_MAX = 107
"""unix(7)."""


class CantRun(Exception):  # noqa: N818 - said to the operator
    """Something on this machine is in the way; the text says what, and what to do."""

    def __init__(self, message: str, code: int) -> None:
        super().__init__(message)
        self.code = code


def parsed(argv: list[str], command: str, about: str) -> argparse.Namespace:
    """What the command line of whatever runs a node says."""
    parser = argparse.ArgumentParser(prog=command, description=about)
    parser.add_argument(
        "--check", action="store_true", help="check configuration, keys and ports, then stop"
    )
    return parser.parse_args(argv)


def main(argv: list[str], config_path: str | None = None) -> int:
    """The command."""
    given = parsed(argv, "hanode run", __doc__ or "")
    try:
        config = load(Path(config_path) if config_path else DEFAULT_PATH)
        return run(config, check=given.check)
    except (ConfigError, keys.BadIdentity, trusted.BadTrust, boot.BadBoot) as error:
        print(f"hanode run: {error}", file=sys.stderr)
        return os.EX_CONFIG
    except CantRun as error:
        print(f"hanode run: {error}", file=sys.stderr)
        return error.code


def run(config: Config, check: bool = False) -> int:
    """Be this node, until told to end."""
    os.umask(PRIVATE)
    keys.load(config.identity)
    trusted.load_members(config.trusted)
    trusted.load_operators(config.trusted)
    _make_folders(config)
    _give_to_user(config)
    held = _only_one(config)
    links = [_bind_link(number, link) for number, link in enumerate(config.links, 1)]
    bound = [link.fileno() for link in links]
    stream = _bind_stream(config.stream)
    if check:
        print(f"{config.path}: {config.name} can run")
        return 0
    lead_process_group()
    block_signals()
    log = open_log(config.log)
    journal = JournalAside("hanode", log)
    supervisor = Supervisor("crm", journal, log, lambda: rotate(config.log))
    if untold := unreadable_secrets(config):
        journal.warning(untold)
    handed_down = checked.keep(config)
    code = ANEW
    while code == ANEW:
        number = boot.count_boot(config.state)
        _tell(config, number, journal)
        journal.info("hanode starts", node=config.name, boot=number, pid=os.getpid())
        parts = node_parts(config, number, handed_down, bound, stream.fileno())
        code = supervisor.run(parts)
    journal.info("hanode ends", code=code)
    journal.finish()
    config.pid.unlink(missing_ok=True)
    held.close()
    return code


def _tell(config: Config, number: int, journal: Journal) -> None:
    """The pid, to whoever looks; where a full disk takes no file, that is no reason not to run."""
    try:
        config.pid.write_text(f"{os.getpid()}\n")
    except OSError as error:
        journal.error("can't write the pid", file=config.pid, why=error.strerror)
    said = f"{config.name}: boot {number}, pid {os.getpid()}, log in {config.log}\n"
    try:
        os.write(1, said.encode())
    except OSError as error:
        journal.warning("nobody takes what it prints", why=error.strerror)


def node_parts(
    config: Config, number: int, handed_down: int, links: list[int], stream: int
) -> list[Part]:
    """The node's processes, in the order in which they start; `handed_down` is the configuration
    as it was checked."""
    fixed = ["--config", str(config.path), "--checked", str(handed_down), "--boot", str(number)]

    def command(module: str, life: int, *more: str) -> list[str]:
        program = [sys.executable, "-P", "-m", f"hanode.runtime.{module}"]
        return [*program, *fixed, "--life", str(life), *more]

    descriptors = ",".join(str(descriptor) for descriptor in links)
    parts = [
        Part(
            "heartbeat",
            lambda life: command("heartbeat", life, "--link-fds", descriptors),
            (handed_down, *links),
        ),
        Part("lrm", lambda life: command("lrm", life), (handed_down,)),
        Part(
            "crm",
            lambda life: command("crm", life, "--stream-fd", str(stream)),
            (handed_down, stream),
            config.user,
        ),
        Part(
            "remote",
            lambda life: command("remote", life, "--run", str(config.run)),
            (handed_down,),
            user=config.user,
        ),
    ]
    hands = ("lrm", "remote")
    return [part for part in parts if part.name not in hands or config.role == "data"]


# ------------------------------------------------------------------------------------- the checks


def _make_folders(config: Config) -> None:
    longest = max(len(os.fsencode(p)) for p in (config.console_socket, config.run / "heart.sock"))
    if longest > SOCKET_PATH_MAX:
        raise CantRun(
            f"{config.run}: {longest} bytes with a socket's name, a Unix socket's path has "
            f"{SOCKET_PATH_MAX} at most; name a shorter run folder in {config.path}",
            os.EX_CONFIG,
        )
    for folder in (config.state, config.run, config.log.parent, config.pid.parent):
        try:
            if not folder.is_dir():
                folder.mkdir(parents=True, exist_ok=True)
                folder.chmod(0o755)  # agents that run as others find their files below it
            if folder == config.state:
                folder.chmod(0o700)  # also where it exists: who locks files, stops us
        except OSError as error:
            raise CantRun(
                f"{folder}: can't be made: {error.strerror}; make it yours, or name another in "
                f"{config.path}",
                os.EX_CANTCREAT,
            ) from None
        if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
            raise CantRun(
                f"{folder}: is not writable for {_who()}; chown it, or name another in "
                f"{config.path}",
                os.EX_CANTCREAT,
            )


def _give_to_user(config: Config) -> None:
    """What the crm needs belongs to the user that it runs as; the rest stays root's."""
    if not config.user:
        return
    if os.geteuid() != 0:
        problem = f"only root can run the crm as another user; you are {_who()}"
        raise ConfigError(config.path, "user", problem, "remove it, or start hanode as root")
    try:
        entry = pwd.getpwnam(config.user)
    except KeyError:
        remedy = f"useradd --system {config.user}, or name another"
        raise ConfigError(
            config.path, "user", f"there is no {config.user!r} here", remedy
        ) from None
    theirs = [config.state, config.run, config.identity, *config.state.glob("log.sqlite*")]
    if config.role == "witness":  # which has no log to know its members from
        theirs += [config.trusted, *config.trusted.glob("*.member")]
    for path in theirs:
        os.chown(path, entry.pw_uid, entry.pw_gid)


def unreadable_secrets(config: Config) -> str:
    """What a node whose crm runs as another user must be told of its secrets, if anything."""
    folder = config.path.parent / "secrets"
    if not config.user or not folder.is_dir():
        return ""
    if folder.stat().st_uid == pwd.getpwnam(config.user).pw_uid:
        return ""
    return (
        f"{folder}: user {config.user} can't read it, so agents on remote nodes get no secret:// "
        "of this node; use sealed secrets for them (hanode secret seal)"
    )


def _only_one(config: Config) -> _Lock:
    return _Lock(config.state / "lock", config.name)


class _Lock:
    """Held while hanode runs on this state directory."""

    def __init__(self, path: Path, name: str) -> None:
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CantRun(
                f"{path}: {name} runs already (its lock is held); stop that hanode first",
                os.EX_UNAVAILABLE,
            ) from None

    def close(self) -> None:
        os.close(self._descriptor)


def _bind_link(number: int, link: Link) -> socket.socket:
    """The UDP socket of a heartbeat link. What goes to a group or to all reaches only sockets that
    are bound to that very address."""
    family = _family(link.address)
    bound = socket.socket(family, socket.SOCK_DGRAM)
    if link.kind != "unicast":
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if link.kind == "broadcast":
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
    address = Address(link.to, link.address.port) if link.to else link.address
    _bind(bound, address, f"heartbeat link {number}")
    return bound


def _bind_stream(address: Address) -> socket.socket:
    """The TCP socket of the SSH server; the supervisor holds it, so that it outlives the crm."""
    bound = socket.socket(_family(address), socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    _bind(bound, address, "stream")
    bound.listen(BACKLOG)
    return bound


def _bind(bound: socket.socket, address: Address, what: str) -> None:
    kind = "UDP" if bound.type == socket.SOCK_DGRAM else "TCP"
    try:
        bound.bind((address.host, address.port))
    except OSError as error:
        bound.close()
        raise CantRun(
            f"{what}: {kind} {address}: {error.strerror or error}; is another hanode running, is "
            "the address this machine's, and may you use the port?",
            os.EX_UNAVAILABLE,
        ) from None


def _family(address: Address) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in address.host else socket.AF_INET


def _who() -> str:
    return "root" if os.geteuid() == 0 else f"user {os.geteuid()}"
