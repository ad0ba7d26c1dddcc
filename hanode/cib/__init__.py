"""The cluster information base: configuration, status and version as typed values.

    from hanode.cib.document import Cib, parse, parse_configuration, BadCib
    from hanode.cib.configuration import Configuration, Primitive, Group, Clone, ...
    from hanode.cib.status import Status, NodeState, ResourceHistory, Operation, TicketState
    from hanode.cib.version import Version
    from hanode.cib.xml import read_xml, BadXml          # the only XML parser here

A live node keeps the configuration as XML bytes, reads it once per change with
`parse_configuration(data)`, builds `Status` from its fold without XML, and asks the
policy engine with `Cib(configuration, status, version)`. All values are named tuples:
immutable, compared by value, changed with `._replace(...)`. Nothing here does I/O.

    Status(
        nodes=(
            NodeState("n1", id="n1",
                attributes={"fail-count-web#monitor_10000": "1", "master-db": "10"},
                history=(ResourceHistory("web", "ocf", "hanode", "web", operations=(
                    Operation("start", 0, call_id=7, rc=0, expected_rc=0,
                              last_rc_change=1700000000),
                    Operation("monitor", 10000, call_id=8)),),)),
            NodeState("n2", id="n2", in_ccm=False, crmd=False, join="down"),  # lost
        ),
        have_quorum=True, dc="n1")

A node that shut down cleanly has `expected="down"`; one that is lost while `expected` is
`member` is unclean until its state says `in_ccm=False, crmd=False, join="down",
expected="down"` after its fencing. A configured node without any state is unseen (and
fenced at startup where `startup-fencing` says so); give no state for it.
Operation.status uses the numbers in status.py (DONE, TIMEOUT, ...); rc is the OCF code.
Histories of anonymous clone instances bear the name without a number.
"""
