"""Options of the cluster and defaults of resources, as configuration changes.

The options that there are, with the values that they take: a misspelt `stonith-enabled=flase`
must not pass for a choice.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from hanode.cib.options import (
    names_of,
    property_sets,
    quorum_policy,
    text,
    timeless,
    truth,
)
from hanode.mgmt.draft import Draft
from hanode.mgmt.elements import in_words
from hanode.mgmt.proposal import CannotOrder, Proposal, unknown
from hanode.state import ClusterState

BOOLEAN = ("true", "false")
DURATION = "a duration such as 90s or 5min"
NUMBER = "a whole number"
SCORE = "a score: a whole number, INFINITY or -INFINITY"
WORD = "a text"

OPTIONS: dict[str, str | tuple[str, ...]] = {
    "no-quorum-policy": ("stop", "freeze", "ignore", "demote", "fence", "suicide"),
    "symmetric-cluster": BOOLEAN,
    "maintenance-mode": BOOLEAN,
    "stop-all-resources": BOOLEAN,
    "stop-orphan-resources": BOOLEAN,
    "stop-orphan-actions": BOOLEAN,
    "start-failure-is-fatal": BOOLEAN,
    "enable-startup-probes": BOOLEAN,
    "stonith-enabled": BOOLEAN,
    "stonith-action": ("reboot", "off"),
    "stonith-timeout": DURATION,
    "stonith-max-attempts": NUMBER,
    "stonith-watchdog-timeout": DURATION,
    "concurrent-fencing": BOOLEAN,
    "startup-fencing": BOOLEAN,
    "fence-reaction": ("stop", "panic"),
    "priority-fencing-delay": DURATION,
    "node-pending-timeout": DURATION,
    "cluster-delay": DURATION,
    "cluster-recheck-interval": DURATION,
    "dc-deadtime": DURATION,
    "transition-delay": DURATION,
    "election-timeout": DURATION,
    "shutdown-escalation": DURATION,
    "shutdown-lock": BOOLEAN,
    "shutdown-lock-limit": DURATION,
    "batch-limit": NUMBER,
    "migration-limit": NUMBER,
    "load-threshold": "a percentage such as 80%",
    "node-action-limit": NUMBER,
    "placement-strategy": ("default", "utilization", "minimal", "balanced"),
    "node-health-strategy": ("none", "migrate-on-red", "only-green", "progressive", "custom"),
    "node-health-base": SCORE,
    "node-health-green": SCORE,
    "node-health-yellow": SCORE,
    "node-health-red": SCORE,
    "pe-error-series-max": NUMBER,
    "pe-warn-series-max": NUMBER,
    "pe-input-series-max": NUMBER,
    "remove-after-stop": BOOLEAN,
    "cluster-name": WORD,
    "cluster-infrastructure": WORD,
    "have-watchdog": BOOLEAN,
    "hanode-fencing-limit": NUMBER,
    "default-resource-stickiness": SCORE,
}
NEW_NAMES = {
    "fencing-enabled": "stonith-enabled",
    "fencing-action": "stonith-action",
    "fencing-timeout": "stonith-timeout",
    "fencing-max-attempts": "stonith-max-attempts",
    "fencing-watchdog-timeout": "stonith-watchdog-timeout",
    "fencing-reaction": "fence-reaction",
    "stop-removed-resources": "stop-orphan-resources",
    "cancel-removed-actions": "stop-orphan-actions",
}
"""What newer releases call them; both are read, the older is written, unless the newer is there."""

_FORMS = {
    DURATION: re.compile(r"-?\d+\s*(us|ms|s|sec|m|min|h|hr|d)?|P.+"),
    NUMBER: re.compile(r"-?\d+"),
    SCORE: re.compile(r"[+-]?(\d+|INFINITY)"),
    WORD: re.compile(r".*"),
}
_SET = "cluster_property_set"
_BOOLEANS = {"yes": "true", "on": "true", "1": "true", "no": "false", "off": "false", "0": "false"}


def set_properties(
    state: ClusterState, pairs: Mapping[str, str], argv: list[str], force: bool = False
) -> Proposal:
    """Cluster options; an empty value takes one away."""
    draft = Draft(state)
    for given, value in pairs.items():
        name = NEW_NAMES.get(given, given)
        held = [n for n in names_of(name) if draft.pair("crm_config", _SET, n) is not None]
        if value:
            checked = value if force else check(name, value)
            written = held[0] if held else name
            draft.set_pair("crm_config", _SET, written, checked, "cib-bootstrap-options")
            continue
        if not held:
            raise CannotOrder(f"{name} is not set; there is nothing to take away")
        for known in held:
            draft.drop_pair("crm_config", _SET, known)
    if not force:
        _refuse_split_brain(draft)
        _refuse_without_effect(draft, pairs)
    return draft.propose(f"Set cluster options: {in_words(pairs)}.", argv)


def _refuse_split_brain(draft: Draft) -> None:
    """Both sides of a cut would run everything, and nothing would stop either of them."""
    told = timeless(property_sets(draft.root))
    if quorum_policy(told) == "ignore" and not truth(told, "fencing-enabled", True):
        raise CannotOrder(
            "no-quorum-policy=ignore without fencing: both sides of a cut would run everything at "
            "once; configure fencing, or insist with --force"
        )


def _refuse_without_effect(draft: Draft, pairs: Mapping[str, str]) -> None:
    """Another set, or another name of the same option, may come first."""
    holds = timeless(property_sets(draft.root))
    for given, value in pairs.items():
        name = NEW_NAMES.get(given, given)
        if value and text(holds, name) != check(name, value):
            names = " or ".join(names_of(name))
            raise CannotOrder(
                f"{name}={value} would have no effect: {names} stands in a set of options that "
                "comes first; change it there (hanode cib edit)"
            )


def set_defaults(
    state: ClusterState, section: str, pairs: Mapping[str, str], argv: list[str]
) -> Proposal:
    """Defaults of resources (`rsc_defaults`) or of operations (`op_defaults`)."""
    draft = Draft(state)
    draft.set_pairs(section, "meta_attributes", pairs, f"{section}-meta_attributes")
    return draft.propose(f"Set {section}: {in_words(pairs)}.", argv)


def check(name: str, value: str) -> str:
    """A cluster option's value as it is to be written. Raises CannotOrder."""
    kind = OPTIONS.get(name)
    if kind is None:
        error = unknown("cluster option", name, OPTIONS)
        raise CannotOrder(f"{error} (--force sets it all the same)")
    if needed := fits(kind, value, may_be_negative=True):
        raise CannotOrder(f"{name}={value}: give {needed}")
    return value if isinstance(kind, str) else _word(kind, value)


def check_boolean(name: str, value: str) -> str:
    """`true` or `false`, however it was written. Raises CannotOrder."""
    if needed := fits(BOOLEAN, value):
        raise CannotOrder(f"{name}={value}: give {needed}")
    return _word(BOOLEAN, value)


def fits(kind: str | tuple[str, ...], value: str, *, may_be_negative: bool = False) -> str:
    """What to give instead, if this value is not of its kind."""
    if isinstance(kind, str):
        negative = kind is DURATION and value.startswith("-") and not may_be_negative
        return kind if negative or not _FORMS.get(kind, _FORMS[WORD]).fullmatch(value) else ""
    return "" if _word(kind, value) in kind else f"one of {', '.join(kind)}"


def _word(kind: tuple[str, ...], value: str) -> str:
    return _BOOLEANS.get(value.lower(), value.lower()) if kind is BOOLEAN else value.lower()
