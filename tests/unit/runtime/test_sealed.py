"""Sealed values: members open them, and nobody else; nothing of them is seen on the way."""

from __future__ import annotations

from pathlib import Path

import pytest

from hanode.effects import Spawn
from hanode.events import Member
from hanode.runtime import keys
from hanode.runtime.sealed import MARK, NotForUs, seal, unseal
from hanode.runtime.vault import BadSecret, Vault

CANARY = "s3cret-canary-7f"


def made(folder: Path, name: str) -> tuple[keys.Secrets, Path]:
    path = folder / name
    return keys.create(path), path


def member(held: keys.Secrets, name: str, number: int) -> Member:
    return keys.member(held, name, number, "data", (), "", b"c" * 16)


@pytest.fixture
def pair(tmp_path: Path) -> list[keys.Secrets]:
    return [made(tmp_path, name)[0] for name in ("n1", "n2")]


def test_each_member_opens_it_and_a_stranger_does_not(
    pair: list[keys.Secrets], tmp_path: Path
) -> None:
    text = seal(CANARY, [member(held, f"n{n}", n) for n, held in enumerate(pair, 1)])
    assert text.startswith(MARK)
    assert CANARY not in text
    assert [unseal(text, held.kex_secret) for held in pair] == [CANARY, CANARY]
    stranger, _ = made(tmp_path, "n3")
    with pytest.raises(NotForUs, match="other members"):
        unseal(text, stranger.kex_secret)


@pytest.mark.parametrize("change", ["torn", "altered", "empty", "noise"])
def test_what_was_tampered_with_is_refused(pair: list[keys.Secrets], change: str) -> None:
    text = seal(CANARY, [member(pair[0], "n1", 1)])
    spoilt = {
        "torn": text[:-9], "altered": text[:-6] + "AAAA" + text[-2:], "empty": MARK,
        "noise": f"{MARK}!!!",
    }[change]  # fmt: skip
    with pytest.raises(NotForUs) as refused:
        unseal(spoilt, pair[0].kex_secret)
    assert CANARY not in str(refused.value)


def test_its_length_does_not_tell_the_passwords(pair: list[keys.Secrets]) -> None:
    members = [member(pair[0], "n1", 1)]
    assert len(seal("short", members)) == len(seal("not so short", members))


def test_an_agent_gets_it_in_its_environment_or_on_stdin(tmp_path: Path) -> None:
    held, path = made(tmp_path, "identity")
    text = seal(CANARY, [member(held, "n1", 1)])
    vault = Vault(tmp_path / "secrets", path)
    opened, hidden = vault.open(Spawn(1, ("/x",), {"OCF_RESKEY_pw": text}, f"p={text}\n".encode()))
    assert opened.env == {"OCF_RESKEY_pw": CANARY}
    assert opened.stdin == f"p={CANARY}\n".encode()
    assert hidden == (CANARY.encode(),)
    with pytest.raises(BadSecret, match="every user"):
        vault.open(Spawn(1, ("/x", text), {}))


def test_one_that_is_not_for_this_node_is_named_as_such(tmp_path: Path) -> None:
    other, _ = made(tmp_path, "other")
    _, path = made(tmp_path, "identity")
    text = seal(CANARY, [member(other, "n2", 2)])
    with pytest.raises(BadSecret, match="seal it anew"):
        Vault(tmp_path / "secrets", path).open(Spawn(1, ("/x",), {"pw": text}))
