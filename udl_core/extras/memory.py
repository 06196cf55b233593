"""A setting of the process that training can be faster with. Nothing here happens by itself."""

import sys

import numpy as np


def keep_freed_memory() -> None:
    """Let memory that was freed stay with the process, so that the next step of training finds it ready.

    On Linux, glibc hands the end of its heap back to the system once enough of it is free, and gets it again a page of
    4 kB at a time. For a transformer's step of 20 ms that is 4,000 pages and 3 ms. Where "enough" lies follows the
    largest block that was ever freed (`man mallopt`, M_TRIM_THRESHOLD): freeing one of 32 MB puts it at 64 MB, the most
    this can reach. That is what this function does, once and for the whole process; the block is never written to, so
    it takes no memory. On other systems nothing happens.
    """
    if sys.platform == "linux":
        np.empty(2**25 - 2**16, dtype=np.uint8)
