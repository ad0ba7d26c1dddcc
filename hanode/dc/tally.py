"""What counts as a majority: vote arithmetic, nothing else."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from hanode.ids import NodeName


def majority(voters: Collection[NodeName]) -> int:
    """How many of these are more than half. Of none: one, which nobody can reach."""
    return len(voters) // 2 + 1


def carried(ayes: Collection[NodeName], voters: Collection[NodeName]) -> bool:
    """Whether those who said aye are more than half of the voters."""
    return sum(1 for voter in voters if voter in ayes) >= majority(voters)


def agreed_value(
    values: Mapping[NodeName, float], voters: Collection[NodeName], missing: float
) -> float:
    """The largest value that more than half of the voters have reached."""
    reached = sorted((values.get(voter, missing) for voter in voters), reverse=True)
    return reached[majority(voters) - 1] if len(reached) >= majority(voters) else missing


def witnesses_count(
    data: Collection[NodeName], witnesses: Collection[NodeName], present: Collection[NodeName]
) -> bool:
    """Whether a witness counts for what is committed.

    It keeps positions, not entries, so it does only while a data node is out of the view: as long
    as both are there, both must have the entry (cluster rule 4). Where the data nodes alone are no
    majority (one of them, and a witness), it counts always.
    """
    alone = len(data) >= majority([*data, *witnesses])
    return not (alone and all(node in present for node in data))


def committed(
    matches: Mapping[NodeName, int],
    data: Collection[NodeName],
    witnesses: Collection[NodeName],
    present: Collection[NodeName],
) -> int:
    """The last index that counts as committed."""
    voters = [*data, *witnesses]
    heard = voters if witnesses_count(data, witnesses, present) else data
    return int(agreed_value({node: matches.get(node, 0) for node in heard}, voters, 0))
