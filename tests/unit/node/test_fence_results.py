"""What an LRM says of a fencing counts once."""

from __future__ import annotations

from hanode.events import FencingConfirmed
from hanode.inputs import LocalSaid
from hanode.local_messages import FenceResult
from tests.unit.node.follower import Follower
from tests.unit.node.test_asleep import stated
from tests.unit.node.test_replaced import member


def fenced(follower: Follower, request: str) -> None:
    """n3 was switched off, for this request."""
    word = FenceResult("1.1", request, "n3", 1, True, "power-verified", "switch", "", exec_ms=5)
    follower.tell(LocalSaid(word))


def test_one_proof_of_a_boots_end_is_one_fencing_whoever_wanted_it() -> None:
    """The DC before, say, and a survivor: the limit would count two."""
    follower = member()
    fenced(follower, "of the dc")
    fenced(follower, "of a survivor")
    (proof,) = stated(follower)
    assert isinstance(proof, FencingConfirmed)
    assert proof.request == "of the dc"


def test_what_the_log_knows_already_is_not_stated_for_what_nobody_wants_now() -> None:
    follower = member()
    fenced(follower, "of the dc")
    follower.take(follower.proposals()[-1])
    follower.append()
    assert follower.node.state.nodes["n3"].fenced == 1
    fenced(follower, "of a survivor")
    assert stated(follower) == []
