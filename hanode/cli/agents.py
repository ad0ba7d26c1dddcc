"""Agents on this machine: which there are, and what they say of themselves (their metadata)."""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from hanode.cib.xml import BadXml, read_xml
from hanode.cli.exits import DATA, Failed
from hanode.ra.name import BadAgent, parse_agent
from hanode.ra.site import OWN_PROVIDER, Site
from hanode.transition import Agent

PATIENCE = 10.0
FENCER_GIVES = frozenset({"action", "plug", "port", "nodename"})
"""Parameters that a fence agent gets with each fencing: they are of the target, not the device."""
_DOCTYPE = re.compile(rb"<!DOCTYPE[^>\[]*>")
"""Most agents name their DTD; nothing of it is ever read."""


@dataclass(frozen=True, slots=True)
class Parameter:
    name: str
    required: bool
    default: str
    summary: str
    deprecated: bool = False


@dataclass(frozen=True, slots=True)
class Metadata:
    """What an agent says of itself."""

    agent: Agent
    summary: str
    description: str
    parameters: tuple[Parameter, ...] = ()
    actions: tuple[dict[str, str], ...] = field(default=())


def listed(site: Site, pattern: str = "") -> list[str]:
    """The agents here, by name, that contain `pattern`."""
    own = Path(site.packaged)
    found = [f"ocf:{OWN_PROVIDER}:{name}" for name in _programs(own / "ocf")]
    root = Path(site.ocf_root) / "resource.d"
    for provider in _folders(root):
        found += [f"ocf:{provider}:{name}" for name in _programs(root / provider)]
    fence = [*_programs(own / "fence"), *_programs(Path(site.fence_dir))]
    found += [f"stonith:{name}" for name in dict.fromkeys(fence) if name.startswith("fence_")]
    found += [f"lsb:{name}" for name in _programs(Path(site.lsb_dir))]
    return sorted(name for name in found if pattern.lower() in name.lower())


def agent_of(text: str, site: Site) -> Agent:
    """The agent that an operator means: `ocf:hanode:web`, or `web` if one provider has it."""
    if ":" in text:
        try:
            return parse_agent(text)
        except BadAgent as error:
            raise Failed(str(error), DATA) from None
    same = [name for name in listed(site, text) if name.rpartition(":")[2] == text]
    if len(same) == 1:
        return parse_agent(same[0])
    if same:
        raise Failed(f"which {text}? {', '.join(same)}", DATA)
    near = listed(site, text)
    hint = f"similar: {', '.join(near[:6])}" if near else "see: hanode resource agents"
    raise Failed(f"no agent {text!r} on this machine; {hint}", DATA)


def metadata(agent: Agent, site: Site) -> Metadata | None:
    """Ask the agent; None if it is not on this machine. Raises Failed if it talks nonsense."""
    path = _path(agent, site)
    if path is None or not os.access(path, os.X_OK):
        return None
    argv = [path, "meta-data"]
    said: bytes | None = b""
    if agent.class_ == "stonith":
        argv, said = [path], b"action=metadata\n"
    try:
        done = subprocess.run(
            argv, input=said, capture_output=True, timeout=PATIENCE, check=False,
            env={**site.environment(), "OCF_ROOT": site.ocf_root},
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Failed(f"{path}: can't be asked for its metadata: {error}", DATA) from None
    try:
        return _read(agent, _DOCTYPE.sub(b"", done.stdout))
    except BadXml as error:
        raise Failed(f"{path}: its metadata can't be read: {error}", DATA) from None


def problems(known: Metadata, given: dict[str, str]) -> list[str]:
    """What is wrong with parameters, in sentences."""
    import difflib

    names = [parameter.name for parameter in known.parameters]
    told = []
    for name in given:
        if name in names or (known.agent.class_ == "stonith" and name.startswith("pcmk_")):
            continue
        close = difflib.get_close_matches(name, names, n=1)
        hint = f"did you mean {close[0]!r}?" if close else f"known: {', '.join(names)}"
        told.append(f"{known.agent} has no parameter {name!r}; {hint}")
    kept = FENCER_GIVES if known.agent.class_ == "stonith" else frozenset()
    for parameter in known.parameters:
        missing = parameter.name not in given and parameter.name not in kept
        if parameter.required and not parameter.default and missing:
            told.append(f"{known.agent} needs {parameter.name}: {parameter.summary}")
    return told


def _path(agent: Agent, site: Site) -> str | None:
    if agent.class_ == "ocf":
        return site.ocf_agent(agent.provider, agent.type)
    if agent.class_ == "stonith":
        return site.fence_agent(agent.type)
    return None


def _read(agent: Agent, data: bytes) -> Metadata:
    root = read_xml(data)
    parameters = tuple(
        Parameter(
            name=p.get("name", ""),
            required=p.get("required", "0") in ("1", "true"),
            default=content.get("default", "")
            if (content := p.find("content")) is not None
            else "",
            summary=_words(p.findtext("shortdesc")),
            deprecated=p.get("deprecated", "0") in ("1", "true"),
        )
        for p in root.iterfind("parameters/parameter")
    )
    actions = tuple(
        {str(k): str(v) for k, v in a.attrib.items()} for a in root.iterfind("actions/action")
    )
    summary = _words(root.findtext("shortdesc") or root.get("shortdesc"))
    return Metadata(agent, summary, (root.findtext("longdesc") or "").strip(), parameters, actions)


def _words(text: str | None) -> str:
    return " ".join((text or "").split())


def _programs(folder: Path) -> list[str]:
    if not folder.is_dir():
        return []
    entries = sorted(folder.iterdir())
    return [
        entry.name
        for entry in entries
        if not entry.name.startswith(".") and entry.is_file() and os.access(entry, os.X_OK)
    ]


def _folders(root: Path) -> list[str]:
    return sorted(entry.name for entry in root.iterdir() if entry.is_dir()) if root.is_dir() else []
