"""Our own agents, as files that the LRM executes: OCF agents, fence agents, stand-in tools."""
