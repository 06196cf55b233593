"""Where the joints of a curve of D straight pieces should stand."""

from typing import get_args

import numpy as np
import numpy.typing as npt

from udl_core import _validate
from udl_core._validate import Array
from udl_core.approximation.piecewise import Norm
from udl_core.approximation.targets import Target, interval


def equal(D: int, lo: float = 0.0, hi: float = 1.0) -> Array:
    """D+1 equally spaced places from lo to hi."""
    return powers(D, 1.0, lo, hi)


def powers(D: int, p: float, lo: float = 0.0, hi: float = 1.0) -> Array:
    """The places lo + (hi − lo) (k/D)^p for k = 0 … D: the larger p, the more of them near lo.

    >>> powers(2, 4)
    array([0.    , 0.0625, 1.    ])
    """
    D, p = _validate.size("D", D), _validate.positive("p", p)
    lo, hi = interval(lo, hi)
    places = lo + (hi - lo) * (np.arange(D + 1) / D) ** p
    places[-1] = hi
    return places


def by_density(target: Target, D: int, power: float) -> Array:
    """D+1 places such that every piece has the same share of ∫ |f″|^power.

    Where f″ is not 0 and D is large, the interpolant's error is least with power 1/2 in the sup norm and 2/5 in the L2
    norm (de Boor 1978); at a zero of f″ the pieces beside it come out somewhat too long. The integral is taken by the
    midpoint rule on 20,000 cells that get narrower towards lo, where f″ may be infinite. Raises ValueError for a target
    with breaks or without known curvature.
    """
    D, power = _validate.size("D", D), _validate.positive("power", power)
    if target.curvature is None or target.breaks:
        raise ValueError(f"target must be smooth with a known curvature, got {target.name!r}")
    edges = powers(20_000, 6.0, target.lo, target.hi)
    shares = target.curvature((edges[1:] + edges[:-1]) / 2) ** power * np.diff(edges)
    total = np.concatenate(([0.0], np.cumsum(shares)))
    places = np.interp(np.linspace(0, total[-1], D + 1), total, edges)
    places[[0, -1]] = target.lo, target.hi
    return places


def best_places(target: Target, D: int, norm: Norm = "sup", candidates: int | npt.ArrayLike = 400) -> list[Array]:
    """For each number of pieces d = 1 … D the places (d+1,) of the best interpolant: element d − 1 of the list.

    Best among all curves that go through points of the target and bend only at candidates: these are equally spaced,
    so many cells, or given as ascending places from lo to hi. Exact, by dynamic programming, for the target taken as
    straight between candidates. Among equally good ones the joint before is the leftmost. In the sup norm no other
    curve with joints at candidates, through the target or not, has less than half its error.

    Raises ValueError for more pieces than candidates allow, or another norm. Time grows as candidates³ + D candidates².
    """
    D = _validate.size("D", D)
    if np.ndim(candidates) == 0:
        places = equal(_validate.size("candidates", candidates), target.lo, target.hi)  # type: ignore[arg-type]
    else:
        places = _validate.array("candidates", candidates, {"M+1": None}, np.dtype(np.float64))  # type: ignore[arg-type]
        if len(places) < 2 or (np.diff(places) <= 0).any() or (places[0], places[-1]) != (target.lo, target.hi):
            raise ValueError(f"candidates must ascend from {target.lo:g} to {target.hi:g}")
    if len(places) - 1 < D:
        raise ValueError(f"D must be at most the {len(places) - 1} cells between candidates, got {D}")
    costs = _costs(places, target.f(places), norm)
    join = np.maximum if norm == "sup" else np.add
    least = costs[0]  # of d pieces from the first candidate to each
    before = np.empty((D, len(places)), dtype=np.intp)
    for d in range(1, D):
        total = join(least[:, None], costs)
        before[d] = total.argmin(axis=0)
        least = total[before[d], np.arange(len(places))]
    return [places[_walk_back(before[: d + 1])] for d in range(D)]


def _costs(x: Array, y: Array, norm: Norm) -> Array:
    """Error of the chord from candidate i to j (M+1, M+1), infinite unless i < j: the largest, or ∫ error²."""
    if norm not in get_args(Norm):
        raise ValueError(f"norm must be one of {', '.join(get_args(Norm))}, got {norm!r}")
    costs = np.full((len(x), len(x)), np.inf)
    widths = np.diff(x)
    for i in range(len(x) - 1):
        run = x[i + 1 :] - x[i]
        slope = (y[i + 1 :] - y[i]) / run
        e = y[i + 1 :] - y[i] - slope[:, None] * run  # (j, k) for the chord to j at candidate k
        e = np.tril(e, -1)
        if norm == "sup":
            costs[i, i + 1 :] = np.abs(e).max(axis=1)
        else:
            before = np.concatenate((np.zeros((len(e), 1)), e[:, :-1]), axis=1)
            costs[i, i + 1 :] = (before**2 + before * e + e**2) @ widths[i:] / 3
    return costs


def _walk_back(before: npt.NDArray[np.intp]) -> list[int]:
    """The candidates on the best way to the last one: `before[d, j]` precedes j on the way of d+1 pieces."""
    way = [before.shape[1] - 1]
    for d in range(len(before) - 1, 0, -1):
        way.append(int(before[d, way[-1]]))
    return [0, *reversed(way)]
