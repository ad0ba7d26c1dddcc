"""Agents from Debian's resource-agents and fence-agents, unchanged, under the lrm process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from hanode.local_messages import AttributeWanted
from tests.unit.runtime.lrm_process import LrmProcess

ROOT = Path("/usr/lib/ocf")
HEARTBEAT = ROOT / "resource.d" / "heartbeat"
pytestmark = pytest.mark.skipif(
    not (HEARTBEAT / "Dummy").exists(), reason="Debian's resource-agents isn't installed"
)


@pytest.fixture
def lrm(tmp_path: Path) -> Iterator[LrmProcess]:
    process = LrmProcess(tmp_path)
    text = process.config.read_text().replace(f"{tmp_path}/ocf", str(ROOT))
    process.config.write_text(text.replace(f"{tmp_path}/fence", "/usr/sbin"))
    process.start()
    process.take_term()
    yield process
    process.end()


def test_dummy(lrm: LrmProcess) -> None:
    agent = "ocf:heartbeat:Dummy"
    assert lrm.do("monitor", agent=agent).rc == 7
    assert lrm.do("start", agent=agent).rc == 0
    assert lrm.do("monitor", agent=agent).rc == 0
    assert [path.name for path in (lrm.directory / "run" / "rsctmp").glob("Dummy*")] == [
        "Dummy-d1.state"
    ]
    assert lrm.do("stop", agent=agent).rc == 0
    assert lrm.do("monitor", agent=agent).rc == 7


def test_an_exit_reason_arrives(lrm: LrmProcess) -> None:
    result = lrm.do("start", agent="ocf:heartbeat:IPaddr2", parameters={"ip": "nonsense"})
    assert result.rc != 0
    assert result.reason


@pytest.mark.skipif(not (HEARTBEAT / "SysInfo").exists(), reason="no SysInfo in this package")
def test_an_agent_that_sets_attributes(lrm: LrmProcess) -> None:
    lrm.order("start", agent="ocf:heartbeat:SysInfo", parameters={"delay": "0"})
    wanted = lrm.expect(lambda m: isinstance(m, AttributeWanted) and m.name == "arch")
    assert wanted.value


@pytest.mark.skipif(not Path("/usr/sbin/fence_dummy").exists(), reason="no fence_dummy")
def test_a_fence_agent_of_debian(lrm: LrmProcess) -> None:
    device = {"agent": "stonith:fence_dummy"}
    parameters = {"status_file": str(lrm.directory / "status"), "type": "file"}
    started = lrm.do("start", "f1", parameters=parameters, **device)
    assert started.rc == 0, started
