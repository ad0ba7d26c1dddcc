"""Views that are agreed, quorum on one side at most, and on the best side at last."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

from tests.sim.invariants.violation import fail

if TYPE_CHECKING:
    from tests.sim.machines import Machine
    from tests.sim.parts import HeartPart
    from tests.sim.world import World

LOOK_EVERY = 1.0
CALM_LOSS = 0.05


class Views:
    def __init__(self, world: World) -> None:
        self._world = world
        self._views: dict[str, Any] = {}
        """machine -> the last view of its heart, in this boot. (One that has just been started
        anew has none; the lease that the one before published may still run.)"""
        self._leases: dict[str, tuple[Any, float]] = {}
        """machine -> view and lease when they were looked at last."""
        self._together_since: dict[tuple[str, str], float] = {}
        """Two machines that hear each other, in truth -> since when."""
        self._agreed_at: dict[str, tuple[Any, float]] = {}
        """machine -> the view with quorum that it holds, and when it was first seen to."""
        self._apart_since: dict[tuple[str, str], float] = {}
        """Two machines of which one does not hear the other, in truth -> since when."""
        self._calm_since = 0.0
        self._without_quorum_since: float | None = None
        """Since when a set that should have quorum has none: a change of views takes a moment."""

    def gone(self, machine: Machine) -> None:
        self._views.pop(machine.name, None)

    # ------------------------------------------------------------------------- after every step

    def at_most_one_side_has_quorum(self, part: HeartPart) -> None:
        """INV-7: of two that hold a lease at one instant, the views share a member. (A view may
        have been left a moment ago whose lease still runs; what a DC may do is in `office`.)"""
        core: Any = part.core
        now, lease = part.machine.now, part.machine.lease_until
        known = self._leases.get(part.name)
        self._leases[part.name] = (core._view, lease)
        if known is not None and known[0] is core._view and (known[1] == lease or known[1] > now):
            return  # the same view, the lease unbroken
        if core._view.names:
            if self._views.get(part.name) is not core._view:
                self.a_view_is_one_thing(part, core._view)
            self._views[part.name] = core._view
        mine = self._views.get(part.name)
        if mine is None or lease <= now:
            return
        for other in self._world.machines.values():
            view = self._views.get(other.name)
            if other.name == part.name or view is None or other.lease_until <= other.now:
                continue
            if not set(mine.names) & set(view.names):
                fail(
                    "INV-7 one quorate side",
                    f"{part.name} with {' '.join(mine.names)}, "
                    f"{other.name} with {' '.join(view.names)}",
                )

    def a_view_is_one_thing(self, part: HeartPart, view: Any) -> None:
        """Of its members, none holds another view of the same number. (Numbers begin anew when
        all who knew them are gone, so only views that are held at one instant are compared.)"""
        for name in view.names:
            heart: Any = self._world.machines[name].parts.get("heart")
            known = heart.core._view if heart is not None else None
            if name == part.name or known is None or known.number != view.number:
                continue
            both = self._known_to_both(part.core, heart.core)
            theirs, ours = ([one for one in v.members if one[0] in both] for v in (known, view))
            if theirs != ours and dict(known.members).get(name) == dict(view.members).get(name):
                fail(
                    "views are agreed",
                    f"{view.number} is {view.members} at {part.name}, {known.members} at {name}",
                )

    def _known_to_both(self, one: Any, other: Any) -> set[str]:
        """(One who was just removed is no longer named by those who have heard of it; nor one who
        came, by a crm that was started anew with a log from before.)"""
        rosters = ({member.name for member in heart._company.members} for heart in (one, other))
        return set(self._world.invariants.ledger.members).intersection(*rosters)

    # ------------------------------------------------------------------------------- now and then

    def look(self) -> None:
        """What is true of the network, for how long."""
        world = self._world
        weather = world.network.weather
        if weather.loss > CALM_LOSS or weather.spikes or weather.delay > 0.05:
            self._calm_since = world.now
        for pair in combinations(sorted(world.machines), 2):
            if self._hear_each_other(*pair):
                self._together_since.setdefault(pair, world.now)
            else:
                self._together_since.pop(pair, None)
            if self._way_is_open(*pair):
                self._apart_since.pop(pair, None)
            else:
                self._apart_since.setdefault(pair, world.now)
        self.the_best_component_has_quorum()
        self.who_shares_quorum_is_heard_both_ways()

    def who_shares_quorum_is_heard_both_ways(self) -> None:
        """Cluster rule 2, of which INV-9 is the other half: nobody is kept for long in a view with
        quorum who does not hear one of its members, or is not heard."""
        world = self._world
        patience = 10 * world.options.timing.deadtime + 5.0
        for machine in world.machines.values():
            heart: Any = machine.parts.get("heart")
            if heart is None or heart.paused or not heart.core._view.quorate:
                continue
            view = heart.core._view
            known, agreed_at = self._agreed_at.get(machine.name, (None, 0.0))
            if known != view:
                agreed_at = world.now  # at this look; between two, a flapping link may be whole
                self._agreed_at[machine.name] = view, agreed_at
            for pair in combinations(sorted(view.names), 2):
                since = self._apart_since.get(pair, world.now)
                began = max(since, agreed_at, heart.began_at, heart.resumed_at)
                if machine.name in pair and world.now - began > patience:
                    fail(
                        "INV-9 heard both ways",
                        f"{machine.name} keeps {' and '.join(pair)} in a view with quorum",
                    )

    def the_best_component_has_quorum(self) -> None:
        """INV-9: if more than half of the voters have all heard each other for long enough, the
        largest such set, or one of them, is within a view that has quorum."""
        world = self._world
        patience = 10 * world.options.timing.deadtime + 5.0
        lacking = self._best_without_quorum(patience)
        if not lacking:
            self._without_quorum_since = None
        elif self._without_quorum_since is None:
            self._without_quorum_since = world.now
        elif world.now - self._without_quorum_since > patience:
            fail(
                "INV-9 best component",
                f"{' '.join(lacking)} hear each other and have had no quorum for {patience:.0f} s",
            )

    def _best_without_quorum(self, patience: float) -> tuple[str, ...]:
        """A largest set with a majority that hear each other; nobody if one like it has quorum."""
        world = self._world
        if world.now - self._calm_since < patience:
            return ()
        long = {p for p, since in self._together_since.items() if since <= world.now - patience}
        best = _cliques(sorted(world.voters), long)
        if not best or 2 * len(best[0]) <= len(world.voters):
            return ()
        hearts: list[Any] = [
            m.parts["heart"] for m in world.machines.values() if "heart" in m.parts
        ]
        quorate = [set(h.core._view.names) for h in hearts if h.core._view.quorate]
        has = any(set(clique) <= view for clique in best for view in quorate)
        return () if has or any(self._as_good(view, best[0]) for view in quorate) else best[0]

    def _as_good(self, view: set[str], best: tuple[str, ...]) -> bool:
        """As large a set, whose members hear each other, if since less long."""
        voters = sorted(view.intersection(self._world.voters))
        pairs = combinations(voters, 2)
        return len(voters) >= len(best) and all(pair in self._together_since for pair in pairs)

    def _hear_each_other(self, a: str, b: str) -> bool:
        network = self._world.network
        open_ = any(
            network.open(a, b, link) and network.open(b, a, link) for link in range(network.links)
        )
        return open_ and self._awake(a) and self._awake(b)

    def _way_is_open(self, a: str, b: str) -> bool:
        """Each way on some link, whoever is there or not."""
        network, links = self._world.network, range(self._world.network.links)
        return all(any(network.open(*way, link) for link in links) for way in ((a, b), (b, a)))

    def _awake(self, name: str) -> bool:
        """Its parts live, undisturbed, since long enough ago to have formed a view. (Whose LRM
        hangs falls silent on purpose, to be fenced.)"""
        machine = self._world.machines[name]
        parts = [machine.parts.get(kind) for kind in ("heart", "crm")]
        if machine.data:
            parts.append(machine.parts.get("lrm"))
        settled = self._world.options.timing.initdead
        return all(
            part is not None
            and not part.paused
            and self._world.now - max(part.began_at, part.resumed_at) > settled
            for part in parts
        )


def _cliques(names: list[str], pairs: set[tuple[str, str]]) -> list[tuple[str, ...]]:
    """The largest sets of which all pairs are among `pairs`; few names, so by trial."""
    for size in range(len(names), 1, -1):
        found = [
            chosen
            for chosen in combinations(names, size)
            if all(pair in pairs for pair in combinations(chosen, 2))
        ]
        if found:
            return found
    return []
