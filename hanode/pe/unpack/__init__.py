"""The first stage: what the operator wants, what is true, both understood."""

from __future__ import annotations

from hanode.cib.document import Cib
from hanode.pe.model.cluster import Cluster
from hanode.pe.unpack.isolated import disregard_isolated
from hanode.pe.unpack.nodes import unpack_nodes
from hanode.pe.unpack.options import Options
from hanode.pe.unpack.resources import unpack_resources
from hanode.pe.unpack.status import unpack_status


def unpack(cib: Cib, now: float) -> Cluster:
    """The CIB, understood at this time."""
    options = Options(cib.configuration, cib.status.have_quorum, now)
    nodes = unpack_nodes(cib.configuration, cib.status, options, now)
    cluster = Cluster(cib, options, nodes, now)
    unpack_resources(cluster)
    unpack_status(cluster)
    disregard_isolated(cluster)
    return cluster
