"""A primitive: its agent, template, options, operations."""

from __future__ import annotations

from hanode.cib.configuration import NvSet, OperationDefinition, Primitive
from hanode.pe.model.cluster import Cluster
from hanode.pe.model.operation import ConfiguredOperation, milliseconds
from hanode.pe.model.resource import Resource
from hanode.pe.unpack.meta import limit_role, unpack_meta
from hanode.pe.unpack.nvpairs import joined
from hanode.pe.unpack.rules import Context


def unpack_primitive(
    cluster: Cluster, config: Primitive, parent: Resource | None, number: int = -1
) -> Resource:
    """One primitive; as instance `number` of a clone if that isn't negative."""
    config = with_template(cluster, config)
    found = Resource(config.id if number < 0 else f"{config.id}:{number}", "primitive", parent)
    found.base = config.id
    found.number = number
    found.config = config
    found.agent = (config.class_, config.provider, config.type)
    found.is_fence_device = config.class_ == "stonith"
    found.is_connection = found.agent == ("ocf", "pacemaker", "remote")
    found.parameter_sets = config.parameters
    if parent is not None:
        found.parameter_sets = (*config.parameters, *parent.parameter_sets)
    unpack_meta(cluster, found, config.meta)
    found.utilization = utilization(cluster, config.utilization)
    found.operations = unpack_operations(cluster, found, config.operations)
    limit_role(cluster, found)
    if found.is_connection:
        _read_reconnecting(cluster, found)
    cluster.by_id[found.id] = found
    return found


def _read_reconnecting(cluster: Cluster, connection: Resource) -> None:
    """`reconnect_interval`: how long a remote node that was lost is left alone, and its failure
    remembered."""
    words = joined(connection.parameter_sets, Context(cluster.now))
    interval = milliseconds(words.get("reconnect_interval"), 0)
    if interval:
        connection.reconnects_later = True
        connection.failure_timeout_ms = interval


def utilization(cluster: Cluster, sets: tuple[NvSet, ...]) -> dict[str, int]:
    """How much of each capacity it takes."""
    amounts: dict[str, int] = {}
    for name, value in joined(sets, Context(cluster.now)).items():
        try:
            amounts[name] = int(value)
        except ValueError:
            cluster.warn(f'utilization {name}="{value}" is not a number')
    return amounts


def with_template(cluster: Cluster, config: Primitive) -> Primitive:
    """The primitive with what its template adds; its own words come first."""
    if not config.template:
        return config
    template = cluster.templates.get(config.template)
    if template is None:
        cluster.warn(f'template "{config.template}" of "{config.id}" does not exist')
        return config
    own = {_kind(operation) for operation in config.operations}
    inherited = tuple(op for op in template.operations if _kind(op) not in own)
    return config._replace(
        class_=config.class_ or template.class_,
        provider=config.provider or template.provider,
        type=config.type or template.type,
        meta=_merged(config.meta, template.meta),
        parameters=_merged(config.parameters, template.parameters),
        utilization=_merged(config.utilization, template.utilization),
        operations=(*config.operations, *inherited),
    )


def _kind(operation: OperationDefinition) -> tuple[str, str]:
    """An operation of its own replaces the template's of the same name and role."""
    return operation.name, dict(operation.attributes).get("role", "Started")


def _merged(own: tuple[NvSet, ...], inherited: tuple[NvSet, ...]) -> tuple[NvSet, ...]:
    return own + inherited


def unpack_operations(
    cluster: Cluster, resource: Resource, configs: tuple[OperationDefinition, ...]
) -> list[ConfiguredOperation]:
    """The configured operations, each with what it says about role and enabling."""
    found = []
    for config in configs:
        if not config.name:
            cluster.warn(f'operation "{config.id}" has no name; it is ignored')
            continue
        found.append(ConfiguredOperation(config, operation_meta(cluster, resource, config)))
    return found


def operation_meta(
    cluster: Cluster, resource: Resource, config: OperationDefinition
) -> dict[str, str]:
    """The options of one operation, without defaults."""
    context = Context(cluster.now, agent=resource.agent)
    found = joined(config.meta, context) if config.meta else {}
    for name, value in config.attributes:
        found.setdefault(name, value)
    return found
