"""Small computations that live figures share, the same as in ``js/src/numeric/peaks.ts``."""

from __future__ import annotations

import numpy as np

from udl_core._validate import Array


def first_largest(values: Array) -> int:
    """The place of the largest; of several that differ by rounding only the first, on which both languages agree.

    >>> first_largest(np.array([0.0, 1.0, 1.0 + 1e-15]))
    1
    """
    return int(np.argmax(values >= values.max() - 1e-12 * abs(values.max())))
