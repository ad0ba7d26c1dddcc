"""Configured resources become a tree of working ones, sorted by priority."""

from __future__ import annotations

from hanode.cib.configuration import Bundle, Clone, Group, Primitive
from hanode.cib.configuration import Resource as Config
from hanode.pe.model.cluster import Cluster
from hanode.pe.model.resource import Resource
from hanode.pe.unpack.bundle import unpack_bundle
from hanode.pe.unpack.clone import unpack_clone
from hanode.pe.unpack.group import unpack_group
from hanode.pe.unpack.primitive import unpack_primitive, with_template
from hanode.pe.unpack.remote import add_connections, note_connection


def unpack_resources(cluster: Cluster) -> None:
    """Fill `cluster.resources` and `cluster.by_id`."""
    configuration = cluster.cib.configuration
    cluster.templates = {template.id: template for template in configuration.templates}
    provided = _provided(cluster)
    cluster.isolation = "isolation" in provided
    cluster.unfencing = cluster.isolation or "unfencing" in provided
    for config in configuration.resources:
        note_connection(cluster, config)
    for config in configuration.resources:
        found = _unpack(cluster, config)
        if found is not None:
            cluster.resources.append(found)
    for top in list(cluster.resources):
        cluster.resources.extend(add_connections(cluster, top))
    _join_containers(cluster)
    cluster.resources.sort(key=lambda resource: -resource.priority)
    cluster.have_fence_device = cluster.options.have_watchdog or any(
        leaf.is_fence_device for leaf in cluster.primitives()
    )
    cluster.tagged = _tags(cluster)


def _provided(cluster: Cluster) -> set[str]:
    """What fence devices say that they provide beside power fencing."""
    found: set[str] = set()
    for config in cluster.cib.configuration.resources:
        inner = config.child if isinstance(config, Clone) else config
        leaves = inner.members if isinstance(inner, Group) else (inner,)
        for leaf in leaves:
            if not isinstance(leaf, Primitive):
                continue
            full = with_template(cluster, leaf)
            if full.class_ != "stonith":
                continue
            pairs = [pair for entry in full.meta for pair in entry.pairs]
            found.update(w for name, value in pairs if name == "provides" for w in value.split())
    return found


def _unpack(cluster: Cluster, config: Config) -> Resource | None:
    if config.id in cluster.by_id:
        cluster.warn(f'resource "{config.id}" is configured twice; the second is ignored')
        return None
    match config:
        case Primitive():
            return unpack_primitive(cluster, config, None)
        case Group():
            return unpack_group(cluster, config, None)
        case Clone():
            return unpack_clone(cluster, config)
        case Bundle():
            return unpack_bundle(cluster, config)


def _join_containers(cluster: Cluster) -> None:
    """A resource with a `container` option runs inside another resource."""
    for leaf in cluster.primitives():
        wanted = leaf.meta.get("container")
        if not wanted or wanted == leaf.id or leaf.container is not None:
            continue
        container = cluster.by_id.get(wanted)
        if container is None:
            cluster.warn(f'container="{wanted}" of "{leaf.id}" is no resource')
            continue
        leaf.container = container
        container.fillers.append(leaf)


def _tags(cluster: Cluster) -> dict[str, tuple[str, ...]]:
    """What a constraint may name beside resources: tags, and templates for their users."""
    found: dict[str, tuple[str, ...]] = {}
    users: dict[str, list[str]] = {}
    for resource in cluster.everything():
        if resource.config is not None and resource.config.template:
            users.setdefault(resource.config.template, []).append(resource.base)
    for template, names in users.items():
        found[template] = tuple(dict.fromkeys(names))
    for tag in cluster.cib.configuration.tags:
        names = []
        for reference in tag.refs:
            names.extend(found.get(reference, (reference,)))
        found[tag.id] = tuple(dict.fromkeys([*found.get(tag.id, ()), *names]))
    return found
