"""Whose word counts for what: the one check that the DC and every replica make alike.

A pure function of the state before the entry, so that a compromised member can speak for itself
alone, and equal logs give equal states (INV-26, INV-34).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hanode.codec import Garbled
from hanode.events import (
    ORDERS,
    Alarm,
    AttributeSet,
    CibChanged,
    ClusterFounded,
    DcElected,
    Entry,
    Event,
    FencingConfirmed,
    MemberAdded,
    MemberRemoved,
    NodeLeaving,
    NodeLeft,
    NodeReported,
    OperationFinished,
    OperatorAdded,
    OperatorRemoved,
    OrderGiven,
    Signed,
    Statement,
    TicketSet,
    TransitionEnded,
    TransitionStarted,
    UnfencingOrdered,
    ViewAgreed,
    VoteRestored,
    kind,
    parts,
)
from hanode.ids import NodeName
from hanode.messaging.wire import MEMBERS_LIMIT
from hanode.state.cluster import ClusterState
from hanode.state.fitness import unfit
from hanode.state.proofs import OPERATOR, UNFENCED
from hanode.state.remotes import carries
from hanode.state.said import is_new, note
from hanode.state.walks import DISK, disk_of

if TYPE_CHECKING:
    from hanode.identity import Verifier

TIME_BOUND = "time-bound"
ASKED_BY = "operator "
"""Begins the cause of what a person has ordered."""
_OF_ITSELF = (NodeReported, NodeLeft, OperationFinished)
"""Facts that only the node they speak of can state."""
_ORDERED = (
    CibChanged, MemberAdded, MemberRemoved, OperatorAdded, OperatorRemoved, OrderGiven, NodeLeaving,
    TicketSet,
)  # fmt: skip
"""What only a person wants, who is named in the cause: nobody makes such changes unnoticed."""
_OF_THE_DC = (ViewAgreed, VoteRestored, TransitionStarted, TransitionEnded)


def of_office(event: Event) -> bool:
    """Whether a DC states this as the DC of one term: out of office, it takes back what is not in
    the log. Time as evidence is among it: it says that a node has stopped *until now*."""
    timed = isinstance(event, FencingConfirmed) and event.evidence == TIME_BOUND
    return timed or isinstance(event, (DcElected, *_OF_THE_DC))


def objection(
    state: ClusterState,
    signed: Signed,
    statement: Statement,
    event: Event,
    verify: Verifier,
    term: int,
) -> str:
    """Why this statement has no force in an entry of this term, in words; empty: it has."""
    if isinstance(event, ClusterFounded):
        return _founding(state, signed, statement, event, verify)
    if statement.actor not in state.members:
        return f"{statement.actor} is no member"
    if not _authentic(state, signed, statement, verify):
        return f"not signed by {statement.actor}"
    if not is_new(state, statement.id):
        return f"{statement.id} stands in the log already"
    if isinstance(event, _OF_ITSELF) and not _may_speak(state, statement.actor, event):
        return f"{statement.actor} can't speak for {event.node}"
    if isinstance(event, NodeReported) and _overtaken(state, event):
        return f"{event.node} has reported in a later term since"
    if isinstance(event, AttributeSet) and not _may_set(state, statement, event):
        return f"{statement.actor} can't set an attribute of {event.node} without an operator"
    if ordered(event) and not statement.cause.startswith(ASKED_BY):
        return f"{statement.actor} can't state {kind(event)} without an operator"
    if isinstance(event, UnfencingOrdered) and not statement.cause.startswith(ASKED_BY):
        return f"{statement.actor} can't let {event.target} in without an operator"
    if isinstance(event, Alarm) and event.subject.startswith(DISK):
        strange = event.subject != disk_of(statement.actor)
        return f"{statement.actor} can't speak of another's disk" if strange else ""
    if isinstance(event, DcElected) and event.dc != statement.actor:
        return f"{statement.actor} can't take office for {event.dc}"
    if isinstance(event, DcElected) and event.term != term:
        return f"{statement.actor} was elected for term {event.term}, and this is term {term}"
    if of_office(event) and not isinstance(event, DcElected):
        before = statement.actor == state.dc and (statement.boot, statement.n) < state.office
        if before:  # it took that back itself; somebody else has kept it
            return f"{statement.actor} said so in an earlier office"
    if isinstance(event, FencingConfirmed) and event.evidence == TIME_BOUND:
        return _untimely(state, statement, event)
    if isinstance(event, FencingConfirmed) and _of_a_namesake(state, event):
        return f"it was another {event.target} that was fenced; this one has joined since"
    if isinstance(event, _OF_THE_DC) and statement.actor != state.dc:
        return f"{statement.actor} is not the DC"
    if isinstance(event, OrderGiven) and (no := _order(state, statement, event)):
        return no
    return next((no for part in parts(event) if (no := _senseless(state, part, verify))), "")


def refuse(state: ClusterState, entry: Entry, statement: Statement, verify: Verifier) -> None:
    """An entry that has no force takes its place and changes nothing. What its actor did state has
    been heard all the same, so it has none, either, when somebody brings it again."""
    if _authentic(state, entry.signed, statement, verify):
        note(state, statement.id)
    state.position = entry.position


def _authentic(state: ClusterState, signed: Signed, statement: Statement, verify: Verifier) -> bool:
    """Whether the member that it names did state this, right or wrong."""
    member = state.members.get(statement.actor)
    return member is not None and verify(
        member.public, "event", state.cluster, signed.payload, signed.signature
    )


def ordered(event: Event) -> bool:
    """Whether only a person wants this."""
    confirmed = isinstance(event, FencingConfirmed) and event.evidence == OPERATOR
    return confirmed or isinstance(event, _ORDERED)


def _of_a_namesake(state: ClusterState, event: FencingConfirmed) -> bool:
    """What a device did to the machine that once had this name (an executor tells of it again, in
    its crm's next life) proves nothing of the one that joined since: both have a boot 1."""
    target = state.nodes.get(event.target)
    devices = event.evidence not in (TIME_BOUND, OPERATOR)
    return target is not None and devices and event.after < target.enrolled_at


def _senseless(state: ClusterState, event: Event, verify: Verifier) -> str:
    return unfit(state, event, verify) or overtaken(state, event)


def overtaken(state: ClusterState, order: Event) -> str:
    """Why an operator's order that was right when it was given is wrong by now: what may run
    something is neither removed nor declared dead (INV-2), nobody is let in who is not heard."""
    if isinstance(order, MemberAdded) and len(state.members) >= MEMBERS_LIMIT:
        return (
            f"there are {MEMBERS_LIMIT} members, and more are not heard; remove one first: "
            "hanode node remove NAME"
        )
    if isinstance(order, MemberRemoved):
        node = state.nodes.get(order.name)
        if node is not None and node.lost:
            return f"{node.name} is lost and may still run something; fence or confirm it first"
        if node is not None and node.expected:
            return f"{node.name} takes part; let it leave first: hanode node leave {node.name}"
    if isinstance(order, FencingConfirmed) and order.evidence == OPERATOR:
        node = state.nodes.get(order.target)
        if node is not None and node.present:
            return f"{order.target} is heard at this moment; it can't be confirmed as down"
    if isinstance(order, UnfencingOrdered):
        for intent in state.intents.values():
            if intent.target == order.target:
                return f"{order.target} is to be fenced ({intent.reason}); that comes first"
    return ""


def _may_speak(
    state: ClusterState, actor: NodeName, event: NodeReported | NodeLeft | OperationFinished
) -> bool:
    """For itself; and of operations on a remote node, while the connection runs on it. That an
    order was refused changes nothing, and the DC must hear it from whoever it asked."""
    if event.node == actor:
        return True
    if not isinstance(event, OperationFinished) or event.node in state.members:
        return False
    return event.status == "refused" or carries(state, actor, event.node)


def _overtaken(state: ClusterState, event: NodeReported) -> bool:
    """What a node says may come out of order. A report to an earlier DC, after that to this one,
    would have this one wait for a report, in vain."""
    node = state.nodes.get(event.node)
    return node is not None and event.boot == node.told_of and event.term < node.reported_term


def _order(state: ClusterState, statement: Statement, event: OrderGiven) -> str:
    """An order of several parts is no cover for facts that only others can state."""
    try:
        each = event.open()
    except Garbled as error:
        return f"a part of this order can't be read: {error}"
    strange = [part for part in each if not isinstance(part, ORDERS)]
    for part in each:
        if isinstance(part, AttributeSet) and not _may_set(state, statement, part):
            return f"{statement.actor} can't set an attribute of {part.node} without an operator"
        if isinstance(part, FencingConfirmed) and part.evidence != OPERATOR:
            return f"{part.evidence!r} is no evidence that an operator gives"
    return f"no order: {type(strange[0]).__name__}" if strange else ""


def _untimely(state: ClusterState, statement: Statement, event: FencingConfirmed) -> str:
    """Who was seen again since may run things again, in the same boot."""
    if statement.actor != state.dc:
        return f"{statement.actor} is not the DC: its clock proves nothing of {event.target}"
    target = state.nodes.get(event.target)
    return "" if target is None or target.lost else f"{event.target} was seen again since"


def _may_set(state: ClusterState, statement: Statement, event: AttributeSet) -> bool:
    """Its own node's agents ask for it, those of a remote node that it reaches, or a person, whom
    the statement names. Who was cut off by others is let in by others, who say so."""
    if event.node == statement.actor or statement.cause.startswith(ASKED_BY):
        return True
    if event.name == UNFENCED:
        return event.node in state.members
    return event.node not in state.members and carries(state, statement.actor, event.node)


def _founding(
    state: ClusterState,
    signed: Signed,
    statement: Statement,
    event: ClusterFounded,
    verify: Verifier,
) -> str:
    if state.members:
        return "this cluster is founded already"
    founder = next((m for m in event.members if m.name == statement.actor), None)
    if founder is None:
        return f"{statement.actor} founds a cluster that it is no member of"
    if not verify(founder.public, "event", event.cluster, signed.payload, signed.signature):
        return f"not signed by {statement.actor}"
    return ""
