"""The lab's bridge as a managed switch: net-snmp's agent beside it, which takes ports down."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from tests.lab.hosts import Lab, wait
from tests.lab.wiring import LINKS, OBSERVER

ADDRESS = f"{LINKS[1]}.{OBSERVER}"
PORT = 161


@contextmanager
def managed(lab: Lab, community: str) -> Iterator[None]:
    """Whoever knows the community may ask it on the second link, and order it about."""
    folder = lab.folder / "switch"
    folder.mkdir()
    settings = folder / "snmpd.conf"
    settings.write_text(
        f"agentaddress udp:{ADDRESS}:{PORT}\nrwcommunity {community} {LINKS[1]}.0/24\n"
    )
    command = ["ip", "netns", "exec", lab.wiring.hub, "snmpd", "-f", "-LE", "5", "-C", "-c",
               str(settings)]  # fmt: skip
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            command, stdout=log, stderr=log, env={"PATH": "/usr/sbin:/sbin:/usr/bin:/bin",
                                                  "SNMP_PERSISTENT_DIR": str(folder)},
        )  # fmt: skip
    try:
        wait(lambda: _listens(lab), 20, 0.1)
        yield
    finally:
        process.kill()
        process.wait()


def _listens(lab: Lab) -> bool:
    ask = ("ip", "netns", "exec", lab.wiring.hub, "ss", "-Huln", f"sport = :{PORT}")
    return bool(subprocess.run(ask, capture_output=True, check=False).stdout.strip())


def is_up(lab: Lab, port: str) -> bool:
    """As the kernel says."""
    show = ("ip", "-n", lab.wiring.hub, "-o", "link", "show", port)
    said = subprocess.run(show, capture_output=True, text=True, check=True).stdout
    return ",UP" in said.partition("<")[2].partition(">")[0]
