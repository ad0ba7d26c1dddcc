"""Who may come in by SSH, judged by the key alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from hanode.events import Member, Operator
from hanode.runtime.ssh import JOIN_USER


@dataclass(frozen=True, slots=True)
class Visitor:
    """Whom a key stands for."""

    kind: Literal["peer", "operator", "join"]
    name: str
    role: str = ""
    key: bytes = b""
    """By which it came in; empty for one who needs none."""


class Gate:
    """The members and operators as the log has them now; before it speaks, as trusted/ has them."""

    def __init__(self, own: str) -> None:
        self._own = own
        self._members: dict[str, Member] = {}
        self._operators: dict[bytes, Operator] = {}
        self._addresses: set[str] = set()

    def set(
        self,
        members: Iterable[Member],
        operators: Iterable[Operator],
        local: Iterable[Operator] = (),
    ) -> None:
        """From now on these; `local`, of trusted/, where the log names no operator."""
        self._members = {member.name: member for member in members}
        streams = [member.stream for member in self._members.values()]
        self._addresses = {stream.rpartition(":")[0].strip("[]") for stream in streams}
        named = {operator.public: operator for operator in operators}
        self._operators = named or {operator.public: operator for operator in local}

    def is_members(self, address: str) -> bool:
        """Whether members' streams come from there."""
        return address in self._addresses

    def visitor(self, user: str, key: bytes) -> Visitor | None:
        """Who this is, or nobody that we know."""
        if user == JOIN_USER:
            return Visitor("join", "", "join")
        member = self._members.get(user)
        if member is not None and member.host_key == key and user != self._own:
            return Visitor("peer", user, key=key)
        operator = self._operators.get(key)
        if operator is not None:
            return Visitor("operator", operator.name, operator.role, key)
        return None

    def still(self, visitor: Visitor) -> bool:
        """Whether one who was let in is by now who it was, with the same rights."""
        user = "" if visitor.kind == "operator" else visitor.name
        return visitor.kind == "join" or self.visitor(user, visitor.key) == visitor
