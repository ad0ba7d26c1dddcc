"""A constraint in words: who, where, with whom, after whom, and how strongly."""

from __future__ import annotations

from lxml import etree

_DATES = {"lt": "until {end}", "gt": "from {start}", "in_range": "from {start} until {end}"}


def in_words(found: etree._Element) -> str:
    """One line of them."""
    a = {str(name): str(value) for name, value in found.attrib.items()}
    if found.find("resource_set") is not None:
        return _sets(found, a)
    who = a.get("rsc") or a.get("rsc-pattern", "")
    rules = found.findall("rule")
    if rules:
        return f"{who} " + "; ".join(f"{_rule(rule)}: {_weight(rule)}" for rule in rules)
    if a.get("node"):
        role = f" as {a['role']}" if a.get("role", "Started") != "Started" else ""
        return f"{who}{role} on {a['node']}: {a.get('score', '')}"
    if a.get("with-rsc"):
        own, other = (f" ({a[k]})" if a.get(k) else "" for k in ("rsc-role", "with-rsc-role"))
        return f"{who}{own} with {a['with-rsc']}{other}: {a.get('score', 'INFINITY')}"
    if a.get("then"):
        first, then = a.get("first-action", "start"), a.get("then-action", "")
        kind = a.get("kind", "Mandatory")
        return f"{first} {a.get('first')} then {then or first} {a['then']}: {kind}"
    return " ".join(f"{name}={value}" for name, value in a.items() if name != "id")


def _sets(found: etree._Element, a: dict[str, str]) -> str:
    """Several at once: `{a b} then promote {c}`."""
    between = {"rsc_order": " then ", "rsc_colocation": " with "}.get(str(found.tag), ", ")
    told = []
    for held in found.iterfind("resource_set"):
        how = held.get("action") or held.get("role") or ""
        names = " ".join(ref.get("id", "") for ref in held.iterfind("resource_ref"))
        told.append(f"{how} {{{names}}}".lstrip())
    where = f" on {a['node']}" if a.get("node") else ""
    rules = "; ".join(f" {_rule(rule)}: {_weight(rule)}" for rule in found.iterfind("rule"))
    weight = a.get("score") or a.get("kind") or a.get("ticket", "")
    return f"{between.join(told)}{where}{rules}{f': {weight}' if weight else ''}"


def _rule(rule: etree._Element) -> str:
    joint = f" {rule.get('boolean-op', 'and')} "
    role = f"as {rule.get('role')} " if rule.get("role", "Started") != "Started" else ""
    return role + joint.join(_condition(one) for one in rule)


def _condition(one: etree._Element) -> str:
    if one.tag == "rule":
        return f"({_rule(one)})"
    if one.tag == "date_expression":
        told = _DATES.get(one.get("operation", ""), "at the dates of {id}")
        return told.format(**{name: one.get(name, "") for name in ("start", "end", "id")})
    if one.get("attribute") == "#uname" and one.get("operation") == "eq":
        return f"on {one.get('value')}"
    words = (one.get("attribute"), one.get("operation"), one.get("value"))
    return "where " + " ".join(word for word in words if word)


def _weight(rule: etree._Element) -> str:
    return rule.get("score") or rule.get("score-attribute") or "0"
