"""The fold with an order carried out that was never given, and what the policy engine makes of it.

Runs in a worker: the policy engine may think for long. Same state, same order, same now: the same
forecast, since the DC asks the same engine.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from hanode.cib.configuration import Configuration
from hanode.cib.document import parse_configuration
from hanode.events import Event, FencingIntended
from hanode.mgmt.what_if import what_if
from hanode.pe import overview
from hanode.state import ClusterState, cib_of
from hanode.transition import Transition
from hatui.cluster.moment import Moment
from hatui.cluster.scores import Scores


@dataclass(frozen=True)
class Forecast:
    """What an order would lead to, judged on the state after entry `basis`."""

    basis: int
    before: Moment
    after: Moment
    decision: Transition
    ordered: tuple[str, ...] = ()
    """Nodes that the order itself fences."""
    then: Transition | None = None
    """What the second half of an order leads to, once the first is done."""


def look_at(state: ClusterState, now: float) -> Moment:
    """The moment that a state is, as the policy engine sees it. Raises cib.BadCib."""
    cib = cib_of(state, _configuration(state.cib))
    return Moment(state, cib.configuration, overview(cib, now), seen_at=now)


def scores(moment: Moment, now: float) -> Scores:
    """What the policy engine reckons of each resource now."""
    from hanode.pe import schedule  # loaded when it is first asked, not when the console starts

    return Scores.of(schedule(moment.cib, now))


def explained(moment: Moment, name: str, now: float) -> list[str]:
    """Why it is where it is, and the smallest change that would move it. Raises
    NoSuchResource."""
    from hanode.pe import schedule
    from hanode.pe.why import why  # only who asks pays for it

    cib = moment.cib
    return list(why(cib, schedule(cib, now), now, name))


@lru_cache(maxsize=4)
def _configuration(xml: str) -> Configuration:
    """Read once for each version: reading is a third of the work. Raises cib.BadCib."""
    return parse_configuration(xml.encode())


def forecast(
    state: ClusterState, events: Iterable[Event], now: float, then: Iterable[Event] = ()
) -> Forecast:
    """What these orders would lead to, and `then` those. Raises cib.BadCib when they break the
    configuration."""
    from hanode.pe import apply as carry_out
    from hanode.pe import schedule  # what decides is loaded when it is first asked

    events, then = tuple(events), tuple(then)
    wanted = what_if(state, events)
    cib = cib_of(wanted, _configuration(wanted.cib))
    decision = schedule(cib, now)
    after = carry_out(cib, decision, now)
    second = None
    if then:
        wanted = what_if(wanted, then)
        after = after._replace(configuration=_configuration(wanted.cib))
        second = schedule(after, now)
        after = carry_out(after, second, now)
    ordered = tuple(event.target for event in events if isinstance(event, FencingIntended))
    seen = overview(after, now)
    future = Moment(wanted, after.configuration, seen, status=after.status, seen_at=now)
    return Forecast(state.basis, look_at(state, now), future, decision, ordered, second)
