"""What the demo's cluster is asked to run: one of each kind, as an operator would configure it."""

from __future__ import annotations

from xml.sax.saxutils import quoteattr

from hanode.demo.plan import WEB_ADDRESS, Plan

FENCINGS_IN_PLAY = 10_000
"""Of one node within the window: whoever plays with a demo kills more often than a machine dies."""


def cib(plan: Plan) -> str:
    """The demo's configuration, whole, for the founding entry of its log."""
    fences = "".join(_fence(node.name, plan) for node in plan.nodes)
    return (
        '<cib admin_epoch="0" epoch="1" num_updates="0" validate-with="pacemaker-3.9">'
        f"<configuration>{_OPTIONS}<nodes/>"
        f"<resources>{_web(plan)}{_SHOP}{_DB}{_CACHE}{fences}</resources>"
        f"{_CONSTRAINTS}{_DEFAULTS}</configuration><status/></cib>"
    )


_OPTIONS = f"""<crm_config><cluster_property_set id="options">
<nvpair id="options-name" name="cluster-name" value="demo"/>
<nvpair id="options-fencing" name="stonith-enabled" value="true"/>
<nvpair id="options-quorum" name="no-quorum-policy" value="stop"/>
<nvpair id="options-limit" name="hanode-fencing-limit" value="{FENCINGS_IN_PLAY}"/>
</cluster_property_set></crm_config>"""

_DEFAULTS = """<rsc_defaults><meta_attributes id="defaults">
<nvpair id="defaults-stickiness" name="resource-stickiness" value="100"/>
</meta_attributes></rsc_defaults>"""

_SHOP = """<group id="shop">
<primitive id="shop-files" class="ocf" provider="hanode" type="Dummy">
<operations><op id="shop-files-monitor" name="monitor" interval="5s" timeout="20s"/></operations>
</primitive>
<primitive id="shop-app" class="ocf" provider="hanode" type="Dummy">
<operations><op id="shop-app-monitor" name="monitor" interval="5s" timeout="20s"/></operations>
</primitive>
</group>"""

_DB = """<clone id="db-clone">
<meta_attributes id="db-clone-meta">
<nvpair id="db-clone-promotable" name="promotable" value="true"/>
</meta_attributes>
<primitive id="db" class="ocf" provider="hanode" type="Stateful">
<operations>
<op id="db-monitor-promoted" name="monitor" role="Promoted" interval="4s" timeout="20s"/>
<op id="db-monitor-unpromoted" name="monitor" role="Unpromoted" interval="5s" timeout="20s"/>
</operations>
</primitive>
</clone>"""

_CACHE = """<clone id="cache-clone">
<primitive id="cache" class="ocf" provider="hanode" type="Dummy">
<operations><op id="cache-monitor" name="monitor" interval="5s" timeout="20s"/></operations>
</primitive>
</clone>"""

_CONSTRAINTS = """<constraints>
<rsc_colocation id="shop-with-db" rsc="shop" with-rsc="db-clone" with-rsc-role="Promoted"
 score="INFINITY"/>
<rsc_order id="db-then-shop" first="db-clone" first-action="promote" then="shop"
 then-action="start"/>
</constraints>"""


def _web(plan: Plan) -> str:
    return f"""<primitive id="web" class="ocf" provider="hanode" type="web">
<instance_attributes id="web-parameters">
<nvpair id="web-ip" name="ip" value="{WEB_ADDRESS}"/>
<nvpair id="web-port" name="port" value="{plan.port}"/>
</instance_attributes>
<operations><op id="web-monitor" name="monitor" interval="1s" timeout="10s"/></operations>
</primitive>"""


def _fence(node: str, plan: Plan) -> str:
    return f"""<primitive id="fence-{node}" class="stonith" type="fence_demo">
<instance_attributes id="fence-{node}-parameters">
<nvpair id="fence-{node}-strip" name="strip" value={quoteattr(str(plan.strip_socket))}/>
<nvpair id="fence-{node}-hosts" name="pcmk_host_list" value="{node}"/>
</instance_attributes>
<operations><op id="fence-{node}-monitor" name="monitor" interval="30s" timeout="20s"/></operations>
</primitive>"""
