"""Random statuses: such as clusters leave behind, and a share of them odd all the same.

What ran was started before, what failed is counted, members of a group are mostly together.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import md5

from random_draw import AT, Draw, pairs_xml

RUN = "d0c5bd47-3f43-4d8b-a7ee-5f0fd2a8b1f6"


class Status(Draw):
    """Node states with their histories and attributes, and tickets."""

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
            entries = pairs_xml(f"status-{number}", attributes)
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
            f'op-digest="{digest(interval)}"/>'
        )

    def _ticket_states(self) -> str:
        entries = ""
        for ticket in self.tickets:
            if self.chance(0.8):
                granted = "true" if self.chance(0.6) else "false"
                standby = "true" if self.chance(0.2) else "false"
                entries += f'<ticket_state id="{ticket}" granted="{granted}" standby="{standby}"/>'
        return f"<tickets>{entries}</tickets>\n" if entries else ""


def digest(interval: int) -> str:
    words = ' CRM_meta_timeout="20000"' if interval else ""
    return md5(f" <parameters{words}/>\n".encode(), usedforsecurity=False).hexdigest()
