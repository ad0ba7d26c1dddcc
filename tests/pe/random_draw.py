"""What is drawn so far of a random cluster, and the chance that draws."""

from __future__ import annotations

from random import Random

AT = 1_700_000_000


class Draw:
    """One cluster: names of what is in it, for those parts that speak of them."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.nodes = [f"n{number}" for number in range(1, random.randint(2, 6) + 1)]
        self.leaves: list[str] = []
        """Primitives, by the names that histories use."""
        self.groups: list[list[str]] = []
        self.cloned: set[str] = set()
        self.promotable: set[str] = set()
        self.tops: list[str] = []
        self.clones: set[str] = set()
        self.tickets: list[str] = []
        self.call = 0
        self.fencing = random.random() < 0.7

    def chance(self, share: float) -> bool:
        return self.random.random() < share


def pairs_xml(prefix: str, pairs: dict[str, str]) -> str:
    return "".join(
        f'<nvpair id="{prefix}-{number}" name="{name}" value="{value}"/>'
        for number, (name, value) in enumerate(pairs.items())
    )
