"""PostgreSQL under Debian's pgsql agent, a synchronous standby beside its primary: ten failovers,
and not one acknowledged write is lost. `-s` prints how long writes stood still each time."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from functools import partial

import pytest

from tests.lab import postgres
from tests.lab.cluster import members, online
from tests.lab.hosts import Host, Lab, wait
from tests.lab.postgres import Writer, ask

FAILOVERS = 10
pytestmark = pytest.mark.skipif(
    shutil.which(f"{postgres.BIN}/postgres") is None, reason="PostgreSQL 15 isn't installed"
)


@pytest.fixture
def lab() -> Iterator[Lab]:
    """n1 and n2 have the database, n3 has a vote."""
    with Lab(3) as lab:
        first, second, _ = lab.hosts
        members(lab.hosts)
        first(
            *("hanode", "fence", "create", "strip", "fence_demo", f"strip={lab.strip}"),
            "pcmk_host_list=n1 n2 n3",
        )
        first("hanode", "property", "set", "hanode-fencing-limit=100")
        postgres.make(first, second)
        postgres.create(first, ["n1", "n2"], ["n3"])
        yield lab


def promoted(host: Host) -> str:
    """The node of the primary, as the cluster says."""
    for found in json.loads(host("hanode", "resource", "--json")):
        if found["agent"].startswith("ocf:") and found["role"] == "Promoted":
            return str(found["nodes"][0])
    return ""


def synchronous(lab: Lab, host: Host, standby: str) -> bool:
    """Whether the standby has all that was acknowledged, and the agent lets it be promoted."""
    if ask(lab, "select sync_state from pg_stat_replication") != "sync":
        return False
    said = json.loads(host("hanode", "node", "attributes", standby, "--json"))
    return {"db-status": "HS:sync", "master-db": "100"}.items() <= {
        row["name"]: row["value"] for row in said
    }.items()


@pytest.mark.timeout(1200)
def test_ten_failovers_lose_nothing_that_was_acknowledged(lab: Lab) -> None:
    pair, looker = lab.hosts[:2], lab.hosts[2]
    wait(lambda: promoted(looker) != "", 180, 1)
    with Writer(lab) as writer:
        for number in range(1, FAILOVERS + 1):
            primary = lab.host(promoted(looker))
            (standby,) = [host for host in pair if host is not primary]
            wait(partial(synchronous, lab, looker, standby.name), 180, 1)
            writer.goes_on()
            primary.crash()
            still = writer.goes_on(180)
            print(f"\nfailover {number}: {primary.name} dies, no write for {still:5.2f} s")
            assert promoted(looker) == standby.name
            wait(lambda: online(looker) == {"n1", "n2", "n3"}, 180, 1)
            postgres.home(primary)
            postgres.copy(primary, standby.address)
            looker("hanode", "resource", "cleanup", "db")
    acknowledged = set(writer.acknowledged)
    assert len(acknowledged) > FAILOVERS
    kept = {int(line) for line in (ask(lab, "select n from writes") or "").split()}
    assert acknowledged <= kept, f"lost: {sorted(acknowledged - kept)}"
