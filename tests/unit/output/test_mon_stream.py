"""`hatui mon --output-as=ndjson`: each line an object, the picture first, then every event."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from hatui.cluster.past import Past
from hatui.mon import main
from hatui.mon_options import USAGE, read
from hatui.output import as_events
from hatui.output.picture import of_state
from tests.bench.console import source
from tests.console.feed import failed, healthy


def _next(stream: subprocess.Popen[str]) -> dict[str, Any]:
    assert stream.stdout is not None
    told: dict[str, Any] = json.loads(stream.stdout.readline())
    return told


def _follow(socket: str) -> subprocess.Popen[str]:
    words = [sys.executable, "-m", "hatui", "mon", "--output-as=ndjson", socket]
    return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_a_picture_and_then_each_event_once() -> None:
    with source(12, 20.0) as socket, _follow(socket) as stream:
        first = _next(stream)
        assert first["type"] == "picture"
        assert len(first["resources"]) == 12
        entries = [_next(stream) for _ in range(30)]
        assert [one["entry"] for one in entries] == [first["entry"] + n for n in range(1, 31)]
        assert {one["what"] for one in entries} == {"OperationFinished"}
        assert entries[0]["facts"][0]["resource"] == entries[0]["told"][0]["subject"]
        stream.send_signal(signal.SIGTERM)
        assert stream.wait() == 0


def test_when_nobody_reads_it_ends() -> None:
    with source(12, 20.0) as socket, _follow(socket) as stream:
        _next(stream)
        assert stream.stdout is not None
        stream.stdout.close()
        assert stream.wait() == 141
        assert stream.stderr is not None
        assert stream.stderr.read() == ""


def test_every_event_of_a_story_is_one_line_of_json() -> None:
    cluster = failed()
    past, stream = Past(), as_events.Stream()
    past.earlier(cluster.entries)
    lines = [stream.event(one.index, one.said, one.event) for one in past.records()]
    told = [json.loads(line) for line in lines]
    assert all(line.count("\n") == 1 for line in lines)
    assert [one["entry"] for one in told] == [entry.index for entry in cluster.entries]
    assert any(news["level"] == "bad" and news["subject"] == "web"
               for one in told for news in one["told"])  # fmt: skip
    assert not any("cib" in fact for one in told for fact in one["facts"])
    taken = of_state(cluster.state, None, cluster.now)
    assert json.loads(as_events.picture(taken, 7))["entry"] == 7


@pytest.mark.parametrize("words", [["-1"], ["--output-to", "x"], ["-x", "cib.xml"]])
def test_what_makes_no_sense_with_it_is_refused(
    words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--output-as=ndjson", *words]) == USAGE
    assert "--output-as=json" in capsys.readouterr().err


def test_a_dash_is_standard_output_to_every_form() -> None:
    assert read(["--output-as=ndjson", "--output-to=-"]).output_to == ""


def test_who_ends_it_by_ctrl_c_has_ended_it_well(tmp_path: Path) -> None:
    """As crm_mon's hands end it; it is no error that a script should see."""
    page, cib = tmp_path / "page.html", tmp_path / "cib.xml"
    cib.write_text(healthy().state.cib)
    words = ["mon", "-x", str(cib), "--output-as=html", f"--output-to={page}", "-i", "1"]
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a script's job ignores it
    running = subprocess.Popen([sys.executable, "-m", "hatui", *words])
    signal.signal(signal.SIGINT, before)
    while not page.exists():
        assert running.poll() is None
        time.sleep(0.05)
    running.send_signal(signal.SIGINT)
    assert running.wait() == 0
