"""Where clusters are: addresses and contexts, from a command line or a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from hatui.config import Address, BadConfig, address, find, load


@pytest.mark.parametrize(
    ("told", "means"),
    [
        ("n1", Address(host="n1")),
        ("root@n1:22", Address(host="n1", port=22, user="root")),
        ("[fe80::1]:5567", Address(host="fe80::1", port=5567)),
        ("fe80::1", Address(host="fe80::1")),
        ("/run/x.sock", Address(socket="/run/x.sock")),
    ],
)
def test_addresses(told: str, means: Address) -> None:
    assert address(told) == means


@pytest.mark.parametrize("told", ["", "n1:x", "n1:70000", "[::1", "user@"])
def test_what_is_no_address(told: str) -> None:
    with pytest.raises(BadConfig):
        address(told)


def test_contexts(tmp_path: Path) -> None:
    file = tmp_path / "hatui.toml"
    file.write_text(
        'default = "a"\n[contexts.a]\nwhere = ["n1/console.sock", "n2:5567"]\nkey = "me"\n'
        '[contexts.b]\nwhere = "u@h"\nreadonly = true\n'
    )
    config = load(str(file))
    assert find(config).where == (
        Address(socket=str(tmp_path / "n1/console.sock")), Address(host="n2", port=5567),
    )  # fmt: skip
    assert find(config).key == str(tmp_path / "me")
    assert find(config, "b").readonly
    assert find(config, "other:99").where == (Address(host="other", port=99),)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("default = 'x'", "names no context"),
        ("colour = 1", "unknown setting 'colour'"),
        ("ascii = 'yes'", "ascii = 'yes': give true or false"),
        ("[contexts.a]", "where = [...] is missing"),
        ("[contexts.a]\nwhere = [1]", "where = [...] is missing"),
        ("[contexts.a]\nwhere = 'a:b'", "address 'a:b'"),
        ("mouse = 'no'", "give auto, on or off"),
        ("x =", "not TOML"),
    ],
)
def test_bad_configuration(tmp_path: Path, text: str, says: str) -> None:
    file = tmp_path / "hatui.toml"
    file.write_text(text)
    with pytest.raises(BadConfig) as error:
        load(str(file))
    assert says in str(error.value)
    assert str(file) in str(error.value)
