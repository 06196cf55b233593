"""Importing the package changes nothing in the process; who asks for it keeps freed memory for the next call."""

import platform
import subprocess
import sys

import pytest

SCRIPT = """
import resource, numpy as np
{first}
def work():
    kept = [np.ones(2**18) for _ in range(8)]  # 2 MB each
    return len(kept)
work(); work()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
work(); work()
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""
LARGEST = """
import tracemalloc, numpy as np
tracemalloc.start()
import udl_core
for name in udl_core._LAZY:
    if name not in ("figures", "widgets"):
        getattr(udl_core, name)
arrays = [t.size for t in tracemalloc.take_snapshot().traces if t.domain == np.lib.tracemalloc_domain]
code = tracemalloc.get_traced_memory()
tracemalloc.stop()
print(max(arrays), code[1] - code[0])
"""


def said_by(script):
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    return [int(number) for number in done.stdout.split()]


def page_faults(first):
    return said_by(SCRIPT.format(first=first))[0]


def test_arrays_of_a_training_step_reuse_their_pages_once_asked():
    without, with_ = page_faults(""), page_faults("import udl_core; udl_core.extras.keep_freed_memory()")
    if platform.libc_ver()[0] == "glibc":
        assert with_ < without / 10
    else:  # other allocators have other habits; ours must not make it worse
        assert with_ <= 1.1 * without


def test_an_import_allocates_no_large_array_neither_to_keep_nor_for_a_moment():
    largest, passing = said_by(LARGEST)
    assert largest < 100_000
    assert passing < 2_000_000  # what compiling and reading modules take


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="the habits of glibc's allocator")
def test_an_import_leaves_the_allocator_as_it_was():
    assert page_faults("import udl_core; udl_core.layers; udl_core.training") > page_faults("") / 2
