"""The console, driven by a cluster that lives in memory."""
