"""What a bundle's container is started with: its agent's parameters, word for word.

A container that runs carries the digest of these in its history, so that every space counts:
a CIB that comes from Pacemaker must not restart all its containers.
"""

from __future__ import annotations

from hanode.cib.configuration import Bundle, StorageMapping

# What a service inside needs: the key with which its node is spoken to, a log of its own.
_KEY = StorageMapping("", "/etc/pacemaker/authkey", "", "/etc/pacemaker/authkey")
_LOG = StorageMapping("", "", "/var/log/pacemaker/bundles", "/var/log")
_REMOTE = "/usr/sbin/pacemaker-remoted"
CONTROL_PORT = "3121"
HOST = "#uname"  # the address of a container without one: the node that it runs on


def addresses(config: Bundle, replicas: int) -> list[str]:
    """Each replica's address, counted up from the first; empty without one."""
    current = dict(config.network).get("ip-range-start", "")
    found = []
    for _ in range(replicas):
        found.append(current)
        current = _following(current)
    return found


def _following(address: str) -> str:
    """The next address that a machine can have: those that end in 0 and 255 are left out."""
    octets = address.split(".")
    if len(octets) != 4 or not all(octet.isdecimal() for octet in octets):
        return address
    first, second, third, last = (int(octet[:3]) for octet in octets)
    if last < 254:
        return f"{first}.{second}.{third}.{last + 1}"
    if third < 254:
        return f"{first}.{second}.{third + 1}.1"
    return f"{first}.{second + 1}.0.1" if second < 254 else address


def container_parameters(config: Bundle, number: int, every: list[str]) -> dict[str, str]:
    """Of one replica; `every` are the addresses of all."""
    options = dict(config.container_options)
    name = f"{config.id}-{number}"
    mounts = _mounts(config)
    found = {
        "image": options.get("image", ""),
        "allow_pull": "true",
        "force_kill": "false",
        "reuse": "false",
        "monitor_cmd": "/bin/true",
        "mount_points": ",".join(_source(one, name) for one in mounts if not one.source_dir),
        "run_opts": _words(config, name, every[number], every, mounts),
    }
    command = options.get("run-command", "" if config.child is None else _REMOTE)
    if command:
        found["run_cmd"] = command
    return found


def _mounts(config: Bundle) -> list[StorageMapping]:
    found = list(config.storage)
    if config.child is not None:
        found.append(_KEY)
        if all(one.target_dir != _LOG.target_dir for one in config.storage):
            found.append(_LOG)
    return found


def _source(mount: StorageMapping, name: str) -> str:
    return mount.source_dir or f"{mount.source_dir_root}/{name}"


def _words(
    config: Bundle, name: str, address: str, every: list[str], mounts: list[StorageMapping]
) -> str:
    """Options of the command that runs the container."""
    options, network = dict(config.container_options), dict(config.network)
    port = network.get("control-port", CONTROL_PORT)
    found = " --restart=no" if config.container == "docker" else ""
    if address:
        found += f" -h {name}"
    found += " -e PCMK_stderr=1"
    if options.get("network"):
        found += f" --net={options['network']}"
    found += f" -e PCMK_remote_port={port}"
    for mount in mounts:
        tail = f":{mount.options}" if mount.options else ""
        found += f" -v {_source(mount, name)}:{mount.target_dir}{tail}"
    if address or not options.get("network"):
        outside = f"{address}:" if address else ""
        found += "".join(f" -p {outside}{pair}" for pair in _ports(config, port))
    if options.get("options"):
        found += f" {options['options']}"
    return f"{found} {_hosts(config, every)}"


def _ports(config: Bundle, control: str) -> list[str]:
    found = []
    for mapping in config.ports:
        outer = mapping.port or mapping.range
        found.append(f"{outer}:{mapping.internal_port or outer}")
    return [*found, f"{control}:{control}"] if config.child is not None else found


def _hosts(config: Bundle, every: list[str]) -> str:
    """The names of all replicas, unless nobody wants them."""
    if dict(config.network).get("add-host") == "false":
        return ""
    named = ((f"{config.id}-{number}", address) for number, address in enumerate(every) if address)
    return "".join(f" --add-host={name}:{address}" for name, address in named)
