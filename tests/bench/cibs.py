"""Large clusters of the ordinary kind, as CIB files: groups with constraints, all nodes' status."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import md5

GROUP = 5
"""Primitives in a group: storage, file system, address, service, watcher."""
AT = 1_700_000_000
RUN = "d0c5bd47-3f43-4d8b-a7ee-5f0fd2a8b1f6"


class Layout:
    """So many resources in groups on so many nodes; where each group runs."""

    def __init__(self, resources: int, nodes: int) -> None:
        self.nodes = [f"node{number:02}" for number in range(1, nodes + 1)]
        self.groups: dict[str, list[str]] = {}
        for first in range(0, resources, GROUP):
            name = f"g{first // GROUP:04}"
            count = min(GROUP, resources - first)
            self.groups[name] = [f"{name}r{number}" for number in range(count)]

    def home(self, group: str) -> str:
        """The node that a group runs on, and prefers."""
        return self.nodes[int(group[1:]) % len(self.nodes)]


def cib_file(layout: Layout, lost: str = "", failed: str = "", moved: str = "") -> bytes:
    """A whole CIB at rest, or after one event: a node lost, a resource failed, a group banned."""
    parts = [
        f'<cib validate-with="pacemaker-3.7" crm_feature_set="3.16.2" admin_epoch="0" epoch="1" '
        f'num_updates="0" have-quorum="1" dc-uuid="1" execution-date="{AT + 100}"><configuration>'
        '<crm_config><cluster_property_set id="cib-bootstrap-options">'
        '<nvpair id="fencing" name="stonith-enabled" value="true"/>'
        "</cluster_property_set></crm_config><nodes>"
    ]
    parts += [f'<node id="{n}" uname="{node}"/>' for n, node in enumerate(layout.nodes, 1)]
    parts.append("</nodes><resources>")
    parts.append('<primitive id="fencing-device" class="stonith" type="fence_ipmilan"/>')
    for group, members in layout.groups.items():
        parts += [f'<group id="{group}">', *map(_primitive, members), "</group>"]
    parts.append("</resources><constraints>")
    parts += _constraints(layout)
    if moved:
        home = layout.home(moved)
        parts.append(f'<rsc_location id="ban" rsc="{moved}" node="{home}" score="-INFINITY"/>')
    parts.append(
        '</constraints><rsc_defaults><meta_attributes id="defaults">'
        '<nvpair id="stickiness" name="resource-stickiness" value="100"/>'
        "</meta_attributes></rsc_defaults></configuration><status>"
    )
    for number, node in enumerate(layout.nodes, 1):
        parts += _state(layout, number, node, node == lost, failed)
    parts.append("</status></cib>")
    return "\n".join(parts).encode()


def _primitive(name: str) -> str:
    return (
        f'<primitive id="{name}" class="ocf" provider="heartbeat" type="Dummy">'
        f'<instance_attributes id="{name}-p"><nvpair id="{name}-p-s" name="state" '
        f'value="/run/{name}"/></instance_attributes><operations>'
        f'<op id="{name}-monitor" name="monitor" interval="10s" timeout="20s"/>'
        f'<op id="{name}-start" name="start" interval="0s" timeout="40s"/>'
        f'<op id="{name}-stop" name="stop" interval="0s" timeout="60s"/></operations></primitive>'
    )


def _constraints(layout: Layout) -> Iterator[str]:
    """Each group has a home; every third comes after its neighbour, every third is apart."""
    groups = list(layout.groups)
    for at, group in enumerate(groups):
        home = layout.home(group)
        yield f'<rsc_location id="home-{group}" rsc="{group}" node="{home}" score="50"/>'
        other = groups[at - 1]
        if at % 3 == 1:
            yield f'<rsc_order id="order-{group}" first="{other}" then="{group}"/>'
        if at % 3 == 2:
            yield (
                f'<rsc_colocation id="apart-{group}" rsc="{group}" with-rsc="{other}" score="-20"/>'
            )


def _state(layout: Layout, number: int, node: str, lost: bool, failed: str) -> Iterator[str]:
    there = 'in_ccm="true" crmd="online" join="member"'
    gone = 'in_ccm="false" crmd="offline" join="down"'
    yield f'<node_state id="{number}" uname="{node}" {gone if lost else there} expected="member">'
    broke = failed if failed and layout.home(failed.partition("r")[0]) == node else ""
    if broke:
        yield (
            f'<transient_attributes id="{number}"><instance_attributes id="status-{number}">'
            f'<nvpair id="f-{number}" name="fail-count-{broke}#monitor_10000" value="1"/>'
            f'<nvpair id="l-{number}" name="last-failure-{broke}#monitor_10000" value="{AT}"/>'
            "</instance_attributes></transient_attributes>"
        )
    yield f'<lrm id="{number}"><lrm_resources>'
    probed = _result(
        "fencing-device", "start" if number == 1 else "monitor", 0, 1, 7 * (number > 1)
    )
    yield f'<lrm_resource id="fencing-device" class="stonith" type="fence_ipmilan">{probed}'
    yield "</lrm_resource>"
    call = 2
    for group, members in layout.groups.items():
        for member in members:
            yield _history(member, layout.home(group) == node, call, member == broke)
            call += 3
    yield "</lrm_resources></lrm></node_state>"


def _history(name: str, here: bool, call: int, broke: bool) -> str:
    if here:
        entries = _result(name, "start", 0, call + 1, 0)
        entries += _result(name, "monitor", 10_000, call + 2, 7 if broke else 0, expected=0)
    else:
        entries = _result(name, "monitor", 0, call, 7)
    if broke:
        entries += _result(name, "monitor", 10_000, call + 2, 7, expected=0, failure=True)
    agent = 'class="ocf" provider="heartbeat" type="Dummy"'
    return f'<lrm_resource id="{name}" {agent}>{entries}</lrm_resource>'


def _result(
    name: str,
    task: str,
    interval: int,
    call: int,
    rc: int,
    expected: int | None = None,
    failure: bool = False,
) -> str:
    wanted = rc if expected is None else expected
    last = "last_failure_0" if failure else f"monitor_{interval}" if interval else "last_0"
    return (
        f'<lrm_rsc_op id="{name}_{last}" operation_key="{name}_{task}_{interval}" '
        f'operation="{task}" crm-debug-origin="build_active_RAs" crm_feature_set="3.16.2" '
        f'transition-key="{call}:1:{wanted}:{RUN}" '
        f'transition-magic="0:{rc};{call}:1:{wanted}:{RUN}" '
        f'call-id="{call}" rc-code="{rc}" op-status="0" interval="{interval}" '
        f'last-rc-change="{AT}" exec-time="12" queue-time="0" '
        f'op-digest="{_digest(name, interval)}"/>'
    )


def _digest(name: str, interval: int) -> str:
    """Of the parameters that the operation was called with, as the reference writes them."""
    words = ' CRM_meta_timeout="20000"' if interval else ""
    if name != "fencing-device":
        words += f' state="/run/{name}"'
    return md5(f" <parameters{words}/>\n".encode(), usedforsecurity=False).hexdigest()
