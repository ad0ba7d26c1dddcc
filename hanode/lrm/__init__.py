"""The local resource manager: runs operations on its node, watches them, obeys one term."""

from hanode.lrm.limits import Limits
from hanode.lrm.lrm import Lrm

__all__ = ["Limits", "Lrm"]
