"""A node that runs as a user who can't read its secrets says so."""

from __future__ import annotations

import os
import pwd
from pathlib import Path

import pytest

from hanode.runtime.config import load
from hanode.runtime.run import unreadable_secrets
from tests.unit.runtime.test_remote_node import TOML


@pytest.mark.parametrize("user", ["", "nobody", pwd.getpwuid(os.getuid()).pw_name])
def test_it_is_told_where_they_are_another_s(tmp_path: Path, user: str) -> None:
    (tmp_path / "hanode.toml").write_text(f'user = "{user}"\n{TOML}' if user else TOML)
    config = load(tmp_path / "hanode.toml")
    assert unreadable_secrets(config) == ""
    (tmp_path / "secrets").mkdir(0o700)
    assert ("can't read it" in unreadable_secrets(config)) == (user == "nobody")
