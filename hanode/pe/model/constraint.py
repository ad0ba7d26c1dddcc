"""Constraints between working resources, every name resolved, every set taken apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from hanode.pe.model.role import Role

if TYPE_CHECKING:
    from hanode.pe.model.resource import Resource


class Place(NamedTuple):
    """Scores of nodes for a resource, perhaps for its promoted role alone."""

    id: str
    resource: Resource
    scores: dict[str, int]
    role: Role = Role.UNKNOWN
    discovery: str = "always"
    sentence: str = ""


class Colocate(NamedTuple):
    """`dependent` is (or with a negative score: isn't) to be where `primary` is."""

    id: str
    dependent: Resource
    primary: Resource
    score: int
    role: Role = Role.UNKNOWN
    primary_role: Role = Role.UNKNOWN
    attribute: str = "#uname"
    influence: bool = True


class Before(NamedTuple):
    """`first_task` of `first` comes before `then_task` of `then`."""

    id: str
    first: Resource
    first_task: str
    then: Resource
    then_task: str
    flags: int
    set_key: str = ""


class TicketBound(NamedTuple):
    """The resource (in this role) may run only while the ticket is held."""

    id: str
    ticket: str
    resource: Resource
    role: Role
    loss_policy: str


class Constraints:
    """All of them, with the lists by resource that assignment asks for."""

    __slots__ = (
        "colocations",
        "never",
        "orders",
        "places",
        "promoted",
        "this_with",
        "tickets",
        "with_this",
    )

    def __init__(self) -> None:
        self.places: list[Place] = []
        self.colocations: list[Colocate] = []
        self.orders: list[Before] = []
        self.promoted: list[Place] = []
        self.never: dict[str, set[str]] = {}
        self.tickets: list[TicketBound] = []
        self.this_with: dict[str, list[Colocate]] = {}
        self.with_this: dict[str, list[Colocate]] = {}

    def place(self, place: Place) -> None:
        self.places.append(place)
        if place.role == Role.PROMOTED:
            self.promoted.append(place)
        if place.discovery == "never":
            self.never.setdefault(place.resource.id, set()).update(place.scores)

    def colocate(self, colocation: Colocate) -> None:
        self.colocations.append(colocation)
        self.this_with.setdefault(colocation.dependent.id, []).append(colocation)
        self.with_this.setdefault(colocation.primary.id, []).append(colocation)
