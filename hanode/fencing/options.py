"""A device's pcmk_* parameters: how a cluster uses it, which the fence agent never sees."""

from __future__ import annotations

import re
from collections.abc import Mapping

from hanode.cib.score import read
from hanode.ra.durations import seconds

RETRIES = 2
"""Attempts at an action of a device, unless pcmk_ACTION_retries says otherwise."""
RETRIES_MAX = 10


def agent_action(parameters: Mapping[str, str], action: str) -> str:
    """What the agent calls this action (pcmk_ACTION_action)."""
    return parameters.get(f"pcmk_{action}_action") or action


def attempts(parameters: Mapping[str, str], action: str, instead: str = "") -> int:
    """How often an action is tried. `instead`: what the operator calls the whole of it (a reboot
    begins with an off), used where nothing is said of the action itself."""
    said = _said(parameters, "retries", action, instead)
    return min(max(read(said), 1), RETRIES_MAX) if said.isdecimal() else RETRIES


def timeout(parameters: Mapping[str, str], action: str, default: float, instead: str = "") -> float:
    """How long one attempt may take, in seconds."""
    return seconds(_said(parameters, "timeout", action, instead), default)


def _said(parameters: Mapping[str, str], what: str, action: str, instead: str) -> str:
    said = parameters.get(f"pcmk_{action}_{what}", "")
    return said or parameters.get(f"pcmk_{instead}_{what}", "")


def query(parameters: Mapping[str, str]) -> str:
    """The action by which the device itself says whether it is in charge of a target; empty where
    it isn't to be asked (pcmk_host_check)."""
    check = parameters.get("pcmk_host_check", "")
    return {"dynamic-list": "list", "status": "status"}.get(check, "")


def listed(output: bytes) -> set[str]:
    """Plugs and their other names, as `list` prints them: `PLUG,NAME` a line."""
    words = re.split(r"[,\s]+", output.decode("utf-8", "replace"))
    return {word for word in words if word}


def delay(parameters: Mapping[str, str], plug_owner: str, chance: float) -> float:
    """How long this device waits before it strikes: `chance` (0 to 1) places it between
    pcmk_delay_base and pcmk_delay_max. The base may be given per target, as `n1:5s;n2:0`."""
    base = _base(parameters.get("pcmk_delay_base", ""), plug_owner)
    most = seconds(parameters.get("pcmk_delay_max", ""), 0.0)
    return base + max(0.0, most - base) * chance


def _base(text: str, target: str) -> float:
    for part in text.replace(";", " ").split():
        name, colon, value = part.partition(":")
        if colon and name == target:
            return seconds(value, 0.0)
    return seconds(text, 0.0)
