"""How a change is carried out: tried first if asked, confirmed if risky, sent, waited for."""

from __future__ import annotations

import json
import sys
import time
from typing import TYPE_CHECKING, Any

from hanode.cli.desk import Desk
from hanode.cli.exits import FAILED, OK, TEMPFAIL, Failed
from hanode.cli.line import Refusal
from hanode.cli.noun import Change
from hanode.events import NodeLeaving
from hanode.mgmt.joint import joint
from hanode.mgmt.proposal import Proposal
from hanode.state import ClusterState

if TYPE_CHECKING:
    from hanode.cli.rest import Rest

ATTEMPTS = 5
"""So often a change is made anew when somebody else's came first."""


def carry_out(change: Change, desk: Desk) -> int:
    """Do what the arguments say of it; gives the exit code."""
    arguments = desk.arguments
    proposal = change(desk.state)
    if arguments.dry_run:
        return _try(desk.state, proposal, arguments.json)
    if proposal.risky and not arguments.yes and sys.stdin.isatty():
        _confirm(proposal)
    index = send(change, proposal, desk)
    committed = time.monotonic()
    if arguments.wait is None:
        _report(proposal, index, arguments.json)
        return OK
    from hanode.cli.aim import missed
    from hanode.cli.rest import wait_for_rest

    rest = wait_for_rest(desk, index, arguments.wait, leaving=_leaving(proposal))
    if proposal.aim is not None and not rest.unrest:
        rest = rest._replace(missed=missed(proposal.aim, desk.fresh_state()))
    _report(proposal, index, arguments.json, time.monotonic() - committed, rest)
    return TEMPFAIL if rest.unrest else FAILED if rest.failures or rest.missed else OK


def _leaving(proposal: Proposal) -> str:
    """The node that this order shuts down, if any."""
    return next((e.node for e in proposal.events if isinstance(e, NodeLeaving)), "")


def _try(state: ClusterState, proposal: Proposal, as_json: bool) -> int:
    """Ask the policy engine about the state as it would be."""
    from hanode.cli import decision
    from hanode.mgmt.what_if import what_if
    from hanode.pe import schedule
    from hanode.state import cib_of

    transition = schedule(cib_of(what_if(state, proposal.events)), time.time())
    if as_json:
        told: dict[str, Any] = {"sentence": proposal.sentence, "command": proposal.command}
        print(json.dumps({**told, **decision.as_json(transition)}, indent=2))
    else:
        print("\n".join([proposal.sentence, "", *decision.lines(transition)]))
    return OK


def _confirm(proposal: Proposal) -> None:
    print(proposal.sentence)
    try:
        answer = input("Go on? [y/N] ")
    except EOFError:
        answer = ""
    if answer.strip().lower() not in ("y", "yes"):
        raise Failed("nothing was changed", OK)


def send(change: Change, proposal: Proposal, desk: Desk) -> int:
    """Have it committed, all of it or nothing; gives its place in the log."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return desk.line.order(joint(proposal.events), proposal.command)
        except Refusal as refusal:
            if refusal.code != "stale" or attempt == ATTEMPTS:
                raise
            proposal = change(desk.fresh_state())
    raise AssertionError("the last attempt returned or raised")


def _report(
    proposal: Proposal, index: int, as_json: bool, waited: float = 0.0, rest: Rest | None = None
) -> None:
    if as_json:
        told: dict[str, Any] = {
            "sentence": proposal.sentence, "command": proposal.command, "entry": index,
        }  # fmt: skip
        if rest is not None:
            told |= {"waited_s": round(waited, 3), "at_rest": not rest.unrest, **rest._asdict()}
        print(json.dumps(told))
        return
    print(proposal.sentence)
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
