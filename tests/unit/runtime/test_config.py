"""hanode.toml: what is wrong in it is said by file, key and remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from hanode.runtime.config import Address, ConfigError, load, parse_address

GOOD = """
name = "n1"
stream = "127.0.0.1:5577"
state = "state"
[timing]
keepalive = "200ms"
warntime = 1
deadtime = "2s"
[[link]]
address = "127.0.0.1"
[[link]]
kind = "broadcast"
address = "10.0.0.1:700"
broadcast = "10.0.0.255"
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "hanode.toml"
    path.write_text(text)
    return path


def test_a_good_file(tmp_path: Path) -> None:
    config = load(write(tmp_path, GOOD))
    assert config.state == tmp_path / "state"
    assert config.timing.keepalive == 0.2
    assert config.timing.initdead == 10.0
    assert config.links[0].address == Address("127.0.0.1", 694)
    assert config.links[1].to == "10.0.0.255"
    assert config.run == Path("/run/hanode")


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ('name = "n1"', "", "name: is missing"),
        ('name = "n1"', 'name = "n 1"', "can't be a node's name"),
        ('name = "n1"', "name = 1", "name: 1 can't be used; write a text"),
        ('name = "n1"', 'name = "n1"\nnmae = 2', "nmae: no such key; remove it; known here: name"),
        ('"127.0.0.1:5577"', '"127.0.0.1:port"', "stream: '127.0.0.1:port' can't be used"),
        ("[[link]]", "[[lnik]]", "lnik: no such key"),
        ('kind = "broadcast"', 'kind = "pigeon"', "link 2.kind: 'pigeon' can't be used"),
        ('broadcast = "10.0.0.255"', "", "link 2.broadcast: is missing"),
        ('keepalive = "200ms"', 'keepalive = "soon"', 'or a text such as "100ms"'),
        ('keepalive = "200ms"', "keepalive = 3", "make keepalive < warntime < deadtime"),
        ('keepalive = "200ms"', "keepalive = 0.001", "is too short; write 0.02 or more"),
        ('name = "n1"', "name = ", "is not TOML"),
    ],
)
def test_a_wrong_file(tmp_path: Path, before: str, after: str, words: str) -> None:
    path = write(tmp_path, GOOD.replace(before, after))
    with pytest.raises(ConfigError) as error:
        load(path)
    assert words in str(error.value)
    assert str(path) in str(error.value)


def test_heartbeat_asks_no_name_server(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="link 2: 'everybody' is no address; write"):
        load(write(tmp_path, GOOD.replace("10.0.0.255", "everybody")))


def test_a_missing_file_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="hanode init"):
        load(tmp_path / "hanode.toml")


@pytest.mark.parametrize("text", ["", ":1", "a b:1", "h:99999", "h:x", "[::1", "[::1]x"])
def test_what_is_no_address(text: str) -> None:
    with pytest.raises(ValueError, match="not HOST:PORT"):
        parse_address(text, 694)


def test_addresses_of_both_kinds() -> None:
    assert parse_address("::1", 694) == Address("::1", 694)
    assert parse_address("[::1]:7", 694) == Address("::1", 7)
    assert str(parse_address("[::1]:7", 694)) == "[::1]:7"


def test_a_node_needs_a_link(tmp_path: Path) -> None:
    path = write(tmp_path, 'name = "n1"\nstream = "127.0.0.1"\n')
    with pytest.raises(ConfigError, match="at least one heartbeat link"):
        load(path)
