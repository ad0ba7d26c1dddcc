"""Metadata: our own agents' by the standard's schema, others' read, parameters held against it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from lxml import etree

from hanode.ra.metadata import BadMetadata, Metadata, read_metadata
from hanode.ra.site import PACKAGED
from hanode.ra.validate import wrong_parameters

SCHEMA = Path("/usr/share/resource-agents/metadata.rng")
SYSTEM = Path("/usr/lib/ocf/resource.d/heartbeat")
OWN = ("Dummy", "Stateful", "web")


def ask(path: Path, *arguments: str) -> bytes:
    environment = {"PATH": "/usr/bin:/bin", "HANODE_PYTHON": sys.executable,
                   "OCF_ROOT": "/usr/lib/ocf"}  # fmt: skip
    done = subprocess.run([path, *arguments], env=environment, stdout=subprocess.PIPE, check=True)
    return done.stdout


@pytest.mark.parametrize("name", OWN)
def test_our_agents_describe_themselves(name: str) -> None:
    metadata = read_metadata(ask(PACKAGED / "ocf" / name, "meta-data"))
    assert metadata.name == name
    assert metadata.summary
    assert all(parameter.summary for parameter in metadata.parameters)
    actions = {action.name for action in metadata.actions}
    assert actions >= {"start", "stop", "monitor", "meta-data", "validate-all"}
    assert metadata.promotable is (name == "Stateful")


@pytest.mark.skipif(not SCHEMA.exists(), reason="resource-agents with its schema isn't installed")
@pytest.mark.parametrize("name", OWN)
def test_our_agents_keep_to_the_schema(name: str) -> None:
    schema = etree.RelaxNG(etree.parse(str(SCHEMA)))
    document = etree.fromstring(ask(PACKAGED / "ocf" / name, "meta-data"))
    for parameter in document.iter("parameter"):  # the schema is of API 1.0: 1.1 added these
        parameter.attrib.pop("unique-group", "")
        parameter.attrib.pop("reloadable", "")
    assert schema.validate(document), schema.error_log


def test_our_fence_agent_describes_itself() -> None:
    metadata = read_metadata(ask(PACKAGED / "fence" / "fence_demo", "-o", "metadata"))
    assert [p.name for p in metadata.parameters if p.required] == ["action", "plug", "strip"]
    assert wrong_parameters(metadata, {"strip": "/s", "pcmk_host_list": "n1"}, "stonith") == []
    metadata = read_metadata(ask(PACKAGED / "fence" / "fence_nft", "-o", "metadata"))
    assert [p.name for p in metadata.parameters if p.required] == ["action", "plug", "enforcers"]


@pytest.mark.skipif(not SYSTEM.exists(), reason="resource-agents isn't installed")
@pytest.mark.parametrize("name", ["IPaddr2", "Filesystem", "Dummy"])
def test_debians_agents_are_read(name: str) -> None:
    metadata = read_metadata(ask(SYSTEM / name, "meta-data"))
    assert metadata.name == name
    assert metadata.parameters
    if name == "IPaddr2":
        assert wrong_parameters(metadata, {}) == [
            "IPaddr2 needs parameter ip (IPv4 or IPv6 address)"
        ]


@pytest.mark.parametrize(
    "data", [b"", b"not xml", b"<a/>", b'<!DOCTYPE a [<!ENTITY x "y">]><resource-agent/>']
)
def test_nonsense_is_an_error_in_words(data: bytes) -> None:
    with pytest.raises(BadMetadata):
        read_metadata(data)


def test_words_before_the_document_are_passed_over() -> None:
    assert read_metadata(b"warning: old shell\n<resource-agent name='x'/>").name == "x"


@pytest.fixture
def fake() -> Metadata:
    return read_metadata(
        b"""<?xml version="1.0"?>
        <!DOCTYPE resource-agent SYSTEM "ra-api-1.dtd">
        <resource-agent name="fake" version="0.1"><parameters>
          <parameter name="address" required="1"><shortdesc lang="en">where</shortdesc>
            <content type="string"/></parameter>
          <parameter name="ip"><content type="string"/>
            <deprecated><replaced-with name="address"/></deprecated></parameter>
          <parameter name="port"><content type="integer" default="1"/></parameter>
          <parameter name="fast"><content type="boolean"/></parameter>
          <parameter name="pause"><content type="second"/></parameter>
          <parameter name="dampen"><content type="integer" default="5s"/></parameter>
          <parameter name="mode"><content type="select"><option value="a"/><option value="b"/>
            </content></parameter>
        </parameters><actions><action name="start" timeout="1min"/></actions></resource-agent>"""
    )


@pytest.mark.parametrize(
    ("parameters", "wrong"),
    [
        ({"address": "x", "port": "80", "fast": "yes", "pause": "5s", "mode": "a"}, None),
        ({"ip": "x"}, None),
        ({"ip": "x", "dampen": "1s"}, None),
        ({"ip": "x", "dampen": "soon"}, "fake: dampen is 'soon', and must be a duration"),
        ({}, "fake needs parameter address (where)"),
        ({"address": "x", "prot": "1"}, "fake has no parameter prot; did you mean port?"),
        ({"address": "x", "port": "80a"}, "fake: port is '80a', and must be a whole number"),
        ({"address": "x", "fast": "soon"}, "fake: fast is 'soon', and must be true or false"),
        ({"address": "x", "pause": "long"}, "fake: pause is 'long', and must be a duration"),
        ({"address": "x", "mode": "c"}, "fake: mode is 'c', and must be one of a, b"),
    ],
)
def test_parameters_are_held_against_it(
    fake: Metadata, parameters: dict[str, str], wrong: str | None
) -> None:
    found = wrong_parameters(fake, parameters)
    assert len(found) == (wrong is not None)
    if wrong is not None:
        assert found[0].startswith(wrong)


def test_all_that_is_missing_is_told_at_once() -> None:
    known = read_metadata(
        b"""<resource-agent name="x"><parameters>
        <parameter name="one" required="1"><shortdesc lang="en">the first, of two</shortdesc>
          <content type="string"/></parameter>
        <parameter name="two" required="1"><content type="string"/></parameter>
        </parameters><actions/></resource-agent>"""
    )
    both = ["x needs parameter one (the first, of two)", "x needs parameter two"]
    assert wrong_parameters(known, {}) == both
    assert wrong_parameters(known, {}, about=("one",)) == both[:1]


def test_the_authors_timeouts(fake: Metadata) -> None:
    assert fake.actions[0].timeout == 60.0


def test_a_fence_agents_older_name_is_needed_no_more_than_its_newer_one() -> None:
    """As Debian's fence_ifmib has them, which could not be created by its newer name."""
    known = read_metadata(
        b"""<resource-agent name="fence_x"><parameters>
        <parameter name="ip" required="1" obsoletes="ipaddr"><content type="string"/></parameter>
        <parameter name="ipaddr" required="1" deprecated="1"><content type="string"/></parameter>
        </parameters><actions/></resource-agent>"""
    )
    assert wrong_parameters(known, {"ip": "192.0.2.1"}, "stonith") == []
    assert wrong_parameters(known, {"ipaddr": "192.0.2.1"}, "stonith") == []
    assert len(wrong_parameters(known, {}, "stonith")) > 0
