"""The SSH library, imported without its search for C libraries that we have no use for.

To find out whether post-quantum and UMAC libraries are here, it runs ldconfig and the compiler:
a dozen processes, half of what its import costs. We speak neither (hanode.runtime.ssh).
"""

from __future__ import annotations

import ctypes.util

_search = ctypes.util.find_library
ctypes.util.find_library = lambda name: None
try:
    import asyncssh as asyncssh
finally:
    ctypes.util.find_library = _search
