"""A configuration change while it is being made: looks things up by name, collects the edits.

What does not exist is said in the field's words, with the nearest name that does. Each edit is
applied to the draft's own copy at once, so that later steps see earlier ones.
"""

from __future__ import annotations

import itertools
import re
import shlex
from collections.abc import Container, Mapping, Sequence

from lxml import etree

from hanode.cib.edits import SECTIONS, BadEdit, apply_edits
from hanode.cib.score import read
from hanode.cib.xml import read_xml
from hanode.events import CibChanged, Edit, Event
from hanode.mgmt.elements import element, nvpair, nvset
from hanode.mgmt.proposal import Aim, CannotOrder, NothingToDo, Proposal, unknown
from hanode.mgmt.secrets import without_secrets
from hanode.mgmt.switches import remotes
from hanode.state import ClusterState

_ID = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
"""An XML id: no colon (it numbers a clone's instances), no leading digit."""
RESOURCES = ("primitive", "group", "clone", "master", "bundle")


class Draft:
    """Starts from the configuration of `state`; ends in a Proposal.

    An element is named by its id. A remote node has the id of its connection: it is `nodes/ID`,
    and what stands elsewhere ID alone.
    """

    def __init__(self, state: ClusterState) -> None:
        self._state = state
        self._xml = state.cib
        self._edits: list[Edit] = []
        self.root = read_xml(state.cib.encode())

    # ------------------------------------------------------------------------------- looking up

    def find(self, name: str) -> etree._Element | None:
        """Any element of this id."""
        section, ident = self._meant(name)
        scope = self.root.find(f"configuration/{section}") if section else self.root
        return _with_id(scope, ident) if scope is not None else None

    def _meant(self, name: str) -> tuple[str, str]:
        """The section and the id that are meant; <nodes> comes last."""
        section, slash, ident = name.partition("/")
        if slash and section in SECTIONS:
            return section, ident
        sections = sorted(self._sections_with(name), key=lambda section: section == "nodes")
        return (sections[0] if sections else ""), name

    def _sections_with(self, ident: str) -> list[str]:
        sections = self.root.iterfind("configuration/*")
        return [str(section.tag) for section in sections if _with_id(section, ident) is not None]

    def resource(self, name: str) -> etree._Element:
        """The resource of this name, of any kind."""
        for held in self.root.iterfind("configuration/resources//*"):
            if held.tag in RESOURCES and held.get("id") == name:
                return held
        raise unknown("resource", name, self.resource_names())

    def resource_names(self) -> list[str]:
        found = self.root.iterfind("configuration/resources//*")
        return [held.get("id", "") for held in found if held.tag in RESOURCES]

    def node(self, name: str) -> str:
        """The node of this name, as edits name it."""
        for node in self.root.iterfind("configuration/nodes/node"):
            if node.get("uname") == name:
                return f"nodes/{node.get('id')}"
        if name not in remotes(self.root):
            raise unknown("node", name, self._nodes())
        return f"nodes/{name}"

    def entered(self, name: str) -> str:
        """The same, with an entry to keep attributes in: remote nodes get one when they need it."""
        node = self.node(name)
        if self.find(node) is None:
            self.put("nodes", element("node", id=name, type="remote", uname=name))
        return node

    def place(self, name: str) -> None:
        """Raises CannotOrder unless resources may be there."""
        self.node(name)

    def _nodes(self) -> list[str]:
        nodes = (n.get("uname", "") for n in self.root.iterfind("configuration/nodes/node"))
        return list(dict.fromkeys([*nodes, *remotes(self.root)]))

    def constraints(self) -> list[etree._Element]:
        return list(self.root.iterfind("configuration/constraints/*"))

    def fresh_id(self, ident: str) -> None:
        """Raises CannotOrder unless this can be the id of something new."""
        if not _ID.fullmatch(ident):
            raise CannotOrder(
                f"{ident!r} can't be an id: begin with a letter, then letters, digits, "
                "'.', '-', '_'"
            )
        taken = self.find(ident)
        if taken is not None and (taken.tag != "node" or taken.get("type") != "remote"):
            raise CannotOrder(
                f"the id {ident!r} is taken by a {taken.tag}; choose another", "invalid"
            )

    def free_id(self, ident: str) -> str:
        """This, or the first number behind it that makes it one of a kind."""
        return _first_free(ident, {str(held.get("id")) for held in self.root.iter()})

    # ---------------------------------------------------------------------------------- changing

    def put(self, target: str, xml: str) -> None:
        """Replace the element of that id, or append it to `target`."""
        ident = _read(xml).get("id", "")
        self._edit(Edit("put", self._told(target, ident), xml))

    def add(self, target: str, xml: str) -> None:
        """Append it to `target`, and let it replace nothing: of its ids, a resource's aside, those
        that are taken are numbered."""
        new = _read(xml)
        taken = {str(held.get("id")) for held in self.root.iter()}
        for each in new.iter():
            ident = each.get("id")
            if ident is not None and each.tag not in RESOURCES:
                each.set("id", _first_free(ident, taken))
                taken.add(each.get("id", ""))
        self.put(target, etree.tostring(new, encoding="unicode"))

    def remove(self, ident: str) -> None:
        self._edit(Edit("remove", self._told(ident)))

    def replace(self, xml: str) -> None:
        """All of the configuration."""
        self._edit(Edit("replace", xml=xml))

    def set_attribute(self, ident: str, name: str, value: str) -> None:
        """Of an element itself; an empty value removes it."""
        self._edit(Edit("set", self._told(ident), name=name, value=value))

    def set_pair(self, owner: str, tag: str, name: str, value: str, set_id: str = "") -> None:
        """A name-value pair of the element `owner`, in every set `tag` without a rule that has it;
        else in the first."""
        holders = self._sets_of(owner, tag)
        if not holders:
            node = owner.startswith("nodes/")
            set_id = set_id or (owner.replace("/", "-") if node else f"{owner}-{tag}")
            self.add(owner, nvset(set_id, tag, {name: value}))
            return
        having = [(h, pair) for h in holders if (pair := _pair_of(h, name)) is not None]
        if not having:
            holder_id = holders[0].get("id", "")
            self.add(holder_id, nvpair(f"{holder_id}-{name}", name, value))
        for holder, pair in having:
            if pair.get("value") != value:
                self.put(holder.get("id", ""), nvpair(pair.get("id", ""), name, value))

    def pair(self, owner: str, tag: str, name: str) -> str | None:
        """The value that counts there now: that of the set with the highest score."""
        holders = sorted(self._sets_of(owner, tag), key=lambda h: -read(h.get("score")))
        pairs = (pair for h in holders if (pair := _pair_of(h, name)) is not None)
        found = next(pairs, None)
        return found.get("value") if found is not None else None

    def drop_pair(self, owner: str, tag: str, name: str) -> None:
        """Take a pair away, with its set when nothing else is in that; no matter if absent."""
        for holder in self._sets_of(owner, tag):
            known = _pair_of(holder, name)
            if known is not None:
                self.remove((holder if len(holder) == 1 else known).get("id", ""))

    def set_pairs(self, owner: str, tag: str, pairs: Mapping[str, str], set_id: str = "") -> None:
        """Several of them; an empty value takes one away."""
        for name, value in pairs.items():
            if value:
                self.set_pair(owner, tag, name, value, set_id)
            else:
                self.drop_pair(owner, tag, name)

    def propose(
        self,
        sentence: str,
        argv: Sequence[str],
        risky: bool = False,
        *,
        aim: Aim | None = None,
        also: Sequence[Event] = (),
    ) -> Proposal:
        """The change as an operator's order, with `also` behind it. Raises NothingToDo."""
        line = shlex.join(("hanode", *without_secrets(argv)))
        if not self._edits and not also:
            raise NothingToDo(f"nothing to change: the configuration says so already ({line})", aim)
        edits = tuple(self._edits)
        change = (CibChanged(self._state.version, edits, why=line),) if edits else ()
        return Proposal((*change, *also), sentence, line, edits, risky, aim)

    def _told(self, name: str, new: str = "") -> str:
        """What an edit is to name, so that neither this nor the new element's id is mistaken for
        one in another section; the section goes unsaid where there is none."""
        section, ident = (name, "") if name in SECTIONS else self._meant(name)
        others = {place for one in (ident, new) if one for place in self._sections_with(one)}
        return (ident or section) if others <= {section} else f"{section}/{ident}"

    def _edit(self, edit: Edit) -> None:
        try:
            self._xml = apply_edits(self._xml, (edit,))
        except BadEdit as error:
            raise CannotOrder(str(error), "invalid") from None
        self._edits.append(edit)
        self.root = read_xml(self._xml.encode())

    def _sets_of(self, owner: str, tag: str) -> list[etree._Element]:
        """Those that can be named, and hold at all times."""
        if owner in ("crm_config", "rsc_defaults", "op_defaults"):
            place = self.root.find(f"configuration/{owner}")
        else:
            place = self.find(owner)
        sets = place.iterchildren(tag) if place is not None else ()
        return [s for s in sets if s.find("rule") is None and s.get("id")]


def _read(xml: str) -> etree._Element:
    """A new element. Raises CannotOrder for what XML has no way to say."""
    try:
        return read_xml(xml.encode())
    except ValueError as error:
        raise CannotOrder(f"this can't be said in the configuration: {error}", "invalid") from None


def _first_free(ident: str, taken: Container[str]) -> str:
    numbered = (f"{ident}-{number}" for number in itertools.count(1))
    return next(one for one in itertools.chain((ident,), numbered) if one not in taken)


def _with_id(scope: etree._Element, ident: str) -> etree._Element | None:
    return next((element for element in scope.iter() if element.get("id") == ident), None)


def _pair_of(holder: etree._Element, name: str) -> etree._Element | None:
    return next((p for p in holder.iterchildren("nvpair") if p.get("name") == name), None)
