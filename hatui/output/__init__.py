"""One picture of a cluster, as text, JSON or XML: crm_mon's place.

Pure: a `Picture` in, a string out. Nothing here connects to anything, and nothing imports textual.
"""
