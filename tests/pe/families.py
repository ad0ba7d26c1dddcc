"""Which family a disagreement with crm_simulate belongs to, judged by what both did."""

from __future__ import annotations

from collections import Counter
from typing import Any

from hanode.pe.overview import Overview, ResourceView

Places = Counter[tuple[str, str, str]]
"""How many instances of a resource (by its plain name) are on a node in a role."""

FAMILIES = {
    "crowded": "crm_simulate puts two instances of a clone on one node, which it must not",
    "shuffled": "the same in the end, but crm_simulate moves instances that we leave alone",
    "exchanged": "the same in the end, by other instances",
    "notices": "only who is told of a clone's changes",
    "watching": "only which monitors are begun, cancelled or asked, which counts are cleared",
    "blocked": "only what can't be done anyway, or is shown as such",
    "restarts": "only what restarts because something that it is ordered after does",
    "fencing device": "only where a fence device runs",
    "instances": "a clone's instances are on other nodes, or in other roles",
    "simple": "a primitive or a group is on another node, starts or stops otherwise",
}


def family(before: Overview, theirs: dict[str, Any], lines: list[str]) -> str:
    """The name of the family; `lines` are the differences as `comparing` words them."""
    changes = [line[3:] for line in lines if line.startswith("L1")]
    if not changes:
        return "notices" if any("_notify_" in line for line in lines) else "watching"
    clones = [top for top in before.resources if top.kind == "clone"]
    if any(_crowded(top, theirs) for top in clones):
        return "crowded"
    if all(line.endswith("(blocked)") for line in changes):
        return "blocked"
    if all(line[2:].startswith("Restart") for line in changes):
        return "restarts"
    if _after(before, changes, "-") == _after(before, changes, "+"):
        moves = Counter(line[0] for line in changes if line[2:].startswith("Move"))
        return "shuffled" if moves["-"] > moves["+"] else "exchanged"
    names = {line.split()[2] for line in changes}
    if names == {"fencing"}:
        return "fencing device"
    cloned = {name for top in clones for name in _names(top)}
    return "instances" if names & cloned else "simple"


def _names(view: ResourceView) -> set[str]:
    """Plain names of the primitives in it."""
    if view.kind == "primitive":
        return {view.name}
    return {name for child in view.children for name in _names(child)}


def _places(view: ResourceView) -> Places:
    if view.kind == "primitive":
        return Counter((view.name, place.node, _role(place.role)) for place in view.places)
    found: Places = Counter()
    for child in view.children:
        found += _places(child)
    return found


def _role(word: str) -> str:
    return word if word == "Promoted" else "Started"


def _after(before: Overview, changes: list[str], sign: str) -> Places:
    """What the changes that only one of both makes come to."""
    found: Places = Counter()
    for top in before.resources:
        found += _places(top)
    for line in changes:
        if line.startswith(sign) and not line.endswith("(blocked)") and " Fence" not in line:
            _apply(found, line[2:].split())
    return Counter({place: count for place, count in found.items() if count})


def _apply(found: Places, words: list[str]) -> None:
    """One change, as `Move r1c Unpromoted->Promoted n1->n2`."""
    action, name, nodes = words[0], words[1], words[-1].split("->")
    roles = words[2].split("->") if len(words) > 3 else ["Started"]
    if action != "Start" and roles[0] != "Stopped":
        found[name, nodes[0], _role(roles[0])] -= 1
    if action != "Stop":
        found[name, nodes[-1], _role(roles[-1])] += 1


def _crowded(clone: ResourceView, theirs: dict[str, Any]) -> bool:
    """Whether two instances arrive at one node, in what crm_simulate says."""
    names = _names(clone)
    arrivals = Counter(
        (change["resource"], change["nodes"][-1])
        for change in theirs["summary"]
        if change["resource"] in names
        and not change["blocked"]
        and change["action"] not in ("Stop", "Demote")
    )
    return any(count > 1 for count in arrivals.values())
