"""What is written into trusted/ is called what a node may be called."""

from __future__ import annotations

from pathlib import Path

import pytest

from hanode.events import Member
from hanode.mgmt.protocol import Enrolled
from hanode.runtime import keys, trusted
from hanode.runtime.join import CantJoin, checked
from hanode.runtime.layout import Wish
from hanode.runtime.settings_table import Address
from hanode.runtime.token import JoinToken

CLUSTER = bytes(16)
HERE = Address("127.0.0.1", 1)
NAMES = ("../evil", "/nowhere/evil", "..", "", "a\0b", "é" * 40)


@pytest.mark.parametrize("name", NAMES)
def test_no_name_leads_out_of_the_folder(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "trusted"
    with pytest.raises(OSError, match="no name for a node"):
        trusted.keep_members(folder, (Member(name, 1, "data", b"k" * 32),))
    assert [path.name for path in tmp_path.rglob("*")] == ["trusted"] * folder.exists()


@pytest.mark.parametrize("name", NAMES)
def test_what_a_seed_vouches_for_is_no_name_yet(tmp_path: Path, name: str) -> None:
    secrets = keys.create(tmp_path / "identity")
    member = keys.member(secrets, name, 1, "data", (), "h:1", CLUSTER)
    answer = Enrolled(1, CLUSTER, "shop", (trusted.WORDS.pack(member),), {})
    token, wish = JoinToken("s", b"p", CLUSTER, HERE), Wish(name, (), HERE, tmp_path, True)
    with pytest.raises(CantJoin, match="no name for a node"):
        checked(answer, token, wish, secrets)
