"""A bundle: containers with what belongs to each (address, connection, service)."""

from __future__ import annotations

from hanode.cib.configuration import Bundle
from hanode.pe.model.cluster import Cluster
from hanode.pe.model.resource import Resource


def unpack_bundle(cluster: Cluster, config: Bundle) -> Resource | None:
    """The bundle with its replicas."""
    cluster.warn(f'bundle "{config.id}" is not supported yet; it is ignored')
    return None
