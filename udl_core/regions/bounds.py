"""What is known of the number of regions of a deep network: never more than, at best at least, typically about."""

from collections.abc import Sequence
from math import comb, factorial, prod

import numpy as np

from udl_core import _validate
from udl_core.regions.counts import max_regions


def upper_bound(widths: Sequence[int], activation: str = "relu") -> int:
    """No network Deep(widths) has more activation regions than this, whatever its parameters.

    ReLU: Σ over (j_1, …, j_K) ∈ J of Π_k C(D_k, j_k), where J holds those with 0 ≤ j_k ≤ min{D_i, D_1 − j_1, …,
    D_{k−1} − j_{k−1}, D_k}: a region on which j of a layer's units are off leaves at most D − j dimensions to the
    layers after it (Serra, Tjandraatmadja and Ramalingam, 2018, theorem 1). Leaky ReLU, parametric ReLU and the
    absolute value lose no dimension: Π_k Σ_{j ≤ min{D_i, D_1, …, D_k}} C(D_k, j) (Montúfar, 2017). For one hidden layer
    both are `max_regions`; for one input the ReLU bound is Π_k (D_k + 1) where every layer but the last has two units
    or more, and some network reaches it where every layer but the last has three or more.

    An exact whole number of any size; `widths` as for Deep: D_i, D_1, …, D_K, D_o. Raises ValueError or TypeError for
    bad arguments.

    >>> upper_bound([1, 3, 3, 1])
    16
    """
    D_i, *hidden = _widths(widths)
    if activation in ("leaky_relu", "parametric_relu", "absolute"):
        return prod(max_regions(min(D_i, *hidden[: k + 1]), D) for k, D in enumerate(hidden))
    if activation != "relu":
        raise ValueError(
            f"activation must be relu, leaky_relu, parametric_relu or absolute for this bound, got {activation!r}"
        )
    ways = {D_i: 1}  # dimensions that are left -> how many ways to get there, each region counted
    for D in hidden:
        after: dict[int, int] = {}
        for dimensions, count in ways.items():
            for off in range(min(dimensions, D) + 1):
                left = min(dimensions, D - off)
                after[left] = after.get(left, 0) + count * comb(D, off)
        ways = after
    return sum(ways.values())


def lower_bound(widths: Sequence[int]) -> int:
    """Some ReLU network Deep(widths) has at least this many regions: what the best parameters are known to reach.

    (Π_{k<K} ⌊D_k / D_i⌋^{D_i}) Σ_{j ≤ D_i} C(D_K, j): each layer but the last folds every input dimension ⌊D_k / D_i⌋
    times, and the last one cuts what has come to lie on top of each other (Montúfar, Pascanu, Cho and Bengio, 2014,
    theorem 4). `folds` makes such a network. Needs D_k ≥ D_i in every hidden layer.

    >>> lower_bound([1, 3, 3, 1])
    12
    """
    return _folded(widths, extra=0)


def lower_bound_zigzag(widths: Sequence[int]) -> int:
    """As `lower_bound`, with one fold more a layer and dimension; needs D_k ≥ 3 D_i in every hidden layer.

    (Π_{k<K} (⌊D_k / D_i⌋ + 1)^{D_i}) Σ_{j ≤ D_i} C(D_K, j) (Serra, Tjandraatmadja and Ramalingam, 2018). With one input
    this is Π_k (D_k + 1), which is also `upper_bound`, so nothing is left open. With D units in each of K layers it
    is, where D_i divides D, equation 4.17 in Prince's notes to chapter 4.

    >>> lower_bound_zigzag([1, 3, 3, 1])
    16
    """
    return _folded(widths, extra=1)


def typical(D_i: int, D: int) -> float:
    """About how many activation regions a ReLU network of D hidden units has at random, in one wide layer or several.

    D^{D_i} / D_i!, and 2^D for D ≤ D_i. A rule of thumb, no bound: Hanin and Rolnick (2019) prove that the mean number
    in a box that is not too small, over initialisations with independent random offsets, is at most (T D)^{D_i} / D_i!
    times the box's volume. The constant T depends on the distribution, and not on the depth while the layers are wide
    compared with it. With two or more inputs and narrow layers the number falls: in [−1, 1]², `budget.random_counts`
    finds about 110, 100, 60 and 30 regions on average for 24 units in 1, 2, 4 and 6 layers.

    >>> typical(2, 150)
    11250.0
    """
    D_i, D = _validate.size("D_i", D_i), _validate.size("D", D)
    if D_i >= D:
        return 2.0**D
    try:
        return D**D_i / factorial(D_i)
    except OverflowError:
        return float("inf")


def _folded(widths: Sequence[int], extra: int) -> int:
    D_i, *hidden = _widths(widths)
    least = 3 * D_i if extra else D_i
    if min(hidden) < least:
        raise ValueError(f"widths must have at least {least} units in every hidden layer, got {list(widths)}")
    return prod((D // D_i + extra) ** D_i for D in hidden[:-1]) * max_regions(D_i, hidden[-1])


def _widths(widths: Sequence[int]) -> list[int]:
    """D_i, D_1, …, D_K."""
    if isinstance(widths, str) or not isinstance(widths, Sequence | np.ndarray) or len(widths) < 3:
        raise ValueError(f"widths must list D_i, D_1, …, D_o, at least three numbers, got {widths!r}")
    return [_validate.size(f"widths[{k}]", D) for k, D in enumerate(widths)][:-1]
