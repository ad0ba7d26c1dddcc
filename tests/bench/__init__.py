"""Measurements on the real thing, set beside the peers'. Nothing here is ever asserted."""
