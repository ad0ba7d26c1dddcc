"""A bundle: containers with what belongs to each (address, connection, service).

Every replica is a container resource, perhaps with an address of its own; if a service
runs inside, a connection makes the container a guest node, on which one instance of the
service's (implicit) clone has its only place.
"""

from __future__ import annotations

from hanode.cib.configuration import Bundle, Clone, NvSet, OperationDefinition, Primitive
from hanode.cib.score import read
from hanode.pe.model.cluster import Cluster
from hanode.pe.model.resource import Resource
from hanode.pe.unpack.clone import INSTANCES_MAX, add_instance
from hanode.pe.unpack.container import CONTROL_PORT, HOST, addresses, container_parameters
from hanode.pe.unpack.meta import limit_role, truth, unpack_meta
from hanode.pe.unpack.nodes import implicit_node
from hanode.pe.unpack.primitive import unpack_primitive


def unpack_bundle(cluster: Cluster, config: Bundle) -> Resource | None:
    """The bundle with its replicas."""
    options = dict(config.container_options)
    found = Resource(config.id, "bundle", None)
    unpack_meta(cluster, found, config.meta)
    limit_role(cluster, found)
    cluster.by_id[found.id] = found
    promoted_max = read(options.get("promoted-max") or options.get("masters"), 0)
    if promoted_max <= 0 and truth(found.meta, "promotable", False):
        promoted_max = max(1, read(found.meta.get("promoted-max"), 1))
    found.promoted_max = max(0, promoted_max)
    found.promotable = found.promoted_max > 0
    replicas = max(1, read(options.get("replicas"), found.promoted_max or 1))
    found.clone_max = min(replicas, INSTANCES_MAX)
    found.clone_node_max = max(1, read(options.get("replicas-per-host"), 1))
    found.unique = found.clone_node_max > 1
    found.interleave = truth(found.meta, "interleave", False)
    every = addresses(config, found.clone_max)
    for number in range(found.clone_max):
        _replica(cluster, found, config, number, every)
    if config.child is not None:
        _service(cluster, found, config)
    return found


def _replica(
    cluster: Cluster, bundle: Resource, config: Bundle, number: int, every: list[str]
) -> None:
    network = dict(config.network)
    name = f"{config.id}-{config.container}-{number}"
    address = every[number]
    if address:
        ip = unpack_primitive(cluster, _ip(config, network, address), bundle)
        _belongs(ip, bundle, number)
        bundle.children.append(ip)
    container = unpack_primitive(cluster, _container(config, name, number, every), bundle)
    _belongs(container, bundle, number)
    bundle.children.append(container)
    if config.child is None:
        return
    guest = f"{config.id}-{number}"
    node = cluster.nodes.get(guest)
    if node is None:
        node = implicit_node(guest, "guest", cluster.options)
        cluster.nodes[guest] = node
        cluster.nodes_by_id.setdefault(guest, node)
    node.type = "guest"
    node.bundle = bundle.id
    connection = unpack_primitive(cluster, _connection(network, guest, address), bundle)
    _belongs(connection, bundle, number)
    connection.container = container
    container.fillers.append(connection)
    connection.remote_node = node
    node.connection = connection
    cluster.remote_connections[guest] = connection
    bundle.children.append(connection)


def _belongs(part: Resource, bundle: Resource, number: int) -> None:
    part.replica = (bundle.id, number)
    part.number = -1


def _ip(config: Bundle, network: dict[str, str], address: str) -> Primitive:
    parameters = [("ip", address)]
    if network.get("host-interface"):
        parameters.append(("nic", network["host-interface"]))
    parameters.append(("cidr_netmask", network.get("host-netmask", "32")))
    name = f"{config.id}-ip-{address}"
    return Primitive(
        name,
        "ocf",
        "heartbeat",
        "IPaddr2",
        parameters=(NvSet(f"{name}-parameters", tuple(parameters)),),
        operations=(_monitor(name, "60s"),),
    )


def _monitor(name: str, interval: str, timeout: str = "") -> OperationDefinition:
    attributes = (("timeout", timeout),) if timeout else ()
    return OperationDefinition(f"{name}-monitor-{interval}", "monitor", interval, attributes)


def _container(config: Bundle, name: str, number: int, every: list[str]) -> Primitive:
    parameters = tuple(container_parameters(config, number, every).items())
    return Primitive(
        name,
        "ocf",
        "heartbeat",
        config.container,
        parameters=(NvSet(f"{name}-parameters", parameters),),
        operations=(_monitor(name, "60s"),),
    )


def _connection(network: dict[str, str], guest: str, address: str) -> Primitive:
    """Without an address of its own, its container's host is what it connects to."""
    port = network.get("control-port", CONTROL_PORT)
    parameters = (("addr", address or HOST), ("port", port))
    return Primitive(
        guest,
        "ocf",
        "pacemaker",
        "remote",
        meta=(NvSet(f"{guest}-meta", (("allow-migrate", "false"),)),),
        parameters=(NvSet(f"{guest}-parameters", parameters),),
        operations=(_monitor(guest, "30s", "30s"),),
    )


def _service(cluster: Cluster, bundle: Resource, config: Bundle) -> None:
    """The clone of what runs inside, one instance for each guest node."""
    assert config.child is not None
    kind = "master" if bundle.promotable else "clone"
    clone = Resource(f"{config.id}-{kind}", "clone", bundle)
    unpack_meta(cluster, clone, ())
    clone.clone_max = bundle.clone_max
    clone.clone_node_max = bundle.clone_node_max
    clone.unique = bundle.unique
    clone.promotable = bundle.promotable
    clone.promoted_max = bundle.promoted_max
    clone.promoted_node_max = 1
    clone.ordered = True  # replica by replica, as Pacemaker's implicit clone is
    clone.interleave = truth(clone.meta, "interleave", False)
    limit_role(cluster, clone)
    cluster.by_id[clone.id] = clone
    cluster.prototypes[clone.id] = Clone(clone.id, config.child)
    bundle.children.append(clone)
    for number in range(bundle.clone_max):
        instance = add_instance(cluster, clone, number)
        instance.host = cluster.nodes[f"{config.id}-{number}"]
        instance.replica = (bundle.id, number)
