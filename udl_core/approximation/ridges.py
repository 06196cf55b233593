"""Sums of ridges: functions of two inputs that add curves, each seen along a direction of its own."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from udl_core import _validate
from udl_core._validate import Array

_DAMPING = 1e-6  # makes the profiles unique: a constant can move from one to another without changing the sum


@dataclass(frozen=True, eq=False)
class Ridges:
    """Σ_k g_k(x_1 cos α_k + x_2 sin α_k), where each profile g_k is straight between the knots."""

    angles: Array  # (K,) α_k in degrees
    knots: Array  # (J,)
    profiles: Array  # (K, J) the value of g_k at each knot

    def __call__(self, x: npt.ArrayLike) -> Array:
        """The sum at inputs x (I, 2): (I,)."""
        x = _validate.array("x", x, {"I": None, "D_i": 2})
        return _hats(x, self.angles, self.knots) @ self.profiles.ravel()

    def single(self, k: int, x: npt.ArrayLike) -> Array:
        """Ridge k = 0 … K−1 alone at inputs x (I, 2): (I,). It does not change along its own stripes."""
        x = _validate.array("x", x, {"I": None, "D_i": 2})
        return _hats(x, self.angles[[k]], self.knots) @ self.profiles[k]


def fit_ridges(
    x: npt.ArrayLike, y: npt.ArrayLike, angles: npt.ArrayLike, knots: int = 9, reach: float = 2**0.5
) -> Ridges:
    """The profiles along given directions whose sum is closest to y (I,) at inputs x (I, 2), by least squares.

    `angles` (K,) in degrees; `knots` equally spaced ones from −reach to reach, two or more. Minimises the sum of
    squares plus 1e-6 I times the sum of the squared knot values, which only singles out one of many nearly equal sums.
    Within the reach, a ridge of J knots is what J − 1 ReLU units that share a direction can make, and an offset.
    Raises ValueError for inputs beyond the reach.
    """
    x = _validate.array("x", x, {"I": None, "D_i": 2})
    y = _validate.array("y", y, {"I": len(x)})
    angles = _validate.array("angles", angles, {"K": None}, np.dtype(np.float64))
    if _validate.size("knots", knots) < 2:
        raise ValueError(f"knots must be at least 2, got {knots}")
    at = np.linspace(-reach, reach, knots)
    if len(x) == 0 or len(angles) == 0:
        raise ValueError("fit_ridges needs at least one input and one angle")
    if np.hypot(*x.T).max() > reach * (1 + 1e-12):
        raise ValueError(f"x must lie within {reach:g} of the origin")
    A = _hats(x, angles, at)
    v = np.linalg.solve(A.T @ A + _DAMPING * len(x) * np.eye(A.shape[1]), A.T @ y)
    return Ridges(angles, at, v.reshape(len(angles), knots))


def _hats(x: Array, angles: Array, knots: Array) -> Array:
    """Every hat function of every direction at inputs x: (I, K J)."""
    radians = np.deg2rad(angles)
    u = x @ np.stack((np.cos(radians), np.sin(radians)))  # (I, K)
    position = (u - knots[0]) / (knots[1] - knots[0])
    return np.maximum(0, 1 - np.abs(position[:, :, None] - np.arange(len(knots)))).reshape(len(x), -1)
