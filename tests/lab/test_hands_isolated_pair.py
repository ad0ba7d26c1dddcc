"""Two nodes alone whose only fence device cuts them off the network: that ends no boot."""

from __future__ import annotations

from tests.lab.cluster import online
from tests.lab.hosts import wait
from tests.lab.isolating import cluster, holder, mac, rules


def test_two_nodes_alone_that_cut_each_other_off_go_on_with_nothing_new() -> None:
    """Each could have the gateway cut the other off, and both would be sure of it: what runs goes
    on, and nothing starts."""
    with cluster(2) as lab:
        old = holder(lab)
        (other,) = (host for host in lab.hosts[:2] if host is not old)
        lab.wiring.part((old.name,), (other.name,))
        refusal = "no device that switches it off is configured for it"
        wait(lambda: refusal in (other.folder / "var/log/hanode.log").read_text(), 60, 0.2)
        wait(lambda: refusal in (old.folder / "var/log/hanode.log").read_text(), 60, 0.2)
        assert holder(lab) is old
        assert not any(mac(host) in rules(lab.hosts[2]) for host in (old, other))
        lab.wiring.heal()
        wait(lambda: online(old) == {"n1", "n2"}, 60, 0.3)
        assert holder(lab) is old
