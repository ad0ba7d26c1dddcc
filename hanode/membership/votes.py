"""How many votes a view needs: pure arithmetic, with no opinion about who is here."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from hanode.events import Member

VOTING_ROLES = ("data", "witness")


def votes(member: Member) -> bool:
    """Data nodes and witnesses have one vote each."""
    return member.role in VOTING_ROLES


def majority(voters: int) -> int:
    """The least number of votes that no other group can have at the same time."""
    return voters // 2 + 1


def quorate(members: Sequence[Member], present: Collection[str]) -> bool:
    """Whether those present are a majority of all members that vote, present or not."""
    voters = [member.name for member in members if votes(member)]
    return sum(name in present for name in voters) >= majority(len(voters))
