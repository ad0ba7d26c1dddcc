"""Which devices fence a node: lists, maps, topology."""

from __future__ import annotations

import pytest

from hanode.cib.configuration import (
    Bundle,
    Clone,
    Configuration,
    FencingLevel,
    Group,
    Node,
    NvSet,
    Primitive,
)
from hanode.fencing.devices import (
    Levels,
    configured,
    exclusive_domains,
    host_map,
    levels_for,
    switching_off,
    unfencing,
    why_none,
)


def device(name: str, priority: str = "", template: str = "", **parameters: str) -> Primitive:
    pairs = tuple(parameters.items())
    meta = (NvSet("m", (("priority", priority),)),) if priority else ()
    return Primitive(
        name, "stonith", "", "fence_demo", template, meta=meta, parameters=(NvSet("p", pairs),)
    )


def names(levels: Levels) -> list[list[str]]:
    return [[device.id for device in level] for level in levels]


def test_each_able_device_is_a_level_by_priority_then_order() -> None:
    configuration = Configuration(
        resources=(
            device("d1", pcmk_host_list="n1,n2"),
            device("d2", pcmk_host_list="n2 n3", priority="10"),
            device("d3", pcmk_host_list="n3"),
            Primitive("web", "ocf", "hanode", "web"),
        )
    )
    assert names(levels_for(configuration, "n2")) == [["d2"], ["d1"]]
    assert names(levels_for(configuration, "n9")) == []


def test_a_map_gives_the_plug() -> None:
    configuration = Configuration(resources=(device("d1", pcmk_host_map="n1:4;n2:5,6"),))
    ((fence,),) = levels_for(configuration, "n2")
    assert (fence.plug, fence.agent) == ("5,6", "fence_demo")
    assert levels_for(configuration, "n3") == ()
    assert host_map({"pcmk_host_map": "n1:1 n2=2; bad"}) == {"n1": "1", "n2": "2"}


def test_a_device_without_a_list_is_believed_unless_it_should_have_one() -> None:
    configuration = Configuration(resources=(device("d1"),))
    assert names(levels_for(configuration, "n1")) == [["d1"]]
    named = Configuration(resources=(device("d1", pcmk_host_check="static-list"),))
    assert names(levels_for(named, "n1")) == []
    anything = Configuration(resources=(device("d1", pcmk_host_check="none", pcmk_host_list="x"),))
    assert names(levels_for(anything, "n1")) == [["d1"]]


def test_topology_by_name_pattern_or_attribute() -> None:
    rack = Node("1", "n1", attributes=(NvSet("a", (("rack", "7"),)),))
    configuration = Configuration(
        nodes=(rack, Node("2", "n2")),
        resources=(device("d1"), device("d2"), device("d3")),
        levels=(
            FencingLevel("l2", 2, ("d1",), target="n2"),
            FencingLevel("l1", 1, ("d2", "d3"), target="n2"),
            FencingLevel("p", 1, ("d3",), target_pattern="^web"),
            FencingLevel("a", 1, ("d1",), target_attribute="rack", target_value="7"),
        ),
    )
    assert names(levels_for(configuration, "n2")) == [["d2", "d3"], ["d1"]]
    assert names(levels_for(configuration, "web3")) == [["d3"]]
    assert names(levels_for(configuration, "n1")) == [["d1"]]


def test_a_level_with_a_device_that_is_not_there_fences_nothing() -> None:
    levels = (FencingLevel("l1", 1, ("d1", "gone"), target="n1"),)
    assert levels_for(Configuration(resources=(device("d1"),), levels=levels), "n1") == ()


def test_devices_are_found_wherever_they_stand() -> None:
    stopped = Primitive("d4", "stonith", "", "x", meta=(NvSet("m", (("target-role", "Stopped"),)),))
    template = device("t", strip="/s")._replace(type="fence_demo")
    from_template = Primitive("d3", "", "", "", "t")
    configuration = Configuration(
        resources=(
            Group("g", (device("d1"),)), Clone("c", device("d2")), from_template, stopped,
        ),
        templates=(template,),
    )  # fmt: skip
    found = configured(configuration)
    assert [d.id for d in found] == ["d1", "d2", "d3"]
    assert found[2].parameters == {"strip": "/s"}
    assert found[2].agent == "fence_demo"


def providing(name: str, what: str, isolates: str = "") -> Primitive:
    pairs = (("provides", what), *((("isolates", isolates),) if isolates else ()))
    return Primitive(name, "stonith", "", "fence_x", meta=(NvSet("m", pairs),))


def resource(name: str, exclusivity: str = "") -> Primitive:
    pairs = (("exclusivity", exclusivity),) if exclusivity else ()
    return Primitive(name, "ocf", "heartbeat", "x", meta=(NvSet("m", pairs),))


def test_isolation_suffices_only_where_every_resource_says_so() -> None:
    switch, address, disk = providing("sw", "isolation"), resource("ip", "network"), resource("fs")
    safe = Configuration(resources=(switch, address))
    ((device,),) = levels_for(safe, "n1")
    assert (device.id, device.evidence) == ("sw", "isolation-verified")
    unsafe = Configuration(resources=(switch, Group("g", (address, disk))))
    assert levels_for(unsafe, "n1") == ()
    assert exclusive_domains(unsafe) == {"ip": frozenset({"network"}), "fs": frozenset()}


def test_a_level_has_to_cut_a_node_off_from_all_domains_of_all_resources() -> None:
    front, back = providing("front", "isolation"), providing("back", "isolation", "storage")
    levels = (FencingLevel("l1", 1, ("front",), target="n1"),
              FencingLevel("l2", 2, ("front", "back"), target="n1"))  # fmt: skip
    resources = (front, back, resource("ip", "network"), resource("fs", "storage, network"))
    assert names(levels_for(Configuration(resources=resources, levels=levels), "n1")) == [
        ["front", "back"]
    ]
    assert names(levels_for(Configuration(resources=resources[:3], levels=levels), "n1")) == [
        ["front"], ["front", "back"],
    ]  # fmt: skip
    assert levels_for(Configuration(resources=resources), "n1") == ()  # neither suffices alone
    nothing = (providing("sw", "isolation", ","), resource("ip", "network"))
    assert levels_for(Configuration(resources=nothing), "n1") == ()  # cuts off from nothing


def test_a_level_with_a_device_that_does_not_suffice_is_no_level() -> None:
    levels = (FencingLevel("l1", 1, ("sw", "power"), target="n1"),)
    resources = (providing("sw", "isolation"), providing("power", ""), resource("fs"))
    assert levels_for(Configuration(resources=resources, levels=levels), "n1") == ()


def test_devices_that_let_a_node_in() -> None:
    resources = (
        providing("scsi", "unfencing"),
        providing("power", ""),
        providing("sw", "isolation"),
    )
    found = unfencing(Configuration(resources=resources), "n1")
    assert [device.id for device in found] == ["scsi", "sw"]


def test_to_be_cut_off_is_no_end_of_a_boot() -> None:
    """Of two nodes alone, each might cut the other off, and both would go on by themselves."""
    power, switch = providing("power", ""), providing("sw", "isolation")
    levels = (FencingLevel("l1", 1, ("sw",), target="n1"),
              FencingLevel("l2", 2, ("power", "sw"), target="n1"),
              FencingLevel("l3", 3, ("power",), target="n1"))  # fmt: skip
    resources = (power, switch, resource("ip", "network"))
    found = levels_for(Configuration(resources=resources, levels=levels), "n1")
    assert names(found) == [["sw"], ["power", "sw"], ["power"]]
    assert names(switching_off(found)) == [["power"]]


def test_why_a_switch_does_not_fence_is_said() -> None:
    assert why_none(Configuration(), "n1") == "no fence device is configured for it"
    resources = (providing("sw", "isolation"), resource("ip", "network"), resource("fs"))
    said = why_none(Configuration(resources=resources), "n1")
    assert said.startswith("sw can only cut it off from network, which does not end what fs can do")


def test_a_container_may_write_to_a_disk_as_any_resource_may() -> None:
    """Its service says where it must be the only one; so must the bundle itself."""
    switch, service = providing("sw", "isolation"), resource("ip", "network")
    bundle = Bundle("b", child=service)
    assert levels_for(Configuration(resources=(switch, bundle)), "n1") == ()
    told = NvSet("m", (("exclusivity", "network"),))
    assert levels_for(Configuration(resources=(switch, bundle._replace(meta=(told,)))), "n1")


@pytest.mark.parametrize("odd", ["²", "+-1", "9" * 5000])
def test_a_priority_that_is_no_number_ends_nobodys_crm(odd: str) -> None:
    """The DC reads it whenever it fences somebody."""
    assert len(levels_for(Configuration(resources=(device("d", odd),)), "n1")) == 1
