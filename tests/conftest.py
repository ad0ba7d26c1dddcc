"""Property tests never fail for want of time, as a machine may be slow, and busy; and they look at
the same examples each time, so that what a commit fails is what it broke. Hunts are for seeds."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

settings.register_profile(
    "unhurried",
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("unhurried")
