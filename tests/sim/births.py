"""How each part of a node is born: the arguments that the product's own classes get."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hanode.fencing import Fencer
from hanode.lrm import Lrm
from hanode.membership import Heart
from hanode.node import Node
from hanode.ra import Site
from hanode.witness import Witness
from tests.sim import scenery
from tests.sim.herald import Herald

if TYPE_CHECKING:
    from tests.sim.machines import Machine
    from tests.sim.parts import Core


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
    return Lrm(site, machine.boot, life, fencer, term=disk.lrm_term, table=disk.table)


def crm(machine: Machine, life: int) -> Core:
    world, name = machine.world, machine.name
    options = world.options
    if options.hearts_only:
        return Herald(scenery.CLUSTER, world.members, options.timing)
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
        node = Node(*common, machine.enrolled, scenery.CLUSTER)
        node.folding.snapshots.every = options.snapshot_every
        return node
    return Witness(*common, world.members, scenery.CLUSTER)
