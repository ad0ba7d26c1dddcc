"""What this node's LRM says of a fencing, as a fact of the log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hanode.events import Alarm, AttributeSet, FencingConfirmed, FencingFailed
from hanode.local_messages import FenceResult
from hanode.node.unfencing import ON, UNFENCE
from hanode.state.proofs import UNFENCED

if TYPE_CHECKING:
    from hanode.node.node import Node


def heard(node: Node, result: FenceResult) -> None:
    """Whichever DC ordered it."""
    if _known(node, result):
        return
    node.survivor.answered(result)
    cause = f"order {result.order}"
    if result.request.startswith(UNFENCE):
        _let_in(node, result, cause)
    elif result.ok and not result.evidence:
        node.say("info", f"{result.target} has power again")  # on: no proof of anything
    elif result.ok:
        node.coordination.shooting.limits.fenced(result.target, result.request)
        node.state_fact(
            FencingConfirmed(
                result.request, result.target, result.target_boot, result.evidence,
                result.device, node.name, result.exec_ms, result.after,
            ),
            cause=cause,
        )  # fmt: skip
    else:
        failed = FencingFailed(
            result.request, result.target, result.device, result.reason, node.name
        )
        node.state_fact(failed, cause=cause)


def _known(node: Node, result: FenceResult) -> bool:
    """One proof of a boot's end is enough: told twice, as an earlier DC and a survivor wanted it,
    it would count for two fencings."""
    proof = node.facts.proof(result.target, result.target_boot)
    if not (result.ok and result.evidence):
        return False
    if proof is not None:
        return proof.evidence == result.evidence and proof.request != result.request
    target = node.state.record(result.target)
    wanted = result.request in node.state.intents
    return target is not None and target.fenced >= result.target_boot and not wanted


def _let_in(node: Node, result: FenceResult, cause: str) -> None:
    target = node.state.nodes.get(result.target)
    over = target is None or target.boot != result.target_boot
    ordered = result.request in node.state.unfencings
    if result.ok and not over:
        since = str(max(1, int(node.clock())))
        done = AttributeSet(result.target, UNFENCED, since, result.after)
        node.state_fact(done, cause=cause)
    elif ordered:
        why = "it is in another boot now" if result.ok else result.reason
        failed = FencingFailed(result.request, result.target, result.device, why, node.name, ON)
        node.state_fact(failed, cause=cause)
    elif not over:
        why = f"{result.target} could not be unfenced: {result.reason}"
        node.state_fact(Alarm(f"fencing {result.target}", why), cause=cause)
