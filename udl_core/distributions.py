"""The distributions behind the losses of chapter 5: densities, and cumulative distributions where they have a name.

Each function works element by element on numbers, lists or arrays that broadcast to each other, in float64. All raise
ValueError for NaN or infinity and for scales or rates that are not positive. Their negative log, summed over the
examples, is the loss of the same name in `udl_core.losses`.
"""

from math import pi

import numpy as np
import numpy.typing as npt

from udl_core import _validate, activations
from udl_core._validate import Array
from udl_core.losses.counts import log_factorial
from udl_core.losses.directions import log_bessel_and_ratio


def normal_density(y: npt.ArrayLike, mu: npt.ArrayLike = 0.0, sigma: npt.ArrayLike = 1.0) -> Array:
    """exp[−½ ((y − μ) / σ)²] / (σ √(2π)) (Prince, equation 5.7), the density behind `gaussian_nll`.

    >>> normal_density([0.0, 2.0], sigma=2.0).round(4)
    array([0.1995, 0.121 ])
    """
    z, sigma = _standardised(y, mu, "sigma", sigma)
    return np.exp(-0.5 * z**2) / (sigma * np.sqrt(2 * pi))


def normal_cumulative(y: npt.ArrayLike, mu: npt.ArrayLike = 0.0, sigma: npt.ArrayLike = 1.0) -> Array:
    """Φ[(y − μ) / σ], the probability of a value up to y.

    >>> normal_cumulative([0.0, 1.96]).round(3)
    array([0.5  , 0.975])
    """
    return 0.5 * (1 + activations.erf(_standardised(y, mu, "sigma", sigma)[0] / np.sqrt(2)))


def laplace_density(y: npt.ArrayLike, mu: npt.ArrayLike = 0.0, spread: npt.ArrayLike = 1.0) -> Array:
    """exp[−|y − μ| / b] / (2b), with b = `spread`: the density behind `laplace_nll`."""
    z, b = _standardised(y, mu, "spread", spread)
    return np.exp(-np.abs(z)) / (2 * b)


def laplace_cumulative(y: npt.ArrayLike, mu: npt.ArrayLike = 0.0, spread: npt.ArrayLike = 1.0) -> Array:
    """½ exp[z] below μ and 1 − ½ exp[−z] above, with z = (y − μ) / b: the probability of a value up to y."""
    z, _ = _standardised(y, mu, "spread", spread)
    tail = 0.5 * np.exp(-np.abs(z))
    return np.where(z > 0, 1 - tail, tail)


def bernoulli_probability(y: npt.ArrayLike, lam: npt.ArrayLike) -> Array:
    """(1 − λ)^{1−y} λ^y: λ for label 1 and 1 − λ for label 0 (Prince, equation 5.17), behind `bernoulli_nll`."""
    y, lam = _number("y", y), _number("lam", lam)
    if not (np.isin(y, (0, 1)).all() and (lam >= 0).all() and (lam <= 1).all()):
        raise ValueError("y must hold labels 0 and 1, and lam probabilities from 0 to 1")
    return np.where(y == 1, lam, 1 - lam)


def poisson_probability(y: npt.ArrayLike, rate: npt.ArrayLike) -> Array:
    """λ^y exp[−λ] / y! for counts y = 0, 1, 2, …, with λ = `rate`: behind `poisson_nll`.

    >>> poisson_probability([0, 1, 2], 2.0).round(4)
    array([0.1353, 0.2707, 0.2707])
    """
    y, rate = np.broadcast_arrays(_number("y", y), _positive("rate", rate))
    if not ((y >= 0) & (y == np.floor(y))).all():
        raise ValueError("y must hold counts 0, 1, 2, …")
    return np.exp(y * np.log(rate) - rate - log_factorial(y)) if y.size else np.zeros(y.shape)


def poisson_cumulative(y: npt.ArrayLike, rate: npt.ArrayLike) -> Array:
    """The probability of a count up to y, 0 below 0: the sum of `poisson_probability` from 0 to ⌊y⌋."""
    y, rate = np.broadcast_arrays(np.floor(_number("y", y)), _positive("rate", rate))
    counts = np.arange(max(int(y.max(initial=0.0)), 0) + 1.0)
    each = poisson_probability(counts, rate[..., None])
    return np.where(counts <= y[..., None], each, 0).sum(axis=-1).clip(0, 1)


def von_mises_density(y: npt.ArrayLike, mu: npt.ArrayLike = 0.0, kappa: npt.ArrayLike = 1.0) -> Array:
    """exp[κ cos[y − μ]] / (2π Bessel₀[κ]) for an angle y in radians: the density behind `von_mises_nll`."""
    y, mu, kappa = np.broadcast_arrays(_number("y", y), _number("mu", mu), _positive("kappa", kappa))
    log_bessel, _ = log_bessel_and_ratio(kappa)  # of Bessel₀, less κ
    return np.exp(kappa * -2 * np.sin((y - mu) / 2) ** 2 - log_bessel) / (2 * pi)


def mixture_density(y: npt.ArrayLike, weights: npt.ArrayLike, mu: npt.ArrayLike, sigma: npt.ArrayLike) -> Array:
    """Σ_k w_k Norm_y[μ_k, σ_k²] for y (…) and K weights, means and standard deviations (K,): behind `mixture_nll`.

    Raises ValueError also where weights are negative or do not sum to 1.
    """
    y, w = _number("y", y), _number("weights", weights)
    if w.ndim != 1 or (w < 0).any() or abs(w.sum() - 1) > 1e-9:
        raise ValueError(f"weights must be K numbers of at least 0 that sum to 1, got {weights!r}")
    return normal_density(y[..., None], mu, sigma) @ w


def shared_sigma(y_pred: npt.ArrayLike, y: npt.ArrayLike) -> float:
    """The σ that `gaussian_nll(…, sigma="shared")` takes: the root of the mean squared residual.

    >>> round(shared_sigma([[1.0], [2.0]], [[4.0], [3.0]]) ** 2, 9)
    5.0
    """
    y_pred = _validate.array("y_pred", y_pred, {"I": None, "D_o": None}, np.dtype(np.float64))
    residual = y_pred - _validate.array("y", y, {"I": len(y_pred), "D_o": y_pred.shape[1]}, y_pred.dtype)
    if not residual.size:
        raise ValueError("a shared sigma needs at least one residual, got none")
    return float(np.sqrt(np.mean(residual**2)))


def _standardised(y: npt.ArrayLike, mu: npt.ArrayLike, name: str, scale: npt.ArrayLike) -> tuple[Array, Array]:
    positive = _positive(name, scale)
    return (_number("y", y) - _number("mu", mu)) / positive, positive


def _number(name: str, value: npt.ArrayLike) -> Array:
    return _validate.array(name, value, {"…": None}, np.dtype(np.float64))


def _positive(name: str, value: npt.ArrayLike) -> Array:
    number = _number(name, value)
    if not (number > 0).all():
        raise ValueError(f"{name} must be above 0, got {value!r}")
    return number
