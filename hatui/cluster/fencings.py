"""Which failed fencings still matter: the history keeps them long after all is well."""

from __future__ import annotations

from collections.abc import Iterator

from hanode.state import ClusterState
from hanode.state.proofs import UNFENCED
from hanode.state.records import FencingRecord, NodeRecord


def failed_fencings(state: ClusterState) -> Iterator[FencingRecord]:
    """A later success makes up for a failure, and so does a node that is here again."""
    done = set[str]()
    for record in state.fencings:
        if record.status == "success":
            done.add(record.target)
        elif record.status == "failed" and record.target not in done:
            node = state.record(record.target)
            if node is None or not _here_again(node, record):
                yield record


def _here_again(node: NodeRecord, failed: FencingRecord) -> bool:
    """It has come since, or its devices have let it in without being told once more."""
    let_in = failed.action == "on" and node.attributes.get(UNFENCED, "0") != "0"
    return node.online and (let_in or node.since > failed.completed_at)
