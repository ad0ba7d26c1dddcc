"""How a change is carried out: tried first if asked, confirmed if risky, sent, waited for."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from hanode.cli.asking import agreed
from hanode.cli.desk import Desk
from hanode.cli.exits import FAILED, OK, TEMPFAIL, Failed
from hanode.cli.line import Lost, Refusal
from hanode.cli.noun import Change
from hanode.cli.table import one_line
from hanode.events import NodeLeaving
from hanode.mgmt.joint import joint
from hanode.mgmt.proposal import Aim, CannotOrder, NothingToDo, Proposal
from hanode.state import ClusterState

if TYPE_CHECKING:
    from hanode.cli.rest import Rest

Told = Mapping[str, Any]
"""What is said of a change, to people and to scripts."""
ATTEMPTS = 20
"""So often a change is made anew when somebody else's came first."""


def carry_out(change: Change, desk: Desk) -> int:
    """Do what the arguments say of it; gives the exit code."""
    arguments = desk.arguments
    try:
        proposal = change(desk.state)
    except NothingToDo as nothing:
        return _nothing(nothing, desk)
    if arguments.dry_run:
        return _try(desk.state, proposal, arguments.json)
    if proposal.risky and not arguments.yes and sys.stdin.isatty():
        _confirm(proposal)
    index, proposal = send(change, proposal, desk)
    told = {"sentence": proposal.sentence, "command": proposal.command, "entry": index}
    if arguments.wait is None:
        _report(told, arguments.json)
        return OK
    return _await(desk, told, index, proposal.aim, _leaving(proposal))


def _nothing(nothing: NothingToDo, desk: Desk) -> int:
    """It was ordered before; that it has come about may still be waited for."""
    arguments = desk.arguments
    told = {"sentence": str(nothing), "entry": None}
    if arguments.wait is None or arguments.dry_run:
        _report(told, arguments.json)
        return OK
    return _await(desk, told, desk.image.position.index, nothing.aim)


def _await(desk: Desk, told: Told, index: int, aim: Aim | None, leaving: str = "") -> int:
    """Until the cluster is at rest, and so as it was ordered."""
    from hanode.cli.aim import missed
    from hanode.cli.rest import wait_for_rest

    began = time.monotonic()
    try:
        rest = wait_for_rest(desk, index, desk.arguments.wait, leaving=leaving)
        if aim is not None and not rest.unrest:
            rest = rest._replace(missed=missed(aim, desk.fresh_state()))
    except Lost as lost:
        raise Failed(
            f"this is ordered, but who would tell what comes of it is gone ({lost.reason}); "
            "don't order it again, see: hanode status",
            lost.code,
        ) from None
    _report(told, desk.arguments.json, time.monotonic() - began, rest)
    return TEMPFAIL if rest.unrest else FAILED if rest.failures or rest.missed else OK


def _leaving(proposal: Proposal) -> str:
    """The node that this order shuts down, if any."""
    return next((e.node for e in proposal.events if isinstance(e, NodeLeaving)), "")


def _try(state: ClusterState, proposal: Proposal, as_json: bool) -> int:
    """Ask the policy engine about the state as it would be."""
    from hanode.cli import decision
    from hanode.mgmt.validity import invalid
    from hanode.mgmt.what_if import what_if
    from hanode.pe import schedule
    from hanode.state import cib_of

    if no := invalid(state, joint(proposal.events)):
        raise CannotOrder(no, "invalid")
    transition = schedule(cib_of(what_if(state, proposal.events)), time.time())
    if as_json:
        told = {"sentence": proposal.sentence, "command": proposal.command}
        print(json.dumps({**told, **decision.as_json(transition)}, indent=2))
    else:
        lines = [proposal.sentence, "", *decision.lines(transition)]
        print("\n".join(map(one_line, lines)))
    return OK


def _confirm(proposal: Proposal) -> None:
    print(proposal.sentence)
    if not agreed("Go on?"):
        raise Failed("nothing was changed", OK)


def send(change: Change, proposal: Proposal, desk: Desk) -> tuple[int, Proposal]:
    """Have it committed, all of it or nothing; gives its place in the log, and what was proposed
    in the end."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return desk.line.order(joint(proposal.events), proposal.command), proposal
        except Refusal as refusal:
            if refusal.code != "stale":
                raise
            if attempt == ATTEMPTS:
                raise Failed(
                    f"others change the configuration all the time ({refusal}); try again", TEMPFAIL
                ) from None
            proposal = change(desk.fresh_state())
    raise AssertionError("the last attempt returned or raised")


def _report(told: Told, as_json: bool, waited: float = 0.0, rest: Rest | None = None) -> None:
    if as_json:
        if rest is not None:
            told = {
                **told, "waited_s": round(waited, 3), "at_rest": not rest.unrest, **rest._asdict()
            }  # fmt: skip
        print(json.dumps(told))
        return
    print(told["sentence"])
    if rest is None:
        return
    for word in rest.absent:
        print(word, file=sys.stderr)
    for failure in rest.failures:
        print(f"failed: {failure}", file=sys.stderr)
    if rest.missed:
        print(f"at rest, but {rest.missed}", file=sys.stderr)
    elif rest.unrest:
        print(f"not at rest after {waited:.1f} s: {rest.unrest}", file=sys.stderr)
    else:
        print(f"The cluster is at rest again after {waited:.1f} s.")
