"""Agents: words and rules of every agent class. Nothing here executes anything."""

from hanode.ra.classes import command, outcome
from hanode.ra.job import Command, Job, Unrunnable
from hanode.ra.name import BadAgent, parse_agent
from hanode.ra.site import Site

__all__ = [
    "BadAgent", "Command", "Job", "Site", "Unrunnable", "command", "outcome",
    "parse_agent",
]  # fmt: skip
