"""What agents are told of the machine that they run on: directories, tools, the node's name."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

PACKAGED = Path(__file__).resolve().parent.parent / "agents"
OWN_PROVIDER = "hanode"
CONNECTION = ("pacemaker", "remote")
"""The connection to a remote node, under the name that configurations have for it; Pacemaker's own
file of that name is a description only."""
OWN_FENCE_AGENTS = frozenset({"fence_demo", "fence_nft"})
"""They are in the package; every other fence agent is the system's."""
SYSTEM_PATH = "/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/sbin:/usr/local/bin"


class Site(NamedTuple):
    """One node's places. Nodes that share a machine differ in `run_dir`."""

    node: str
    run_dir: str
    rsctmp: str = "/run/resource-agents"
    """Where OCF agents keep their state files (HA_RSCTMP): gone with a reboot."""
    ocf_root: str = "/usr/lib/ocf"
    fence_dir: str = "/usr/sbin"
    stonith: str = "/usr/sbin/stonith"
    """cluster-glue's command, which drives its plugins."""
    lsb_dir: str = "/etc/init.d"
    heartbeat_dir: str = "/etc/ha.d/resource.d"
    """Where Heartbeat version 1 kept its scripts."""
    python: str = "python3"
    """Runs the agents and tools of ours that are written in Python."""
    packaged: str = str(PACKAGED)
    config: str = ""
    """hanode.toml, for those of our tools that ask the cluster."""
    extra: tuple[tuple[str, str], ...] = ()
    """More environment for every agent."""

    @property
    def attribute_socket(self) -> str:
        return f"{self.run_dir}/attributes.sock"

    @property
    def tools(self) -> str:
        """Our stand-ins for the tools that agents call: crm_attribute and its kin."""
        return f"{self.packaged}/bin"

    def ocf_agent(self, provider: str, type_: str) -> str:
        if provider == OWN_PROVIDER or (provider, type_) == CONNECTION:
            return f"{self.packaged}/ocf/{type_}"
        return f"{self.ocf_root}/resource.d/{provider}/{type_}"

    def fence_agent(self, name: str) -> str:
        if name in OWN_FENCE_AGENTS:
            return f"{self.packaged}/fence/{name}"
        return f"{self.fence_dir}/{name}"

    def has_api(self, name: str) -> bool:
        """Whether it speaks the FenceAgentAPI; what doesn't is a plugin of cluster-glue."""
        return name.startswith("fence_")

    def environment(self) -> dict[str, str]:
        """What every agent gets, whatever its class."""
        return {
            "PATH": f"{self.tools}:{SYSTEM_PATH}",
            "HANODE_NODE": self.node,
            "HANODE_PYTHON": self.python,
            "HANODE_ATTR_SOCKET": self.attribute_socket,
            "HANODE_RUN": self.run_dir,
            "HANODE_CONFIG": self.config,
            "HANODE_CONSOLE": f"{self.run_dir}/console.sock",
            **dict(self.extra),
        }
