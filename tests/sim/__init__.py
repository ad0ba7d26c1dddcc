"""A whole cluster in one thread and in virtual time: the product's own core on simulated machines.

agenda.py      virtual time: what happens next     clock.py      what a machine takes it for
chance.py      one tree of random numbers that grows from the seed
network.py     datagrams that get lost             streams.py    streams that break
ports.py       who is on the services' network     power.py      the switch that belongs to no node
disk.py        what survives a crash, and copies of it
machines.py    the truth: what really runs where, and who has power
agents.py      resource agents and fence agents, as processes of a machine
runs.py        one such process                    deeds.py      what it does to the services
zoo.py         resources of every class            park.py       fence devices of every kind
parts/         heart, crm and lrm: the core behind drivers of the simulator's own
births.py      how each is born                    herald.py     a crm for simulations without one
keys.py        real keys, or stand_ins.py          policy.py     the policy engine, a little later
options.py     how hard a seed has it              scenery.py    members, first configuration
world.py       all of it, built from a seed        simulator.py  its life
faults/        what goes wrong                     nemesis.py    when it does
hostile.py     who means harm                      rogue.py      a crm in wrong hands
passage.py     a machine that joins, leaves, or is replaced
workload.py    what people ask for
ledger.py      the log as the disks have it        said.py       what it says of the machines
invariants/    what must never be                  liveness.py   what must come in the end
mutants/       planted bugs, which the invariants must find
sometimes.py   interesting states, counted
trace.py       what happened, in columns, and its digest
breadth.py     how much of the code all this reaches
promises.py    a table: which function checks which invariant
command.py     `python -m tests sim`

The fault classes, and by which name (--faults) they strike here:

F1  process crash           crash, hanode      F15 slow node          pause, disk, starved
F2  power loss              power              F16 DC killed in walk  crash, moment
F3  pause of a process      pause, mute, hung  F17 fence device       fencing, levels,
                                                                      isolation, devices
F4  pause of a machine      pause (all parts)  F18 both shoot         partition, shape 2
F5  partition, any shape    partition          F19 fence loops        INV-17
F6  one-way, one of links   oneway, link,      F20 witness down       power, crash (2w)
                            lasso              F21 disk rolled back   restored, laggard
F7  loss, copies, delay     loss, duplication, F23 agents fail, hang  agents, services, kinds
                            delay              F26 operators          operator, moment,
                                                                      hands-off
F8  flapping                flap               F27 forged, replayed   outsider, traitor
F9  corruption              outsider           F28 all lose power     power (one in ten)
F10 wall clock, drift       clock              (joins, leaves, new)   members, lost
F11 torn, lost writes, rot  crash, power, lost (a port is refused)    refused
F12 fsync fails             disk, full         (a stream breaks)      streams
F13 disk full, read-only    full, unwritten    (at the worst moment)  moment, hands
(an LRM's bounds are met)   bounds             (orders, forged)       rogue

Not here: which damage to the file is noticed (F11: tests/unit/logd; here a rotten log is refused by
its crm for good), F14 beyond a failing fork (agents: it could not fork), F22 (one version yet), F24
(tests/pe: mangled CIBs), F25 (tests/bench: event storms).
"""
