"""`python -m benchmarks`: what `make bench` runs."""

import os
import sys

for pool in ("OMP", "OPENBLAS", "MKL", "VECLIB_MAXIMUM"):  # one thread each; to be said before NumPy is imported
    os.environ[f"{pool}_NUM_THREADS"] = "1"

from benchmarks.run import main  # noqa: E402

sys.exit(main())
