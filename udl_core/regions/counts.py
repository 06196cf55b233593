"""How many regions there can be, and how many there are in the whole plane."""

import operator
from math import comb

import numpy as np
import numpy.typing as npt

from udl_core._validate import Array
from udl_core.models import Shallow
from udl_core.regions.exact.hidden_units import HiddenUnits
from udl_core.regions.exact.stack import TOLERANCE


def max_regions(D_i: int, D: int) -> int:
    """The most regions D hyperplanes can cut D_i dimensions into: Σ_{j ≤ D_i} C(D, j), which is 2^D for D ≤ D_i.

    A shallow network of D units reaches it for almost every φ, and none passes it. An exact whole number of any size.
    Raises TypeError for arguments that are not whole numbers and ValueError for negative ones.
    Source: Zaslavsky (1975); Prince, section 3.3 and figure 3.9.

    >>> max_regions(D_i=2, D=3)
    7
    """
    D_i, D = _whole("D_i", D_i), _whole("D", D)
    return sum(comb(D, j) for j in range(min(D_i, D) + 1))


def regions_in_plane(net: Shallow, phi: npt.ArrayLike) -> int:
    """How many activation regions a network of two inputs has in the whole plane, also far outside of any box.

    Each line adds one region and one more for every point where it crosses earlier lines. With no box to compare with,
    equality is judged relative to the lines' distances from the origin, or to their median where that is more.

    Arguments: a `Shallow` network with D_i = 2 and its parameters phi (P,). Raises as `linear_regions` does.

    >>> net = Shallow(D_i=2, D=3, D_o=1)
    >>> phi = net.pack(theta=[[0, 1, 0], [0, 0, 1], [-9, 1, 1]], phi=[[0, 1, 1, 1]])
    >>> regions_in_plane(net, phi)
    7
    """
    units = HiddenUnits.of(net, phi, D_i=2)
    size = np.abs(units.theta[:, 1:]).max(axis=1)
    theta = units.theta[(size > 0) & units.kink] / size[(size > 0) & units.kink, None]
    theta = theta / np.hypot(theta[:, 1], theta[:, 2])[:, None]
    distances = np.abs(theta[:, 0])
    slack = TOLERANCE * np.maximum(distances, np.median(distances) if len(distances) else 0)
    distinct = _distinct(theta, slack)
    lines, slack = theta[distinct], slack[distinct]
    return 1 + len(lines) + sum(_crossings(lines[: k + 1], slack[: k + 1]) for k in range(len(lines)))


def _distinct(lines: Array, slack: Array) -> list[int]:
    """Which of the lines (L, 3), gradients of length 1, don't coincide with an earlier one."""
    kept: list[int] = []
    for k, (c, a, b) in enumerate(lines):
        others = lines[kept]
        parallel = np.abs(a * others[:, 2] - b * others[:, 1]) <= TOLERANCE
        same_way = np.sign(a * others[:, 1] + b * others[:, 2])
        if not (parallel & (np.abs(c - same_way * others[:, 0]) <= np.maximum(slack[k], slack[kept]))).any():
            kept.append(k)
    return kept


def _crossings(lines: Array, slack: Array) -> int:
    """At how many different points the last line crosses the others.

    Along the line each crossing is known up to rounding, the less well the more parallel the two lines are. The count
    is the smallest number of points that all these intervals allow.
    """
    (c, a, b), others = lines[-1], lines[:-1]
    sine = a * others[:, 2] - b * others[:, 1]
    cosine = a * others[:, 1] + b * others[:, 2]
    crossing = np.abs(sine) > TOLERANCE
    at = (c * cosine - others[:, 0])[crossing] / sine[crossing]
    slack = (slack[:-1] + slack[-1])[crossing] / np.abs(sine[crossing])
    count, reached = 0, -np.inf
    order = np.argsort(at + slack)
    for low, high in zip((at - slack)[order].tolist(), (at + slack)[order].tolist(), strict=True):
        if low > reached:
            count, reached = count + 1, high
    return count


def _whole(name: str, value: int) -> int:
    try:
        number = operator.index(value)
    except TypeError:
        raise TypeError(f"{name} must be a whole number, got {value!r}") from None
    if isinstance(value, bool):
        raise TypeError(f"{name} must be a whole number, got {value!r}")
    if number < 0:
        raise ValueError(f"{name} must not be negative, got {value!r}")
    return number
