"""Container bundles: one line for each replica, or, in detail, what each is made of."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import NamedTuple

from hanode.pe.overview import Place, ResourceView
from hatui.cluster.natural import natural
from hatui.output.choice import Choice
from hatui.output.picture import Picture

_CONTAINER = re.compile(r"-(docker|podman|rkt)-(\d+)$")


class Replica(NamedTuple):
    """The parts of one replica, by what they are for."""

    number: int
    container: ResourceView
    remote: ResourceView | None = None
    """The connection to the guest node that it is."""
    address: ResourceView | None = None
    service: ResourceView | None = None

    @property
    def type(self) -> str:
        """docker, podman or rkt."""
        match = _CONTAINER.search(self.container.id)
        assert match is not None
        return match[1]

    @property
    def parts(self) -> tuple[ResourceView, ...]:
        found = (self.address, self.service, self.container, self.remote)
        return tuple(part for part in found if part is not None)


def replicas(view: ResourceView) -> list[Replica]:
    """In the order of their numbers."""
    parts = {child.id: child for child in view.children}
    found = []
    addresses = sorted((one for one in parts.values() if one.id.startswith(f"{view.id}-ip-")),
                       key=lambda one: natural(one.id))  # fmt: skip
    for child in view.children:
        match = _CONTAINER.search(child.id)
        if match is None:
            continue
        number = int(match[2])
        address = addresses[number] if number < len(addresses) else None
        remote = parts.get(f"{view.id}-{number}")
        found.append(Replica(number, child, remote, address, _service(view, remote)))
    return sorted(found, key=lambda one: one.number)


def title(view: ResourceView, picture: Picture) -> str:
    """`Container bundle set: id [image]`."""
    several = " set" if len(replicas(view)) > 1 else ""
    return f"Container bundle{several}: {view.id} [{picture.images.get(view.id, '')}]"


def as_line(view: ResourceView, one: Replica) -> ResourceView:
    """The replica as if it were one resource: the service's state where the container is."""
    shown = one.service or one.container
    name = (one.remote or one.container).id
    if one.address is not None:
        name += f" ({one.address.id.removeprefix(f'{view.id}-ip-')})"
    places = tuple(Place(place.node, shown.role) for place in one.container.places)
    failed = shown.failed or one.container.failed
    return replace(shown, name=name, places=places, active=bool(places), failed=failed)


def wanted(view: ResourceView, choice: Choice) -> list[Replica]:
    """Those that are to be seen: active or failed ones, or all."""
    found = replicas(view)
    if choice.inactive:
        return found
    return [one for one in found if any(part.active or part.failed for part in one.parts)]


def _service(view: ResourceView, remote: ResourceView | None) -> ResourceView | None:
    """The contained resource's instance in this replica; where it runs nowhere, a stopped one."""
    clones = [child for child in view.children if child.kind == "clone"]
    instances = [one for clone in clones for one in clone.children]
    if not instances or remote is None:
        return None
    inside = [one for one in instances if remote.id in one.nodes]
    if inside:
        return inside[0]
    return replace(instances[0], role="Stopped", places=(), active=False, failed=False, pending="")
