"""PostgreSQL, one primary and one standby, under Debian's pgsql agent: made, mended, written to."""

from __future__ import annotations

import os
import subprocess
import threading

from tests.lab.hosts import Host, Lab, wait

ADDRESS = "10.78.0.101"
PORT = 5432
BIN = "/usr/lib/postgresql/15/bin"
HOME = "/var/lib/postgresql/lab"
DATA, TMP = f"{HOME}/data", f"{HOME}/tmp"
LOCK = f"{TMP}/PGSQL.lock"
"""The agent leaves it on a primary; where it is found, the data are not trusted."""
_SETTINGS = f"""listen_addresses = '*'
port = {PORT}
unix_socket_directories = '/run/postgresql'
wal_level = replica
max_wal_senders = 5
wal_keep_size = '256MB'
hot_standby = on
max_standby_streaming_delay = -1
wal_receiver_status_interval = 1s
wal_receiver_timeout = 3s
wal_sender_timeout = 3s
restart_after_crash = off
shared_buffers = '16MB'
"""
_ACCESS = """local all all trust
host all all 10.78.0.0/24 trust
host replication all 10.78.0.0/24 trust
"""


def as_owner(host: Host, script: str) -> str:
    return host("setpriv", "--reuid", "postgres", "--regid", "postgres", "--init-groups",
                "sh", "-ec", f"cd /; {script}")  # fmt: skip


def make(primary: Host, standby: Host) -> None:
    """A database on one host, and its copy on the other."""
    for host in (primary, standby):
        home(host)
    as_owner(primary, f"{BIN}/initdb -D {DATA} -A trust > /dev/null")
    as_owner(primary, f"cat >> {DATA}/postgresql.conf <<'END'\n{_SETTINGS}END\n"
                      f"cat > {DATA}/pg_hba.conf <<'END'\n{_ACCESS}END\n")  # fmt: skip
    as_owner(primary, f"{BIN}/pg_ctl -D {DATA} -w -l {HOME}/log start > /dev/null")
    as_owner(primary, "psql -h /run/postgresql -qc 'create table writes (n bigint primary key)'")
    copy(standby, primary.address)
    as_owner(primary, f"{BIN}/pg_ctl -D {DATA} -w -m fast stop > /dev/null")


def home(host: Host) -> None:
    """Its directories; /run is empty after each boot."""
    host("install", "-d", "-o", "postgres", "-g", "postgres", HOME, TMP, "/run/postgresql")


def copy(host: Host, source: str) -> None:
    """What an operator does with a primary that has failed: all anew from the one that runs."""
    host("rm", "-rf", DATA, LOCK)
    as_owner(host, f"{BIN}/pg_basebackup -h {source} -U postgres -D {DATA} -X stream -c fast")


def create(host: Host, nodes: list[str], others: list[str]) -> None:
    """The resources: a promotable clone, and the address that follows its promoted instance."""
    host(
        *("hanode", "resource", "create", "db", "ocf:heartbeat:pgsql", f"pgctl={BIN}/pg_ctl"),
        *(f"pgdata={DATA}", f"config={DATA}/postgresql.conf", f"tmpdir={TMP}"),
        *(f"logfile={HOME}/log", "socketdir=/run/postgresql", f"node_list={' '.join(nodes)}"),
        *("rep_mode=sync", f"master_ip={ADDRESS}", "restore_command=/bin/false %f %p"),
        *("primary_conninfo_opt=connect_timeout=2", "xlog_check_count=1"),
        *("op", "monitor", "interval=2s", "timeout=60s"),
        *("op", "monitor", "interval=1s", "timeout=60s", "role=Promoted"),
        *("op", "start", "timeout=60s", "op", "promote", "timeout=60s"),
        *("op", "demote", "timeout=60s", "op", "stop", "timeout=60s"),
        *("--promotable", "meta", "notify=true", "clone-max=2", "--disabled"),
    )
    host(
        *("hanode", "resource", "create", "vip", "ocf:heartbeat:IPaddr2", f"ip={ADDRESS}"),
        *("cidr_netmask=24", "op", "monitor", "interval=5s", "--disabled"),
    )
    for name in others:
        host("hanode", "constraint", "location", "db", "avoids", name)
    host("hanode", "constraint", "colocation", "add", "vip", "with", "Promoted", "db")
    host("hanode", "constraint", "order", "promote", "db", "then", "start", "vip")
    host("hanode", "resource", "enable", "vip")
    host("hanode", "resource", "enable", "db")


class Writer:
    """A client that writes number after number, and keeps those that were acknowledged."""

    def __init__(self, lab: Lab) -> None:
        self._lab = lab
        self.acknowledged: list[int] = []
        self.tried = 0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._write)

    def __enter__(self) -> Writer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def goes_on(self, limit: float = 60) -> float:
        """How long until another write is acknowledged."""
        count = len(self.acknowledged)
        return wait(lambda: len(self.acknowledged) > count, limit)

    def _write(self) -> None:
        while not self._ended.is_set():
            self.tried += 1
            if ask(self._lab, f"insert into writes values ({self.tried})") is not None:
                self.acknowledged.append(self.tried)


def ask(lab: Lab, sql: str) -> str | None:
    """What the database at the floating address says; None if it doesn't."""
    try:
        done = subprocess.run(
            ["ip", "netns", "exec", lab.wiring.hub, "psql", "-h", ADDRESS, "-p", str(PORT), "-U",
             "postgres", "-XAtqc", sql],
            capture_output=True, text=True, timeout=3, check=False,
            env={**os.environ, "PGCONNECT_TIMEOUT": "1"},
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return None
    return done.stdout.strip() if done.returncode == 0 else None
