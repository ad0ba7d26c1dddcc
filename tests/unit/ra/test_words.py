"""Agents' names, environments, exit codes and output."""

from __future__ import annotations

import pytest

from hanode.ra import BadAgent, Command, Job, Site, Unrunnable, command, outcome, parse_agent
from hanode.ra.durations import seconds
from hanode.ra.exit_codes import meaning
from hanode.ra.output import exit_reason, readable, tail

SITE = Site("n1", "/run/n1", extra=(("LANG", "C"),))


def job(agent: str, task: str, **more: object) -> Job:
    given = {"interval_ms": 0, "timeout_ms": 20_000, "parameters": {}, "meta": {}, **more}
    return Job(parse_agent(agent), "r1", task, **given)  # type: ignore[arg-type]


def test_names() -> None:
    assert parse_agent("ocf:heartbeat:IPaddr2") == ("ocf", "heartbeat", "IPaddr2")
    assert parse_agent("stonith:fence_ipmilan") == ("stonith", "", "fence_ipmilan")
    assert parse_agent("systemd:getty@tty1") == ("systemd", "", "getty@tty1")


@pytest.mark.parametrize(
    "text",
    ["", "ocf", "ocf:heartbeat", "ocf::x", "ocf:heartbeat:../../bin/sh", "ocf:..:x", "lsb:a/b",
     "lsb:-x", "lsb:.x", "stonith:", "stonith:external/", "stonith:external/../x",
     "stonith:other/x", "shell:rm", "lsb:a\0b", "lsb:a b"],
)  # fmt: skip
def test_what_names_no_agent(text: str) -> None:
    with pytest.raises(BadAgent):
        parse_agent(text)


def test_an_ocf_agents_surroundings() -> None:
    made = command(
        job("ocf:heartbeat:Dummy", "monitor", interval_ms=10_000, parameters={"fake": "a b"},
            meta={"clone-max": "3", "notify_start_uname": "n2"}),
        SITE,
    )  # fmt: skip
    assert isinstance(made, Command)
    assert made.argv == ("/usr/lib/ocf/resource.d/heartbeat/Dummy", "monitor")
    env = made.env
    assert env["OCF_RESKEY_fake"] == "a b"
    assert env["OCF_RESKEY_CRM_meta_clone_max"] == "3"
    assert env["OCF_RESKEY_CRM_meta_notify_start_uname"] == "n2"
    assert env["OCF_RESKEY_CRM_meta_interval"] == "10000"
    assert env["OCF_RESKEY_CRM_meta_on_node"] == "n1"
    assert (env["OCF_RESOURCE_TYPE"], env["OCF_RESOURCE_PROVIDER"]) == ("Dummy", "heartbeat")
    assert env["OCF_RESOURCE_INSTANCE"] == "r1"
    assert env["LANG"] == "C"
    assert env["PATH"].split(":")[0].endswith("agents/bin")
    assert not [name for name in env if name.startswith("LD_")]


def test_our_own_agents_are_in_the_package() -> None:
    made = command(job("ocf:hanode:web", "start"), SITE)
    assert isinstance(made, Command)
    assert made.argv[0].endswith("/hanode/agents/ocf/web")
    assert SITE.fence_agent("fence_demo").endswith("/hanode/agents/fence/fence_demo")
    assert SITE.fence_agent("fence_ipmilan") == "/usr/sbin/fence_ipmilan"


def test_init_scripts_have_verbs_and_codes_of_their_own() -> None:
    made = command(job("lsb:cron", "monitor"), SITE)
    assert isinstance(made, Command)
    assert made.argv == ("/etc/init.d/cron", "status")
    assert [outcome("lsb", "monitor", rc) for rc in (0, 1, 2, 3, 4, 150)] == [0, 7, 7, 7, 1, 1]
    assert [outcome("lsb", "stop", rc) for rc in (0, 1, 2, 4, 5, 6, 7)] == [0, 1, 2, 4, 5, 6, 7]
    assert isinstance(command(job("lsb:cron", "promote"), SITE), Unrunnable)


def test_every_exit_code_has_a_sentence() -> None:
    assert [meaning(rc).name for rc in (0, 5, 7, 8)] == [
        "ok", "not installed", "not running", "promoted",
    ]  # fmt: skip
    assert "no exit code of the OCF standard" in meaning(42).sentence
    assert outcome("ocf", "start", 42) == 1


def test_output_is_made_fit_for_people() -> None:
    assert readable(b"a\x1b]52;c;aGk=\x07b\x1b[2Jc\x9b\xe2\x80\xaed\r\n") == "abc\ufffdd\n"
    assert exit_reason(b"x\nocf-exit-reason:one\nocf_exit_reason:two\n") == "two"
    assert exit_reason(b"") == ""
    long = tail(b"\xc3\xa9" * 5000, b"end")
    assert long.endswith("end")
    assert len(long.encode()) <= 2048


@pytest.mark.parametrize(
    ("text", "value"),
    [("10", 10.0), ("10s", 10.0), ("200ms", 0.2), ("2min", 120.0), ("1h", 3600.0), ("", 7.0),
     ("soon", 7.0), ("-5", 7.0)],
)  # fmt: skip
def test_durations(text: str, value: float) -> None:
    assert seconds(text, 7.0) == value


def test_a_script_that_ends_without_a_word_for_it_has_not_said_that_nothing_runs() -> None:
    """(Found by the simulator: a second copy was started.)"""
    assert outcome("heartbeat", "monitor", 42, b"") == 1
    assert outcome("heartbeat", "monitor", -9, b"") == 1
    assert outcome("heartbeat", "monitor", 0, b"") == outcome("heartbeat", "monitor", 3, b"") == 7
    assert outcome("heartbeat", "monitor", 42, b"running\n") == 0
