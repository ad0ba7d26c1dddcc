"""The filter language: what each word finds."""

from __future__ import annotations

import pytest

from hatui.cluster.filter import parse, unmatched
from hatui.cluster.items import Item

WEB = Item("web", "web", "resource", facts={"node": "n1", "state": "started Started",
           "is": "primitive active managed", "agent": "ocf:hanode:web"})  # fmt: skip
DB = Item("db:0", "db", "instance", facts={"node": "n2 n3", "state": "failed Promoted",
          "is": "primitive failed unmanaged", "agent": "ocf:heartbeat:pgsql"})  # fmt: skip


@pytest.mark.parametrize(
    ("text", "web", "db"),
    [
        ("", True, True), ("web", True, False), ("WEB", True, False), ("!web", False, True),
        ("node:n3", False, True), ("n1", True, False), ("state:failed", False, True),
        ("state:promoted", False, True), ("is:unmanaged", False, True), ("!is:failed", True, False),
        ("agent:pgsql", False, True), ("agent:ocf", True, True), ("~wb", True, False),
        ("web node:n1", True, False), ("web node:n2", False, False), ("!", True, True),
        ("colour:red", False, False), ("name:d", False, True), ('"web"', True, False),
    ],
)  # fmt: skip
def test_words(text: str, web: bool, db: bool) -> None:
    wanted = parse(text)
    assert (wanted(WEB), wanted(DB)) == (web, db)


def test_a_field_that_is_none_is_told_of_where_nothing_matches() -> None:
    assert unmatched(parse("!colour:red")).startswith("no field is called 'colour': node, state")
    assert "no field" not in unmatched(parse("state:gone"))
