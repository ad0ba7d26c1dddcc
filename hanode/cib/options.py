"""The cluster's options, as all who act by them read them: nodes, their fold, the policy engine.

Two readings that differ would have one node count on a stop that another never makes. So those
that safety rests upon never depend on the time: if a rule with a date stands over one of them, the
safest of the values that it may have holds always, on all sides.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from lxml import etree

from hanode.cib.configuration import Condition, DateExpression, NvSet, Rule
from hanode.cib.read_sets import read_sets
from hanode.cib.reading import Reader, is_true
from hanode.cib.score import read

FIRST = "cib-bootstrap-options"
"""This set beats all others."""
OLD_NAMES = {
    "fencing-enabled": ("stonith-enabled", "stonith_enabled"),
    "fencing-action": ("stonith-action", "stonith_action"),
    "fencing-timeout": ("stonith-timeout",),
    "fencing-watchdog-timeout": ("stonith-watchdog-timeout",),
    "stop-removed-resources": ("stop-orphan-resources", "stop_orphan_resources"),
    "cancel-removed-actions": ("stop-orphan-actions", "stop_orphan_actions"),
    "no-quorum-policy": ("no_quorum_policy",),
    "symmetric-cluster": ("symmetric_cluster",),
    "startup-fencing": ("startup_fencing",),
    "is-managed-default": ("is_managed_default",),
    "default-resource-stickiness": ("default_resource_stickiness",),
}
_NEW_NAMES = {old: new for new, names in OLD_NAMES.items() for old in names}
WITHOUT_CLOCK = (
    "start-failure-is-fatal",
    "fencing-enabled",
    "no-quorum-policy",
    "maintenance-mode",
    "is-managed-default",
    "hanode-fencing-limit",
    "priority-fencing-delay",
)
"""What nodes and their fold, which have no clock to ask, need without the policy engine."""
_TRUTHS = {
    "fencing-enabled": True,
    "maintenance-mode": False,
    "is-managed-default": True,
    "start-failure-is-fatal": True,
}
"""Booleans that are asked for outside the policy engine, with what counts where nothing is said."""
_SAFEST_FIRST = {
    "fencing-enabled": ("true", "false"),
    "no-quorum-policy": ("stop", "fence", "demote", "freeze", "ignore"),
}


def names_of(name: str) -> tuple[str, ...]:
    """All names of an option, in the order in which they count."""
    name = _NEW_NAMES.get(name, name)
    return (name, *OLD_NAMES.get(name, ()))


def text(values: Mapping[str, str], name: str, default: str = "") -> str:
    """Whatever it is called, here or there; today's name comes first."""
    for known in names_of(name):
        if known in values:
            return values[known]
    return default


def truth(values: Mapping[str, str], name: str, default: bool) -> bool:
    """What is no boolean counts as the default."""
    word = text(values, name).strip().lower()
    if is_true(word):
        return True
    return False if word in ("false", "off", "no", "n", "0") else default


def quorum_policy(values: Mapping[str, str]) -> str:
    """stop, freeze, ignore, demote or fence (which was suicide)."""
    policy = text(values, "no-quorum-policy", "stop").strip().lower()
    if policy == "suicide":
        return "fence"
    return policy if policy in _SAFEST_FIRST["no-quorum-policy"] else "stop"


def in_turn(sets: Iterable[NvSet], first: str = "") -> list[NvSet]:
    """Highest score first, document order among equals."""
    entries = list(sets)
    if len(entries) > 1:
        entries.sort(key=lambda entry: (entry.id != first, -read(entry.score)))
    return entries


def property_sets(root: etree._Element) -> tuple[NvSet, ...]:
    """Of a whole `<cib>`."""
    return read_sets(Reader(root), root.find("configuration/crm_config"), "cluster_property_set")


def spelt(values: Mapping[str, str], name: str) -> str:
    """In the one spelling that is compared with; what counts by default, where nothing is said."""
    if name == "no-quorum-policy":
        return quorum_policy(values)
    if name in _TRUTHS:
        return "true" if truth(values, name, _TRUTHS[name]) else "false"
    return text(values, name)


# ------------------------------------------------------------------------- rules, without a clock


def timeless(sets: Sequence[NvSet]) -> dict[str, str]:
    """What holds at all times."""
    found: dict[str, str] = {}
    for entry in in_turn(sets, FIRST):
        for name, value in entry.pairs if stands(entry.rule) else ():
            if value != "#default":
                found.setdefault(name, value)
    if len(set(possible(sets, "maintenance-mode"))) > 1:
        found.pop("maintenance-mode", None)
    return {**found, **settled(sets)}


def settled(sets: Sequence[NvSet]) -> dict[str, str]:
    """What safety rests upon, where rules would have it depend on the time."""
    if all(stands(entry.rule) is not None for entry in sets):
        return {}
    return {
        name: min(possible(sets, name), key=words.index) for name, words in _SAFEST_FIRST.items()
    }


def possible(sets: Sequence[NvSet], name: str) -> list[str]:
    """Whatever it may be at some time, the likeliest first."""
    found = []
    for known in names_of(name):
        for entry in in_turn(sets, FIRST):
            said = [value for key, value in entry.pairs if key == known and value != "#default"]
            if said and (holds := stands(entry.rule)) is not False:
                found.append(spelt({name: said[0]}, name))
                if holds:
                    return found
    return [*found, spelt({}, name)]


def stands(rule: Rule | None) -> bool | None:
    """Whether a rule over cluster options holds; None: that depends on the time.

    Neither node nor resource is in question here, so a condition on one is false.
    """
    if rule is None or not rule.conditions:
        return True
    parts = [_condition_stands(condition) for condition in rule.conditions]
    decisive = rule.boolean_op == "or"
    if decisive in parts:
        return decisive
    return None if None in parts else not decisive


def _condition_stands(condition: Condition) -> bool | None:
    if isinstance(condition, Rule):
        return stands(condition)
    return None if isinstance(condition, DateExpression) else False


def doubtful(sets: Sequence[NvSet]) -> Iterator[str]:
    """A sentence for each rule that does not do what its author may think."""
    fixed = settled(sets)
    for entry in sets:
        holds = stands(entry.rule)
        for given, value in () if holds else entry.pairs:
            about = f'cluster option {given}="{value}" of set "{entry.id}"'
            name = _NEW_NAMES.get(given, given)
            if holds is False and name in WITHOUT_CLOCK:
                yield f"{about} never counts: its rule asks for more than the time; take it away"
            elif name in fixed:
                yield f"{about} has a rule with a date: it is {fixed[name]} at all times; set it so"
            elif name in ("maintenance-mode", "is-managed-default"):
                yield (
                    f"{about} has a rule with a date: no node that is cut off is held for stopped "
                    "unless it was fenced; set it by hand when its time comes"
                )
            elif name in WITHOUT_CLOCK:
                yield f"{about} has a rule with a date, so it never counts; set it without"
