"""Small computations that live figures share, the same as in ``js/src/numeric/peaks.ts``."""

from __future__ import annotations

import numpy as np

from udl_core._validate import Array
from udl_core.regions import Joints


def first_largest(values: Array) -> int:
    """The place of the largest; of several that differ by rounding only the first, on which both languages agree.

    >>> first_largest(np.array([0.0, 1.0, 1.0 + 1e-15]))
    1
    """
    return int(np.argmax(values >= values.max() - 1e-12 * abs(values.max())))


def slope_rule(form: Joints, theta: Array) -> list[int]:
    """The weights of the slopes whose sum is zero whatever φ is: [1, −1, 1] if the second unit faces left.

    The leftmost slope, plus the slope changes at units that face left; θ has shape (D, 2). Empty unless every unit has
    a joint of its own.
    """
    if len(form.joints) < len(theta) or any(len(units) > 1 for units in form.units):
        return []
    left = [int(theta[units[0], 1] < 0) for units in form.units]
    return [int(k == 0) + before - after for k, (before, after) in enumerate(zip([0, *left], [*left, 0], strict=True))]
