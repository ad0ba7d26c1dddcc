"""Random clusters in which a live migration has been begun, each from a number."""

from __future__ import annotations

from random import Random

from random_draw import AT, pairs_xml
from random_moves import Moves, Result

_CONDITIONS = {
    "online": 'in_ccm="true" crmd="online" join="member" expected="member"',
    "lost": 'in_ccm="false" crmd="offline" join="down" expected="member"',
    "off": 'in_ccm="false" crmd="offline" join="down" expected="down"',
    "pending": 'in_ccm="true" crmd="offline" join="pending" expected="member"',
}
_DUMMY = 'class="ocf" provider="pacemaker" type="Dummy"'
_REMOTE = 'class="ocf" provider="pacemaker" type="remote"'


def random_migration(seed: int) -> bytes:
    """The CIB of this number."""
    return _Maker(Random(f"migration {seed}")).cib().encode()


class _Maker(Moves):
    """Draws one cluster."""

    def cib(self) -> str:
        self.members = [f"n{number}" for number in range(1, self.random.randint(2, 3) + 1)]
        shapes = ("plain", "before", "after", "with", "clone", "remote", "connection")
        self.shape = self.random.choices(shapes, (50, 9, 9, 12, 6, 8, 6))[0]
        self.nodes = [*self.members, *(["r1"] if self.shape == "remote" else [])]
        self.leaf = "r1" if self.shape == "connection" else "vm"
        source, target = self.random.sample(self.nodes, 2)
        if self.shape == "connection":
            self.nodes = list(self.members)
        self._tell(source, target)
        states = "".join(self._state(node, source, target) for node in self.members)
        if self.shape in ("remote", "connection"):
            states += self._remote_state()
        return (
            f'<cib validate-with="pacemaker-3.7" crm_feature_set="3.16.2" admin_epoch="0" epoch="1"'
            f' num_updates="0" have-quorum="1" dc-uuid="1" execution-date="{AT + 1000}">\n'
            f"<configuration><crm_config>{self._options()}</crm_config>\n<nodes>{self._nodes()}"
            f"</nodes>\n<resources>\n{self._resources()}</resources>\n"
            f"<constraints>{self._wishes()}</constraints></configuration>\n"
            f"<status>\n{states}</status></cib>\n"
        )

    def _options(self) -> str:
        pairs = {"stonith-enabled": "true" if self.fencing else "false"}
        if self.chance(0.1):
            pairs["start-failure-is-fatal"] = "false"
        entries = pairs_xml("option", pairs)
        return f'<cluster_property_set id="cib-bootstrap-options">{entries}</cluster_property_set>'

    def _nodes(self) -> str:
        return "".join(
            f'<node id="{number}" uname="{node}"/>' for number, node in enumerate(self.members, 1)
        )

    # ---------------------------------------------------------------------------- resources

    def _resources(self) -> str:
        agent = _REMOTE if self.shape == "connection" else _DUMMY
        vm, near = self._primitive(self.leaf, agent), self._primitive("near", _DUMMY)
        one = (
            f'<meta_attributes id="c-meta">{pairs_xml("c-m", {"clone-max": "1"})}</meta_attributes>'
        )
        tops = {
            "before": f'<group id="g">{vm}{near}</group>\n',
            "after": f'<group id="g">{near}{vm}</group>\n',
            "with": f"{vm}\n{near}\n",
            "clone": f'<clone id="c">{one}{vm}</clone>\n',
            "remote": f'<primitive id="r1" {_REMOTE}/>\n{vm}\n',
        }
        fencing = '<primitive id="fencing" class="stonith" type="fence_dummy"/>\n'
        return tops.get(self.shape, f"{vm}\n") + (fencing if self.fencing else "")

    def _primitive(self, name: str, agent: str) -> str:
        pairs = {}
        if name != "near" and self.chance(0.95):
            pairs["allow-migrate"] = "true"
        draws = (
            (0.3, "resource-stickiness", ("1", "100", "INFINITY")),
            (0.2, "multiple-active", ("stop_only", "block", "stop_unexpected")),
            (0.1, "migration-threshold", ("1", "2")),
            (0.05, "target-role", ("Stopped",)),
            (0.04, "is-managed", ("false",)),
            (0.05, "failure-timeout", ("60", "3600")),
        )
        for share, key, values in draws:
            if self.chance(share if name != "near" else 0.0):
                pairs[key] = self.random.choice(values)
        entries = pairs_xml(f"{name}-m", pairs)
        metas = f'<meta_attributes id="{name}-meta">{entries}</meta_attributes>' if pairs else ""
        on_fail = ""
        if self.chance(0.1):
            on_fail = f' on-fail="{self.random.choice(("ignore", "block", "stop", "standby"))}"'
        watch = f'<op id="{name}-op" name="monitor" interval="10s" timeout="20s"{on_fail}/>'
        for task in ("migrate_to", "migrate_from"):
            if self.chance(0.05):
                word = self.random.choice(("ignore", "block", "stop"))
                watch += f'<op id="{name}-{task}" name="{task}" interval="0" on-fail="{word}"/>'
        return f'<primitive id="{name}" {agent}>{metas}<operations>{watch}</operations></primitive>'

    def _wishes(self) -> str:
        found = ""
        if self.shape == "with":
            first, then = self.random.sample((self.leaf, "near"), 2)
            score = self.random.choice(("INFINITY", "INFINITY", "100", "-INFINITY"))
            if self.chance(0.7):
                found += (
                    f'<rsc_colocation id="col" rsc="{then}" with-rsc="{first}" score="{score}"/>'
                )
            if self.chance(0.7):
                found += f'<rsc_order id="ord" first="{first}" then="{then}"/>'
        if self.chance(0.35):
            top = {"before": "g", "after": "g", "clone": "c"}.get(self.shape, self.leaf)
            score = self.random.choice(("INFINITY", "100", "-100", "-INFINITY"))
            node = self.random.choice(self.nodes)
            found += f'<rsc_location id="loc" rsc="{top}" node="{node}" score="{score}"/>'
        return found

    # ---------------------------------------------------------------------------- status

    def _state(self, node: str, source: str, target: str) -> str:
        number = self.members.index(node) + 1
        kinds = ("online", "standby", "shutdown", "lost", "off", "pending")
        weights = (82, 4, 3, 6, 3, 2) if node in (source, target) else (92, 2, 1, 2, 2, 1)
        condition = self.random.choices(kinds, weights)[0]
        words = _CONDITIONS.get(condition, _CONDITIONS["online"])
        pairs = self._failures(node)
        if condition == "standby":
            pairs["standby"] = "on"
        if condition == "shutdown":
            pairs["shutdown"] = str(AT + 900)
        agent = _REMOTE if self.shape == "connection" else _DUMMY
        history = self._history(self.leaf, agent, self._kept(self.leaf, node))
        for name, kind, home in self._others(source):
            result = Result("start") if home == node else Result("monitor", rc=7, wanted=7)
            result.call, result.transition, result.at = 3, 1, AT
            history += self._history(name, kind, self._entry(name, f"{name}_last_0", result))
        entries = pairs_xml(f"status-{number}", pairs)
        return (
            f'<node_state id="{number}" uname="{node}" {words}><transient_attributes '
            f'id="{number}"><instance_attributes id="status-{number}">{entries}'
            f'</instance_attributes></transient_attributes><lrm id="{number}"><lrm_resources>'
            f"{history}</lrm_resources></lrm></node_state>\n"
        )

    def _others(self, source: str) -> list[tuple[str, str, str]]:
        """Whatever else there is: name, agent, home."""
        home = source if source in self.members else self.members[0]
        found = []
        if self.shape in ("before", "after", "with"):
            found.append(("near", _DUMMY, home))
        if self.shape == "remote":
            found.append(("r1", _REMOTE, self.members[0]))
        if self.fencing:
            found.append(("fencing", 'class="stonith" type="fence_dummy"', self.members[-1]))
        return found

    def _remote_state(self) -> str:
        history = "" if self.leaf == "r1" else self._history("vm", _DUMMY, self._kept("vm", "r1"))
        return (
            '<node_state id="r1" uname="r1" remote_node="true" in_ccm="true" crmd="online">'
            f'<lrm id="r1"><lrm_resources>{history}</lrm_resources></lrm></node_state>\n'
        )

    def _history(self, name: str, agent: str, entries: str) -> str:
        if not entries:
            return ""
        return f'<lrm_resource id="{name}" {agent}>{entries}</lrm_resource>'

    def _failures(self, node: str) -> dict[str, str]:
        found: dict[str, str] = {}
        for result in self.told.get(node, ()):
            if result.failed and self.chance(0.7):
                name = f"{self.leaf}#{result.task}_{result.interval}"
                found[f"fail-count-{name}"] = self.random.choice(("1", "1", "2", "INFINITY"))
                found[f"last-failure-{name}"] = str(result.at)
        return found
