"""Memory that was freed is there for the next call: the system need not supply it page by page again."""

import platform
import subprocess
import sys

SCRIPT = """
import resource, numpy as np
{imports}
def work():
    kept = [np.ones(2**18) for _ in range(8)]  # 2 MB each
    return len(kept)
work(); work()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
work(); work()
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


def page_faults(imports):
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT.format(imports=imports)], check=True, capture_output=True, text=True
    )
    return int(done.stdout)


def test_arrays_of_a_training_step_reuse_their_pages():
    without, with_ = page_faults(""), page_faults("import udl_core.layers")
    if platform.libc_ver()[0] == "glibc":
        assert with_ < without / 10
    else:  # other allocators have other habits; ours must not make it worse
        assert with_ <= 1.1 * without
