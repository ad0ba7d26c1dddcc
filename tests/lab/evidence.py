"""Which evidence each kind of fence device gives, by how it behaves: `python -m tests lab fencing`.

Each cell is one fencing by a real lrm process with the real agent; it says the evidence, or none,
and what had become of the target.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from hanode.local_messages import FenceResult
from hanode.peer_messages import Device, FenceOrder
from tests.lab.switch import Lamp, Switch
from tests.unit.agents.bmc import Bmc
from tests.unit.runtime.lrm_process import LrmProcess

MANNERS = {
    "works": "works", "slow": "slow", "late": "acts when it is too late", "lies": "lies",
    "fails": "says no", "hangs": "says nothing",
}  # fmt: skip
"""Of tests.lab.switch, and what the table calls them."""
LIMIT, LONG = 7.0, 18.0
"""Seconds for a fencing; where a second level is to have its turn after a lie."""
TARGET = "n2"
PASSWORD = "canary-of-the-bmc"
Cell = str
Levels = tuple[tuple[Device, ...], ...]


class Bench:
    """An lrm process that shoots n2."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.lrm = LrmProcess(folder)
        config = self.lrm.config
        config.write_text(config.read_text().replace(f"{folder}/fence", "/usr/sbin"))
        secrets = folder / "secrets"
        secrets.mkdir(mode=0o700)
        (secrets / "bmc").write_text(PASSWORD)
        (secrets / "bmc").chmod(0o600)
        self.lrm.start()
        self.lrm.take_term()
        self._count = 0

    def fence(self, *levels: tuple[Device, ...], limit: float = LIMIT) -> FenceResult:
        self._count += 1
        ident = f"1.1.f{self._count}"
        what = (ident, 1, "n1", 1, ident, TARGET, 7, "off", levels)
        self.lrm.say(FenceOrder(*what, timeout_ms=round(limit * 1000)))
        result: FenceResult = self.lrm.expect(
            lambda m: isinstance(m, FenceResult) and m.order == ident
        )
        return result


@contextmanager
def bench() -> Iterator[Bench]:
    folder = Path(tempfile.mkdtemp(prefix="hanode-evidence-"))
    made = Bench(folder)
    try:
        yield made
    finally:
        made.lrm.end()
        shutil.rmtree(folder)


@contextmanager
def switch(path: Path, manner: str) -> Iterator[tuple[Switch, Lamp]]:
    lamp = Lamp()
    made = Switch(path, {TARGET: lamp})
    made.manner = manner
    made.start()
    try:
        yield made, lamp
    finally:
        made.end()
        path.unlink()


def said(result: FenceResult, state: str) -> Cell:
    return f"{result.evidence or 'none'} ({state})"


def strip(shots: Bench, manner: str) -> Cell:
    """One power switch."""
    with switch(shots.folder / "strip", manner) as (made, lamp):
        device = Device("strip", "fence_demo", TARGET, _of(made))
        return said(shots.fence((device,)), lamp.state)


def supplies(shots: Bench, manner: str) -> Cell:
    """Two at one level, of which the second has this manner."""
    left, right = shots.folder / "left", shots.folder / "right"
    with switch(left, "works") as (one, first), switch(right, manner) as (other, second):
        level = (Device("left", "fence_demo", TARGET, _of(one)),
                 Device("right", "fence_demo", TARGET, _of(other)))  # fmt: skip
        result = shots.fence(level)
        state = "off" if (first.state, second.state) == ("off", "off") else "on"
        return said(result, state)


def levels(shots: Bench, manner: str) -> Cell:
    """A second level that works, below one of this manner."""
    first, second = shots.folder / "first", shots.folder / "second"
    with switch(first, manner) as (one, _), switch(second, "works") as (other, lamp):
        parameters = {**_of(one), "pcmk_off_retries": "1", "pcmk_off_timeout": "2s",
                      "pcmk_status_timeout": "2s"}  # fmt: skip
        result = shots.fence(
            (Device("first", "fence_demo", TARGET, parameters),),
            (Device("second", "fence_demo", TARGET, _of(other)),),
            limit=LONG,
        )
        return said(result, lamp.state if result.device == "second" else "off")


def bmc(shots: Bench, manner: str) -> Cell:
    """Debian's fence_ipmilan, its BMC played by ipmi_sim."""
    if manner not in ("works", "lies", "hangs"):
        return "-"
    folder = Path(tempfile.mkdtemp(dir=shots.folder))
    made = Bmc(folder, PASSWORD)
    if manner == "lies":
        made.lies.touch()
    if manner == "hangs":
        made.end()
    parameters = {**made.parameters, "password": "secret://bmc", "pcmk_off_retries": "1",
                  "power_timeout": "2", "login_timeout": "3"}  # fmt: skip
    result = shots.fence((Device("bmc", "fence_ipmilan", "", parameters),))
    state = "on" if made.on else "off"
    if manner != "hangs":
        made.end()
    return said(result, state)


def isolation(shots: Bench, manner: str) -> Cell:
    """A device that only cuts off: its switch, believed as far as that goes."""
    with switch(shots.folder / "port", manner) as (made, lamp):
        device = Device("port", "fence_demo", TARGET, _of(made), "isolation-verified")
        return said(shots.fence((device,)), lamp.state).replace("(off)", "(cut off)")


def legacy(shots: Bench, manner: str) -> Cell:
    """A plugin of cluster-glue, which says ok and can't be asked for a plug's state."""
    if manner != "works":
        return "-"
    return said(shots.fence((Device("old", "null", TARGET, {"hostlist": TARGET}),)), "unknown")


def _of(made: Switch) -> dict[str, str]:
    return {"strip": str(made.path), "pcmk_off_retries": "1"}


DEVICES: dict[str, tuple[Callable[[Bench, str], Cell], str]] = {
    "power switch (fence_demo)": (strip, ""),
    "two supplies at one level, the second so": (supplies, ""),
    "two levels, the first so": (levels, ""),
    "BMC (fence_ipmilan, ipmi_sim)": (bmc, "ipmi_sim"),
    "isolation device": (isolation, ""),
    "legacy plugin (stonith -t null)": (legacy, "stonith"),
}
"""Each with the program that it needs here."""


def row(shots: Bench, name: str) -> dict[str, Cell]:
    """By manner."""
    play, needs = DEVICES[name]
    if needs and not shutil.which(needs, path="/usr/sbin:/usr/bin"):
        return dict.fromkeys(MANNERS, f"not here: {needs}")
    return {manner: play(shots, manner) for manner in MANNERS}


def main(names: Sequence[str]) -> int:
    print("| device | " + " | ".join(MANNERS.values()) + " |")
    print("|---" * (len(MANNERS) + 1) + "|")
    with bench() as shots:
        for name in names or DEVICES:
            print(f"| {name} | " + " | ".join(row(shots, name).values()) + " |")
            sys.stdout.flush()
    return 0
