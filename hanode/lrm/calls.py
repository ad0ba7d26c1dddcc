"""What an order asks of its agent: the command that carries it out, or the answer without one."""

from __future__ import annotations

from hanode.lrm.results import Result, idle, missing
from hanode.peer_messages import Order
from hanode.ra import BadAgent, Command, Job, Site, Unrunnable, command, exit_codes, parse_agent
from hanode.ra.reload import AGENT

LEASED = ("start", "promote", "migrate_to", "migrate_from")
"""What a node without quorum must not do."""


def call(order: Order, site: Site, active: bool, reload: str = "") -> Command | Result:
    """`active`: the resource was started here; `reload`: how its agent calls reload-agent."""
    try:
        agent = parse_agent(order.agent)
    except BadAgent as bad:
        return missing(str(bad))
    probe = order.task == "monitor" and not order.interval_ms
    if agent.class_ == "stonith" and probe and not active:
        return Result(exit_codes.NOT_RUNNING, "done")  # only what was started is monitored
    when = (order.interval_ms, order.timeout_ms)
    task = reload or order.task if order.task == AGENT else order.task
    job = Job(agent, order.resource, task, *when, order.parameters, order.meta)
    made = command(job, site)
    if not isinstance(made, Unrunnable):
        return made
    if order.task == "stop" and not active and made.rc != exit_codes.OK:
        return idle(made.reason)
    return Result(made.rc, "done", made.reason)


def leased(order: Order) -> bool:
    """Whether the quorum lease must hold at the fork; fence devices are needed without quorum."""
    return order.needs_quorum and order.task in LEASED and not order.agent.startswith("stonith:")
