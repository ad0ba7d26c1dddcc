"""What is wrong with services, by one judge: `hatui check` spells out what the header counts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from hanode.pe.overview import ResourceView


class Ills(NamedTuple):
    """Names, by what is wrong with them; of services that an operator keeps, nothing is."""

    blocked: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    idle: tuple[str, ...] = ()
    """They ought to run and run nowhere."""
    unpromoted: tuple[str, ...] = ()
    """They ought to be promoted somewhere and are not."""
    unmanaged: tuple[str, ...] = ()
    """Nobody looks after them: told so, or in maintenance."""


def ills_of(top: ResourceView) -> Ills:
    """Of one top resource, and all in it."""
    instances = [view for view in leaves((top,)) if not view.orphaned]
    kept = [view for view in instances if _looked_after(view)]
    services = top.children if top.kind == "group" else (top,)
    return Ills(
        _names(view for view in instances if _blocked(view)),
        _names(v for v in kept if v.failed and not v.blocked and not v.failure_ignored),
        _names(view for view in services if _idle(view)),
        _names(view for view in services if _unpromoted(view)),
        _names(v for v in instances if not _looked_after(v) and not _blocked(v)),
    )


def together(several: Iterable[Ills]) -> Ills:
    """Each name once, in order."""
    columns = [tuple(dict.fromkeys(name for names in column for name in names))
               for column in zip(*several, strict=True)]  # fmt: skip
    return Ills(*columns)


def leaves(views: Iterable[ResourceView]) -> Iterator[ResourceView]:
    """The primitives of trees, in order."""
    for view in views:
        if view.children:
            yield from leaves(view.children)
        elif view.kind == "primitive":
            yield view


def disabled(view: ResourceView) -> bool:
    """Kept from running on purpose; the schema takes the role in any case of letters."""
    return view.target_role.lower() == "stopped"


def _blocked(view: ResourceView) -> bool:
    """The policy engine leaves alone, as unmanaged, what it can't help any more."""
    return view.blocked and not view.maintenance


def _idle(view: ResourceView) -> bool:
    """A user's service is a clone as a whole, and a group by its members."""
    if view.active or view.orphaned or not _looked_after(view) or disabled(view):
        return False
    return not view.children or not all(disabled(leaf) for leaf in leaves((view,)))


def _unpromoted(view: ResourceView) -> bool:
    if not view.promotable or not view.active or not _looked_after(view):
        return False
    if view.target_role.lower() in ("unpromoted", "slave", "stopped"):
        return False
    return all(leaf.role != "Promoted" for leaf in leaves((view,)))


def _looked_after(view: ResourceView) -> bool:
    return view.managed and not view.maintenance


def _names(views: Iterable[ResourceView]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(view.name for view in views))
