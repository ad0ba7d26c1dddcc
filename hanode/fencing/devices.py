"""Which devices fence a node, level by level, as the configuration says.

A device can fence a node if its pcmk_host_list or pcmk_host_map names it, or if nothing names any
node; it is asked itself before it strikes, where pcmk_host_check says so. Sets of parameters under
a rule are left out: what fences must not depend on the hour.

Devices that cut a node off rather than switch it off (meta attribute `provides=isolation`) name the
domains from which they cut it (`isolates`, else `network`), and a resource the domains in which it
must be the only one (`exclusivity`). A level of such devices counts only if it cuts the node off
from all domains of all resources: an isolated node may still write to a disk, so a resource that
names none needs its node's power off.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from hanode.cib.configuration import (
    Bundle,
    Clone,
    Configuration,
    FencingLevel,
    Group,
    NvSet,
    Primitive,
    Resource,
)
from hanode.cib.score import read
from hanode.peer_messages import ISOLATED, POWERLESS, Device

NETWORK = "network"
ISOLATION, UNFENCING = "isolation", "unfencing"
"""What a device may provide beside power fencing."""
Levels = tuple[tuple[Device, ...], ...]


class Configured(NamedTuple):
    """A primitive of class stonith."""

    id: str
    agent: str
    parameters: dict[str, str]
    meta: dict[str, str]

    @property
    def provides(self) -> tuple[str, ...]:
        return tuple(_names(self.meta.get("provides", "")))

    @property
    def isolates(self) -> frozenset[str]:
        """The domains from which it cuts a node off; none for what switches it off."""
        cuts = ISOLATION in self.provides
        return frozenset(_names(self.meta.get("isolates", NETWORK))) if cuts else frozenset()

    @property
    def priority(self) -> int:
        return read(self.meta.get("priority"))


def levels_for(configuration: Configuration, target: str) -> Levels:
    """The devices that fence `target`, by level; none if nothing can.

    Without a topology, every able device is a level of its own: by priority, then as configured.
    """
    devices = {device.id: device for device in configured(configuration)}
    chosen = _topology(configuration, target)
    levels = []
    if not chosen:
        able = [d for d in devices.values() if can_fence(d, target)]
        able.sort(key=lambda device: -device.priority)
        levels = [[device] for device in able]
    for level in sorted(chosen, key=lambda level: level.level):
        known = [devices[name] for name in level.devices if name in devices]
        if known and len(known) == len(level.devices):  # a part of a level fences nothing
            levels.append(known)
    domains = exclusive_domains(configuration)
    return tuple(
        tuple(_device(d, target) for d in level) for level in levels if _suffices(level, domains)
    )


def _suffices(level: list[Configured], domains: Mapping[str, frozenset[str]]) -> bool:
    """Whether all these devices together end what their target runs, as far as others can see."""
    if not any(ISOLATION in device.provides for device in level):
        return True
    cut = frozenset(domain for device in level for domain in device.isolates)
    return all(needed and needed <= cut for needed in domains.values())


def switching_off(levels: Levels) -> Levels:
    """Those that end their target's boot. Whom they only cut off lives on, and may have done the
    same to us: of two nodes alone, that gives neither the right to go on by itself."""
    return tuple(level for level in levels if all(d.evidence != ISOLATED for d in level))


def why_none(configuration: Configuration, target: str) -> str:
    """Why nothing fences `target`, and what would."""
    charged = [
        device
        for device in configured(configuration)
        if ISOLATION in device.provides and can_fence(device, target)
    ]
    if not charged:
        return "no fence device is configured for it"
    cut = frozenset(domain for device in charged for domain in device.isolates)
    domains = exclusive_domains(configuration)
    more = [name for name, needed in domains.items() if not needed or not needed <= cut]
    names, whence = ", ".join(device.id for device in charged), ", ".join(sorted(cut))
    return (
        f"{names} can only cut it off from {whence or 'nothing'}, which does not end what "
        f"{', '.join(more) or 'it runs'} can do (meta exclusivity); "
        "a device that switches it off would"
    )


def configured(configuration: Configuration) -> list[Configured]:
    """All fence devices that aren't told to be stopped, in document order."""
    templates = {template.id: template for template in configuration.templates}
    found = []
    for primitive in _primitives(configuration.resources):
        source = templates.get(primitive.template, primitive)
        if (primitive.class_ if not primitive.template else source.class_) != "stonith":
            continue
        meta = _merged(primitive.meta, source.meta)
        if meta.get("target-role", "").lower() == "stopped":
            continue
        parameters = _merged(primitive.parameters, source.parameters)
        found.append(Configured(primitive.id, primitive.type or source.type, parameters, meta))
    return found


def unfencing(configuration: Configuration, target: str) -> tuple[Device, ...]:
    """The devices that must let `target` in before it may use what they guard. Whoever cuts nodes
    off lets them in again."""
    return tuple(
        _device(device, target)
        for device in configured(configuration)
        if {UNFENCING, ISOLATION} & set(device.provides) and can_fence(device, target)
    )


def exclusive_domains(configuration: Configuration) -> dict[str, frozenset[str]]:
    """Where each resource must be the only one: none for those that need their node's power off."""
    templates = {template.id: template for template in configuration.templates}
    found = {bundle.id: _exclusivity(bundle.meta) for bundle in _bundles(configuration.resources)}
    for primitive in _primitives(configuration.resources):
        source = templates.get(primitive.template, primitive)
        if (primitive.class_ if not primitive.template else source.class_) == "stonith":
            continue
        found[primitive.id] = _exclusivity(primitive.meta, source.meta)
    return found


def _exclusivity(*meta: tuple[NvSet, ...]) -> frozenset[str]:
    return frozenset(_names(_merged(*meta).get("exclusivity", "")))


def _bundles(resources: tuple[Resource, ...]) -> Iterator[Bundle]:
    """(A container is a resource of its own, beside the service in it.)"""
    return (resource for resource in resources if isinstance(resource, Bundle))


def can_fence(device: Configured, target: str) -> bool:
    """Whether this device is in charge of `target`, as far as the configuration says
    (pcmk_host_check)."""
    said = device.parameters
    names = set(_names(said.get("pcmk_host_list", ""))) | set(host_map(said))
    check = said.get("pcmk_host_check", "static-list" if names else "")
    return check != "static-list" or target in names


def plug_of(device: Configured, target: str) -> str:
    """What the device calls the target (pcmk_host_map)."""
    return host_map(device.parameters).get(target, target)


def host_map(parameters: Mapping[str, str]) -> dict[str, str]:
    """`n1:1;n2:2,3` as a map; several plugs of one node stay one word."""
    pairs = re.split(r"[;\s]+", parameters.get("pcmk_host_map", "").strip())
    split = (pair.partition(":" if ":" in pair else "=") for pair in pairs)
    return {name: plug for name, _, plug in split if name and plug}


def _topology(configuration: Configuration, target: str) -> list[FencingLevel]:
    """The levels that are meant for `target`: by its name, else by pattern, else by attribute."""
    levels = configuration.levels
    attributes: dict[str, str] = {}
    for node in configuration.nodes:
        if node.uname == target:
            attributes = _merged(node.attributes)
    return (
        [level for level in levels if level.target == target]
        or [level for level in levels if _matches(level.target_pattern, target)]
        or [
            level
            for level in levels
            if level.target_attribute
            and attributes.get(level.target_attribute) == level.target_value
        ]
    )


def _matches(pattern: str, name: str) -> bool:
    if not pattern:
        return False
    try:
        return re.search(pattern, name) is not None
    except re.error:
        return False


def _device(device: Configured, target: str) -> Device:
    evidence = ISOLATED if ISOLATION in device.provides else POWERLESS
    plug = plug_of(device, target)
    return Device(device.id, device.agent, plug, dict(device.parameters), evidence)


def _names(text: str) -> list[str]:
    return [name for name in re.split(r"[,;\s]+", text) if name]


def _merged(*groups: tuple[NvSet, ...]) -> dict[str, str]:
    """Name-value pairs of several groups of sets: an earlier group wins, in it a higher score."""
    values: dict[str, str] = {}
    for group in groups:
        plain = [entry for entry in group if entry.rule is None]
        for entry in sorted(plain, key=lambda entry: -read(entry.score)):
            for name, value in entry.pairs:
                values.setdefault(name, value)
    return values


def _primitives(resources: tuple[Resource, ...]) -> Iterator[Primitive]:
    for resource in resources:
        match resource:
            case Primitive():
                yield resource
            case Group(members=members):
                yield from members
            case Clone(child=child) | Bundle(child=Primitive() as child):
                yield from _primitives((child,))
