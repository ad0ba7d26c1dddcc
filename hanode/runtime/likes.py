"""The clusters that people run, as configurations with comments: `hanode init --like KIND`."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path
from string import Template

from hanode.runtime.layout import BadWish

FOLDER = Path(__file__).with_name("likes")
KINDS = tuple(sorted(path.stem for path in FOLDER.glob("*.xml")))
LEAST = {"active-passive": 2, "active-active": 2, "n-plus-m": 3, "n-to-n": 2}
"""Nodes that a cluster of this kind is made of at least."""
HOME, SPARE, APART = 50, 20, -1000

FENCING = """<!-- Fencing: one device for each node's BMC, its password kept on each node by
     `hanode secret set bmc` (fence_ipmilan tells it to ipmitool in words that every user of the
     node may read while it works, unless /proc is mounted with hidepid=2). Once hanode runs:
{commands}
     and try each of them: hanode fence node NODE -->
"""
_COMMAND = """     hanode fence create bmc-{node} fence_ipmilan ip=BMC-OF-{node} username=USER \\
         password=secret://bmc lanplus=1 pcmk_host_list={node}"""
_ADDRESS = """<primitive id="address-{number}" class="ocf" provider="heartbeat" type="IPaddr2">
<instance_attributes id="address-{number}-parameters">
<nvpair id="address-{number}-ip" name="ip" value="{address}"/>
<nvpair id="address-{number}-mask" name="cidr_netmask" value="24"/>
</instance_attributes>
<operations>
<op id="address-{number}-monitor" name="monitor" interval="5s" timeout="20s"/>
</operations>
</primitive>
"""
_SERVER = """<primitive id="server-{number}" class="ocf" provider="heartbeat" type="nginx">
<instance_attributes id="server-{number}-parameters">
<nvpair id="server-{number}-configfile" name="configfile" value="/etc/nginx/service-{number}.conf"/>
</instance_attributes>
<operations>
<op id="server-{number}-start" name="start" interval="0s" timeout="60s"/>
<op id="server-{number}-stop" name="stop" interval="0s" timeout="60s"/>
<op id="server-{number}-monitor" name="monitor" interval="5s" timeout="30s"/>
</operations>
</primitive>
"""


def like(kind: str, nodes: Sequence[str], spares: int, first: str) -> str:
    """A configuration of this kind for these nodes; `first` is the first floating address.
    Raises BadWish."""
    if kind not in KINDS:
        raise BadWish(f"--like {kind}: known are {', '.join(KINDS)}")
    if len(nodes) < LEAST[kind]:
        raise BadWish(f"--like {kind} is made of {LEAST[kind]} nodes or more; name them: --nodes")
    if kind == "n-plus-m" and not 0 < spares < len(nodes):
        raise BadWish(f"--spares {spares}: of {len(nodes)} nodes, 1 to {len(nodes) - 1} can spare")
    homes = nodes[: len(nodes) - spares] if kind == "n-plus-m" else nodes
    addresses = _addresses(first, len(homes))
    what = "address" if kind == "active-active" else "service"
    template = Template((FOLDER / f"{kind}.xml").read_text("utf-8"))
    return template.substitute(
        node1=nodes[0], address1=addresses[0],
        addresses="".join(_address(n, a) for n, a in enumerate(addresses, 1)),
        services="".join(_service(n, a) for n, a in enumerate(addresses, 1)),
        homes="".join(_at(what, n, node, HOME) for n, node in enumerate(homes, 1)),
        spares="".join(
            _at("service", n, node, SPARE)
            for n in range(1, len(homes) + 1)
            for node in nodes[len(homes) :]
        ),
        apart=_apart(len(homes)),
        servers="".join(_with_server(n) for n in range(1, len(homes) + 1)),
        fencing=FENCING.format(commands="\n".join(_COMMAND.format(node=node) for node in nodes)),
    )  # fmt: skip


def _addresses(first: str, count: int) -> list[str]:
    try:
        begin = ipaddress.ip_address(first)
    except ValueError as error:
        raise BadWish(f"--address: {error}") from None
    return [str(begin + n) for n in range(count)]


def _address(number: int, address: str) -> str:
    return _ADDRESS.format(number=number, address=address)


def _service(number: int, address: str) -> str:
    members = _SERVER.format(number=number) + _address(number, address)
    return f'<group id="service-{number}">\n{members}</group>\n'


def _at(what: str, number: int, node: str, score: int) -> str:
    ident = f"{what}-{number}-on-{node}"
    place = f'rsc="{what}-{number}" node="{node}" score="{score}"'
    return f'<rsc_location id="{ident}" {place}/>\n'


def _with_server(number: int) -> str:
    ident = f"address-{number}-with-a-server"
    return (
        f'<rsc_colocation id="{ident}" rsc="address-{number}" with-rsc="www" score="INFINITY"/>\n'
    )


def _apart(count: int) -> str:
    return "".join(
        f'<rsc_colocation id="apart-{a}-{b}" rsc="service-{b}" with-rsc="service-{a}" '
        f'score="{APART}"/>\n'
        for a, b in combinations(range(1, count + 1), 2)
    )
