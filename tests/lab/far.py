"""Hosts of the lab that are reached by SSH, as a plain sshd lets them be."""

from __future__ import annotations

from pathlib import Path

from tests.lab.hosts import Host
from tests.unit.runtime.far_end import KEYS_ONLY

_SSHD = f"""HostKey /etc/ssh/far_key
AuthorizedKeysFile /etc/ssh/far_authorized
{KEYS_ONLY}"""


def serve(host: Host, authorized: str) -> str:
    """`sshd`, on a host with /root and /opt of its own: what the machine's root has in its home
    is not there, no Python but the system's, and nothing of ours."""
    own_places(host, "/root", "/opt", "/usr/local/bin")
    return sshd(host, authorized)


def own_places(host: Host, *places: str) -> None:
    """Empty folders of the host's own, where the machine's would be."""
    for place in places:
        host("mount", "-t", "tmpfs", "tmpfs", place)


def bare_shells(host: Host) -> None:
    """Shells that read nothing of what the machine's root has in its home (`pyenv`, for one, waits
    a minute for a lock that a killed shell left), where the rest of that home is needed."""
    if Path("/root/.bashrc").exists():
        host("mount", "--bind", "/dev/null", "/root/.bashrc")


def sshd(host: Host, authorized: str) -> str:
    """Begin its sshd, which lets these keys in; its host key."""
    host("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", "/etc/ssh/far_key")
    for name, text in (("far_authorized", authorized), ("far_config", _SSHD)):
        host.root(f"/etc/ssh/{name}").write_text(text)
    host("mkdir", "-p", "/run/sshd")
    host.daemon("/usr/sbin/sshd", "-D", "-e", "-f", "/etc/ssh/far_config")
    return " ".join(host.root("/etc/ssh/far_key.pub").read_text().split()[:2])
