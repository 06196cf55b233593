"""Closed forms behind the live figures of chapter 1: the same decisions as ``js/src/numeric/linear.ts``."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


def spread(x: Array) -> float:
    """Σ(x − x̄)² of x (I,), and exactly 0 when the x differ by rounding only."""
    total = float(np.sum((x - x.mean()) ** 2))
    rounding = len(x) * (1e-12 * float(np.abs(x).max())) ** 2
    return 0.0 if total <= rounding else total


def fit_line(x: Array, y: Array) -> Array:
    """(φ0, φ1) of the line with the smallest Σ(φ0 + φ1 x − y)²; x, y (I,).

    When all x are equal every slope is as good, and 0 is taken.

    >>> fit_line(np.array([0.0, 1.0, 2.0]), np.array([1.0, 3.0, 5.0]))
    array([1., 2.])
    """
    sxx = spread(x)
    slope = float(np.sum((x - x.mean()) * (y - y.mean()))) / sxx if sxx else 0.0
    return np.array([y.mean() - slope * x.mean(), slope])


def fit_polynomial(x: Array, y: Array, degree: int) -> Array:
    """Coefficients (degree + 1,) of 1, x, …, x^degree with the smallest squared error on x, y (I,).

    The powers of x are made orthogonal on the data one by one (twice, for full accuracy), so high degrees stay
    accurate (Brubeck, Nakatsukasa and Trefethen 2021, "Vandermonde with Arnoldi"). Where the points don't determine a
    polynomial of this degree, the one of lowest degree through them is taken, and without any points 0.

    >>> fit_polynomial(np.array([0.0, 1.0, 2.0]), np.array([0.0, 1.0, 4.0]), degree=4).round(12) + 0
    array([0., 0., 1., 0., 0.])
    """
    basis = np.zeros((0, len(x)))
    powers = np.zeros((0, degree + 1))
    phi = np.zeros(degree + 1)
    residual = y
    for k in range(min(degree + 1, len(x))):
        values = basis[-1] * x if k else np.ones_like(x)
        power = np.roll(powers[-1], 1) if k else np.eye(degree + 1)[0]
        before = np.linalg.norm(values)
        for _ in range(2):
            for q, p in zip(basis, powers, strict=True):
                h = q @ values
                values, power = values - h * q, power - h * p
        norm = np.linalg.norm(values)
        if not norm > 1e-10 * before:
            break
        basis, powers = np.vstack([basis, values / norm]), np.vstack([powers, power / norm])
        amount = basis[-1] @ residual
        residual = residual - amount * basis[-1]
        phi = phi + amount * powers[-1]
    return phi
