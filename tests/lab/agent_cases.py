"""Agents of every class as they are installed here: what each needs, and how it is broken."""

from __future__ import annotations

from dataclasses import dataclass, field

NGINX = """pid /run/lab-nginx.pid;
error_log /var/log/lab-nginx.log;
events {}
http { access_log off; server { listen 8081; location / { return 200 x; } } }
"""
APACHE = """ServerRoot /etc/apache2
ServerName lab
PidFile /run/lab-apache.pid
ErrorLog /var/log/lab-apache.log
Listen 127.0.0.1:8083
LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so
LoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so
LoadModule status_module /usr/lib/apache2/modules/mod_status.so
<Location /server-status>
    SetHandler server-status
</Location>
"""
HAPROXY = """global
    daemon
defaults
    mode http
    timeout connect 1s
    timeout client 1s
    timeout server 1s
frontend f
    bind 127.0.0.1:8082
    http-request return status 200 content-type text/plain string haproxy
"""
KEEPALIVED = """vrrp_instance lab {
    interface eth0
    virtual_router_id 51
    priority 100
    virtual_ipaddress {
        10.78.0.160/24
    }
}
"""
VERSION_1 = """#!/bin/sh
case $2 in
    start) setsid sleep 100000 & echo $! > /run/$1.pid ;;
    stop) kill "$(cat /run/$1.pid)"; rm -f /run/$1.pid ;;
    status) kill -0 "$(cat /run/$1.pid)" 2> /dev/null && echo running || echo stopped ;;
esac
"""
PG = "/var/lib/lab-pg"


@dataclass(frozen=True)
class Case:
    """One agent, and how it is broken behind the cluster's back."""

    agent: str
    parameters: tuple[str, ...] = ()
    prepare: tuple[str, ...] = ()
    """Commands of a shell on the host."""
    files: dict[str, str] = field(default_factory=dict)
    break_it: str = ""
    """What goes wrong with it. Of a server with workers the master dies first: it would start
    another, which keeps the port."""
    needs: str = ""
    """A program or file without which it can't be shown here."""


CASES = {
    "dummy": Case("ocf:heartbeat:Dummy", break_it="rm /run/resource-agents/Dummy-dummy.state"),
    "own-dummy": Case(
        "ocf:hanode:Dummy",
        break_it="read pid rest < /run/resource-agents/Dummy-own-dummy.state; kill $pid",
    ),
    "address": Case(
        "ocf:heartbeat:IPaddr2", ("ip=10.78.0.150", "cidr_netmask=24"),
        break_it="ip addr del 10.78.0.150/24 dev eth0",
    ),
    "disk": Case(
        "ocf:heartbeat:Filesystem",
        ("device=/var/lib/lab.img", "directory=/run/lab-mount", "fstype=ext4", "options=loop"),
        ("mkdir -p /run/lab-mount", "truncate -s 16M /var/lib/lab.img",
         "mkfs.ext4 -q /var/lib/lab.img"),
        break_it="umount /run/lab-mount", needs="/usr/sbin/modprobe",
    ),
    "nginx": Case(
        "ocf:heartbeat:nginx",
        ("configfile=/etc/lab-nginx.conf", "port=8081", "status10url=http://127.0.0.1:8081/"),
        files={"/etc/lab-nginx.conf": NGINX},
        break_it="p=$(cat /run/lab-nginx.pid); kill -9 $p $(pgrep -P $p)", needs="/usr/sbin/nginx",
    ),
    "apache": Case(
        "ocf:heartbeat:apache",
        ("configfile=/etc/lab-apache.conf", "statusurl=http://127.0.0.1:8083/server-status"),
        files={"/etc/lab-apache.conf": APACHE},
        break_it="p=$(cat /run/lab-apache.pid); kill -9 $p $(pgrep -P $p)",
        needs="/usr/sbin/apache2",
    ),
    "pgsql": Case(
        "ocf:heartbeat:pgsql",
        ("pgctl=/usr/lib/postgresql/15/bin/pg_ctl", f"pgdata={PG}", "pgport=5499",
         "psql=/usr/bin/psql", f"socketdir={PG}"),
        (f"install -d -o postgres -g postgres -m 700 {PG}",
         f"su postgres -c '/usr/lib/postgresql/15/bin/initdb -D {PG}' > /dev/null",
         f"echo \"unix_socket_directories = '{PG}'\" >> {PG}/postgresql.conf"),
        break_it=f"kill -9 $(head -1 {PG}/postmaster.pid)",
        needs="/usr/lib/postgresql/15/bin/pg_ctl",
    ),
    "haproxy": Case(
        "lsb:haproxy", files={"/etc/haproxy/haproxy.cfg": HAPROXY},
        break_it="kill -9 $(cat /run/haproxy.pid)", needs="/etc/init.d/haproxy",
    ),
    "service": Case(
        "service:haproxy", files={"/etc/haproxy/haproxy.cfg": HAPROXY},
        break_it="kill -9 $(cat /run/haproxy.pid)", needs="/etc/init.d/haproxy",
    ),
    "keepalived": Case(  # its init script knows no `status`, so class lsb can't watch it
        "ocf:heartbeat:anything",
        ("binfile=/usr/sbin/keepalived", "cmdline_options=--dont-fork --log-console"),
        files={"/etc/keepalived/keepalived.conf": KEEPALIVED},
        break_it="p=$(cat /run/anything_keepalived.pid); kill -9 $p $(pgrep -P $p)",
        needs="/usr/sbin/keepalived",
    ),
    "anything": Case(
        "ocf:heartbeat:anything", ("binfile=/bin/sleep", "cmdline_options=100000"),
        break_it="kill -9 $(cat /run/anything_anything.pid)",
    ),
    "symlink": Case(
        "ocf:heartbeat:symlink", ("link=/run/lab-link", "target=/etc/hostname"),
        break_it="rm /run/lab-link",
    ),
    "version1": Case(
        "heartbeat:Sleeper", ("1=version1",),
        files={"/etc/ha.d/resource.d/Sleeper": VERSION_1},
        prepare=("chmod 755 /etc/ha.d/resource.d/Sleeper",),
        break_it="kill -9 $(cat /run/version1.pid)",
    ),
}  # fmt: skip
