"""Which devices can fence a node, in which order: from the configuration, nothing asked."""

from __future__ import annotations

from collections.abc import Iterator

from hanode.cib.configuration import Bundle, Clone, Configuration, Group, Primitive
from hanode.messages import Device

# `hanode.node.shooting` calls levels_for(configuration, target): keep that name.


def levels_for(configuration: Configuration, target: str) -> tuple[tuple[Device, ...], ...]:
    """The levels to try in turn; within one, all devices must succeed.

    From `fencing-topology` where it speaks of the target; else each device that can fence it is
    a level of its own, by id.
    """
    able = {
        primitive.id: device
        for primitive in _stonith(configuration)
        if (device := device_for(primitive, target)) is not None
    }
    topology = sorted(
        (level for level in configuration.levels if level.target == target),
        key=lambda level: level.level,
    )
    if topology:
        levels = [tuple(able[d] for d in level.devices if d in able) for level in topology]
        return tuple(level for level in levels if level)
    return tuple((able[ident],) for ident in sorted(able))


def device_for(primitive: Primitive, target: str) -> Device | None:
    """The device as a fencer needs it, or None if it does not know the target.

    pcmk_host_map names the plug of each host; pcmk_host_list names the hosts. With neither (or
    pcmk_host_check=none) a device is taken to know every node by its name.
    """
    parameters = dict(pair for nvset in primitive.parameters for pair in nvset.pairs)
    mapped = _host_map(parameters.get("pcmk_host_map", ""))
    listed = parameters.get("pcmk_host_list", "").replace(",", " ").replace(";", " ").split()
    unchecked = parameters.get("pcmk_host_check") == "none"
    if (mapped or listed) and not unchecked and target not in mapped and target not in listed:
        return None
    plug = mapped.get(target, target)
    return Device(primitive.id, primitive.type, plug, parameters)


def _host_map(text: str) -> dict[str, str]:
    """`n1:1;n2:2,3` as a table."""
    pairs = (part.partition(":") for part in text.replace(";", " ").split())
    return {host: plug for host, colon, plug in pairs if colon}


def _stonith(configuration: Configuration) -> Iterator[Primitive]:
    for resource in configuration.resources:
        yield from (p for p in _primitives(resource) if p.class_ == "stonith")


def _primitives(resource: Primitive | Group | Clone | Bundle) -> Iterator[Primitive]:
    if isinstance(resource, Primitive):
        yield resource
    elif isinstance(resource, Group):
        yield from resource.members
    elif isinstance(resource, Clone):
        yield from _primitives(resource.child)
