"""Networks of equal size: the widths that a number of parameters buys, random draws of φ, and their regions counted."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from udl_core import _validate, init
from udl_core._validate import Array
from udl_core.models import Deep
from udl_core.regions.bounds import lower_bound, lower_bound_zigzag
from udl_core.regions.counts import max_regions
from udl_core.regions.one_input import joints
from udl_core.regions.two_inputs import linear_regions


def architecture(n_params: int, K: int, D_i: int = 1, D_o: int = 1) -> tuple[int, ...]:
    """The widths of K hidden layers of D units each whose number of parameters is closest to `n_params`.

    The narrower network where two are equally close, and D = 1 where even that has more. Raises ValueError or TypeError
    for arguments that are not whole numbers of at least 1.

    >>> architecture(250, K=3)
    (1, 10, 10, 10, 1)
    """
    n_params, K = _validate.size("n_params", n_params), _validate.size("K", K)
    D = 1
    while Deep([D_i, *K * [D + 1], D_o]).n_params < n_params:
        D += 1
    narrow, wide = (Deep([D_i, *K * [width], D_o]) for width in (D, D + 1))
    closer = abs(wide.n_params - n_params) < abs(narrow.n_params - n_params)
    return (wide if closer else narrow).widths


def random_phi(net: Deep, rng: np.random.Generator, variance: init.Variance = init.he) -> Array:
    """Random parameters φ (P,) as `net.init` draws them, with random offsets in the hidden layers too.

    Each offset has the variance of the weights beside it, as in `Shallow.init`. With the offsets 0 that are usual at
    the start of training all of a layer's hyperplanes would meet in one point. Output offsets are 0.
    """
    phi = net.init(rng, variance=variance)
    for beta, omega in list(zip(*net.unpack(phi).values(), strict=True))[:-1]:
        D_next, D = omega.shape
        beta[:] = np.sqrt(variance(D, D_next)) * rng.standard_normal(D_next)
    return phi


def count_regions(net: Deep, phi: npt.ArrayLike, reach: float) -> int:
    """Number of activation regions with every input from −reach to reach: pieces of a line, or polygons of a square.

    Raises ValueError for more than two inputs.
    """
    if net.D_i == 1:
        return len(joints(net, phi, -reach, reach).slopes)
    if net.D_i == 2:
        return len(linear_regions(net, phi, ((-reach, reach), (-reach, reach))))
    raise ValueError(f"net must have one or two inputs, got D_i = {net.D_i}")


def random_counts(widths: Sequence[int], n: int, reach: float) -> npt.NDArray[np.intp]:
    """(n,) region counts of n random networks Deep(widths), the k-th of them drawn with the seed k."""
    net = Deep(widths)
    draws = (random_phi(net, np.random.default_rng(seed)) for seed in range(_validate.size("n", n)))
    return np.array([count_regions(net, phi, reach) for phi in draws])


def best_known(widths: Sequence[int]) -> int | None:
    """The most regions that a construction is known to reach: the best of `regions.lower_bound` and `max_regions`.

    None where a layer has fewer units than there are inputs, for which neither of them speaks.

    >>> best_known([1, 3, 3, 1]), best_known([1, 2, 2, 1])
    (16, 6)
    """
    D_i, *hidden = list(widths)[:-1]
    if len(hidden) == 1:
        return max_regions(D_i, hidden[0])
    if min(hidden) >= 3 * D_i:
        return max(lower_bound_zigzag(widths), lower_bound(widths))
    return lower_bound(widths) if min(hidden) >= D_i else None
