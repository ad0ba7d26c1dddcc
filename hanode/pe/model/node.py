"""A node as the policy engine sees it while it reads the status."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from hanode.pe.model.resource import Resource

NodeType = Literal["member", "remote", "guest"]


class Node:
    """One node: its condition, its attributes, what runs on it.

    Filled by `unpack`; afterwards only fencing decisions (`unclean`, with its reason)
    are added to it, since a failed stop or a lost connection may demand fencing late.
    """

    __slots__ = (
        "attributes",
        "bundle",
        "connection",
        "discovery",
        "expected_up",
        "fence_reasons",
        "health",
        "health_score",
        "id",
        "is_dc",
        "known",
        "known_history",
        "maintenance",
        "name",
        "online",
        "pending",
        "remote_maintenance",
        "remote_requires_reset",
        "remote_was_fenced",
        "running",
        "shutdown",
        "standby",
        "standby_on_fail",
        "type",
        "unclean",
        "unfenced",
        "unseen",
        "utilization",
    )

    def __init__(self, name: str, id_: str, type_: NodeType = "member") -> None:
        self.name = name
        self.id = id_
        self.type = type_
        self.attributes: dict[str, str] = {}
        self.utilization: dict[str, int] = {}
        self.online = False
        self.standby = False
        self.standby_on_fail = False
        self.maintenance = False
        self.remote_maintenance = False
        self.pending = False
        self.unclean = False
        self.unseen = True
        self.unfenced = False
        self.shutdown = False
        self.expected_up = False
        self.is_dc = False
        self.discovery = True
        self.health = "green"
        self.health_score = 0
        self.fence_reasons: list[str] = []
        self.connection: Resource | None = None
        self.remote_requires_reset = False
        self.remote_was_fenced = False
        self.running: list[Resource] = []
        self.known = False
        self.bundle = ""
        self.known_history = False

    @property
    def is_remote(self) -> bool:
        """Reached through a connection: a remote node or a guest node."""
        return self.type != "member"

    @property
    def is_guest(self) -> bool:
        return self.type == "guest"

    @property
    def why_unclean(self) -> str:
        return self.fence_reasons[0] if self.fence_reasons else ""

    def serves(self) -> bool:
        """Whether it is here to stay: what is left over on it may be tidied up."""
        return (
            self.online
            and not self.unclean
            and not self.shutdown
            and not self.standby
            and not self.pending
        )

    def usable(self) -> bool:
        """Whether something new may run here."""
        return (
            self.online
            and not self.shutdown
            and not self.standby
            and not self.unclean
            and not self.maintenance
            and not self.pending
        )

    def __repr__(self) -> str:
        return f"Node({self.name})"
