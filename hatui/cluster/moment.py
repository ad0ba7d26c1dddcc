"""One moment of a cluster, whole and unchanging: the fold, what is active, what the PE thinks.

Every view is drawn from a moment; a preview is drawn from two. Nothing in it is ever written again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from hanode.cib.configuration import Clone, Configuration, Group, Primitive, Resource
from hanode.cib.document import Cib
from hanode.cib.status import Status
from hanode.mgmt.ailing import ailing
from hanode.mgmt.protocol import Pulse
from hanode.pe.overview import FailureView, NodeView, Overview, ResourceView
from hanode.state import ClusterState, cib_of
from hanode.state.records import AlarmRecord
from hatui.cluster.alarms import alarms
from hatui.cluster.scores import Scores

_T = TypeVar("_T")
VIEWS, CONFIGURED, PARENTS = "index of views", "index of configured", "index of parents"
TOPS = "of tops"
_LASTING = (CONFIGURED, PARENTS)
"""What is drawn of the configuration alone."""


@dataclass(frozen=True, eq=False)
class Moment:
    """A fork of the state with its overview; `scores` where the PE has been asked."""

    state: ClusterState = field(default_factory=ClusterState)
    configuration: Configuration = field(default_factory=Configuration)
    overview: Overview = field(default_factory=Overview)
    scores: Scores | None = None
    pulse: Pulse | None = None
    problem: str = ""
    """Why there is no overview: the configuration could not be read."""
    status: Status | None = None
    """What is so after orders that were never given; else the state says it."""
    seen_at: float = 0.0
    """By the wall clock of who looked: what has its hours is judged as of then."""
    _drawn: dict[str, Any] = field(default_factory=dict)
    """What was drawn of it once; copies with another pulse or scores share it."""

    def once(self, name: str, make: Callable[[], _T]) -> _T:
        """What `make` gives, made only once for this overview: trees are asked for often."""
        if name not in self._drawn:
            self._drawn[name] = make()
        made: _T = self._drawn[name]
        return made

    def of_top(self, name: str, top: str, make: Callable[[], _T]) -> _T:
        """The same of one top resource; it serves later moments until something is new of it."""
        drawn: dict[str, dict[str, _T]] = self._drawn.setdefault(TOPS, {})
        of = drawn.setdefault(name, {})
        if top not in of:
            of[top] = make()
        return of[top]

    def next(self, state: ClusterState, overview: Overview, tops: set[str]) -> Moment:
        """The moment after this one, in which only these top resources look different."""
        kept = {name: self._drawn[name] for name in _LASTING if name in self._drawn}
        drawn: dict[str, dict[str, Any]] = self._drawn.get(TOPS, {})
        kept[TOPS] = {name: {top: made for top, made in of.items() if top not in tops}
                      for name, of in drawn.items()}  # fmt: skip
        views = dict(self.views)
        for view in overview.resources:
            if view.id in tops:
                _forget(self.views[view.id], views)
                _index(view, views)
        drawn = {**kept, VIEWS: views}
        return Moment(state, self.configuration, overview, pulse=self.pulse,
                      seen_at=self.seen_at, _drawn=drawn)  # fmt: skip

    @property
    def now(self) -> float:
        """What it holds was so then; a log may have a word of a clock that goes ahead."""
        return max(self.seen_at, self.state.at)

    @property
    def cib(self) -> Cib:
        """What the policy engine is asked with: large, so it is made when it is wanted."""
        if self.status is None:
            return cib_of(self.state, self.configuration)
        return Cib(configuration=self.configuration, status=self.status)

    @property
    def quorate(self) -> bool:
        """The log can't tell that the node which is asked has lost the others; its pulse does."""
        return self.state.quorate and (self.pulse is None or self.pulse.quorate)

    @property
    def unheard(self) -> tuple[str, ...]:
        """Nodes that the log has in the view, and the node that is asked has not. A pulse from
        before the log's last word can't tell: who has just joined is in no view of then."""
        if self.pulse is None or self.pulse.commit < self.state.position.index:
            return ()
        return tuple(name for name in self.state.present if name not in self.pulse.view)

    @property
    def thin(self) -> tuple[str, ...]:
        """Nodes that the node that is asked hears on some of their links only."""
        peers = self.pulse.peers if self.pulse is not None else {}
        gone = self.unheard
        links = {name: peer.get("links") or () for name, peer in sorted(peers.items())
                 if name not in gone and peer.get("heard") is not None}  # fmt: skip
        return tuple(name for name, ups in links.items() if any(ups) and not all(ups))

    @property
    def ailing(self) -> dict[str, str]:
        """Nodes whose disks take no writes, each with its word."""
        return ailing(self.state, self.pulse)

    @property
    def alarms(self) -> tuple[AlarmRecord, ...]:
        """What only a person can settle."""
        return alarms(self.state, self.pulse, self.state.at)

    @property
    def told_now(self) -> str:
        """What trees and figures take from the pulse alone: equal where they are."""
        by = self.pulse.node if self.pulse is not None and self.unheard else ""
        lists = (self.unheard, self.thin, tuple(self.ailing), tuple(self.ailing.values()))
        return "\n".join((by, self.dc, *("\t".join(words) for words in lists)))

    @property
    def sure(self) -> bool:
        """The node that is asked has quorum and a DC, and hears all that the log counts in."""
        return self.quorate and bool(self.dc) and not self.unheard

    @property
    def voters_here(self) -> int:
        """In the view of the node that is asked; in the past, as the log has it."""
        voters, nodes = self.state.voters, self.state.nodes
        if self.pulse is not None:
            return sum(name in self.pulse.view for name in voters)
        return sum(nodes[name].present for name in voters if name in nodes)

    @property
    def dc(self) -> str:
        """Whom the node that is asked follows now; in the past, whom the log names."""
        return self.state.dc if self.pulse is None else self.pulse.dc

    def drawn(self, name: str) -> bool:
        """Whether somebody has wanted to see this."""
        return name in self._drawn

    @property
    def views(self) -> dict[str, ResourceView]:
        """Every resource of the tree, by its id."""
        return self.once(VIEWS, self._views)

    def _views(self) -> dict[str, ResourceView]:
        found: dict[str, ResourceView] = {}
        for view in self.overview.resources:
            _index(view, found)
        return found

    @property
    def nodes(self) -> dict[str, NodeView]:
        return self.once("index of nodes", self._nodes)

    def _nodes(self) -> dict[str, NodeView]:
        return {node.name: node for node in self.overview.nodes}

    @property
    def node_names(self) -> list[str]:
        """Members and remote nodes, even while there is no overview."""
        return sorted({*self.state.nodes, *self.state.remotes, *self.nodes})

    @property
    def configured(self) -> dict[str, Resource]:
        """Every configured resource by id, members and clones' children among them."""
        return self.once(CONFIGURED, self._configured)

    def _configured(self) -> dict[str, Resource]:
        found: dict[str, Resource] = {}
        for resource in self.configuration.resources:
            _collect(resource, found)
        return found

    @property
    def failures_of(self) -> dict[str, list[FailureView]]:
        """The failures that still count, by the resource's name in the history."""
        return self.once("index of failures_of", self._failures_of)

    def _failures_of(self) -> dict[str, list[FailureView]]:
        found: dict[str, list[FailureView]] = {}
        for failure in self.overview.failures:
            found.setdefault(failure.resource, []).append(failure)
        return found

    @property
    def parents(self) -> dict[str, str]:
        """The top resource that a configured resource belongs to: what a constraint names."""
        return self.once(PARENTS, self._parents)

    def _parents(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for resource in self.configuration.resources:
            below: dict[str, Resource] = {}
            _collect(resource, below)
            found.update(dict.fromkeys(below, resource.id))
        return found


def base_of(name: str) -> str:
    """A clone instance's name without its number."""
    head, colon, number = name.rpartition(":")
    return head if colon and number.isdigit() else name


def primitive_of(resource: Resource | None) -> Primitive | None:
    """The primitive itself, or the one that a clone multiplies."""
    if isinstance(resource, Clone):
        resource = resource.child
    return resource if isinstance(resource, Primitive) else None


def _index(view: ResourceView, found: dict[str, ResourceView]) -> None:
    found[view.id] = view
    for child in view.children:
        _index(child, found)


def _forget(view: ResourceView, found: dict[str, ResourceView]) -> None:
    del found[view.id]
    for child in view.children:
        _forget(child, found)


def _collect(resource: Resource, found: dict[str, Resource]) -> None:
    found[resource.id] = resource
    if isinstance(resource, Group):
        for member in resource.members:
            found[member.id] = member
    elif isinstance(resource, Clone):
        _collect(resource.child, found)
    elif not isinstance(resource, Primitive) and resource.child is not None:
        found[resource.child.id] = resource.child
