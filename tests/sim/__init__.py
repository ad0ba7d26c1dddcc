"""A whole cluster in one thread and in virtual time: the product's own core on simulated machines.

agenda.py      virtual time: what happens next
chance.py      one tree of random numbers that grows from the seed
network.py     datagrams that get lost, streams that break
disk.py        what survives a crash
machines.py    the truth: what really runs where, and who has power
agents.py      resource agents and fence agents, as processes of a machine
parts.py       heart, crm and lrm: the core behind drivers of the simulator's own
world.py       all of it, built from a seed
nemesis.py     what goes wrong       workload.py   what people ask for
invariants.py  what must never be    liveness.py   what must come in the end
mutants.py     planted bugs, which the invariants must find
trace.py       what happened, in columns, and its digest
"""
