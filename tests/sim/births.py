"""How each part of a node is born: the arguments that the product's own classes get."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hanode.fencing import Fencer
from hanode.lrm import Lrm
from hanode.lrm.limits import Limits
from hanode.membership import Heart
from hanode.node import Node
from hanode.ra import Site
from hanode.witness import Witness
from tests.sim.herald import Herald
from tests.sim.keys import CLUSTER

if TYPE_CHECKING:
    from tests.sim.machines import Machine
    from tests.sim.parts import Core


TIGHT = Limits(
    jobs=3, waiting=1, held=4, known=64, attributes=4, agents=3, description=0.5,
    description_age=5.0,
)  # fmt: skip
"""Bounds that are met every day, in place of those that never should be."""


def heart(machine: Machine, life: int) -> Core:
    world, name = machine.world, machine.name
    random = world.options.random("heart", name, machine.boot, life)
    secret = world.keys.secret(machine.identity)
    return Heart(name, machine.boot, life, world.options.timing, secret, random)


def lrm(machine: Machine, life: int) -> Core:
    site = Site(machine.name, f"/run/{machine.name}")
    seed = machine.world.options.random("fencer", machine.name, machine.boot, life)
    fencer = Fencer(site, seed.getrandbits(32))
    disk = machine.disk
    limits = TIGHT if machine.world.options.tight else None
    term, table = disk.lrm_term, disk.table
    return Lrm(site, machine.boot, life, fencer, term=term, table=table, limits=limits)


def crm(machine: Machine, life: int) -> Core:
    world, name = machine.world, machine.name
    options = world.options
    if options.hearts_only:
        return Herald(CLUSTER, world.members, options.timing)
    common = (
        name,
        machine.boot,
        options.timing,
        world.keys.signer(machine.identity),
        world.keys.verify,
        options.random("crm", name, *machine.again, machine.boot, life),
        machine.disk.saved(),
        machine.now,
    )
    if machine.data:
        node = Node(*common, machine.enrolled, CLUSTER)
        node.folding.snapshots.every = options.snapshot_every
        return node
    return Witness(*common, machine.kept, CLUSTER)
