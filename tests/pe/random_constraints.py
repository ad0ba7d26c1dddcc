"""Random constraints between the resources of a random cluster."""

from __future__ import annotations

from collections.abc import Iterator

from random_draw import Draw

SCORES = ("INFINITY", "-INFINITY", "INFINITY", "1000", "100", "-100", "5", "-1", "1")


class Constraints(Draw):
    """Locations, colocations, orders and tickets."""

    def _constraints(self) -> Iterator[str]:
        for number in range(self.random.randint(0, 6)):
            kind = self.random.choice(("location", "location", "colocation", "order", "ticket"))
            yield getattr(self, f"_{kind}")(f"{kind[:3]}{number}") + "\n"

    def _any(self) -> str:
        """A resource that a constraint may name: mostly a whole one, at times a member."""
        members = [member for group in self.groups for member in group if member not in self.cloned]
        if members and self.chance(0.15):
            return self.random.choice(members)
        return self.random.choice(self.tops)

    def _two(self) -> tuple[str, str]:
        first = self._any()
        others = [name for name in self.tops if not first.startswith(name)]
        return first, self.random.choice(others) if others else ""

    def _location(self, name: str) -> str:
        resource, score = self._any(), self.random.choice(SCORES)
        if self.chance(0.2):
            role = ' role="Promoted"' if resource in self.clones and self.chance(0.5) else ""
            value = self.random.choice("ab")
            return (
                f'<rsc_location id="{name}" rsc="{resource}"><rule id="{name}-r" score="{score}"'
                f'{role}><expression id="{name}-e" attribute="site" operation="eq" '
                f'value="{value}"/></rule></rsc_location>'
            )
        node = self.random.choice(self.nodes)
        return f'<rsc_location id="{name}" rsc="{resource}" node="{node}" score="{score}"/>'

    def _colocation(self, name: str) -> str:
        first, second = self._two()
        if not second:
            return ""
        score = self.random.choice(SCORES)
        if len(self.tops) > 2 and self.chance(0.2):
            sets = "".join(self._sets(name, score))
            return f'<rsc_colocation id="{name}" score="{score}">{sets}</rsc_colocation>'
        role = ' with-rsc-role="Promoted"' if self._promotes(second) and self.chance(0.6) else ""
        return (
            f'<rsc_colocation id="{name}" rsc="{first}" with-rsc="{second}" score="{score}"{role}/>'
        )

    def _promotes(self, top: str) -> bool:
        return f"{top}c" in self.promotable

    def _sets(self, name: str, score: str = "") -> Iterator[str]:
        names = self.random.sample(self.tops, 3)
        sequential = self.random.choice(("true", "false"))
        for at, part in enumerate((names[:2], names[2:]) if self.chance(0.5) else (names,)):
            refs = "".join(f'<resource_ref id="{ref}"/>' for ref in part)
            yield f'<resource_set id="{name}-s{at}" sequential="{sequential}">{refs}</resource_set>'

    def _order(self, name: str) -> str:
        first, second = self._two()
        if not second:
            return ""
        kind = self.random.choice(("Mandatory", "Mandatory", "Optional", "Serialize"))
        if len(self.tops) > 2 and self.chance(0.2):
            sets = "".join(self._sets(name))
            return f'<rsc_order id="{name}" kind="{kind}">{sets}</rsc_order>'
        asymmetric = ' symmetrical="false"' if kind == "Mandatory" and self.chance(0.2) else ""
        action = ' first-action="promote"' if self._promotes(first) and self.chance(0.5) else ""
        action += ' then-action="start"' if action else ""
        return (
            f'<rsc_order id="{name}" first="{first}" then="{second}" kind="{kind}"'
            f"{action}{asymmetric}/>"
        )

    def _ticket(self, name: str) -> str:
        ticket = f"t{self.random.randint(1, 2)}"
        if ticket not in self.tickets:
            self.tickets.append(ticket)
        policies = ("stop", "demote", "freeze") + (("fence",) if self.fencing else ())
        policy = self.random.choice(policies)
        resource = self.random.choice(self.tops)
        role = ' rsc-role="Promoted"' if self._promotes(resource) and self.chance(0.5) else ""
        return (
            f'<rsc_ticket id="{name}" ticket="{ticket}" rsc="{resource}"{role} '
            f'loss-policy="{policy}"/>'
        )
