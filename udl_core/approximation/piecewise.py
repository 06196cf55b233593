"""Curves of D straight pieces on an interval: as a network of D units, fitted to a target, and their error.

Such a curve is given by `places` (D+1,), ascending, the interval's ends and the D−1 joints inside, and by its `values`
(D+1,) there.
"""

from itertools import pairwise
from typing import Literal, NamedTuple, get_args

import numpy as np
import numpy.typing as npt

from udl_core import _validate
from udl_core._validate import Array
from udl_core.approximation.targets import Target
from udl_core.models import Shallow

Norm = Literal["sup", "l2"]


class Error(NamedTuple):
    """How far two curves are apart."""

    sup: float  # the largest distance, at a jump with the limits from both sides
    l2: float  # the root of the integral of the squared distance


def interpolant(places: npt.ArrayLike, values: npt.ArrayLike, lead: float = 0.0) -> Array:
    """The parameters φ (3D+1,) of the network Shallow(1, D, 1) that is straight between the points (places, values).

    All units face right. The first joint stands at the left end, or `lead` ≥ 0 to the left of it, and the others at
    the places inside; each weight is the slope change there. To the left of the first joint the network is level, and
    to the right of the last it goes straight on. D units thus draw any D pieces. D+1 pieces they draw only if the
    slopes happen to obey the slope relation of shallow networks.

    Raises ValueError unless places ascend, values match them, and lead is not negative. Source: Prince, section 3.2.

    >>> phi = interpolant([0, 1, 3], [1, 2, 0])
    >>> Shallow(1, 2, 1)([[0.0], [0.5], [1.0], [3.0]], phi).ravel()
    array([1. , 1.5, 2. , 0. ])
    """
    places, values = _curve(places, values)
    lead = _validate.real("lead", lead)
    if lead < 0:
        raise ValueError(f"lead must not be negative, got {lead}")
    slopes: Array = np.diff(values) / np.diff(places)
    joints = places[:-1].copy()
    joints[0] -= lead
    return Shallow(1, len(joints), 1).pack(
        theta=np.column_stack((-joints, np.ones_like(joints))),
        phi=[[values[0] - slopes[0] * lead, *np.diff(slopes, prepend=0.0)]],
    )


def error(target: Target, places: npt.ArrayLike, values: npt.ArrayLike) -> Error:
    """The error of the curve through (places, values) on the target's interval, in both norms.

    The interval is cut at the joints, at the target's breaks and into 256 equal cells. In each cell the sup norm looks
    at 33 places, ends included, with the limits from inside at a jump; the L2 norm takes 8 Gauss–Legendre points. That
    is exact, up to rounding, for a target that is straight between its breaks, and good to three digits or more for
    the named ones as long as D stays below 256. Raises ValueError for places that do not go from lo to hi.

    >>> from udl_core.approximation import equal, target
    >>> round(error(target("kink"), equal(2), [1 / 3, 1 / 6, 2 / 3]).sup, 6)
    0.222222
    """
    places, values = _on(target, *_curve(places, values))
    left, right = _cells(target, places)
    x = left[:, None] + (right - left)[:, None] * np.linspace(0, 1, 2 if target.straight else 33)
    x[:, -1] = np.nextafter(right, left)
    sup = np.abs(target.f(x) - np.interp(x, places, values)).max()
    points, weight = _quadrature(left, right)
    squares = (target.f(points) - np.interp(points, places, values)) ** 2
    return Error(float(sup), float(np.sqrt(weight @ squares)))


def best_values(target: Target, places: npt.ArrayLike, norm: Norm = "l2") -> Array:
    """The values (D+1,) at given places (D+1,) that make the error least, in one norm.

    "l2": the normal equations of the hat functions, with the quadrature of `error`; the solution is unique. "sup": by
    bisection on the error between half the interpolant's and all of it (it cannot be less than half), with the set of
    possible values carried from place to place; away from the worst pieces the solution is not unique, and one of
    them is returned. It looks at some 500 places, 35 or more on each piece, and at both sides of each break.

    Raises ValueError for places that do not go from lo to hi and for another norm.
    """
    places = _on(target, _ascending(places))[0]
    if norm == "l2":
        return _least_squares(target, places)
    if norm == "sup":
        return _least_sup(target, places)
    raise ValueError(f"norm must be one of {', '.join(get_args(Norm))}, got {norm!r}")


def exponent(D: npt.ArrayLike, errors: npt.ArrayLike) -> float:
    """The power p of the law error = constant · D^p that fits best: the slope of log error against log D.

    >>> round(exponent([2, 4, 8], [1.0, 0.25, 0.0625]), 6)
    -2.0
    """
    D = _validate.array("D", D, {"n": None})
    errors = _validate.array("errors", errors, {"n": len(D)})
    if len(D) < 2 or (D <= 0).any() or (errors <= 0).any():
        raise ValueError("an exponent needs at least two D, and all D and errors above 0")
    x, y = np.log(D), np.log(errors)
    x = x - x.mean()
    return float(x @ y / (x @ x))


def _least_squares(target: Target, places: Array) -> Array:
    x, weight = _quadrature(*_cells(target, places))
    piece = np.clip(np.searchsorted(places, x, side="right") - 1, 0, len(places) - 2)
    right = (x - places[piece]) / np.diff(places)[piece]  # the hat of the piece's right end; 1 − right is the left's
    left = 1 - right
    y = target.f(x)
    n = len(places)
    both = np.bincount(piece, weight * left * right, n)[:-1]
    squares = np.bincount(piece, weight * left**2, n) + np.bincount(piece + 1, weight * right**2, n)
    moments = np.bincount(piece, weight * left * y, n) + np.bincount(piece + 1, weight * right * y, n)
    return np.linalg.solve(np.diag(squares) + np.diag(both, 1) + np.diag(both, -1), moments)


def _least_sup(target: Target, places: Array) -> Array:
    pieces = [_seen(target, a, b) for a, b in pairwise(places)]
    f = target.f(places)
    high = max(np.abs(y - ((1 - t) * f[k] + t * f[k + 1])).max() for k, (t, y) in enumerate(pieces))
    high, low = high * (1 + 1e-12) + 1e-300, high / 2 * (1 - 1e-12)
    reach = _reachable(pieces, high)
    assert reach is not None  # the interpolant has this error
    for _ in range(45):
        middle = (low + high) / 2
        if (found := _reachable(pieces, middle)) is None:
            low = middle
        else:
            high, reach = middle, found
    values = np.empty(len(places))
    values[-1] = sum(reach[-1]) / 2
    for k in range(len(pieces) - 1, -1, -1):
        (t, y), (lowest, highest) = pieces[k], reach[k]
        t, y = t[t < 1], y[t < 1]
        lowest = max(lowest, ((y - high - t * values[k + 1]) / (1 - t)).max())
        highest = min(highest, ((y + high - t * values[k + 1]) / (1 - t)).min())
        values[k] = (lowest + highest) / 2
    return values


def _seen(target: Target, a: float, b: float) -> tuple[Array, Array]:
    """Where on a piece from a to b, as parts of its length, `_least_sup` looks at the target, and what it sees."""
    breaks = np.array([c for c in target.breaks if a < c < b])
    count = 0 if target.straight else 33 + 2 * int(240 * (b - a) / (target.hi - target.lo))
    spread = np.linspace(0, 1, count + 2)[1:-1]
    t = np.concatenate(([0.0], spread, (breaks - a) / (b - a), (breaks - a) / (b - a), [1.0]))
    x = np.concatenate(([a], a + spread * (b - a), breaks, np.nextafter(breaks, a), [np.nextafter(b, a)]))
    return t, target.f(x)


def _reachable(pieces: list[tuple[Array, Array]], tolerance: float) -> list[tuple[float, float]] | None:
    """From the lowest to the highest value that a curve within the tolerance so far can have at each place.

    None if there is no such curve. On a piece with values v and w at its ends the curve is (1−t) v + t w.
    """
    t, y = pieces[0]
    reach = [(y[t == 0].max() - tolerance, y[t == 0].min() + tolerance)]
    for t, y in pieces:
        v_low, v_high = reach[-1]
        floor, roof = y - tolerance, y + tolerance
        # through a roof point and a later or earlier floor point, back to the piece's left end
        ahead = t[None, :] - t[:, None]
        with np.errstate(divide="ignore", invalid="ignore"):
            v = (t[None, :] * roof[:, None] - t[:, None] * floor[None, :]) / ahead
        v_high = min(v_high, v[ahead > 0].min(initial=np.inf))
        v_low = max(v_low, v[ahead < 0].max(initial=-np.inf))
        if v_low > v_high:
            return None
        inside = t > 0
        part, floor, roof = t[inside], floor[inside], roof[inside]
        w_high = ((roof - (1 - part) * v_low) / part).min()
        w_low = ((floor - (1 - part) * v_high) / part).max()
        if w_low > w_high:
            return None
        reach.append((w_low, w_high))
    return reach


def _cells(target: Target, places: Array) -> tuple[Array, Array]:
    """Left and right ends of cells on which both curves are smooth."""
    fine = np.empty(0) if target.straight else np.linspace(target.lo, target.hi, 257)
    edges = np.unique(np.concatenate((places, target.breaks, fine)))
    return edges[:-1], edges[1:]


_GAUSS, _GAUSS_WEIGHTS = np.polynomial.legendre.leggauss(8)


def _quadrature(left: Array, right: Array) -> tuple[Array, Array]:
    """Points and weights (8 times the cells,) of a composite Gauss–Legendre rule."""
    half = (right - left)[:, None] / 2
    return ((left + right)[:, None] / 2 + half * _GAUSS).ravel(), (half * _GAUSS_WEIGHTS).ravel()


def _ascending(places: npt.ArrayLike) -> Array:
    places = _validate.array("places", places, {"D+1": None}, np.dtype(np.float64))
    if len(places) < 2 or (np.diff(places) <= 0).any():
        raise ValueError(f"places must be two or more and ascend, got {places}")
    return places


def _curve(places: npt.ArrayLike, values: npt.ArrayLike) -> tuple[Array, Array]:
    places = _ascending(places)
    return places, _validate.array("values", values, {"D+1": len(places)}, np.dtype(np.float64))


def _on(target: Target, places: Array, *rest: Array) -> tuple[Array, ...]:
    if places[0] != target.lo or places[-1] != target.hi:
        raise ValueError(f"places must go from {target.lo:g} to {target.hi:g}, got {places[0]:g} to {places[-1]:g}")
    return places, *rest
