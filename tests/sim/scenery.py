"""Who is in the cluster and what it is to run: members, founding entry, first configuration."""

from __future__ import annotations

from hanode.effects import Saved
from hanode.events import Member, Operator
from hanode.node import found
from tests.sim import park, zoo
from tests.sim.clock import EPOCH
from tests.sim.keys import CLUSTER, Keys
from tests.sim.options import Options

EXCLUSIVE = ("p1", "p2", "g1", "g2")
"""Resources that may be active on one machine at most."""
GROUP = ("g1", "g2")
SPARE = "x1"
"""The machine that joins and leaves."""
FIRST_WAY, SECOND_WAY = "first", "second"
"""To the switch, where there are two."""
PROMOTABLE = "ms"
"""May be active on many, promoted on one."""


def members(options: Options, keys: Keys) -> tuple[Member, ...]:
    names = [f"n{number}" for number in range(1, options.data_nodes + 1)]
    found = [
        keys.member(name, number, "data", options.links) for number, name in enumerate(names, 1)
    ]
    if options.witness:
        found.append(keys.member("w", 200, "witness", options.links))
    return tuple(found)


def founding(options: Options, keys: Keys, members: tuple[Member, ...]) -> Saved:
    """What every disk in this simulation is born with."""
    operators = (Operator("root", keys.signer("root").public),)
    signer, cib = keys.signer(members[0].name), configuration(options)
    return found(signer, members[0].name, CLUSTER, "simulated", members, operators, cib, EPOCH)


CUTTER = "fence_ports"
"""The fence agent that isolates."""


def configuration(options: Options, agent: str = "fence_switch", parameter: str = "") -> str:
    """A few resources of every kind, and a switch that can cut every node's power. (The lab has the
    same, with a fence agent of its own.)"""
    hosts = [*(f"n{number}" for number in range(1, options.data_nodes + 1)), SPARE]
    names, nodes = " ".join(hosts), ""
    fencing = "true" if options.fencing else "false"
    first, backup, topology = _two_ways(names, agent) if options.levels else ("", "", "")
    named = f'<nvpair id="power-hosts" name="pcmk_host_list" value="{names}"/>'
    if options.park:
        found = fence_devices(options, agent)
        nodes, first, named, topology = found.nodes, found.first, "", found.topology
        backup = found.devices
    others = animals(options).resources if options.zoo else ""
    notify = '<nvpair id="ms-notify" name="notify" value="true"/>' if options.zoo else ""
    return f"""<cib admin_epoch="0" epoch="1" num_updates="0" validate-with="pacemaker-3.7">
<configuration><crm_config><cluster_property_set id="cib-bootstrap-options">
<nvpair id="opt-fencing" name="stonith-enabled" value="{fencing}"/>
<nvpair id="opt-stickiness" name="default-resource-stickiness" value="1"/>
</cluster_property_set></crm_config><nodes>{nodes}</nodes><resources>
{_primitive("p1", "Dummy", options.isolation == "whole")}
{_primitive("p2", "Dummy", bool(options.isolation))}
<group id="g">{_primitive("g1", "Dummy", bool(options.isolation))}
{_primitive("g2", "Dummy", bool(options.isolation))}</group>
<clone id="ms-clone"><meta_attributes id="ms-meta">
<nvpair id="ms-promotable" name="promotable" value="true"/>{notify}</meta_attributes>
{_primitive("ms", "Stateful", bool(options.isolation))}</clone>{_cutter(options, names)}
<primitive id="power" class="stonith" type="{agent}"><instance_attributes id="power-ia">
{parameter}{first}
{named}</instance_attributes></primitive>
{backup}{others}</resources><constraints>
<rsc_order id="p2-after-p1" first="p1" then="p2" kind="Optional"/>
<rsc_colocation id="g-with-p1" rsc="g" with-rsc="p1" score="-100"/>
</constraints>{topology}</configuration></cib>"""


def fence_devices(options: Options, agent: str = "fence_switch") -> park.Park:
    """Those of a seed that has more than one way to configure them."""
    hosts = [*(f"n{number}" for number in range(1, options.data_nodes + 1)), SPARE]
    return park.draw(options.random("park"), hosts, agent, levels=not options.isolation)


def animals(options: Options) -> zoo.Zoo:
    """What a seed with agents of every kind runs besides."""
    agree = not options.faults.get("clock", 0.0)
    return zoo.draw(options.random("zoo"), bool(options.isolation), agree)


def exclusive(options: Options) -> tuple[str, ...]:
    """All that may be active on one machine at most."""
    return (*EXCLUSIVE, *animals(options).names) if options.zoo else EXCLUSIVE


def never_installed(options: Options) -> frozenset[str]:
    """Agents that the configuration names, and that no machine has."""
    absent = animals(options).absent if options.zoo else frozenset()
    return absent | (fence_devices(options).absent if options.park else frozenset())


def _two_ways(names: str, agent: str) -> tuple[str, str, str]:
    """What `power` has besides, another device, and which comes first."""
    first = f'<nvpair id="power-way" name="way" value="{FIRST_WAY}"/>'
    backup = (
        f'<primitive id="backup" class="stonith" type="{agent}"><instance_attributes id="b-ia">'
        f'<nvpair id="b-way" name="way" value="{SECOND_WAY}"/>'
        '<nvpair id="b-delay" name="pcmk_delay_base" value="1s"/>'
        '<nvpair id="b-spread" name="pcmk_delay_max" value="3s"/>'
        f'<nvpair id="b-hosts" name="pcmk_host_list" value="{names}"/>'
        "</instance_attributes></primitive>"
    )
    levels = "".join(
        f'<fencing-level id="{name}-{level}" target="{name}" index="{level}" devices="{device}"/>'
        for name in names.split()
        for level, device in ((1, "power"), (2, "backup"))
    )
    return first, backup, f"<fencing-topology>{levels}</fencing-topology>"


def _cutter(options: Options, names: str) -> str:
    """Tried before the power switch, where it is tried at all."""
    if not options.isolation:
        return ""
    return f"""
<primitive id="ports" class="stonith" type="{CUTTER}"><meta_attributes id="ports-meta">
<nvpair id="ports-provides" name="provides" value="isolation"/>
<nvpair id="ports-priority" name="priority" value="10"/></meta_attributes>
<instance_attributes id="ports-ia"><nvpair id="ports-hosts" name="pcmk_host_list" value="{names}"/>
</instance_attributes></primitive>"""


def _primitive(name: str, agent: str, isolable: bool = False) -> str:
    roles = (("Promoted", 9), ("Unpromoted", 10)) if agent == "Stateful" else (("", 10),)
    monitors = "".join(
        f'<op id="{name}-monitor-{seconds}" name="monitor" interval="{seconds}s" timeout="5s"'
        + (f' role="{role}"/>' if role else "/>")
        for role, seconds in roles
    )
    others = "".join(
        f'<op id="{name}-{task}" name="{task}" interval="0s" timeout="5s"/>'
        for task in ("start", "stop", "promote", "demote")
    )
    return (
        f'<primitive id="{name}" class="ocf" provider="hanode" type="{agent}">'
        f"{_exclusive(name) if isolable else ''}"
        f"<operations>{monitors}{others}</operations></primitive>"
    )


def _exclusive(name: str) -> str:
    """It harms nobody except over the network."""
    pair = f'<nvpair id="{name}-exclusivity" name="exclusivity" value="network"/>'
    return f'<meta_attributes id="{name}-own">{pair}</meta_attributes>'
