"""The lease that heartbeat publishes and the LRM reads."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from hanode.runtime import lease
from hanode.runtime.lease import LeaseReader, LeaseWriter


def test_what_is_published_is_read(tmp_path: Path) -> None:
    writer = LeaseWriter(tmp_path / "lease")
    writer.publish(17.5)
    assert LeaseReader(tmp_path / "lease").until() == 17.5


def test_it_is_read_whole_while_it_is_written(tmp_path: Path) -> None:
    writer, reader = LeaseWriter(tmp_path / "lease"), LeaseReader(tmp_path / "lease")
    values = [time.monotonic() + 1e6, time.monotonic() + 2e6]
    writer.publish(values[0])
    pid = os.fork()
    if pid == 0:
        for _ in range(500_000):
            writer.publish(values[1])
            writer.publish(values[0])
        os._exit(0)
    seen = set[float]()
    while os.waitpid(pid, os.WNOHANG) == (0, 0):
        seen.update(reader.until() for _ in range(1000))
    assert seen <= set(values)


def test_a_file_in_its_place_is_found(tmp_path: Path) -> None:
    path = tmp_path / "lease"
    LeaseWriter(path).publish(17.5)
    reader = LeaseReader(path)
    assert reader.until() == 17.5
    path.unlink()
    LeaseWriter(path).publish(until := time.monotonic() + 1000)
    assert reader.until() == until


def test_there_is_none_before_it_is_published(tmp_path: Path) -> None:
    assert LeaseReader(tmp_path / "lease").until() == 0.0


def test_a_lease_of_an_earlier_boot_of_the_machine_is_none(tmp_path: Path) -> None:
    """Its clock has begun anew, and may well show less than the lease's end."""
    path = tmp_path / "lease"
    path.write_bytes(lease._FORM.pack(1e9, b"another boot"))
    assert LeaseReader(path).until() == 0.0


@pytest.mark.skipif(os.geteuid() != 0, reason="a disk of one page is made by root")
def test_a_full_disk_is_an_error(tmp_path: Path) -> None:
    write = "LeaseWriter(pathlib.Path(sys.argv[1]) / 'lease')"
    script = (
        'mount -t tmpfs -o size=4k tmpfs "$1" && echo x > "$1/full" &&\n'
        f'"$2" -c "import pathlib, sys\nfrom hanode.runtime.lease import LeaseWriter\n{write}" "$1"'
    )
    argv = ["unshare", "--mount", "sh", "-c", script, "sh", str(tmp_path), sys.executable]
    done = subprocess.run(argv, capture_output=True, text=True)
    assert "No space left on device" in done.stderr
    assert done.returncode == 1
