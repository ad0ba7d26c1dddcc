"""Another machine, as an operator manages it over SSH: installs hanode there, starts it, looks."""

from __future__ import annotations

import asyncio
import shlex
from pathlib import Path
from typing import Any, NamedTuple

from hanode.runtime.parcel import Kind, Parcel
from hanode.runtime.ssh import DIALLING, quiet
from hanode.runtime.sshlib import asyncssh
from hanode.runtime.unreached import why

HOME = "/opt/hanode"
LIMIT = 300.0
CONNECT_LIMIT = 15.0
"""Seconds for a machine to let us in."""
"""Seconds for anything that is done there."""
_FIND = """for p in python3 python3.14 python3.13 python3.12 python3.11; do
    command -v $p > /dev/null || continue
    $p -c 'import sys, sysconfig
assert sys.version_info >= (3, 11)
print(sys.executable, "%d.%d" % sys.version_info[:2], sysconfig.get_config_var("SOABI"))
' 2> /dev/null && exit 0
done
exit 1"""
_INSTALL = """set -e
home={home}/{name}
if [ ! -e "$home/whole" ]; then
    rm -rf "$home"
    {python} -m venv --without-pip "$home"
    tar xzf - -C "$home"/lib/python{version}/site-packages
    for tool in hanode:hanode.__main__ hatui:hatui.__main__; do
        printf '#!%s -P\\nimport sys\\nfrom %s import main\\nsys.exit(main())\\n' \\
            "$home/bin/python" "${{tool#*:}}" > "$home/bin/${{tool%:*}}"
        chmod 755 "$home/bin/${{tool%:*}}"
    done
    : > "$home/whole"
fi
ln -sfn "$home" {home}/current.new && mv -T {home}/current.new {home}/current
for tool in hanode hatui; do ln -sf {home}/current/bin/$tool /usr/local/bin/$tool; done
{home}/current/bin/hanode --version"""
UNIT = f"""[Unit]
Description=hanode, a node of a high-availability cluster
After=network-online.target
Wants=network-online.target
# An address that comes late, or a full disk, is no reason to stay down for good.
StartLimitIntervalSec=0
[Service]
ExecStart={HOME}/current/bin/hanode run
UMask=0077
# What runs here has sessions of its own, and outlives hanode.
KillMode=process
# To leave is to stop what runs here first, a database among it.
TimeoutStopSec=30min
# A policy engine that was too big is begun anew: no reason to leave the cluster.
OOMPolicy=continue
Restart=on-failure
RestartSec=2
[Install]
WantedBy=multi-user.target
"""
_START = """if [ -d /run/systemd/system ]; then
    cat > /etc/systemd/system/hanode.service <<END
{unit}END
    systemctl daemon-reload && systemctl enable -q hanode && systemctl start hanode
else
    setsid {home}/current/bin/hanode run < /dev/null >> /var/log/hanode-output.log 2>&1 &
fi
exit 0"""
_AWAIT_END = """n=0
while [ -e /run/hanode/hanode.pid ] && kill -0 "$(cat /run/hanode/hanode.pid)" 2> /dev/null; do
    n=$((n + 1)); [ $n -lt {tries} ] || exit 1; sleep 0.2
done"""


class Reach(NamedTuple):
    """How a machine is reached."""

    host: str
    port: int
    user: str
    keys: tuple[asyncssh.SSHKey, ...]
    known: Path | str
    """A known_hosts file, or the one key that is trusted."""


class CantManage(Exception):  # noqa: N818 - said to the operator
    """It did not come to pass on that machine: what, and what to do."""


class Machine:
    """Every call is a connection of its own: there are few."""

    def __init__(self, reach: Reach) -> None:
        self._reach = reach

    def kind(self) -> tuple[str, Kind]:
        """Its Python, and that one's kind."""
        code, said = self._run(_FIND)
        if code != 0:
            raise CantManage(f"{self._reach.host}: has no Python 3.11 or newer")
        python, version, abi = said.split()
        return python, Kind(version, abi)

    def install(self, parcel: Parcel, python: str, kind: Kind) -> None:
        """Unpack it beside what is there; the new one is current from one instant to the next."""
        script = _INSTALL.format(
            home=HOME, name=parcel.name, python=shlex.quote(python), version=kind.version
        )
        self._must(script, parcel.data)

    def join(self, token: str, node: str, address: str) -> None:
        words = ["join", token, "--node", node, "--link", address]
        self._must(f"{HOME}/current/bin/hanode {shlex.join(words)}")

    def start(self) -> None:
        self._must(_START.format(home=HOME, unit=UNIT))

    def await_end(self, limit: float) -> None:
        """Until its hanode has left and ended."""
        code, _ = self._run(_AWAIT_END.format(tries=round(limit / 0.2)))
        if code != 0:
            raise CantManage(f"{self._reach.host}: its hanode has not ended in {limit:.0f} s")

    def logs(self, lines: int) -> str:
        return self._must(f"tail -n {int(lines)} /var/log/hanode.log")

    def _must(self, script: str, data: bytes = b"") -> str:
        code, said = self._run(script, data)
        if code != 0:
            raise CantManage(f"{self._reach.host}: {said.strip()[-400:] or f'exit {code}'}")
        return said

    def _run(self, script: str, data: bytes = b"") -> tuple[int, str]:
        quiet()
        try:
            return asyncio.run(asyncio.wait_for(self._over_ssh(script, data), LIMIT))
        except TimeoutError:
            raise CantManage(f"{self._reach.host}: not done in {LIMIT:.0f} s") from None
        except asyncssh.HostKeyNotVerifiable:
            raise CantManage(f"{self._reach.host}: {self._strange_key()}") from None
        except asyncssh.PermissionDenied:
            raise CantManage(
                f"{self._reach.user}@{self._reach.host}: refuses our keys; put the lines of "
                "`hanode node keys` into its authorized_keys, or name a key: --key FILE"
            ) from None
        except (OSError, asyncssh.Error) as error:
            where = f"{self._reach.host} port {self._reach.port}"
            raise CantManage(f"{where}: {why(error)}") from None

    def _strange_key(self) -> str:
        """It shows a key that is not to be trusted."""
        there = "(there: cat /etc/ssh/ssh_host_ed25519_key.pub)"
        if isinstance(self._reach.known, str):
            return f"shows another host key than was named; is it the machine you mean? {there}"
        return f"its host key is not known; name it: --host-key 'ssh-ed25519 AAAA...' {there}"

    async def _over_ssh(self, script: str, data: bytes) -> tuple[int, str]:
        reach = self._reach
        trusted = _trusted(reach.known)
        try:
            connection = await asyncssh.connect(
                reach.host, reach.port, username=reach.user, client_keys=[*reach.keys],
                known_hosts=trusted, connect_timeout=CONNECT_LIMIT, login_timeout=CONNECT_LIMIT,
                **DIALLING,
            )  # fmt: skip
        except TimeoutError:
            said = f"says nothing in {CONNECT_LIMIT:.0f} s; is an sshd there?"
            raise CantManage(f"{reach.host} port {reach.port}: {said}") from None
        async with connection:
            done = await connection.run(f"sh -c {shlex.quote(script)}", input=data, encoding=None)
        out, err = done.stdout or b"", done.stderr or b""
        assert isinstance(out, bytes)
        assert isinstance(err, bytes)
        code = done.exit_status if done.exit_status is not None else -1
        return code, (out + (err if code else b"")).decode("utf-8", "replace")


def _trusted(known: Path | str) -> Any:
    """As the library wants it; a file that isn't there knows nobody."""
    if isinstance(known, str):
        return [asyncssh.import_public_key(known)], [], []
    return str(known) if known.exists() else ([], [], [])
