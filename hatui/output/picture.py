"""A picture: everything that one-shot output can show, taken at one moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

from hanode.cib.configuration import Bundle
from hanode.cib.document import Cib
from hanode.cib.status import NOTHING, Status, TicketState
from hanode.mgmt.protocol import Pulse
from hanode.pe import overview
from hanode.pe.overview import FailureView, NodeView, Overview, ResourceView
from hanode.state import ClusterState, cib_of
from hanode.state.records import AlarmRecord, FencingRecord
from hatui.cluster.alarms import alarms
from hatui.cluster.fencings import failed_fencings
from hatui.cluster.ills import leaves
from hatui.cluster.options import options_of, stops_all

LOST = "unclean (offline)"
"""The policy engine's words for a node that ought to be here."""


class Picture(NamedTuple):
    """What is shown, whatever the form."""

    view: Overview
    status: Status
    now: float
    """When it was taken, epoch seconds."""
    cluster: str = ""
    version: str = ""
    """The configuration's, admin_epoch.epoch.num_updates."""
    asked: str = ""
    """The node that answered; empty when the picture was read from a file."""
    changed_at: float = 0.0
    changed_by: str = ""
    options: Mapping[str, str] = NOTHING
    """Cluster options as set."""
    fencings: tuple[FencingRecord, ...] = ()
    """Newest first."""
    fencings_failed: tuple[FencingRecord, ...] = ()
    """Those that nothing has made up for since."""
    alarms: tuple[AlarmRecord, ...] = ()
    images: Mapping[str, str] = NOTHING
    """Of bundles, by their id."""
    stale: str = ""
    """Why this may not be the truth any more; empty when it is."""

    @property
    def has_dc(self) -> bool:
        return bool(self.view.dc)

    @property
    def instances(self) -> tuple[ResourceView, ...]:
        """All primitives, clones' instances one by one; none that is only remembered."""
        found = leaves(self.view.resources)
        return tuple(view for view in found if view.active or not view.orphaned)

    @property
    def tickets(self) -> tuple[TicketState, ...]:
        """In the order of their names; what only a constraint speaks of was never granted."""
        held = {ticket.id: ticket for ticket in self.status.tickets}
        named = (ident for ident, _, _ in self.view.tickets)
        return tuple(held.get(one) or TicketState(one) for one in sorted({*held, *named}))

    @property
    def failures(self) -> tuple[FailureView, ...]:
        """Each once: a failed monitor is remembered as the latest and as the latest failure."""
        return tuple(dict.fromkeys(self.view.failures))

    @property
    def stop_all(self) -> bool:
        return stops_all(self.options)


def of_state(state: ClusterState, pulse: Pulse | None, now: float) -> Picture:
    """A live cluster's. Raises cib.BadCib."""
    cib = cib_of(state)
    view = overview(cib, now)
    return Picture(
        view=view if pulse is None else _as_of_now(view, state, pulse),
        status=cib.status,
        now=now,
        cluster=state.name,
        version=state.version,
        asked=pulse.node if pulse is not None else "",
        changed_at=state.cib_changed_at,
        changed_by=state.cib_changed_by,
        options=options_of(cib.configuration),
        images=_images(cib),
        fencings=state.fencings,
        fencings_failed=tuple(failed_fencings(state)),
        alarms=alarms(state, pulse, now),
        stale=staleness(pulse, state.position.index),
    )


def _as_of_now(view: Overview, state: ClusterState, pulse: Pulse) -> Overview:
    """The log can't tell that this node has lost the others; its pulse does."""
    gone = set(state.present) - set(pulse.view)
    nodes = tuple(
        replace(node, state=LOST, online=False, unclean=True, is_dc=False)
        if node.name in gone
        else replace(node, is_dc=node.name == pulse.dc)
        for node in view.nodes
    )
    quorum = view.have_quorum and pulse.quorate
    return replace(view, nodes=nodes, dc=pulse.dc, have_quorum=quorum)


def of_cib(cib: Cib, now: float) -> Picture:
    """A file's: what a CIB itself can tell."""
    options = options_of(cib.configuration)
    return Picture(
        view=overview(cib, now),
        status=cib.status,
        now=now,
        cluster=options.get("cluster-name", ""),
        version=str(cib.version),
        options=options,
        images=_images(cib),
    )


def feature_set(node: NodeView, picture: Picture) -> str:
    """What a peer of Pacemaker's can do; it says so from 3.15.1 on. Our own nodes have none."""
    if node.type != "member" or not node.online:
        return ""
    return node.attributes.get("#feature-set", "" if picture.asked else "<3.15.1")


def implicit(view: ResourceView, picture: Picture) -> bool:
    """A connection that exists only because a guest node does."""
    if view.agent != "ocf:pacemaker:remote":
        return False
    return any(node.type == "guest" and node.name == view.id for node in picture.view.nodes)


def _images(cib: Cib) -> dict[str, str]:
    return {
        one.id: dict(one.container_options).get("image", "")
        for one in cib.configuration.resources
        if isinstance(one, Bundle)
    }


def staleness(pulse: Pulse | None, shown: int) -> str:
    """Why what a node shows, up to this entry, may not be the truth any more; empty when it is."""
    if pulse is None:
        return "the node did not say how fresh its state is"
    if not pulse.quorate:
        return f"{pulse.node} has no quorum: this is what it knew last"
    if not pulse.dc:
        return f"{pulse.node} knows no DC at the moment"
    if pulse.commit > shown:
        return f"{pulse.node} showed entry {shown} of {pulse.commit}"
    return ""
