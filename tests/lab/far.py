"""Hosts of the lab that are reached by SSH: a plain sshd, with /root and /opt of their own."""

from __future__ import annotations

from tests.lab.hosts import Host

_SSHD = """HostKey /etc/ssh/far_key
AuthorizedKeysFile /etc/ssh/far_authorized
PermitRootLogin prohibit-password
PasswordAuthentication no
KbdInteractiveAuthentication no
StrictModes no
UsePAM no
PidFile none
"""


def serve(host: Host, authorized: str) -> str:
    """Begin its sshd, which lets these keys in; its host key. What the machine's root has in its
    home is not there: no Python but the system's, and nothing of ours."""
    host("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", "/etc/ssh/far_key")
    for name, text in (("far_authorized", authorized), ("far_config", _SSHD)):
        host.root(f"/etc/ssh/{name}").write_text(text)
    for place in ("/root", "/opt", "/usr/local/bin"):
        host("mount", "-t", "tmpfs", "tmpfs", place)
    host("mkdir", "-p", "/run/sshd")
    host.daemon("/usr/sbin/sshd", "-D", "-e", "-f", "/etc/ssh/far_config")
    return " ".join(host.root("/etc/ssh/far_key.pub").read_text().split()[:2])
