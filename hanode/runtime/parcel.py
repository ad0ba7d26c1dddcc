"""What another machine's hanode is installed from: one archive, made of what is installed here.

Nothing is fetched from outside. It fits a machine with the same kind of Python; for another kind,
wheels made for it are packed instead.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import re
import sys
import sysconfig
import tarfile
import zipfile
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import NamedTuple

import hanode

NEEDS = ("asyncssh", "lxml", "msgpack", "pynacl", "textual")
_NAME = re.compile(r"[A-Za-z0-9._-]+")


class CantPack(Exception):  # noqa: N818 - said to the operator
    """There is nothing here that fits that machine: why, and what to do."""


class Kind(NamedTuple):
    """A Python's kind: what its compiled modules must be made for."""

    version: str
    """3.11"""
    abi: str
    """cpython-311-x86_64-linux-gnu"""


class Parcel(NamedTuple):
    name: str
    """Of the folder that it is unpacked into: a version, and a digest of the contents."""
    data: bytes


def own_kind() -> Kind:
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    return Kind(version, str(sysconfig.get_config_var("SOABI")))


def pack(kind: Kind, wheels: Path | None = None) -> Parcel:
    """An archive of site-packages for that kind of Python. Raises CantPack, OSError."""
    files = dict(_own())
    if wheels is not None:
        files |= dict(_unpacked(wheels, kind))
    elif kind == own_kind():
        files |= {name: data for found in needed() for name, data in contents(found)}
    else:
        raise CantPack(
            f"its Python is {kind.version} ({kind.abi}), ours {' ('.join(own_kind())}); "
            "give a folder of wheels for it: --wheels DIR"
        )
    data = _archive(files)
    digest = hashlib.blake2b(data, digest_size=4).hexdigest()
    return Parcel(f"{hanode.__version__}-{digest}", data)


def _own() -> Iterator[tuple[str, bytes]]:
    """hanode and hatui, with its themes."""
    root = Path(hanode.__file__).parent.parent
    for package in ("hanode", "hatui"):
        yield from _tree(root / package, package)
    if (root / "themes").is_dir():
        yield from _tree(root / "themes", "hatui/themes")


def _tree(folder: Path, name: str) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            yield f"{name}/{path.relative_to(folder)}", path.read_bytes()


def needed() -> Iterator[Distribution]:
    """What hanode needs, and what that needs, as it is installed here."""
    todo, seen = list(NEEDS), set[str]()
    while todo:
        name = todo.pop()
        if name.lower() in seen:
            continue
        seen.add(name.lower())
        try:
            found = distribution(name)
        except PackageNotFoundError:
            continue  # needed on another system, or by another version of Python
        plain = [need for need in found.requires or () if "extra ==" not in need]
        todo += [named[0] for need in plain if (named := _NAME.match(need))]
        yield found


def contents(found: Distribution) -> Iterator[tuple[str, bytes]]:
    """Its files, by their places in site-packages."""
    for file in found.files or ():
        path = Path(str(found.locate_file(file)))
        if ".." not in file.parts and "__pycache__" not in file.parts and path.is_file():
            yield str(file), path.read_bytes()


def _unpacked(folder: Path, kind: Kind) -> Iterator[tuple[str, bytes]]:
    """The contents of the wheels that fit."""
    tag = "cp" + kind.version.replace(".", "")
    names = [path.name.lower().replace("_", "-") for path in folder.glob("*.whl")]
    missing = [need for need in NEEDS if not any(n.startswith(need + "-") for n in names)]
    if missing:
        raise CantPack(f"{folder}: there is no wheel of {', '.join(missing)}")
    for path in sorted(folder.glob("*.whl")):
        if tag in path.name or "abi3" in path.name or "-none-any" in path.name:
            with zipfile.ZipFile(path) as wheel:
                for entry in wheel.infolist():
                    if not entry.is_dir():
                        yield entry.filename, wheel.read(entry)


def _archive(files: dict[str, bytes]) -> bytes:
    """The same files give the same bytes."""
    out = io.BytesIO()
    with (
        gzip.GzipFile(fileobj=out, mode="wb", compresslevel=3, mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w") as archive,
    ):
        for name, data in sorted(files.items()):
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            entry.mode = 0o755 if data.startswith(b"#!") else 0o644
            archive.addfile(entry, io.BytesIO(data))
    return out.getvalue()
