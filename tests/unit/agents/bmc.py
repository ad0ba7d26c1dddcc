"""A simulated BMC (OpenIPMI's ipmi_sim) whose chassis has one switch, a file."""

from __future__ import annotations

import socket
import subprocess
import time
from pathlib import Path

HOST, USER = "127.66.0.9", "admin"
PATIENCE = 10.0
_POWER = """#!/bin/sh
# Called as `power get|set NAME [VALUE]...`. A BMC that lies says that it did, and does nothing.
op=$1; shift
while [ $# -gt 0 ]; do
    case $op.$1 in
        get.power) echo "power:$(cat {switch})"; shift ;;
        get.*) echo "$1:0"; shift ;;
        set.power) [ -e {lies} ] || echo "$2" > {switch}; shift 2 ;;
        set.*) shift 2 ;;
    esac
done
"""
_CONFIG = """name "bmc"
set_working_mc 0x20
startlan 1
  addr {host} {port}
  priv_limit admin
  allowed_auths_admin none md2 md5 straight
  guid a123456789abcdefa123456789abcdef
endlan
chassis_control "{power}"
user 2 true "{user}" "{password}" admin 10 none md2 md5 straight
"""
_MC = """mc_setbmc 0x20
mc_add 0x20 0 no-device-sdrs 0x23 9 8 0x9f 0x1291 0xf02
sel_enable 0x20 1000 0x0a
mc_enable 0x20
"""


class Bmc:
    def __init__(self, folder: Path, password: str) -> None:
        self.switch = folder / "switch"
        self.lies = folder / "lies"
        self.port = _free_port()
        self.switch.write_text("1")
        power = folder / "power"
        power.write_text(_POWER.format(switch=self.switch, lies=self.lies))
        power.chmod(0o755)
        (folder / "lan.conf").write_text(
            _CONFIG.format(host=HOST, port=self.port, power=power, user=USER, password=password)
        )
        (folder / "mc").write_text(_MC)
        (folder / "state").mkdir()
        self._process = subprocess.Popen(
            ["ipmi_sim", "-c", str(folder / "lan.conf"), "-f", str(folder / "mc"),
             "-s", str(folder / "state"), "-n"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self._await_ready(password)

    @property
    def on(self) -> bool:
        return self.switch.read_text().strip() == "1"

    @property
    def parameters(self) -> dict[str, str]:
        """What fence_ipmilan is to be told, without the password. Named, the cipher isn't asked
        for: ipmi_sim doesn't answer that, and ipmitool would wait ten seconds for it."""
        return {"ip": HOST, "ipport": str(self.port), "username": USER, "lanplus": "1",
                "cipher": "3", "power_wait": "0"}  # fmt: skip

    def end(self) -> None:
        self._process.kill()
        self._process.wait()

    def _await_ready(self, password: str) -> None:
        until = time.monotonic() + PATIENCE
        ask = ["ipmitool", "-I", "lanplus", "-H", HOST, "-p", str(self.port), "-U", USER,
               "-P", password, "-C", "3", "-N", "1", "-R", "1", "power", "status"]  # fmt: skip
        while subprocess.run(ask, capture_output=True, check=False).returncode:
            assert self._process.poll() is None, "ipmi_sim has ended"
            assert time.monotonic() < until, "ipmi_sim doesn't answer"


def _free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as wire:
        wire.bind((HOST, 0))
        port: int = wire.getsockname()[1]
        return port
