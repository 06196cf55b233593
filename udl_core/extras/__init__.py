"""Fast or handy, not taught: a chapter never needs to open these files, and the rest reads well without them.

Short forms for shallow networks, which `objective` takes where they give the same numbers; sweeps, saving and the
progress bar, which `training` offers; and a setting of the process.
"""

from udl_core.extras.memory import keep_freed_memory

__all__ = ["keep_freed_memory"]
