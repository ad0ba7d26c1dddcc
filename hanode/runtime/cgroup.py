"""A cgroup (version 2) for each resource, where the machine lets us make them: by it the kernel
knows everything that a resource ever started, and ends it with one write."""

from __future__ import annotations

import os
import re
from pathlib import Path

ROOTS = (Path("/sys/fs/cgroup"), Path("/sys/fs/cgroup/unified"))


class Cgroups:
    """Below `root`, one for each resource. Without a root, none: processes are then known by the
    mark in their environment."""

    def __init__(self, root: Path | None) -> None:
        self._root = root
        self._made = {home for home in root.iterdir() if home.is_dir()} if root else set()

    def of(self, resource: str) -> Path | None:
        """The resource's cgroup, made if need be."""
        if self._root is None or not resource:
            return None
        home = self._root / _folder(resource)
        if home not in self._made:
            try:
                home.mkdir(exist_ok=True)
            except OSError:
                return None
            self._made.add(home)
        return home

    def tidy(self) -> None:
        """Remove what is empty; a cgroup that holds a service can't be removed, and stays."""
        self._made = {home for home in self._made if not _removed(home)}

    def end(self) -> None:
        """Nothing more will be started."""
        self.tidy()
        if self._root is not None:
            _removed(self._root)

    def kill(self, resource: str) -> bool:
        """End everything in it. False: there is none, or it can't be done this way."""
        if self._root is None:
            return False
        try:
            (self._root / _folder(resource) / "cgroup.kill").write_text("1")
        except OSError:
            return False
        return True


def make_root(name: str) -> Path | None:
    """A cgroup of this node's own, if root's rights and a version 2 hierarchy are there."""
    if os.geteuid() != 0:
        return None
    for root in ROOTS:
        if (root / "cgroup.controllers").exists():
            home = root / "hanode" / _folder(name)
            try:
                home.mkdir(parents=True, exist_ok=True)
            except OSError:
                return None
            return home if (home / "cgroup.kill").exists() else None
    return None


def _removed(home: Path) -> bool:
    try:
        home.rmdir()
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return True


def _folder(name: str) -> str:
    """A name as a folder's: never a path that leads elsewhere, nor another name's folder, since
    one of them is ended whole."""
    return re.sub(r"^\.|[^A-Za-z0-9_.-]", lambda found: f"={ord(found[0]):x}=", name)
