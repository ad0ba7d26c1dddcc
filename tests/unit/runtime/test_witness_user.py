"""What a witness must keep belongs to the user that it runs as."""

from __future__ import annotations

import os
import pwd
from pathlib import Path

import pytest

from hanode.runtime.config import load
from hanode.runtime.run import _give_to_user
from tests.unit.runtime.test_remote_node import TOML


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives things away")
@pytest.mark.parametrize(("role", "owner"), [("witness", "nobody"), ("data", "root")])
def test_its_members_are_its_own(tmp_path: Path, role: str, owner: str) -> None:
    """It has no log; who joins, and who leaves, is in that folder alone."""
    head = f'user = "nobody"\nrole = "{role}"\ntrusted = "trusted"\n'
    (tmp_path / "hanode.toml").write_text(head + TOML)
    config = load(tmp_path / "hanode.toml")
    for folder in (config.state, config.run, config.trusted):
        folder.mkdir(exist_ok=True)
    config.identity.touch()
    (config.trusted / "n1.member").touch()
    _give_to_user(config)
    kept = [config.trusted, config.trusted / "n1.member"]
    assert [pwd.getpwuid(path.stat().st_uid).pw_name for path in kept] == [owner, owner]
