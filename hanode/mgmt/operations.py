"""A resource's operations, as configuration changes: added, changed, none of them twice."""

from __future__ import annotations

from collections.abc import Iterable

from lxml import etree

from hanode.cib.xml import read_xml
from hanode.mgmt import elements
from hanode.mgmt.draft import Draft
from hanode.mgmt.elements import Operation, text_of
from hanode.mgmt.proposal import CannotOrder


def set_operation(draft: Draft, name: str, operation: Operation) -> None:
    """Change the operation of that name (and interval, and role, if given), or add one; a monitor
    alone may be given another interval."""
    known = _configured(draft, name, operation)
    if len(known) > 1:
        told = ", ".join(_described(found) for found in known)
        raise CannotOrder(
            f"{name} has several operations {operation.name}: {told}; say which, by its interval "
            "(and role)"
        )
    if not known:
        _put_operation(draft, name, elements.operation(name, operation))
        return
    ident = known[0].get("id", "")
    for option, value in operation.options.items():
        if option in elements.OF_THE_AGENT:
            draft.set_pairs(ident, "instance_attributes", {option: value})
        elif known[0].get(option, "") != value:
            draft.set_attribute(ident, option, value)


def refuse_twice(draft: Draft, name: str, operations: Iterable[Operation]) -> None:
    """Two of one name and interval would both be left undone, whatever their roles."""
    held = [*draft.resource(name).iterfind("operations/op")]
    for wanted in operations:
        same = [o for o in held if o.get("name") == wanted.name]
        every = [o.get("interval", "0s") for o in same]
        if twice := [interval for interval in every if every.count(interval) > 1]:
            raise CannotOrder(
                f"{name} would have {wanted.name} twice with interval={twice[0]}, and neither "
                "would be carried out; give each an interval of its own (--force sets it all the "
                "same)"
            )


def _configured(draft: Draft, name: str, wanted: Operation) -> list[etree._Element]:
    """The operations that may be meant."""
    held = draft.resource(name).find("operations")
    known = [] if held is None else [o for o in held if o.get("name") == wanted.name]
    if role := wanted.options.get("role"):
        known = [o for o in known if o.get("role", "Started") == role]
    if "interval" in wanted.options:
        same = [o for o in known if o.get("interval", "0s") == wanted.interval]
        known = same if same or len(known) > 1 else known
    return known


def _described(operation: etree._Element) -> str:
    role = operation.get("role")
    return f"interval={operation.get('interval', '0s')}{f' role={role}' if role else ''}"


def _put_operation(draft: Draft, name: str, text: str) -> None:
    """Operations have no id of their own, so the whole primitive is put anew."""
    primitive = draft.resource(name)
    held = primitive.find("operations")
    if held is None:
        held = etree.SubElement(primitive, "operations")
    added = read_xml(text.encode())
    added.set("id", draft.free_id(added.get("id", "")))
    held.append(added)
    draft.put(name, text_of(primitive))
