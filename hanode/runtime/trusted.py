"""The folder `trusted/`: the public keys of members and operators that a node knows from disk.

`NAME.member` is a packed Member, `NAME.pub` an operator's OpenSSH public key, whose comment may say
`role=viewer`. Once the log speaks, the log's members and operators count; these serve before that.
"""

from __future__ import annotations

import base64
import binascii
import errno
import os
from collections.abc import Callable
from pathlib import Path

from hanode.codec import Garbled, Vocabulary
from hanode.events import Member, Operator
from hanode.ids import is_node_name

WORDS = Vocabulary(Member)
ROLES = ("viewer", "operator", "fencer", "admin")
KEY_TYPE = "ssh-ed25519"
CLUSTER = "cluster"


class BadTrust(Exception):  # noqa: N818 - what the folder is
    """A file of trusted/ can't be used; the text says which, why and what to do."""


def load_members(folder: Path) -> tuple[Member, ...]:
    """The members known from disk, by name. Raises BadTrust."""
    found = []
    for path in _files(folder, ".member"):
        try:
            found.append(WORDS.unpack(path.read_bytes()))
        except Garbled as error:
            raise BadTrust(f"{path}: is not a member's keys: {error}; join again") from None
        except OSError as error:
            raise BadTrust(f"{path}: can't be read: {error.strerror}") from None
    return tuple(sorted(found, key=lambda member: member.name))


def save_member(folder: Path, member: Member) -> None:
    """Remember a member's public keys. Raises OSError."""
    if not is_node_name(member.name):
        raise OSError(errno.EINVAL, f"{member.name!r} is no name for a node")
    folder.mkdir(parents=True, exist_ok=True)
    write_durably(folder / f"{member.name}.member", WORDS.pack(member), 0o644)


def keep_members(folder: Path, members: tuple[Member, ...]) -> None:
    """These and no others (a witness has no log to know them from). Raises OSError."""
    if load_members(folder) == tuple(sorted(members, key=lambda member: member.name)):
        return
    for member in members:
        save_member(folder, member)
    names = {member.name for member in members}
    for path in _files(folder, ".member"):
        if path.stem not in names:
            path.unlink()


def load_cluster(folder: Path) -> bytes:
    """The id of the cluster that this node joined; empty where the log alone knows it."""
    try:
        return bytes.fromhex((folder / CLUSTER).read_text("ascii").strip())
    except FileNotFoundError:
        return b""
    except (OSError, ValueError) as error:
        raise BadTrust(f"{folder / CLUSTER}: can't be used: {error}; join again") from None


def save_cluster(folder: Path, cluster: bytes) -> None:
    """Remember the cluster's id."""
    folder.mkdir(parents=True, exist_ok=True)
    write_durably(folder / CLUSTER, cluster.hex().encode() + b"\n", 0o644)


def load_operators(folder: Path) -> tuple[Operator, ...]:
    """The operators whose keys lie there, by name. Raises BadTrust."""
    return tuple(_operator(path) for path in _files(folder, ".pub"))


def usable_operators(folder: Path, complain: Callable[[str], None]) -> tuple[Operator, ...]:
    """Those of them whose files can be used just now; of each other one it is told why."""
    found = []
    try:
        for path in _files(folder, ".pub"):
            try:
                found.append(_operator(path))
            except BadTrust as error:
                complain(f"{error}; until then that operator isn't let in")
    except BadTrust as error:
        complain(str(error))
    return tuple(found)


def parse_public_key(line: str) -> bytes:
    """The 32 bytes of an OpenSSH Ed25519 public key line. Raises ValueError."""
    words = line.split()
    if len(words) < 2 or words[0] != KEY_TYPE:
        raise ValueError(f"not an OpenSSH {KEY_TYPE} public key (ssh-keygen -t ed25519 makes one)")
    try:
        blob = base64.b64decode(words[1], validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("its base64 is damaged") from None
    head = len(KEY_TYPE).to_bytes(4, "big") + KEY_TYPE.encode() + (32).to_bytes(4, "big")
    if not blob.startswith(head) or len(blob) != len(head) + 32:
        raise ValueError(f"not an {KEY_TYPE} key inside")
    return blob[len(head) :]


def public_key_line(public: bytes, comment: str = "") -> str:
    """The OpenSSH line of an Ed25519 public key."""
    head = len(KEY_TYPE).to_bytes(4, "big") + KEY_TYPE.encode() + (32).to_bytes(4, "big")
    return f"{KEY_TYPE} {base64.b64encode(head + public).decode()} {comment}".rstrip()


def write_durably(path: Path, data: bytes, mode: int) -> None:
    """Replace a file: whole and on disk, or as it was."""
    beside = path.with_name(f".{path.name}.new")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    os.rename(beside, path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """A rename counts once its folder is on disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _files(folder: Path, ending: str) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if path.name.endswith(ending))
    except FileNotFoundError:
        return []
    except OSError as error:
        raise BadTrust(f"{folder}: can't be read: {error.strerror}") from None


def _operator(path: Path) -> Operator:
    try:
        line = path.read_text("utf-8").strip()
        public = parse_public_key(line)
    except (OSError, ValueError) as error:
        raise BadTrust(f"{path}: {error}; put an OpenSSH public key there") from None
    role = next((word[5:] for word in line.split()[2:] if word.startswith("role=")), "admin")
    if role not in ROLES:
        raise BadTrust(f"{path}: role={role} is none of {', '.join(ROLES)}")
    return Operator(path.stem, public, role)
