"""Remote and guest nodes: nodes that are reached through a connection resource.

An `ocf:pacemaker:remote` primitive is the connection to a remote node of its name. A
`remote-node` option makes its resource (a virtual machine, say) the host of a guest node,
with an implicit connection that runs where the host's resource runs.
"""

from __future__ import annotations

from hanode.cib.configuration import (
    Bundle,
    Clone,
    Group,
    NvSet,
    OperationDefinition,
    Primitive,
)
from hanode.cib.configuration import Resource as Config
from hanode.pe.model.cluster import Cluster
from hanode.pe.model.resource import Resource
from hanode.pe.unpack.nodes import implicit_node
from hanode.pe.unpack.nvpairs import joined
from hanode.pe.unpack.primitive import unpack_primitive, with_template
from hanode.pe.unpack.rules import Context


def note_connection(cluster: Cluster, config: Config) -> None:
    """Make the node that a configured resource implies, before anything is counted."""
    for primitive in _primitives(config):
        full = with_template(cluster, primitive)
        if (full.class_, full.provider, full.type) == ("ocf", "pacemaker", "remote"):
            if primitive.id not in cluster.nodes:
                _add_node(cluster, primitive.id, guest=False)
            else:
                cluster.nodes[primitive.id].type = "remote"
                cluster.nodes[primitive.id].attributes["#kind"] = "remote"
        else:
            guest = joined(full.meta, Context(cluster.now)).get("remote-node")
            if guest and guest not in cluster.nodes:
                _add_node(cluster, guest, guest=True)
            elif guest:
                cluster.nodes[guest].type = "guest"
                cluster.nodes[guest].attributes["#kind"] = "container"


def _primitives(config: Config) -> tuple[Primitive, ...]:
    match config:
        case Primitive():
            return (config,)
        case Group():
            return config.members
        case Clone() | Bundle():
            return ()


def _add_node(cluster: Cluster, name: str, guest: bool) -> None:
    node = implicit_node(name, "guest" if guest else "remote", cluster.options)
    cluster.nodes[name] = node
    cluster.nodes_by_id.setdefault(name, node)


def add_connections(cluster: Cluster, top: Resource) -> list[Resource]:
    """Tie connections to their nodes; make the implicit ones of guest nodes."""
    found = []
    for leaf in top.primitives():
        if leaf.is_connection and leaf.id in cluster.nodes:
            _tie(cluster, leaf, leaf.id)
        guest = leaf.meta.get("remote-node")
        if guest and guest in cluster.nodes and cluster.nodes[guest].is_guest:
            if guest in cluster.by_id:
                continue
            connection = unpack_primitive(cluster, _implicit(leaf, guest), None)
            connection.container = leaf
            leaf.fillers.append(connection)
            _tie(cluster, connection, guest)
            found.append(connection)
    return found


def _tie(cluster: Cluster, connection: Resource, name: str) -> None:
    node = cluster.nodes[name]
    node.connection = connection
    connection.remote_node = node
    cluster.remote_connections[name] = connection


def _implicit(host: Resource, name: str) -> Primitive:
    """The connection resource that a `remote-node` option stands for."""
    meta = host.meta
    allow = meta.get("remote-allow-migrate", "true")
    told = (("addr", "remote-addr"), ("port", "remote-port"))
    parameters = tuple((parameter, meta[option]) for parameter, option in told if option in meta)
    timeout = meta.get("remote-connect-timeout", "60s")
    return Primitive(
        name,
        "ocf",
        "pacemaker",
        "remote",
        meta=(
            NvSet(
                f"{name}-meta",
                (
                    ("allow-migrate", allow),
                    ("is-managed", meta.get("is-managed", "true")),
                    ("container", host.id),
                    ("internal", "true"),
                ),
            ),
        ),
        parameters=(NvSet(f"{name}-parameters", parameters),),
        operations=(
            OperationDefinition(f"{name}-monitor-30s", "monitor", "30s", (("timeout", "30s"),)),
            OperationDefinition(f"{name}-start-0", "start", "0", (("timeout", timeout),)),
        ),
    )
