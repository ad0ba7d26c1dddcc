"""Agents on this machine: which there are, and where each can be asked for its metadata."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

from hanode.cli.exits import DATA, Failed
from hanode.ra.metadata import AgentAction, BadMetadata, Metadata, read_metadata
from hanode.ra.name import BadAgent, parse_agent
from hanode.ra.plugin import describe
from hanode.ra.site import OWN_PROVIDER, Site
from hanode.transition import Agent

PATIENCE = 10.0
UNIT_FOLDERS = ("/etc/systemd/system", "/run/systemd/system", "/lib/systemd/system")
_SUMMARY = re.compile(r"^#?\s*(?:Short-)?Description\s*[:=]\s*(.+)$", re.MULTILINE)
"""Of an LSB header, or of a unit file."""
_PLAIN = tuple(AgentAction(name) for name in ("start", "stop", "monitor"))


def listed(site: Site, pattern: str = "") -> list[str]:
    """The agents here, by name, that contain `pattern`."""
    own = Path(site.packaged)
    found = [f"ocf:{OWN_PROVIDER}:{name}" for name in _programs(own / "ocf")]
    root = Path(site.ocf_root) / "resource.d"
    for provider in _folders(root):
        found += [f"ocf:{provider}:{name}" for name in _programs(root / provider)]
    fence = [*_programs(own / "fence"), *_programs(Path(site.fence_dir))]
    found += [f"stonith:{name}" for name in dict.fromkeys(fence) if site.has_api(name)]
    found += [f"lsb:{name}" for name in _programs(Path(site.lsb_dir))]
    found += [f"heartbeat:{name}" for name in _programs(Path(site.heartbeat_dir))]
    found += [f"systemd:{name}" for name in _units()]
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
    """What the agent says of itself; None if it is not on this machine. Raises Failed if it talks
    nonsense."""
    if agent.class_ in ("lsb", "systemd", "service", "heartbeat"):
        return _of_service(agent, site)
    argv, said = _question(agent, site)
    if not os.access(argv[0], os.X_OK):
        return None
    try:
        done = subprocess.run(
            argv, input=said, capture_output=True, timeout=PATIENCE, check=False,
            env={**site.environment(), "OCF_ROOT": site.ocf_root},
        )  # fmt: skip
        return read_metadata(done.stdout)
    except (OSError, subprocess.TimeoutExpired, BadMetadata) as error:
        raise Failed(f"{agent}: can't be asked for its metadata: {error}", DATA) from None


def _question(agent: Agent, site: Site) -> tuple[list[str], bytes]:
    """How an agent is asked, and what it reads."""
    if agent.class_ == "ocf":
        return [site.ocf_agent(agent.provider, agent.type), "meta-data"], b""
    if site.has_api(agent.type):
        return [site.fence_agent(agent.type)], b"action=metadata\n"
    return describe(agent.type, site), b""


def _of_service(agent: Agent, site: Site) -> Metadata | None:
    """A service of the machine has a sentence about itself at most, and no parameters; a Heartbeat
    version 1 script takes arguments that nobody describes."""
    for path in _files(agent, site):
        if path.is_file():
            summary = _SUMMARY.search(path.read_text("utf-8", "replace"))
            return Metadata(
                agent.type, summary[1].strip() if summary else "", actions=_PLAIN,
                positional=agent.class_ == "heartbeat",
            )  # fmt: skip
    return None


def _files(agent: Agent, site: Site) -> list[Path]:
    script = [Path(site.lsb_dir) / agent.type]
    name = agent.type if agent.type.endswith(".service") else f"{agent.type}.service"
    template = re.sub(r"@.+\.service$", "@.service", name)
    units = [Path(folder) / file for folder in UNIT_FOLDERS for file in (name, template)]
    if agent.class_ == "heartbeat":
        return [Path(site.heartbeat_dir) / agent.type]
    return {"lsb": script, "systemd": units}.get(agent.class_, script + units)


def _units() -> list[str]:
    found: dict[str, None] = {}
    for folder in map(Path, UNIT_FOLDERS):
        if folder.is_dir():
            found.update(dict.fromkeys(p.stem for p in folder.glob("*.service")))
    return [name for name in found if not name.endswith("@")]


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
