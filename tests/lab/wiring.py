"""The lab's networks: a bridge for each link, a cable to each host, and what may befall them."""

from __future__ import annotations

import subprocess

from tests.lab.commands import do

LINKS = ("10.78.0", "10.79.0")
"""The first three octets of each link's addresses."""
OBSERVER = 254
TABLE = "bridge lab"


class Wiring:
    """Everything is in a network namespace of its own, nothing in the machine's."""

    def __init__(self, tag: str, links: int) -> None:
        self.hub = f"{tag}-hub"
        self.links = links
        self._tag = tag

    def build(self) -> None:
        do("ip", "netns", "add", self.hub)
        for link in range(self.links):
            bridge = ("type", "bridge", "stp_state", "0", "mcast_snooping", "0")
            do("ip", "-n", self.hub, "link", "add", "name", f"lan{link}", *bridge)
            address = f"{LINKS[link]}.{OBSERVER}/24"
            do("ip", "-n", self.hub, "addr", "add", address, "brd", "+", "dev", f"lan{link}")
            do("ip", "-n", self.hub, "link", "set", f"lan{link}", "up")
        self.heal()

    def netns(self, name: str) -> str:
        return f"{self._tag}-{name}"

    def wire(self, name: str, number: int) -> None:
        """Network cards for a host, and a cable from each to its bridge."""
        netns = self.netns(name)
        do("ip", "netns", "add", netns)
        do("ip", "-n", netns, "link", "set", "lo", "up")
        for link in range(self.links):
            port, card = self.port(name, link), f"eth{link}"
            do(
                *("ip", "-n", self.hub, "link", "add", "name", port, "type", "veth"),
                *("peer", "name", card, "netns", netns),
            )
            do("ip", "-n", self.hub, "link", "set", port, "master", f"lan{link}", "up")
            do("ip", "-n", netns, "link", "set", card, "up")
        self.addresses(name, number)

    def addresses(self, name: str, number: int) -> None:
        """The cards have those that the host boots with, and no other."""
        netns = self.netns(name)
        for link in range(self.links):
            address = f"{LINKS[link]}.{number}/24"
            do("ip", "-n", netns, "addr", "flush", "dev", f"eth{link}")
            do("ip", "-n", netns, "addr", "add", address, "brd", "+", "dev", f"eth{link}")
        route = ("default", "via", f"{LINKS[0]}.{OBSERVER}")
        do("ip", "-n", netns, "route", "replace", *route)

    def port(self, name: str, link: int) -> str:
        return f"{name}-{link}"

    # -------------------------------------------------------------------------------- what befalls

    def cable(self, name: str, plugged: bool, link: int | None = None) -> None:
        """Pull a host's cable (all of them) at the bridge, or put it back: its card loses the
        carrier."""
        for each in range(self.links) if link is None else (link,):
            way = "up" if plugged else "down"
            do("ip", "-n", self.hub, "link", "set", self.port(name, each), way)

    def cut(self, source: str, target: str, link: int | None = None) -> None:
        """From now on nothing of `source` reaches `target`; neither card notices."""
        for each in range(self.links) if link is None else (link,):
            ports = f"iifname {self.port(source, each)} oifname {self.port(target, each)}"
            self._nft(f"add rule {TABLE} cuts {ports} drop")

    def part(self, *sides: tuple[str, ...]) -> None:
        """Nothing passes between these groups."""
        for side in sides:
            others = [name for other in sides if other != side for name in other]
            for source in side:
                for target in others:
                    self.cut(source, target)

    def lose(self, percent: int) -> None:
        """So many of a hundred frames are lost from now on, on every link."""
        self._nft(f"flush chain {TABLE} loss")
        if percent:
            self._nft(f"add rule {TABLE} loss numgen random mod 100 < {percent} drop")

    def heal(self) -> None:
        """Everything passes again."""
        hook = "{ type filter hook forward priority 0; }"
        self._nft(f"add table {TABLE}; delete table {TABLE}; add table {TABLE}")
        for chain in ("cuts", "loss"):
            self._nft(f"add chain {TABLE} {chain} {hook}")

    def _nft(self, rules: str) -> None:
        do("ip", "netns", "exec", self.hub, "nft", rules)


def address(number: int, link: int = 0) -> str:
    return f"{LINKS[link]}.{number}"


def remove(tag: str) -> None:
    """Every namespace of the lab `tag`; its bridges, cables and rules go with it."""
    names = [line.split()[0] for line in do("ip", "netns", "list").splitlines() if line]
    for name in names:
        if name.startswith(f"{tag}-"):
            subprocess.run(["ip", "netns", "del", name], stderr=subprocess.DEVNULL, check=False)
