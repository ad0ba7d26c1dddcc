"""A node's secrets, its trusted keys, its token: made once, read strictly."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from hanode.events import Operator
from hanode.runtime import keys, trusted
from hanode.runtime.config import Address
from hanode.runtime.ssh import private_key, public_bytes, public_key
from hanode.runtime.token import JoinToken, parse_token, pin_of
from tests.unit.runtime.ends import CLUSTER, make_secrets


def test_secrets_are_made_once_for_their_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "identity"
    made = keys.create(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert keys.load(path) == made
    with pytest.raises(keys.BadIdentity, match="there is an identity already"):
        keys.create(path)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_secrets_that_others_can_read_are_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "identity"
    keys.create(path)
    path.chmod(mode)
    with pytest.raises(keys.BadIdentity, match="chmod 600"):
        keys.load(path)


@pytest.mark.parametrize("data", [b"", b"\xc1", b"\x93\x01\x02\x03", b"garbage" * 20])
def test_a_damaged_identity_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "identity"
    path.touch(0o600)
    path.write_bytes(data)
    with pytest.raises(keys.BadIdentity, match="is not an identity file"):
        keys.load(path)


def test_a_certificate_holds_for_its_keys_and_cluster_alone() -> None:
    member = keys.member(make_secrets(1), "n1", 1, "data", (), "h:1", CLUSTER)
    assert keys.certificate_holds(member, CLUSTER)
    assert not keys.certificate_holds(member, b"another cluster!")
    other = keys.member(make_secrets(2), "n1", 1, "data", (), "h:1", CLUSTER)
    forged = type(member)(
        "n1", 1, "data", member.public, other.kex, other.host_key, member.certificate
    )
    assert not keys.certificate_holds(forged, CLUSTER)


def test_ssh_keys_come_from_the_seeds() -> None:
    secrets = make_secrets(3)
    assert public_bytes(private_key(secrets.host_seed)) == secrets.host_public
    assert public_bytes(public_key(secrets.host_public)) == secrets.host_public


def test_both_ends_of_a_kex_share_a_secret() -> None:
    one, two = make_secrets(1).kex, make_secrets(2).kex
    assert one.shared(two.public) == two.shared(one.public)
    with pytest.raises(ValueError, match="X25519"):
        one.shared(bytes(32))


def test_trusted_members_come_back(tmp_path: Path) -> None:
    members = tuple(
        keys.member(make_secrets(n), f"n{n}", n, "data", ("h:1",), "h:2", CLUSTER) for n in (1, 2)
    )
    trusted.keep_members(tmp_path, members)
    assert trusted.load_members(tmp_path) == members
    trusted.keep_members(tmp_path, members[1:])
    assert trusted.load_members(tmp_path) == members[1:]
    (tmp_path / "n3.member").write_bytes(b"\xc1")
    with pytest.raises(trusted.BadTrust, match=r"n3\.member"):
        trusted.load_members(tmp_path)


def test_an_operator_s_key_is_openssh_s(tmp_path: Path) -> None:
    public = make_secrets(1).identity.public
    line = trusted.public_key_line(public, "ann@home role=viewer")
    (tmp_path / "ann.pub").write_text(line + "\n")
    assert trusted.load_operators(tmp_path) == (Operator("ann", public, "viewer"),)


@pytest.mark.parametrize(
    "line", ["", "ssh-rsa AAAA", "ssh-ed25519 !!!", "ssh-ed25519 AAAA", "ssh-ed25519"]
)
def test_other_keys_are_refused_by_file(tmp_path: Path, line: str) -> None:
    (tmp_path / "ann.pub").write_text(line)
    with pytest.raises(trusted.BadTrust, match=r"ann\.pub.*put an OpenSSH public key there"):
        trusted.load_operators(tmp_path)


def test_a_token_is_one_word() -> None:
    token = JoinToken("5ec4e7", pin_of(bytes(32)), CLUSTER, Address("10.0.0.1", 5566))
    assert parse_token(str(token)) == token
    assert " " not in str(token)


@pytest.mark.parametrize("text", ["", "a", "a@h", "a.b@h:1", "a." + "A" * 43, ".AAAA@h:1"])
def test_half_a_token_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a whole token"):
        parse_token(text)
