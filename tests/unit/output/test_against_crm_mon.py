"""Our classic picture of a CIB beside the peer's own, line by line, where both are at hand.

`Stack` and `Last ...` lines differ on purpose, and so does a heading with nothing below it. Where
our policy engine sees something in another way the picture differs too, so what is held is a floor,
to be raised as the engine grows.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from hanode.cib.document import parse
from hatui.mon_options import choice_of, read
from hatui.output.picture import of_cib
from hatui.output.text import render

CASES = Path(os.environ.get("HATUI_CASES", "/work/shared/scheduler/cases"))
CRM_MON = shutil.which("crm_mon")
SAMPLE = 13
"""Every so manieth case: crm_mon needs a while for each."""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CRM_MON is None, reason="no crm_mon: apt-get install pacemaker-cli-utils"),
    pytest.mark.skipif(not CASES.is_dir(), reason=f"no CIBs in {CASES} (HATUI_CASES)"),
]


@pytest.mark.parametrize(
    ("options", "floor"),
    [("-r", 0.82), ("-r -o", 0.8), ("-r -o -t", 0.75), ("-r -A -c -L", 0.75), ("-r -R", 0.7)],
)
def test_most_pictures_are_equal(options: str, floor: float) -> None:
    equal, different = 0, []
    words = options.split()
    for case in sorted(CASES.glob("*.xml"))[::SAMPLE]:
        theirs = crm_mon(case, words)
        if theirs is None:
            continue
        picture = of_cib(parse(case.read_bytes()), time.time())
        if comparable(render(picture, choice_of(read(["-1", *words])))) == comparable(theirs):
            equal += 1
        else:
            different.append(case.stem)
    share = equal / (equal + len(different))
    assert share >= floor, f"{share:.0%} equal; different: {', '.join(different)}"


def crm_mon(case: Path, words: list[str]) -> str | None:
    """None where the peer itself can't read the case (it is older than some of them)."""
    assert CRM_MON is not None
    environment = {**os.environ, "CIB_file": str(case), "TZ": "UTC"}
    done = subprocess.run(
        [CRM_MON, "-1", *words], env=environment, capture_output=True, text=True, check=False
    )
    return done.stdout if done.returncode == 0 and "Node List" in done.stdout else None


def comparable(text: str) -> list[str]:
    lines = text[text.index("Node List") :].splitlines()
    return [line.rstrip() for line in lines if line.strip() and line != "Operations:"]
