"""One number for one set."""

from __future__ import annotations

from hanode.membership.agreement import Agreement, Proposed

US = ((1, 1), (3, 1))
THEM = ((2, 1), (3, 1))


def test_a_number_is_never_given_to_two_sets() -> None:
    """Simulator, 2 nodes with witness, seed 494: the witness had proposed itself with n1 as 17,
    then took up n2's proposal, 17 as well; n1 and the witness agreed on different views 17."""
    witness = Agreement()
    witness.heard(16)
    witness.propose(US, [], 0.0)
    assert witness.proposal == Proposed(17, US)
    witness.propose(THEM, [Proposed(17, THEM)], 0.0)
    assert witness.proposal == Proposed(18, THEM)


def test_those_who_want_the_same_come_to_one_number() -> None:
    one, other = Agreement(), Agreement()
    one.heard(5)
    one.propose(THEM, [], 0.0)
    other.propose(THEM, [one.proposal], 0.0)
    one.propose(THEM, [other.proposal], 0.0)
    assert one.proposal == other.proposal == Proposed(6, THEM)
    assert one.conclude([other.proposal], 0.0)


def test_going_back_to_the_agreed_view_needs_no_new_number() -> None:
    one = Agreement()
    one.propose(US, [], 0.0)
    assert one.conclude([one.proposal], 0.0)
    agreed = one.agreed
    one.propose(THEM, [], 1.0)
    one.propose(US, [agreed], 1.0)
    assert one.proposal == agreed
    one.propose(US, [Proposed(agreed.number + 1, US)], 1.0)
    assert one.proposal == Proposed(agreed.number + 2, US)
