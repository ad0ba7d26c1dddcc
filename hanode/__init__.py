"""hanode: a light high-availability cluster node."""
