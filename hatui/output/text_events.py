"""What went wrong and what was done about it: failures, fencing, tickets, bans, alarms."""

from __future__ import annotations

from hanode.pe.overview import FailureView
from hanode.state.records import FencingRecord
from hatui.output.asked import SECTION_OF, bans_of, concerns
from hatui.output.choice import Choice
from hatui.output.picture import Picture
from hatui.output.words import (
    clean,
    interval,
    moment,
    operation_text,
    rc_text,
    stamp,
    status_text,
)

CLIENT = "crm"
"""Who wanted a fencing that no operator ordered."""
_WORDS = {"failed": "failed", "pending": "pending", "success": "successful"}
_DONE = {"failed": "last-failed", "success": "completed"}


def failures(picture: Picture, choice: Choice) -> list[str]:
    asked = concerns(picture, choice)
    found = [one for one in picture.failures if asked(one.node, one.resource)]
    if not found:
        return []
    tell = _technical if choice.detail else _friendly
    return ["Failed Resource Actions:", *(f"  * {tell(failure)}" for failure in found)]


def _friendly(failure: FailureView) -> str:
    what = operation_text(failure.operation, failure.interval_ms)
    told = f"{clean(failure.resource)} {clean(what)} on {clean(failure.node)}"
    reason = clean(failure.exit_reason)
    if failure.status in (0, -1):
        told += f" returned '{rc_text(failure.rc)}'" + (f" ({reason})" if reason else "")
    else:
        told += f" could not be executed ({status_text(failure.status)}"
        told += f": {reason})" if reason else ")"
    if failure.last_rc_change:
        told += f" at {moment(failure.last_rc_change)}"
    if failure.exec_ms:
        told += f" after {interval(failure.exec_ms)}"
    return told


def _technical(failure: FailureView) -> str:
    key = f"{clean(failure.resource)}_{clean(failure.operation)}_{failure.interval_ms}"
    told = (
        f"{key} on {clean(failure.node)} '{rc_text(failure.rc)}' ({failure.rc}): "
        f"call={failure.call_id}, status='{status_text(failure.status)}'"
    )
    if failure.exit_reason:
        told += f", exitreason='{clean(failure.exit_reason)}'"
    if failure.last_rc_change:
        told += (
            f", last-rc-change='{moment(failure.last_rc_change)}', "
            f"queued={failure.queue_ms}ms, exec={failure.exec_ms}ms"
        )
    return told


def fencing(picture: Picture, choice: Choice) -> list[str]:
    """Failed, pending and (if wanted) done, under crm_mon's headings."""
    if choice.shows("fencing-succeeded"):
        return _fencing("Fencing History", picture.fencings)
    lines: list[str] = []
    for status, heading in (("failed", "Failed Fencing"), ("pending", "Pending Fencing")):
        if choice.shows(SECTION_OF[status]):
            found = tuple(f for f in picture.fencings if f.status == status)
            part = _fencing(f"{heading} Actions", found)
            lines += ["", *part] if lines and part else part
    return lines


def _fencing(heading: str, found: tuple[FencingRecord, ...]) -> list[str]:
    return [f"{heading}:", *(f"  * {_fencing_line(f)}" for f in found)] if found else []


def _fencing_line(record: FencingRecord) -> str:
    told = f"{clean(record.action)} of {clean(record.target)} {_WORDS[record.status]}"
    if record.reason and record.status != "success":
        told += f" ({clean(record.reason)})"
    facts = [f"delegate={clean(record.by)}"] if record.by else []
    facts.append(f"client={clean(record.client or CLIENT)}")
    if record.device:
        facts.append(f"device={clean(record.device)}")
    if record.evidence:
        facts.append(f"evidence={clean(record.evidence)}")
    if record.status in _DONE:
        facts.append(f"{_DONE[record.status]}='{stamp(record.completed_at)}'")
    return f"{told}: {', '.join(facts)}"


def tickets(picture: Picture, choice: Choice) -> list[str]:
    lines = []
    for ticket in picture.tickets:
        told = f"{clean(ticket.id)}: {'granted' if ticket.granted else 'revoked'}"
        told += " [standby]" if ticket.standby else ""
        if ticket.last_granted:
            told += f' last-granted="{moment(ticket.last_granted)}"'
        lines.append(f"  * {told}")
    return ["Tickets:", *lines] if lines else []


def bans(picture: Picture, choice: Choice) -> list[str]:
    lines = [
        f"  * {clean(ban.id)}\tprevents {clean(ban.resource)} from running "
        f"{'in Promoted role ' if ban.promoted_only else ''}on {clean(ban.node)}"
        for ban in reversed(bans_of(picture, choice))  # as crm_mon has them: the last one first
    ]
    return ["Negative Location Constraints:", *lines] if lines else []


def alarms(picture: Picture, choice: Choice) -> list[str]:
    lines = [
        f"  * {clean(alarm.subject)}: {clean(alarm.message)} (since {moment(alarm.at)})"
        for alarm in picture.alarms
    ]
    return ["Alarms:", *lines] if lines else []
