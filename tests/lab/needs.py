"""What the lab needs of the machine that it stands on."""

from __future__ import annotations

import os
import shutil

from tests.lab import janitor

TOOLS = ("ip", "nsenter", "unshare", "mount", "nft", "mkfs.ext4", "faketime", "tmux", "sshd")
PACKAGES = "iproute2 util-linux nftables e2fsprogs faketime tmux openssh-server"


def missing() -> str:
    """Why the lab can't be here; empty if it can."""
    if os.geteuid() != 0:
        return "the lab makes hosts out of namespaces: run it as root"
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    if missing:
        return f"the lab needs {', '.join(missing)} (apt-get install {PACKAGES})"
    return "" if janitor.cgroups() else "the lab needs cgroups: mount them at /sys/fs/cgroup"
