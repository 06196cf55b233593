"""The parameters of linear models with the least squared error, without descent."""

import numpy as np
import numpy.typing as npt

from udl_core import _validate
from udl_core._validate import Array


def least_squares(x: npt.ArrayLike, y: npt.ArrayLike) -> Array:
    """φ (P,) of `Linear(D_i, D_o)` with the smallest Σ_i Σ_o (φ_o0 + Σ_d φ_od x_id − y_io)² on x (I, D_i), y (I, D_o).

    φ = (XᵀX)⁻¹ Xᵀ y with X = [1 x] (Prince, problem 2.2 for one input), by singular values, which is exact to more
    digits. Where the examples leave φ open, because they are few or lie in a plane, the shortest φ is taken.

    The dtype of x rules. Raises ValueError for a wrong shape, NaN or infinity, or no examples.

    >>> least_squares([[0.0], [1.0], [2.0]], [[1.0], [3.0], [5.0]]).round(12)
    array([1., 2.])
    """
    return ridge(x, y, 0.0)


def ridge(x: npt.ArrayLike, y: npt.ArrayLike, strength: float) -> Array:
    """The same for the squared error plus λ Σ_o Σ_d φ_od², the squares of all but the offsets (Prince, section 9.1).

    λ = `strength`, as in `losses.l2_penalty`: the minimum of `losses.least_squares` (its sum) with that penalty, masked
    so that offsets are free. Raises what `least_squares` raises, and ValueError for λ < 0.

    >>> ridge([[-1.0], [1.0]], [[0.0], [4.0]], strength=2.0)  # the mean stays, half of the slope is left
    array([2., 1.])
    """
    x = _validate.array("x", x, {"I": None, "D_i": None})
    y = _validate.array("y", y, {"I": len(x), "D_o": None}, x.dtype)
    strength = _validate.not_negative("strength", strength)
    if not len(x):
        raise ValueError("least squares needs at least one example, got I = 0")
    X = np.concatenate((np.ones((len(x), 1), x.dtype), x), axis=1)
    if strength:  # λ φ_d² is the squared error of one more example, √λ at place d, whose target is 0
        more = np.eye(X.shape[1], dtype=x.dtype)[1:] * x.dtype.type(np.sqrt(strength))
        X, y = np.concatenate((X, more)), np.concatenate((y, np.zeros((len(more), y.shape[1]), x.dtype)))
    phi: Array = np.linalg.lstsq(X, y, rcond=None)[0]
    return phi.T.ravel()


def line(x: npt.ArrayLike, y: npt.ArrayLike) -> Array:
    """(φ_0, φ_1) of the line with the smallest Σ (φ_0 + φ_1 x − y)² on x (I,), y (I,).

    The slope is Σ (x − x̄)(y − ȳ) / Σ (x − x̄)², and the line goes through (x̄, ȳ).
    Where all x are equal, up to rounding, every slope is as good, and 0 is taken. Raises ValueError for a wrong shape,
    NaN or infinity, or no examples.

    >>> line([0.0, 1.0, 2.0], [1.0, 3.0, 5.0])
    array([1., 2.])
    """
    x, y = _pairs(x, y)
    if not len(x):
        raise ValueError("a line needs at least one example, got I = 0")
    sxx = spread(x)
    slope = float(np.sum((x - x.mean()) * (y - y.mean()))) / sxx if sxx else 0.0
    return np.array([y.mean() - slope * x.mean(), slope])


def spread(x: npt.ArrayLike) -> float:
    """Σ (x − x̄)² of x (I,), and exactly 0 where the x differ by rounding only.

    >>> spread([1.0, 3.0]), spread([0.1 + 0.2, 0.3])
    (2.0, 0.0)
    """
    x = _validate.array("x", x, {"I": None}, np.dtype(np.float64))
    if not len(x):
        return 0.0
    total = float(np.sum((x - x.mean()) ** 2))
    rounding = len(x) * (1e-12 * float(np.abs(x).max())) ** 2
    return 0.0 if total <= rounding else total


def polynomial(x: npt.ArrayLike, y: npt.ArrayLike, degree: int) -> Array:
    """Coefficients (degree + 1,) of 1, x, …, x^degree with the smallest squared error on x (I,), y (I,).

    The powers of x are made orthogonal on the data one by one (twice, for full accuracy), so high degrees stay
    accurate (Brubeck, Nakatsukasa and Trefethen 2021, "Vandermonde with Arnoldi"). Where the points don't determine a
    polynomial of this degree, the one of lowest degree through them is taken, and without any points 0. Raises
    ValueError for a wrong shape, NaN or infinity.

    >>> polynomial([0.0, 1.0, 2.0], [0.0, 1.0, 4.0], degree=4).round(12) + 0
    array([0., 0., 1., 0., 0.])
    """
    x, y = _pairs(x, y)
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


def _pairs(x: npt.ArrayLike, y: npt.ArrayLike) -> tuple[Array, Array]:
    x = _validate.array("x", x, {"I": None}, np.dtype(np.float64))
    return x, _validate.array("y", y, {"I": len(x)}, np.dtype(np.float64))
