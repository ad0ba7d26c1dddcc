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
_LAY = """lay() {
    [ "$(cat "$1" 2> /dev/null && echo .)" = "$2." ] && return
    printf %s "$2" > "$1.new" && chmod 755 "$1.new" && mv -f "$1.new" "$1"
}
"""
"""What is there needs no room: /run may be full by now."""


@cache
def lay_out(folder: str) -> str:
    """Shell commands that put it below `folder`."""
    lines = [_LAY + f"mkdir -p {folder}/ocf {folder}/lib {folder}/bin {folder}/answers"]
    for name in _FILES:
        text = (Path(PACKAGED) / name).read_text()
        lines.append(f"lay {folder}/{name} {shlex.quote(text)}")
    lines += [f"ln -sf ../{_TOOL} {folder}/bin/{tool}" for tool in TOOLS]
    lines.append(f"{{ [ -p {folder}/questions ] || mkfifo -m 600 {folder}/questions; }}")
    return " &&\n".join(lines)
