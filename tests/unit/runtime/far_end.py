"""A remote node: a plain sshd with /run and /root of its own, and nothing of ours.

Its shells are killed in mid-course; what this machine's root has in its .bashrc must not be among
what they were doing.
"""

from __future__ import annotations

import socket
import subprocess
import time
from pathlib import Path

from hanode.runtime.ssh import private_key

PATIENCE = 60.0
HOST = "127.66.0.10"
KEYS_ONLY = """PermitRootLogin prohibit-password
PasswordAuthentication no
KbdInteractiveAuthentication no
StrictModes no
UsePAM no
PidFile none
"""
"""How an sshd of our tests lets anybody in."""
_CONFIG = f"""Port {{port}}
ListenAddress {{host}}
HostKey {{folder}}/host_key
AuthorizedKeysFile {{folder}}/authorized_keys
{KEYS_ONLY}"""


class FarEnd:
    def __init__(self, folder: Path, client_seed: bytes) -> None:
        self.folder = folder
        self.port = _free_port()
        subprocess.run(
            ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / "host_key")],
            check=True,
        )
        public = private_key(client_seed).export_public_key("openssh").decode()
        (folder / "authorized_keys").write_text(public)
        (folder / "config").write_text(_CONFIG.format(port=self.port, host=HOST, folder=folder))
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    @property
    def host_key(self) -> str:
        return " ".join((self.folder / "host_key.pub").read_text().split()[:2])

    def start(self) -> None:
        mounts = "mount -t tmpfs tmpfs /run && mount -t tmpfs tmpfs /root && mkdir /run/sshd"
        script = f"{mounts} && exec /usr/sbin/sshd -D -e -f {self.folder}/config"
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc",
                 "sh", "-c", script], stderr=log,
            )  # fmt: skip
        until = time.monotonic() + PATIENCE
        while True:
            try:
                socket.create_connection((HOST, self.port), 1).close()
                return
            except OSError:
                assert time.monotonic() < until, (self.folder / "log").read_text()
                time.sleep(0.02)

    def end(self) -> None:
        """Everything over there dies with its process 1."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()


def _free_port() -> int:
    with socket.socket() as wire:
        wire.bind((HOST, 0))
        port: int = wire.getsockname()[1]
        return port
