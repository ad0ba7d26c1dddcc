"""What a live cluster's results remember of the parameters that they were called with."""

from __future__ import annotations

from hanode.cib.document import parse
from hanode.pe.scheduler import schedule
from hanode.transition import Transition

NOW = 1_700_000_000.0
PROBED = '<lrm_rsc_op id="web_last_0" operation="{task}" call-id="{call}" rc-code="{rc}" \
op-status="0" interval="0" op-digest="{digest}"/>'
WATCHED = '<lrm_rsc_op id="web_monitor_5000" operation="monitor" call-id="9" rc-code="0" \
op-status="0" interval="5000" op-digest="{digest}"/>'


def decided(port: int, timeout: str, history: str) -> Transition:
    """On one node, of one resource with a monitor; results bear no feature set, like our own."""
    xml = f"""<cib admin_epoch="0" epoch="1" num_updates="0" validate-with="pacemaker-3.8">
  <configuration>
    <crm_config><cluster_property_set id="o">
      <nvpair id="o-1" name="stonith-enabled" value="false"/></cluster_property_set></crm_config>
    <nodes><node id="n1" uname="n1"/></nodes>
    <resources><primitive id="web" class="ocf" provider="hanode" type="web">
      <instance_attributes id="p"><nvpair id="p-1" name="port" value="{port}"/>
      </instance_attributes>
      <operations><op id="m" name="monitor" interval="5s" timeout="{timeout}"/></operations>
    </primitive></resources><constraints/>
  </configuration>
  <status><node_state id="n1" uname="n1" in_ccm="true" crmd="online" join="member"
    expected="member"><lrm id="n1"><lrm_resources>
      <lrm_resource id="web" class="ocf" provider="hanode" type="web">{history}</lrm_resource>
    </lrm_resources></lrm></node_state></status>
</cib>"""
    return schedule(parse(xml.encode()), NOW)


def done(transition: Transition) -> list[str]:
    return [action.task for action in transition.actions if action.kind in ("rsc", "cancel")]


def running() -> str:
    """The history after a decision to start and to watch it was carried out."""
    stopped = PROBED.format(task="monitor", call=1, rc=7, digest="")
    orders = {action.task: action for action in decided(80, "20s", stopped).actions}
    start, watch = orders["web_start_0"], orders["web_monitor_5000"]
    assert start.digest
    assert watch.digest != start.digest
    began = PROBED.format(task="start", call=8, rc=0, digest=start.digest)
    return began + WATCHED.format(digest=watch.digest)


def test_what_runs_with_what_is_configured_is_left_alone() -> None:
    assert done(decided(80, "20s", running())) == []


def test_another_parameter_restarts() -> None:
    tasks = done(decided(81, "20s", running()))
    assert tasks[:2] == ["web_stop_0", "web_start_0"]


def test_another_timeout_of_the_monitor_only_watches_anew() -> None:
    assert set(done(decided(80, "30s", running()))) == {"web_monitor_5000"}


def test_a_result_of_before_digests_says_nothing() -> None:
    old = PROBED.format(task="start", call=8, rc=0, digest="") + WATCHED.format(digest="")
    assert done(decided(81, "30s", old)) == []
