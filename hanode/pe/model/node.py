"""A node as the policy engine sees it while it reads the status."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from hanode.pe.model.resource import Resource

NodeType = Literal["member", "remote", "guest"]


@dataclass(slots=True, eq=False, repr=False)
class Node:
    """One node: its condition, its attributes, what runs on it.

    Filled by `unpack`; afterwards only fencing decisions (`unclean`, with its reason)
    are added to it, since a failed stop or a lost connection may demand fencing late.
    """

    name: str
    id: str
    type: NodeType = "member"
    attributes: dict[str, str] = field(default_factory=dict)
    utilization: dict[str, int] = field(default_factory=dict)
    running: list[Resource] = field(default_factory=list)
    online: bool = False
    standby: bool = False
    standby_on_fail: bool = False
    """What failed there said on-fail=standby."""
    maintenance: bool = False
    pending: bool = False
    """It is in the view and has not yet joined the cluster."""
    unclean: bool = False
    fence_reasons: list[str] = field(default_factory=list)
    """Why, the first reason first."""
    unseen: bool = True
    """Nothing was ever heard of it."""
    shutdown: bool = False
    """It wants to leave."""
    expected_up: bool = False
    is_dc: bool = False
    known: bool = False
    """It has a state in the status section."""
    known_history: bool = False
    """And a history of operations."""

    # Of a remote or a guest node.
    discovery: bool = True
    """What an admin may have started there is looked for."""
    connection: Resource | None = None
    remote_requires_reset: bool = False
    remote_was_fenced: bool = False
    bundle: str = ""
    """The bundle whose replica it is."""

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
