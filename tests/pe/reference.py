"""What the installed crm_simulate decides, in the form in which decisions are compared."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

from lxml import etree

PROGRAM = shutil.which("crm_simulate")

_LINE = re.compile(
    r"  \* (?P<action>[A-Z][\w-]*) +(?P<resource>\S+) +\( *(?P<place>[^)]*?) *\)(?P<rest>.*)"
)
_FENCE = re.compile(r"  \* (?P<action>Fence \(\w+\)) (?P<node>\S+)")


class NotDecided(RuntimeError):  # noqa: N818 - what became of the question
    """crm_simulate refused or fell over."""


def decided(path: Path, folder: Path) -> dict[str, Any]:
    """The decision about one CIB; `folder` is for scratch files."""
    assert PROGRAM is not None
    graph = folder / "graph.xml"
    command = [PROGRAM, "-R", "-x", str(path), "-G", str(graph)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    if done.returncode != 0 or not graph.exists():
        raise NotDecided(done.stderr.strip() or f"exit code {done.returncode}")
    unique = _unique_clones(path)
    actions, orderings = _graph(graph, unique)
    summary = done.stdout.partition("Transition Summary:\n")[2].partition("\n\n")[0]
    lines = [line for line in summary.splitlines() if line.startswith("  * ")]
    changes = [change for line in lines for change in _change(line, unique)]
    return {"summary": changes, "actions": actions, "orderings": orderings}


def _unique_clones(path: Path) -> set[str]:
    """Primitives whose instances keep their number."""
    found = set()
    for clone in etree.parse(str(path)).getroot().iter("clone", "master"):
        names = {nv.get("name"): nv.get("value") for nv in clone.iterfind("meta_attributes/nvpair")}
        several = int(names.get("clone-node-max") or 1) > 1
        if names.get("globally-unique", "true" if several else "false") == "true":
            found |= {str(primitive.get("id")) for primitive in clone.iter("primitive")}
    return found


def _change(line: str, unique: set[str]) -> list[dict[str, Any]]:
    """One line of the summary."""
    fence = _FENCE.match(line)
    if fence is not None:
        return [_entry(fence["action"], None, [], [fence["node"]], False)]
    found = _LINE.match(line)
    if found is None:
        raise NotDecided(f"a line of the summary that was never seen: {line!r}")
    words = re.sub(r" +", " ", found["place"]).split(" ")
    roles, nodes = _roles_and_nodes(words)
    name = _plain(found["resource"], unique)
    return [_entry(found["action"], name, roles, nodes, "blocked" in found["rest"])]


def _plain(text: str, unique: set[str]) -> str:
    """Without the instance's number, which of an anonymous clone nobody outside sees."""
    base, _, _ = text.partition(":")
    return text if base in unique else re.sub(r":\d+", "", text, count=1)


def _roles_and_nodes(words: list[str]) -> tuple[list[str], list[str]]:
    """`Unpromoted -> Promoted n1`, `Promoted n1`, `n1 -> n2`, `n1`."""
    known = ("Stopped", "Started", "Unpromoted", "Promoted")
    parts = [word for word in words if word != "->"]
    return [p for p in parts if p in known], [p for p in parts if p not in known]


def _entry(
    action: str, resource: str | None, roles: list[str], nodes: list[str], blocked: bool
) -> dict[str, Any]:
    return {
        "action": action, "resource": resource, "roles": roles, "nodes": nodes, "blocked": blocked
    }  # fmt: skip


def _graph(path: Path, unique: set[str]) -> tuple[list[dict[str, Any]], list[list[str]]]:
    """Actions and orderings of a saved transition graph."""
    actions, orderings = [], []
    for synapse in etree.parse(str(path)).getroot().iterfind("synapse"):
        for element in synapse.iterfind("action_set/*"):
            ident = str(element.get("id"))
            actions.append(
                {
                    "id": ident,
                    "task": _plain(_task(element), unique),
                    "node": element.get("on_node"),
                    "pseudo": element.tag == "pseudo_event",
                }
            )
            for first in synapse.iterfind("inputs/trigger/*"):
                orderings.append([str(first.get("id")), ident])
    return actions, orderings


def _task(element: etree._Element) -> str:
    key = str(element.get("operation_key"))
    if element.get("operation") == "cancel":
        return re.sub(r"_[^_]+_(\d+)$", r"_cancel_\1", key)
    return key
