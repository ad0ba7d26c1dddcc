"""The policy engine: pure functions from what is wanted and true to what must be done.

    schedule(cib: Cib, now: float) -> Transition         # hanode.transition; the decision
    overview(cib: Cib, now: float) -> Overview           # hanode.pe.overview; what crm_mon shows
    instance_state(cib, now) -> dict[str, ResourceView]  # the same tree, flat, by id
    apply(cib: Cib, transition, now: float) -> Cib       # the CIB after the transition succeeded

`now` is epoch seconds (date rules and failure-timeout read it; nothing else does). Same
CIB, same now: same answer. Nothing here does I/O, asks the time or draws lots. A CIB that
was parsed never makes these raise.

What a transition engine needs is in `Transition`: `actions` (see `transition.Action`),
`orderings` as (before id, after id), `empty`, `recheck` (ask again at that time), and
`concurrency_max` (batch-limit; 0: unlimited). An action may begin when all actions that are
ordered before it have ended well. `kind` says who executes it: rsc/cancel/cleanup the LRM of
`node` (`router` if that is a remote or guest node), fence the fencer, shutdown the node's own
supervisor, pseudo nobody.

`apply` is the preview: `overview(apply(cib, schedule(cib, now), now), now)`; a dry run of a
change is `schedule(cib._replace(configuration=changed), now)`.
"""

from typing import TYPE_CHECKING, Any

from hanode.pe.instance_state import instance_state, overview

if TYPE_CHECKING:
    from hanode.pe.scheduler import schedule
    from hanode.pe.simulate import apply

__all__ = ["apply", "instance_state", "overview", "schedule"]


def __getattr__(name: str) -> Any:
    """Who only looks (`hatui --once`, `hatui check`) need not load what decides: half the time."""
    if name == "schedule":
        from hanode.pe.scheduler import schedule

        return schedule
    if name == "apply":
        from hanode.pe.simulate import apply

        return apply
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
