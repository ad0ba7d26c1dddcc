"""The cluster's options, read once, under new or old names."""

from __future__ import annotations

from hanode.cib.configuration import Configuration
from hanode.cib.options import FIRST, quorum_policy, settled, text, truth
from hanode.cib.score import read
from hanode.pe.model.operation import milliseconds
from hanode.pe.unpack.nvpairs import joined
from hanode.pe.unpack.rules import Context


class Options:
    """What holds for the whole cluster."""

    def __init__(self, configuration: Configuration, have_quorum: bool, now: float) -> None:
        sets = configuration.properties
        self.values = {**joined(sets, Context(now), FIRST), **settled(sets)}
        self.have_quorum = have_quorum
        self.fencing_enabled = self.truth("fencing-enabled", True)
        action = self.text("fencing-action", "reboot")
        self.fencing_action = "off" if action in ("off", "poweroff") else "reboot"
        self.fencing_timeout_ms = milliseconds(self.text("fencing-timeout", "60s"), 60_000)
        self.have_watchdog = (
            self.truth("have-watchdog", False)
            and milliseconds(self.text("fencing-watchdog-timeout", "0"), 0) > 0
        )
        self.no_quorum_policy = self._no_quorum_policy()
        self.symmetric = self.truth("symmetric-cluster", True)
        self.maintenance = self.truth("maintenance-mode", False)
        self.stop_all = self.truth("stop-all-resources", False)
        self.stop_orphans = self.truth("stop-removed-resources", True)
        self.stop_orphan_actions = self.truth("cancel-removed-actions", True)
        self.startup_fencing = self.truth("startup-fencing", True)
        self.probes = self.truth("enable-startup-probes", True)
        self.concurrent_fencing = self.truth("concurrent-fencing", True)
        self.placement = self.text("placement-strategy", "default")
        self.health_strategy = self.text("node-health-strategy", "none")
        self.health_base = read(self.text("node-health-base", "0"))
        self.health_red = read(self.text("node-health-red", "-INFINITY"))
        self.health_yellow = read(self.text("node-health-yellow", "0"))
        self.health_green = read(self.text("node-health-green", "0"))
        self.shutdown_lock = self.truth("shutdown-lock", False)
        self.shutdown_lock_limit_s = milliseconds(self.text("shutdown-lock-limit", "0"), 0) // 1000
        self.pending_timeout_s = milliseconds(self.text("node-pending-timeout", "0"), 0) // 1000
        self.batch_limit = max(0, read(self.text("batch-limit", "0")))
        self.node_action_limit = max(0, read(self.text("node-action-limit", "0")))
        self.migration_limit = max(-1, read(self.text("migration-limit", "-1"), -1))
        self.default_timeout_ms = milliseconds(self.text("default-action-timeout", "20s"), 20_000)
        self.default_managed = self.truth("is-managed-default", True)
        self.default_stickiness = read(self.text("default-resource-stickiness", "0"))

    def text(self, name: str, default: str) -> str:
        return text(self.values, name, default)

    def truth(self, name: str, default: bool) -> bool:
        return truth(self.values, name, default)

    def _no_quorum_policy(self) -> str:
        """Fencing needs fencing to be enabled."""
        policy = quorum_policy(self.values)
        return "stop" if policy == "fence" and not self.fencing_enabled else policy

    @property
    def quorate(self) -> bool:
        """Whether we may act as if we had quorum."""
        return self.have_quorum or self.no_quorum_policy == "ignore"
