"""Fence devices as a table: whom each is in charge of, and whether it ends a node's power or only
cuts it off, and from what."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lxml import etree

from hanode.cib.document import parse_configuration
from hanode.cib.xml import read_xml
from hanode.fencing.devices import UNFENCING, Configured, configured, levels_for, why_none
from hanode.state import ClusterState

POWER = "power off"


def rows(state: ClusterState) -> list[dict[str, Any]]:
    """Devices as configured, then the levels of the topology."""
    root = read_xml(state.cib.encode())
    active = {device.id: device for device in configured(parse_configuration(state.cib.encode()))}
    devices = root.iterfind("configuration/resources//primitive[@class='stonith']")
    levels = root.iterfind("configuration/fencing-topology/fencing-level")
    return [
        *(_device(device, active.get(device.get("id", ""))) for device in devices),
        *map(_level, levels),
    ]


def shortcomings(state: ClusterState) -> Iterator[str]:
    """Of each node that nothing fences, why not."""
    configuration = parse_configuration(state.cib.encode())
    if not configured(configuration):
        return
    for name in state.data_nodes:
        if not levels_for(configuration, name):
            yield f"{name} can't be fenced: {why_none(configuration, name)}"


def effect(device: Configured) -> str:
    """What its `off` does to a node."""
    does = f"isolation from {', '.join(sorted(device.isolates))}" if device.isolates else POWER
    return f"{does}; unfencing" if UNFENCING in device.provides else does


def _device(element: etree._Element, active: Configured | None) -> dict[str, Any]:
    said = active.parameters if active is not None else {}
    return {
        "id": element.get("id", ""), "agent": element.get("type", ""),
        "effect": effect(active) if active is not None else "disabled",
        "isolates": sorted(active.isolates) if active is not None else [],
        "targets": said.get("pcmk_host_list") or said.get("pcmk_host_map", ""),
    }  # fmt: skip


def _level(level: etree._Element) -> dict[str, Any]:
    target = level.get("target") or level.get("target-pattern") or ""
    return {
        "id": level.get("id", ""), "agent": f"level {level.get('index', '')}", "effect": "",
        "isolates": [], "targets": f"{target}: {level.get('devices', '')}",
    }  # fmt: skip
