"""Debian's fence agents, unchanged: what they say of themselves, and a BMC that is really asked."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from hanode.cli.agents import agent_of, metadata
from hanode.cli.exits import Failed
from hanode.local_messages import FenceResult
from hanode.peer_messages import Device, FenceOrder
from hanode.ra import Site
from hanode.ra.validate import wrong_parameters
from tests.unit.agents.bmc import Bmc
from tests.unit.runtime.lrm_process import LrmProcess

FENCE = Path("/usr/sbin")
INSTALLED = sorted(path.name for path in FENCE.glob("fence_*"))
NOT_XML = {"fence_ack_manual"}
"""It answers everything with its usage."""
PASSWORD = "s3cret-canary-bmc"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not INSTALLED, reason="Debian's fence-agents isn't installed"),
]
needs_bmc = pytest.mark.skipif(
    not (shutil.which("ipmi_sim") and shutil.which("ipmitool")),
    reason="a simulated BMC needs ipmi_sim and ipmitool (apt-get install openipmi ipmitool)",
)


@pytest.mark.parametrize("name", INSTALLED)
def test_every_fence_agent_describes_itself(name: str) -> None:
    site = Site("n1", "/run/n1")
    agent = agent_of(f"stonith:{name}", site)
    if name in NOT_XML:
        with pytest.raises(Failed, match="can't be asked for its metadata"):
            metadata(agent, site)
        return
    known = metadata(agent, site)
    assert known is not None
    actions = {action.name for action in known.actions}
    assert "monitor" in actions or "metadata" in actions
    wrong = wrong_parameters(known, {"no_such_thing": "1", "pcmk_host_list": "n1"}, "stonith")
    assert any("no parameter no_such_thing" in sentence for sentence in wrong)
    assert not any("pcmk_host_list" in sentence for sentence in wrong)


class Shooter:
    """An lrm that fences n2 by its BMC."""

    def __init__(self, lrm: LrmProcess, bmc: Bmc) -> None:
        self._lrm = lrm
        self.bmc = bmc
        self._ids = itertools.count(1)

    def parameters(self, **more: str) -> dict[str, str]:
        return {**self.bmc.parameters, "password": "secret://bmc", **more}

    def order(self, action: str, **more: str) -> FenceResult:
        device = Device("bmc-n2", "fence_ipmilan", "", self.parameters(**more))
        ident = f"1.1.{next(self._ids)}"
        what = (ident, 1, "n1", 1, "q1", "n2", 7, action, ((device,),))
        self._lrm.say(FenceOrder(*what, timeout_ms=20_000))
        result: FenceResult = self._lrm.expect(
            lambda m: isinstance(m, FenceResult) and m.order == ident
        )
        return result


@pytest.fixture
def lrm(tmp_path: Path) -> Iterator[LrmProcess]:
    process = LrmProcess(tmp_path)
    process.config.write_text(process.config.read_text().replace(f"{tmp_path}/fence", str(FENCE)))
    (tmp_path / "secrets").mkdir(mode=0o700)
    (tmp_path / "secrets" / "bmc").write_text(PASSWORD + "\n")
    (tmp_path / "secrets" / "bmc").chmod(0o600)
    process.start()
    process.take_term()
    yield process
    process.end()


@pytest.fixture
def shooter(lrm: LrmProcess, tmp_path: Path) -> Iterator[Shooter]:
    (tmp_path / "bmc").mkdir()
    bmc = Bmc(tmp_path / "bmc", PASSWORD)
    yield Shooter(lrm, bmc)
    bmc.end()


@needs_bmc
def test_a_bmc_is_switched_off_and_asked_whether_it_is(shooter: Shooter, lrm: LrmProcess) -> None:
    result = shooter.order("off")
    assert (result.ok, result.evidence, result.device) == (
        True, "power-verified", "bmc-n2",
    ), result.reason  # fmt: skip
    assert not shooter.bmc.on
    assert shooter.order("on").ok
    assert shooter.bmc.on
    assert PASSWORD not in lrm.log.read_text()
    assert PASSWORD not in repr(lrm.heard)


@needs_bmc
def test_a_bmc_that_lies_gives_no_evidence(shooter: Shooter) -> None:
    shooter.bmc.lies.touch()
    result = shooter.order("off", pcmk_off_retries="1", power_timeout="1")
    assert (result.ok, result.evidence) == (False, "")
    assert shooter.bmc.on


@needs_bmc
def test_a_bmc_as_a_monitored_resource(shooter: Shooter, lrm: LrmProcess) -> None:
    agent = "stonith:fence_ipmilan"
    parameters = shooter.parameters()
    assert lrm.do("start", "bmc-n2", agent=agent, parameters=parameters).rc == 0
    shooter.bmc.end()
    failed = lrm.do("monitor", "bmc-n2", agent=agent, parameters=parameters, interval_ms=500)
    assert failed.rc != 0
    assert PASSWORD not in repr(failed)
