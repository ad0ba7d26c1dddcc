"""What is laid into a remote node's /run, so that agents there find what they count on: our agents,
and stand-ins of crm_attribute and its kin. A reboot takes it away."""

from __future__ import annotations

import shlex
from functools import cache
from pathlib import Path

from hanode.ra.site import PACKAGED

TOOLS = ("attrd_updater", "crm_attribute", "crm_master", "crm_node", "crm_resource")
_TOOL = "lib/far_tool"
_FILES = (
    "ocf/Dummy", "ocf/Stateful", "ocf/web", "lib/held_process.sh", "lib/machine_service", _TOOL,
)  # fmt: skip


@cache
def lay_out(folder: str) -> str:
    """Shell commands that put it below `folder`."""
    lines = [f"mkdir -p {folder}/ocf {folder}/lib {folder}/bin {folder}/answers"]
    for name in _FILES:
        text = (Path(PACKAGED) / name).read_text()
        path = f"{folder}/{name}"
        lines.append(f"printf %s {shlex.quote(text)} > {path}.new")
        lines.append(f"chmod 755 {path}.new && mv -f {path}.new {path}")
    lines += [f"ln -sf ../{_TOOL} {folder}/bin/{tool}" for tool in TOOLS]
    lines.append(f"[ -p {folder}/questions ] || mkfifo -m 600 {folder}/questions")
    return " &&\n".join(lines)
