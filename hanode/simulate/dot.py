"""The transition as a graph for Graphviz, in the colours of crm_simulate's."""

from __future__ import annotations

from hanode.transition import Action, Transition


def dot(transition: Transition) -> str:
    """Bold and green what will be done, orange what nobody executes, red what is blocked."""
    names = {action.id: _name(action) for action in transition.actions}
    lines = ['digraph "g" {']
    for action in transition.actions:
        font = "orange" if action.pseudo else "black"
        style = f'style=bold color="green" fontcolor="{font}" tooltip={_quoted(action.reason)}'
        lines.append(f"{names[action.id]} [ {style} ]")
    for entry in transition.blocked:
        name = _quoted(f"{entry.resource}_{entry.operation}_0 {entry.node or '<none>'}")
        style = f'style=dashed color="red" fontcolor="black" tooltip={_quoted(entry.reason)}'
        lines.append(f"{name} [ {style} ]")
    for first, then in transition.orderings:
        lines.append(f"{names[first]} -> {names[then]} [ style = bold ]")
    return "\n".join([*lines, "}"])


def _name(action: Action) -> str:
    where = f" {action.node}" if action.node and not action.task.startswith("stonith-") else ""
    return _quoted(f"{action.task}{where}")


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
