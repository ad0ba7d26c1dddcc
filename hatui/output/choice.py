"""What a picture is to show: crm_mon's sections and toggles."""

from __future__ import annotations

from typing import NamedTuple

SUMMARY = ("stack", "dc", "times", "counts", "maint-mode", "options")
FENCING = ("fencing-failed", "fencing-pending", "fencing-succeeded")
SECTIONS = (
    *SUMMARY, "nodes", "resources", "attributes", "operations", "failcounts", "failures", *FENCING,
    "tickets", "bans", "alarms",
)  # fmt: skip
GROUPS = {
    "summary": ("stack", "dc", "times", "counts", "maint-mode"),
    "fencing": FENCING,
    "all": tuple(section for section in SECTIONS if section != "options"),
    "default": (
        "stack", "dc", "times", "counts", "maint-mode", "nodes", "resources", "failures",
        "fencing-failed", "fencing-pending", "alarms",
    ),
}  # fmt: skip
GROUPS["defaults"] = GROUPS["default"]


class BadSection(ValueError):  # noqa: N818 - the word that callers know
    """No section of this name."""


class Choice(NamedTuple):
    """Which sections, in how much detail."""

    sections: frozenset[str] = frozenset(GROUPS["default"])
    inactive: bool = False
    by_node: bool = False
    timing: bool = False
    detail: bool = False
    brief: bool = False
    full_history: bool = False
    ban_prefix: str = ""
    node: str = ""
    """Only this node."""
    resource: str = ""
    """Only this resource, or what contains it."""

    def shows(self, section: str) -> bool:
        return section in self.sections


ONCE = Choice(
    sections=frozenset({*GROUPS["default"], "bans", "tickets", "failcounts"}), inactive=True
)
"""What `hatui --once` shows."""
ALL = Choice(sections=frozenset(SECTIONS), inactive=True)
"""What JSON and XML show."""


def included(sections: frozenset[str], names: str, prefix: str) -> tuple[frozenset[str], str]:
    """Sections with those of a list such as `nodes,bans:cli-` (or `none`) added."""
    for name in names.split(","):
        if name == "none":
            sections = frozenset()
        elif name.startswith("bans:"):
            sections, prefix = sections | {"bans"}, name.removeprefix("bans:")
        else:
            sections = sections | _named(name)
    return sections, prefix


def excluded(sections: frozenset[str], names: str) -> frozenset[str]:
    """Sections without those of a list; `none` excludes nothing, `all` everything."""
    for name in names.split(","):
        if name == "none":
            sections = frozenset(SECTIONS)
        elif name == "all":
            sections = frozenset()
        elif name in ("default", "defaults"):
            sections = frozenset(GROUPS["default"])
        else:
            sections = sections - _named(name)
    return sections


def _named(name: str) -> frozenset[str]:
    if name in GROUPS:
        return frozenset(GROUPS[name])
    if name in SECTIONS:
        return frozenset({name})
    known = ", ".join([*SECTIONS, "summary", "fencing", "all", "default", "none"])
    raise BadSection(f"no section {name!r}; sections: {known}")
