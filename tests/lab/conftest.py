"""Where the lab can't be, its tests say so."""

from __future__ import annotations

import os
import shutil

import pytest

from tests.lab import janitor

TOOLS = ("ip", "nsenter", "unshare", "mount", "nft", "mkfs.ext4", "faketime")
PACKAGES = "iproute2 util-linux nftables e2fsprogs faketime"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    why = ""
    if os.geteuid() != 0:
        why = "the lab makes hosts out of namespaces: run it as root"
    elif missing:
        why = f"the lab needs {', '.join(missing)} (apt-get install {PACKAGES})"
    elif not janitor.cgroups():
        why = "the lab needs cgroups: mount them at /sys/fs/cgroup"
    for item in items:
        if item.path.parent.name == "lab":
            item.add_marker(pytest.mark.lab)
            if why:
                item.add_marker(pytest.mark.skip(reason=why))
