"""What `hanode resource failures` says of an exit code."""

from __future__ import annotations

import dataclasses

import pytest

from hanode.cli.resource.failures import as_json, lines, remembered
from tests.unit.mgmt.clusters import founded, operation


def test_a_failure_says_what_it_means_and_what_to_try() -> None:
    log = founded()
    failed = dataclasses.replace(
        operation("n1", "web", "start", rc=5, call_id=9), tail="no nginx\x1b[2J\nhere", digest=""
    )
    log.say(failed, actor="n1")
    (found,) = remembered(log.state, "web")
    text = "\n".join(lines(found))
    assert "isn't on this node" in text
    assert "Try: install it" in text
    assert "hanode resource cleanup web" in text
    assert "  | no nginx\n  | here" in text
    assert as_json(found)["rc"] == 5
    assert list(remembered(log.state, "ip")) == []


@pytest.mark.parametrize(
    ("status", "rc", "says"),
    [("timeout", 1, "in its time"), ("not-installed", 5, "isn't on this node"),
     ("done", 6, "whatever the node"), ("done", 42, "no exit code of the OCF standard")],
)  # fmt: skip
def test_each_kind_of_end_has_a_sentence(status: str, rc: int, says: str) -> None:
    failed = operation("n1", "web", "start", status=status, rc=rc)
    assert says in "\n".join(lines(failed))
