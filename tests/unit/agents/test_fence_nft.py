"""fence_nft without a network: what it refuses, and that silence is no evidence. (What it does is
shown by tests/lab/test_hands_isolation.py.)"""

from __future__ import annotations

import subprocess

import pytest

from hanode.ra.site import PACKAGED

AGENT = PACKAGED / "fence" / "fence_nft"
PLUG = "02:00:00:00:00:01@192.0.2.1"
NOBODY = "root@127.0.0.9"
"""No sshd answers there."""


def ask(action: str, plug: str = PLUG, enforcers: str = NOBODY) -> tuple[int, str]:
    said = f"action={action}\nplug={plug}\nenforcers={enforcers}\nnodename=n1\n"
    done = subprocess.run([AGENT], input=said, capture_output=True, text=True, check=False)
    return done.returncode, done.stderr


@pytest.mark.parametrize(
    ("plug", "enforcers", "why"),
    [(PLUG, "", "nobody but the node itself"), (PLUG, "root@192.0.2.1", "nobody but the node"),
     ("02:00:00:00:00:01;reboot", NOBODY, "are expected"), ("$(reboot)", NOBODY, "are expected"),
     ("", NOBODY, "plug must be given")],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(plug: str, enforcers: str, why: str) -> None:
    code, said = ask("off", plug, enforcers)
    assert code == 1
    assert why in said


@pytest.mark.parametrize("action", ["off", "on", "status", "monitor"])
def test_an_enforcer_that_does_not_answer_proves_nothing(action: str) -> None:
    code, said = ask(action)
    assert code == 1
    assert NOBODY in said


def test_a_node_is_no_enforcer_of_its_own_isolation() -> None:
    _, said = ask("status", PLUG, f"{NOBODY} root@192.0.2.1")
    assert "192.0.2.1" not in said.partition(":")[2]


def test_an_unknown_action_is_refused() -> None:
    assert "no action explode" in ask("explode")[1]
