"""Random clusters as CIB files, each from a number: all kinds of resources in all kinds of trouble.

Statuses are such as clusters leave behind: what ran was started before, what failed is counted,
members of a group are mostly together. A share of them is odd all the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import md5
from random import Random

AT = 1_700_000_000
RUN = "d0c5bd47-3f43-4d8b-a7ee-5f0fd2a8b1f6"
SCORES = ("INFINITY", "-INFINITY", "INFINITY", "1000", "100", "-100", "5", "-1", "1")


def random_cib(seed: int) -> bytes:
    """The CIB of this number."""
    return _Maker(Random(seed)).cib().encode()


class _Maker:
    """Draws one cluster."""

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

    def cib(self) -> str:
        resources = [self._top(f"r{number}") for number in range(self.random.randint(1, 6))]
        if self.fencing:
            resources.append('<primitive id="fencing" class="stonith" type="fence_dummy"/>')
        constraints = "".join(self._constraints())
        quorum = int(self.chance(0.85))
        return (
            f'<cib validate-with="pacemaker-3.7" crm_feature_set="3.16.2" admin_epoch="0" epoch="1"'
            f' num_updates="0" have-quorum="{quorum}" dc-uuid="1" execution-date="{AT + 1000}">\n'
            f"<configuration><crm_config>{self._options()}</crm_config>\n"
            f"<nodes>{''.join(self._configured_nodes())}</nodes>\n"
            f"<resources>\n{chr(10).join(resources)}\n</resources>\n"
            f"<constraints>\n{constraints}</constraints></configuration>\n"
            f"<status>\n{''.join(self._states())}{self._ticket_states()}</status></cib>\n"
        )

    def _options(self) -> str:
        pairs = {"stonith-enabled": "true" if self.fencing else "false"}
        if self.chance(0.5):
            pairs["no-quorum-policy"] = self.random.choice(("stop", "ignore", "freeze", "demote"))
        if self.chance(0.1):
            pairs["symmetric-cluster"] = "false"
        if self.chance(0.1):
            pairs["start-failure-is-fatal"] = "false"
        if self.chance(0.05):
            pairs["maintenance-mode"] = "true"
        entries = _pairs("option", pairs)
        return f'<cluster_property_set id="cib-bootstrap-options">{entries}</cluster_property_set>'

    def _configured_nodes(self) -> Iterator[str]:
        for number, node in enumerate(self.nodes, 1):
            pairs = {}
            if self.chance(0.3):
                pairs["site"] = self.random.choice(("a", "b"))
            if self.chance(0.05):
                pairs["maintenance"] = "true"
            sets = ""
            if pairs:
                entries = _pairs(f"{node}-attribute", pairs)
                sets = (
                    f'<instance_attributes id="{node}-attributes">{entries}</instance_attributes>'
                )
            yield f'<node id="{number}" uname="{node}">{sets}</node>'

    # ---------------------------------------------------------------------------- resources

    def _top(self, name: str) -> str:
        self.tops.append(name)
        shapes = ("primitive",) * 4 + ("group",) * 3 + ("clone", "clone-group", "promotable") * 2
        shape = self.random.choice(shapes)
        if shape == "primitive":
            return self._primitive(name)
        if shape == "group":
            return self._group(name)
        self.clones.add(name)
        inner = self._group(f"{name}g") if shape == "clone-group" else None
        leaf = f"{name}c"
        inner = inner or self._primitive(leaf, promotable=shape == "promotable")
        self.cloned |= set(self.groups[-1]) if shape == "clone-group" else {leaf}
        options = self._clone_options(shape == "promotable")
        if shape == "promotable":
            self.promotable.add(leaf)
        return f'<clone id="{name}">{self._meta(name, options)}{inner}</clone>'

    def _clone_options(self, promotable: bool) -> dict[str, str]:
        options = {"promotable": "true"} if promotable else {}
        if self.chance(0.5):
            options["interleave"] = "true"
        if self.chance(0.3):
            options["notify"] = "true"
        if self.chance(0.15):
            options["ordered"] = "true"
        if self.chance(0.3):
            options["clone-max"] = str(self.random.randint(1, len(self.nodes)))
        return options

    def _group(self, name: str) -> str:
        members = [f"{name}m{number}" for number in range(self.random.randint(1, 3))]
        self.groups.append(members)
        inner = "".join(self._primitive(member) for member in members)
        return f'<group id="{name}">{self._meta(name, {})}{inner}</group>'

    def _primitive(self, name: str, promotable: bool = False) -> str:
        self.leaves.append(name)
        type_ = "Stateful" if promotable else "Dummy"
        on_fail = ""
        if self.chance(0.2):
            word = self.random.choice(("ignore", "block", "stop", "restart", "standby", "fence"))
            on_fail = f' on-fail="{word if self.fencing or word != "fence" else "stop"}"'
        operations = f'<op id="{name}-op" name="monitor" interval="10s" timeout="20s"{on_fail}/>'
        if promotable:
            operations = (
                f'<op id="{name}-op" name="monitor" interval="10s" timeout="20s"/>'
                f'<op id="{name}-op-p" name="monitor" interval="11s" timeout="20s" role="Promoted"'
                f"{on_fail}/>"
            )
        return (
            f'<primitive id="{name}" class="ocf" provider="pacemaker" type="{type_}">'
            f"{self._meta(name, {}, 0.5)}<operations>{operations}</operations></primitive>"
        )

    def _meta(self, name: str, options: dict[str, str], share: float = 1.0) -> str:
        pairs = dict(options)
        draws = (
            (0.10, "target-role", ("Stopped", "Started")),
            (0.06, "is-managed", ("false",)),
            (0.40, "resource-stickiness", ("0", "1", "100", "INFINITY")),
            (0.15, "priority", ("-1", "1", "5", "10")),
            (0.20, "migration-threshold", ("1", "2", "3")),
            (0.10, "failure-timeout", ("60", "3600")),
            (0.05, "requires", ("nothing", "quorum")),
            (0.05, "multiple-active", ("stop_only", "block")),
        )
        for chance, key, values in draws:
            if self.chance(chance * share):
                pairs[key] = self.random.choice(values)
        if not pairs:
            return ""
        entries = _pairs(f"{name}-meta", pairs)
        return f'<meta_attributes id="{name}-metas">{entries}</meta_attributes>'

    # -------------------------------------------------------------------------- constraints

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

    def _ticket_states(self) -> str:
        entries = ""
        for ticket in self.tickets:
            if self.chance(0.8):
                granted = "true" if self.chance(0.6) else "false"
                standby = "true" if self.chance(0.2) else "false"
                entries += f'<ticket_state id="{ticket}" granted="{granted}" standby="{standby}"/>'
        return f"<tickets>{entries}</tickets>\n" if entries else ""

    # ------------------------------------------------------------------------------- status

    def _states(self) -> Iterator[str]:
        homes = self._homes()
        for number, node in enumerate(self.nodes, 1):
            online = 'in_ccm="true" crmd="online" join="member" expected="member"'
            lost = 'in_ccm="false" crmd="offline" join="down" expected="member"'
            off = 'in_ccm="false" crmd="offline" join="down" expected="down"'
            words = self.random.choices((online, lost, off), (88, 6, 6))[0]
            attributes: dict[str, str] = {}
            history = ""
            if words is not off:
                known = words is lost or self.chance(0.9)
                for leaf in [*self.leaves, *(["fencing"] if self.fencing else [])]:
                    history += self._resource(leaf, node, homes, attributes, known)
            if self.chance(0.06):
                attributes["standby"] = "on"
            if words is online and self.chance(0.04):
                attributes["shutdown"] = str(AT + 900)
            entries = _pairs(f"status-{number}", attributes)
            yield (
                f'<node_state id="{number}" uname="{node}" {words}><transient_attributes '
                f'id="{number}"><instance_attributes id="status-{number}">{entries}'
                f'</instance_attributes></transient_attributes><lrm id="{number}"><lrm_resources>'
                f"{history}</lrm_resources></lrm></node_state>\n"
            )

    def _homes(self) -> dict[str, str]:
        """Where each primitive is active, if anywhere; members of a group mostly together."""
        homes = {}
        together = {member: group[0] for group in self.groups for member in group}
        for leaf in [*self.leaves, "fencing"]:
            first = together.get(leaf, leaf)
            if first in homes and self.chance(0.95):
                homes[leaf] = homes[first]
            elif self.chance(0.7):
                homes[leaf] = self.random.choice(self.nodes)
        return homes

    def _resource(
        self, leaf: str, node: str, homes: dict[str, str], attributes: dict[str, str], known: bool
    ) -> str:
        """One resource's history on a node; its failures go into the node's attributes."""
        here = homes.get(leaf) == node
        if leaf in self.cloned:
            here = self.chance(0.75)
        if not known and not here:
            return ""
        if leaf in self.promotable and self.chance(0.8):
            score = self.random.choice(("5", "10", "100", "-1"))
            attributes[f"master-{leaf}"] = score
        results = self._results(leaf, here, homes.get(leaf) == node, attributes)
        agent = 'class="ocf" provider="pacemaker" type="Dummy"'
        if leaf in self.promotable:
            agent = 'class="ocf" provider="pacemaker" type="Stateful"'
        if leaf == "fencing":
            agent = 'class="stonith" type="fence_dummy"'
        return f'<lrm_resource id="{leaf}" {agent}>{"".join(results)}</lrm_resource>'

    def _results(
        self, leaf: str, here: bool, chosen: bool, attributes: dict[str, str]
    ) -> list[str]:
        if not here:
            if self.chance(0.03) and leaf != "fencing":
                self._count(leaf, "start", 0, attributes)
                return [
                    self._result(leaf, "start", 0, 1, 0, "last_failure_0"),
                    self._result(leaf, "stop", 0, 0, 0, "last_0"),
                ]
            return [self._result(leaf, "monitor", 0, 7, 7, "last_0")]
        found = [self._result(leaf, "start", 0, 0, 0, "last_0")]
        if leaf == "fencing":
            return found
        interval, rc = 10_000, 0
        if leaf in self.promotable and chosen:
            found = [self._result(leaf, "promote", 0, 0, 0, "last_0")]
            interval, rc = 11_000, 8
        if self.chance(0.08):
            bad = self.random.choice((1, 7))
            self._count(leaf, "monitor", interval, attributes)
            for last in (f"monitor_{interval}", "last_failure_0"):
                found.append(self._result(leaf, "monitor", interval, bad, rc, last))
                self.call -= 1
            self.call += 1
        elif self.chance(0.04):
            self._count(leaf, "stop", 0, attributes)
            found = [
                self._result(leaf, "stop", 0, 1, 0, "last_failure_0"),
                self._result(leaf, "stop", 0, 1, 0, "last_0"),
            ]
        elif self.chance(0.95):
            found.append(self._result(leaf, "monitor", interval, rc, rc, f"monitor_{interval}"))
        return found

    def _count(self, leaf: str, task: str, interval: int, attributes: dict[str, str]) -> None:
        attributes[f"fail-count-{leaf}#{task}_{interval}"] = self.random.choice("112")
        attributes[f"last-failure-{leaf}#{task}_{interval}"] = str(AT)

    def _result(self, leaf: str, task: str, interval: int, rc: int, wanted: int, last: str) -> str:
        self.call += 1
        key = f"{self.call}:1:{wanted}:{RUN}"
        return (
            f'<lrm_rsc_op id="{leaf}_{last}" operation_key="{leaf}_{task}_{interval}" '
            f'operation="{task}" crm_feature_set="3.16.2" transition-key="{key}" '
            f'transition-magic="0:{rc};{key}" call-id="{self.call}" rc-code="{rc}" op-status="0" '
            f'interval="{interval}" last-rc-change="{AT}" exec-time="1" queue-time="0" '
            f'op-digest="{_digest(interval)}"/>'
        )


def _pairs(prefix: str, pairs: dict[str, str]) -> str:
    return "".join(
        f'<nvpair id="{prefix}-{number}" name="{name}" value="{value}"/>'
        for number, (name, value) in enumerate(pairs.items())
    )


def _digest(interval: int) -> str:
    words = ' CRM_meta_timeout="20000"' if interval else ""
    return md5(f" <parameters{words}/>\n".encode(), usedforsecurity=False).hexdigest()
