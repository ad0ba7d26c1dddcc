"""A long way to one host: each frame takes 100 ms, and two of a hundred never arrive."""

from __future__ import annotations

import subprocess

from tests.lab.commands import do
from tests.lab.hosts import BIN, SCRIPT, Host
from tests.lab.wiring import TABLE, Wiring

DELAY_MS, LOST = 100, 2
"""One way; and of a hundred frames, each way."""
NEAR, FAR = "slow-near", "slow-far"


class SlowLine:
    """A relay between the host's cable and the bridge; the bridge's firewall loses the rest."""

    def __init__(self, wiring: Wiring, host: Host) -> None:
        self._hub = wiring.hub
        self._port = wiring.port(host.name, 0)

    def __enter__(self) -> SlowLine:
        do("ip", "-n", self._hub, "link", "set", self._port, "nomaster")
        do("ip", "-n", self._hub, "link", "add", NEAR, "type", "veth", "peer", "name", FAR)
        do("ip", "-n", self._hub, "link", "set", FAR, "master", "lan0", "up")
        do("ip", "-n", self._hub, "link", "set", NEAR, "up")
        for way in ("iifname", "oifname"):
            rule = f"add rule {TABLE} loss {way} {FAR} numgen random mod 100 < {LOST} drop"
            do("ip", "netns", "exec", self._hub, "nft", rule)
        argv = [str(BIN / "python"), "-m", "tests.lab.relay", f"{DELAY_MS}-{DELAY_MS}", "0"]
        self._process = subprocess.Popen(
            ["ip", "netns", "exec", self._hub, *argv, self._port, NEAR],
            cwd=SCRIPT.parent.parent.parent,
        )
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(10)
