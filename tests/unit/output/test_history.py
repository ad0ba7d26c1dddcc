"""What nodes remember, as crm_mon writes it: names, thresholds, which facts and when."""

from __future__ import annotations

from hanode.cib.document import parse
from hatui.output.choice import ALL, Choice
from hatui.output.facts import history, tickets
from hatui.output.picture import Picture, of_cib
from hatui.output.text_events import tickets as ticket_lines
from hatui.output.text_history import operations
from hatui.output.text_nodes import node_list

CIB = """
<cib validate-with="pacemaker-3.8" admin_epoch="0" epoch="1" num_updates="0" have-quorum="1">
 <configuration>
  <crm_config/>
  <nodes><node id="1" uname="n1"/></nodes>
  <resources>
   <clone id="web-clone"><primitive id="web" class="ocf" provider="heartbeat" type="nginx"/></clone>
   <primitive id="ip" class="ocf" provider="heartbeat" type="IPaddr2">
    <meta_attributes id="ip-meta">
     <nvpair id="ip-most" name="migration-threshold" value="3"/>
    </meta_attributes>
   </primitive>
  </resources>
  <constraints>
   <rsc_ticket id="ip-needs-berlin" rsc="ip" ticket="berlin"/>
  </constraints>
 </configuration>
 <status>
  <node_state id="1" uname="n1" in_ccm="true" crmd="online" join="member" expected="member">
   <transient_attributes id="1"><instance_attributes id="s1">
    <nvpair id="s1-f" name="#feature-set" value="3.17.4"/>
   </instance_attributes></transient_attributes>
   <lrm id="1"><lrm_resources>
    <lrm_resource id="web:0" class="ocf" provider="heartbeat" type="nginx">
     <lrm_rsc_op id="web_start_0" operation="start" call-id="4" rc-code="0" op-status="0"
      interval="0" last-rc-change="1780000000" exec-time="20" queue-time="0"/>
     <lrm_rsc_op id="web_monitor_1000" operation="monitor" call-id="5" rc-code="0" op-status="0"
      interval="1000"/>
     <lrm_rsc_op id="web_last_failure_0" operation="monitor" call-id="5" rc-code="7" op-status="0"
      interval="1000" last-rc-change="1780000060" exec-time="9" queue-time="0"/>
    </lrm_resource>
    <lrm_resource id="ip" class="ocf" provider="heartbeat" type="IPaddr2">
     <lrm_rsc_op id="ip_start_0" operation="start" call-id="6" rc-code="1" op-status="0"
      interval="0"/>
     <lrm_rsc_op id="ip_last_failure_0" operation="start" call-id="6" rc-code="1" op-status="0"
      interval="0"/>
    </lrm_resource>
   </lrm_resources></lrm>
  </node_state>
 </status>
</cib>
"""


def picture() -> Picture:
    return of_cib(parse(CIB.encode()), 1_780_000_100)


def test_results_only_where_timing_is_asked_for() -> None:
    assert operations(picture(), Choice()) == [
        "Operations:",
        "  * Node: n1:",
        "    * web: migration-threshold=1000000:",
        "      * (4) start",
        '      * (5) monitor: interval="1000ms"',
        '      * (5) monitor: interval="1000ms"',
        "    * ip: migration-threshold=3:",
        "      * (6) start",
    ]


def test_timing_is_told_as_far_as_it_is_known() -> None:
    told = "\n".join(operations(picture(), Choice(timing=True)))
    assert '(4) start: last-rc-change="' in told
    assert 'exec-time="20ms" queue-time="0ms" rc=0 (ok)' in told
    assert '(5) monitor: interval="1000ms" rc=0 (ok)' in told
    assert 'exec-time="9ms" queue-time="0ms" rc=7 (not running)' in told


def test_in_detail_nodes_have_their_numbers_and_what_they_can_do() -> None:
    assert operations(picture(), Choice(detail=True))[1] == "  * Node: n1 (1):"
    assert node_list(picture(), Choice(detail=True))[1] == (
        "  * Node n1 (1): online, feature set 3.17.4"
    )


def test_an_instance_like_all_others_has_no_number_in_xml_either() -> None:
    found = {facts["id"]: facts for _, facts, _ in history(picture(), ALL)}
    assert set(found) == {"web", "ip"}
    assert found["web"]["orphan"] is False
    assert found["ip"]["migration-threshold"] == 3


def test_a_ticket_that_only_a_constraint_speaks_of_was_never_granted() -> None:
    assert ticket_lines(picture(), Choice()) == ["Tickets:", "  * berlin: revoked"]
    assert tickets(picture()) == [{"id": "berlin", "status": "revoked", "standby": False}]
