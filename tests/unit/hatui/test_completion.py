"""What a line may become: commands, names, filter words, by a few of their letters."""

from __future__ import annotations

from hatui.cluster.moment import Moment
from hatui.cluster.whatif import look_at
from hatui.commandline import WORDS, read
from hatui.completion import complete_command, complete_filter, ranked
from tests.console.feed import healthy


def moment() -> Moment:
    cluster = healthy()
    return look_at(cluster.state, cluster.now)


def complete(text: str) -> list[str]:
    return complete_command(text, moment(), ["mono", "hatui-dark"], ["prod", "lab"])


def test_verbs_by_their_letters() -> None:
    assert complete("mo")[0] == "move "
    assert "standby " in complete("stby")
    assert complete("xyzzy") == []


def test_each_place_takes_its_kind_of_name() -> None:
    assert complete("move we") == ["move web "]
    assert complete("move web n") == ["move web n1", "move web n2", "move web n3"]
    assert complete("standby 2") == ["standby n2"]
    assert complete("theme d") == ["theme hatui-dark"]
    assert complete("ctx ") == ["ctx prod", "ctx lab"]


def test_what_is_completed_can_be_read() -> None:
    now = moment()
    for word, takes in WORDS.items():
        if not takes:
            assert read(word, now)


def test_filters() -> None:
    now = moment()
    assert complete_filter("no", now) == ["node:"]
    assert complete_filter("web node:n", now) == ["web node:n1", "web node:n2", "web node:n3"]
    assert "!agent:ocf:hanode:web" in complete_filter("!agent:web", now)
    assert complete_filter("", now) == []


def test_beginnings_before_parts_before_letters() -> None:
    assert ranked("ab", ["xaxb", "cab", "abc", "b"]) == ["abc", "cab", "xaxb"]
