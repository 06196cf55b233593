"""What `import udl_core` costs beyond `import numpy`, each in a fresh Python."""

import subprocess
import sys
from collections.abc import Iterator
from statistics import median

from benchmarks.measure import Line

PROGRAM = """
from time import perf_counter
start = perf_counter()
import numpy
middle = perf_counter()
import udl_core
print(middle - start, perf_counter() - middle)
"""
BUDGET = 0.050  # seconds


def lines() -> Iterator[Line]:
    """Against the time the project allows itself, and for scale against NumPy's own import."""
    times = []
    for _ in range(8):  # the first writes the byte code
        run = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
        times.append([float(word) for word in run.stdout.split()])
    numpy, ours = (median(column) for column in zip(*times[1:], strict=True))
    yield Line("import udl_core, beyond numpy", ours, "budget", BUDGET, goal=1)
    yield Line("import udl_core, beyond numpy", ours, "import numpy", numpy)
