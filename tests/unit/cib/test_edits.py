"""What is no change of a configuration is a BadEdit, whatever is wrong with it, nothing else."""

from __future__ import annotations

import pytest

from hanode.cib.edits import EMPTY, LOOKS_MAX, BadEdit, apply_edits
from hanode.cib.xml import read_xml
from hanode.events import Edit

CIB = EMPTY.replace("<nodes/>", '<nodes><node id="n1" uname="n1"/></nodes>')
ROOT = Edit("replace", xml='<cib id="r" epoch="1"><configuration/></cib>')


def replaced(**version: str) -> Edit:
    given = " ".join(f'{name}="{value}"' for name, value in version.items())
    return Edit("replace", xml=f"<cib {given}><configuration/></cib>")


@pytest.mark.parametrize(
    "edits",
    [
        (Edit("set", target="n1", name="a b", value="x"),),
        (Edit("set", target="n1", name="a", value="\x01"),),
        (Edit("set", target="n1", name="", value="x"),),
        (Edit("set", target="n1", name="a", value="\ufffe"),),
        (ROOT, Edit("set", target="r", name="xmlns", value="urn:x")),
        (ROOT, Edit("put", target="nodes", xml='<a id="r"/>')),
        (ROOT, Edit("remove", target="r")),
        (replaced(epoch="9" * 4299),),
        (replaced(epoch="9" * 5000),),
        (replaced(admin_epoch="x"),),
        (Edit("put", target="nodes", xml="<a/><b/>"),),
        (Edit("explode"),),
        tuple(
            Edit("put", target=f"n{depth}", xml=f'<node id="n{depth + 1}"/>')
            for depth in range(1, 70)
        ),
    ],
)
def test_what_makes_no_configuration_is_refused(edits: tuple[Edit, ...]) -> None:
    with pytest.raises(BadEdit):
        apply_edits(CIB, edits)


def test_there_is_a_bound_to_the_work_that_a_change_is() -> None:
    flip = Edit("set", target="n1", name="a", value="x")
    many = LOOKS_MAX // CIB.count("<")
    with pytest.raises(BadEdit, match="too many"):
        apply_edits(CIB, (flip,) * (many + 1))
    large = f"<nodes>{'<a/>' * 100_000}</nodes>"
    assert apply_edits(CIB, (Edit("put", target="nodes", xml=large),))
    with pytest.raises(BadEdit, match="too many"):
        apply_edits(CIB, (Edit("put", target="nodes", xml=large), *(flip,) * 100))


def test_after_the_greatest_version_that_may_be_given_there_is_a_next() -> None:
    high = apply_edits(CIB, (replaced(epoch=str(10**15)),))
    higher = apply_edits(high, (Edit("put", target="nodes", xml='<node id="n2"/>'),))
    assert read_xml(higher.encode()).get("epoch") == str(10**15 + 2)
