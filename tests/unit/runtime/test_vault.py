"""Secrets: used where they are needed, seen nowhere else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from hanode.effects import Spawn
from hanode.runtime.vault import BadSecret, Vault, struck_out
from hanode.settings import OUTPUT_LIMIT
from tests.unit.runtime.lrm_process import LrmProcess

CANARY = "s3cret-canary-7f"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "secrets").mkdir(mode=0o700)
    return tmp_path / "secrets"


def put(folder: Path, name: str, value: str, mode: int = 0o600) -> None:
    (folder / name).write_text(value)
    (folder / name).chmod(mode)


def test_references_are_resolved_in_stdin_and_environment(folder: Path) -> None:
    put(folder, "bmc", f"{CANARY}\n")
    effect = Spawn(
        1, ("/x",), {"OCF_RESKEY_pw": "secret://bmc", "A": "b"}, b"a=1\npw=secret://bmc\n"
    )
    opened, hidden = Vault(folder).open(effect)
    assert opened.stdin == f"a=1\npw={CANARY}\n".encode()
    assert opened.env == {"OCF_RESKEY_pw": CANARY, "A": "b"}
    assert hidden == (CANARY.encode(),)


def test_what_refers_to_nothing_is_left_alone(folder: Path) -> None:
    effect = Spawn(1, ("/x",), {"A": "b"}, b"\xff\n")
    assert Vault(folder).open(effect) == (effect, ())


@pytest.mark.parametrize(
    ("reference", "why"),
    [("secret://none", "hanode secret set none"), ("secret://../x", "can't be a secret's name"),
     ("secret://", "can't be a secret's name"), ("secret://open", "others may read"),
     ("secret://two", "more than one line")],
)  # fmt: skip
def test_what_cant_be_had(folder: Path, reference: str, why: str) -> None:
    put(folder, "open", CANARY, 0o644)
    put(folder, "two", f"{CANARY}\naction=on\n")
    with pytest.raises(BadSecret, match=why) as refused:
        Vault(folder).open(Spawn(1, ("/x",), {"pw": reference}))
    assert CANARY not in str(refused.value)


def test_a_secret_is_never_an_argument(folder: Path) -> None:
    put(folder, "bmc", CANARY)
    with pytest.raises(BadSecret, match="every user"):
        Vault(folder).open(Spawn(1, ("/x", "secret://bmc")))


def test_the_longest_is_struck_out_first() -> None:
    assert struck_out(b"abcdef abc", (b"abc", b"abcdef")) == b"(secret) (secret)"


@pytest.fixture
def lrm(tmp_path: Path) -> Iterator[LrmProcess]:
    process = LrmProcess(tmp_path)
    (tmp_path / "secrets").mkdir(mode=0o700)
    process.start()
    process.take_term()
    yield process
    process.end()


def test_a_canary_appears_nowhere(lrm: LrmProcess) -> None:
    put(lrm.directory / "secrets", "bmc", CANARY)
    agent = lrm.directory / "fence" / "fence_chatty"
    agent.parent.mkdir()
    given = lrm.directory / "given"
    agent.write_text(
        "#!/bin/sh\nread action; read pw\n"
        f'echo "I was told $pw" >&2; echo "$pw" > {given}; exit 1\n'
    )
    agent.chmod(0o755)
    parameters = {"passwd": "secret://bmc"}
    result = lrm.do("start", "f1", agent="stonith:fence_chatty", parameters=parameters)
    assert given.read_text() == f"passwd={CANARY}\n"
    assert result.rc == 1
    assert "I was told passwd=(secret)" in result.tail
    assert CANARY not in repr(result)
    assert CANARY.encode() not in (lrm.directory / "run" / "lrm-table").read_bytes()
    assert CANARY not in lrm.log.read_text()


def test_a_secret_that_is_missing_is_said_by_node_not_guessed(lrm: LrmProcess) -> None:
    result = lrm.do("start", "f1", agent="stonith:fence_x", parameters={"pw": "secret://gone"})
    assert result.status == "not-installed"
    assert "hanode secret set gone" in result.reason


@pytest.mark.parametrize("left", range(1, 9))
def test_what_is_left_of_a_secret_where_long_output_was_cut_is_none_either(left: int) -> None:
    tail = b"longsecret"[-left:] + b"-secret" + b"." * OUTPUT_LIMIT
    said = struck_out(tail[:OUTPUT_LIMIT], (b"longsecret", b"secret"))
    assert said.startswith(b"-(secret)...")
    assert struck_out(b"t, it is well", (b"secret",)) == b"t, it is well"
