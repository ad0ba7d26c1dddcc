"""Random clusters as CIB files, each from a number: all kinds of resources in all kinds of need."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from random_constraints import Constraints
from random_draw import AT, pairs_xml
from random_status import Status


def random_cib(seed: int) -> bytes:
    """The CIB of this number."""
    return _Maker(Random(seed)).cib().encode()


class _Maker(Constraints, Status):
    """Draws one cluster."""

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
        entries = pairs_xml("option", pairs)
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
                entries = pairs_xml(f"{node}-attribute", pairs)
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
        entries = pairs_xml(f"{name}-meta", pairs)
        return f'<meta_attributes id="{name}-metas">{entries}</meta_attributes>'
