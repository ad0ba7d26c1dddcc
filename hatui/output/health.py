"""Is all well? The rules of `hatui check`, worst first, each with its sentence."""

from __future__ import annotations

from dataclasses import dataclass

from hatui.cluster.ills import Ills, ills_of, together
from hatui.output.picture import Picture
from hatui.output.words import clean, counted

OK, WARNING, CRITICAL, UNKNOWN = 0, 1, 2, 3
NAMES = ("OK", "WARNING", "CRITICAL", "UNKNOWN")


@dataclass(frozen=True, slots=True)
class Health:
    """A level, what led to it, and figures for a graph."""

    level: int
    reasons: tuple[str, ...]
    figures: tuple[tuple[str, int, int | None], ...]
    """(name, value, largest possible value or None)"""


def judge(picture: Picture) -> Health:
    """What a monitoring system should be told."""
    found = together(ills_of(top) for top in picture.view.resources)
    at_rest = picture.view.maintenance_mode or picture.stop_all
    critical = [*_cluster(picture), *_lost_nodes(picture), *_broken_resources(found, at_rest)]
    critical += [f"alarm, {alarm.subject}: {alarm.message}" for alarm in picture.alarms]
    warnings = [*_resting_nodes(picture), *_failures(picture), *_hands_off(picture, found)]
    level = CRITICAL if critical else WARNING if warnings else OK
    return Health(level, tuple(critical + warnings), _figures(picture))


def line(health: Health, picture: Picture) -> str:
    """One line, as the plugin guidelines of Nagios and its heirs have it."""
    figures = " ".join(
        f"{name}={value}" + (f";;;0;{largest}" if largest is not None else "")
        for name, value, largest in health.figures
    )
    said = "; ".join(health.reasons) or _all_well(picture)
    name = f"{picture.cluster}: " if picture.cluster else ""
    return f"CLUSTER {NAMES[health.level]} - {clean(name + said).replace('|', '/')} | {figures}"


def _all_well(picture: Picture) -> str:
    active = sum(view.active for view in picture.instances)
    nodes = counted(sum(node.online for node in picture.view.nodes), "node")
    return f"{nodes} online, {counted(active, 'resource instance')} active, DC {picture.view.dc}"


def _cluster(picture: Picture) -> list[str]:
    if not picture.has_dc:
        return ["no DC"]
    if not picture.view.have_quorum:
        return ["partition without quorum"]
    return [picture.stale] if picture.stale else []


def _lost_nodes(picture: Picture) -> list[str]:
    found = [node.name for node in picture.view.nodes if node.unclean]
    return [f"UNCLEAN: {', '.join(found)}"] if found else []


def _broken_resources(found: Ills, at_rest: bool) -> list[str]:
    """What is blocked, what failed, and what should run or be promoted and is nowhere."""
    told = [f"{name} is blocked" for name in found.blocked]
    told += [f"{name} has failed" for name in found.failed]
    told += [f"{name} is stopped" for name in found.idle if not at_rest]
    return told + [f"{name} is promoted nowhere" for name in found.unpromoted]


def _resting_nodes(picture: Picture) -> list[str]:
    told = []
    for node in picture.view.nodes:
        if not node.unclean and node.state != "online":
            told.append(f"{node.name} is {node.state}")
    return told


def _failures(picture: Picture) -> list[str]:
    told = []
    if picture.failures:
        names = sorted({f"{f.resource} on {f.node}" for f in picture.failures})
        told.append(f"{counted(len(picture.failures), 'failed action')}: {', '.join(names)}")
    pending = tuple(one for one in picture.fencings if one.status == "pending")
    for status, found in (("failed", picture.fencings_failed), ("pending", pending)):
        targets = sorted({one.target for one in found})
        if targets:
            told.append(f"fencing of {', '.join(targets)} {status}")
    return told


def _hands_off(picture: Picture, found: Ills) -> list[str]:
    if picture.view.maintenance_mode:
        return ["maintenance-mode is on"]
    if picture.stop_all:
        return ["stop-all-resources is on"]
    return [f"unmanaged: {', '.join(sorted(found.unmanaged))}"] if found.unmanaged else []


def _figures(picture: Picture) -> tuple[tuple[str, int, int | None], ...]:
    nodes, instances = picture.view.nodes, picture.instances
    return (
        ("nodes_online", sum(node.online for node in nodes), len(nodes)),
        ("nodes_standby", sum(node.standby for node in nodes), len(nodes)),
        ("nodes_unclean", sum(node.unclean for node in nodes), len(nodes)),
        ("resources_active", sum(view.active for view in instances), len(instances)),
        ("resources_failed", sum(view.failed for view in instances), len(instances)),
        ("resources_blocked", sum(view.blocked for view in instances), len(instances)),
        ("failures", len(picture.failures), None),
        ("bans", len(picture.view.bans), None),
    )
