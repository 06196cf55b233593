"""The loss for directions: the von Mises distribution, the circle's counterpart of the normal."""

from math import log, pi
from typing import Literal

import numpy as np
import numpy.typing as npt

from udl_core._validate import Array
from udl_core.losses._shared import (
    Reduction,
    Result,
    is_word,
    one_each,
    positive_or_word,
    quiet,
    result,
    two_each,
    weight,
)


@quiet
def von_mises_nll(
    y_pred: npt.ArrayLike,
    y: npt.ArrayLike,
    reduction: Reduction = "sum",
    *,
    kappa: float | Literal["predicted"] = 1.0,
) -> Result:
    """Negative log likelihood of von Mises distributions, Σ log(2π Bessel₀[κ]) − κ cos[y − μ] (Prince, problem 5.3).

    Targets `y` (I, D_o) are angles in radians; whole turns do not matter. The concentration κ is larger where
    directions vary less: near μ the distribution is like a normal one of variance 1/κ. With a number as `kappa`,
    `y_pred` holds the mean directions μ (I, D_o) in radians. With `"predicted"` it is (I, 2 D_o): μ, then log κ.

    Returns value and derivative as `least_squares` does. Raises ValueError for a wrong shape, NaN, infinity or κ ≤ 0,
    and OverflowError where a predicted κ is too large for the dtype.

    >>> value, slope = von_mises_nll([[0.0]], [[np.pi / 2]], kappa=2.0)
    >>> round(value, 4), slope
    (2.6619, array([[-2.]]))
    """
    if is_word(kappa, "predicted"):
        mean, log_concentration, y = two_each(y_pred, y)
        concentration = np.exp(log_concentration)
    else:
        mean, y = one_each(y_pred, y)
        concentration = np.asarray(positive_or_word("kappa", kappa, '"predicted"'), mean.dtype)
    scale = weight(reduction, y)
    log_bessel, one_minus_ratio = log_bessel_and_ratio(concentration)
    turned = y - mean
    one_minus_cos = 2 * np.sin(turned / 2) ** 2  # 1 − cos loses its digits where directions agree
    value = float(np.sum(concentration * one_minus_cos + log_bessel + log(2 * pi)))
    dy = -concentration * np.sin(turned)
    if is_word(kappa, "predicted"):
        dy = np.concatenate((dy, concentration * (one_minus_cos - one_minus_ratio)), axis=1)
    return result(value * scale, (dy * scale).astype(mean.dtype, copy=False))


# Halfway between 0 and π in 32 steps: exact to the last bit for κ up to 30, since the integrand is smooth and periodic
_ONE_MINUS_COS = 2 * np.sin((np.arange(32) + 0.5) * (pi / 64)) ** 2
_FAR = 30.0
# Bessel₀[κ] ~ exp[κ] / √(2πκ) · Σ a_k / κᵏ and Bessel₁[κ] the same with −a_k (2k+1) / (2k−1): Abramowitz and Stegun,
# 9.7.1. The smallest terms, after which such a series grows, lie far beyond the 20 taken.
_K = np.arange(1, 21)
_A = np.cumprod((2 * _K - 1) ** 2 / (8 * _K))
_A_MINUS_B = _A * 4 * _K / (2 * _K - 1)


def log_bessel_and_ratio(kappa: Array) -> tuple[Array, Array]:
    """log Bessel₀[κ] − κ and 1 − Bessel₁[κ] / Bessel₀[κ], which is d/dκ of the first with its sign turned.

    Neither overflows: Bessel₀ itself does from κ = 714 on. Both are made of sums of positive numbers, so no digits are
    lost: κ up to 30 by the integral (1/π) ∫ exp[κ cos t] cos[n t] dt from 0 to π, larger κ by the asymptotic series.
    """
    kappa = kappa.astype(np.float64)
    near, far = np.minimum(kappa, _FAR)[..., None], np.maximum(kappa, _FAR)
    e = np.exp(-near * _ONE_MINUS_COS)
    zeroth, difference = 1 + _series(_A, far), _series(_A_MINUS_B, far)
    is_near = kappa <= _FAR
    log_bessel = np.where(is_near, np.log(e.mean(axis=-1)), np.log(zeroth) - 0.5 * np.log(2 * pi * far))
    one_minus_ratio = np.where(is_near, e @ _ONE_MINUS_COS / e.sum(axis=-1), difference / zeroth)
    return log_bessel, one_minus_ratio


def _series(a: Array, kappa: Array) -> Array:
    """Σ_k a_k / κᵏ from k = 1 on."""
    total = np.zeros_like(kappa)
    for a_k in a[::-1]:
        total = (total + a_k) / kappa
    return total
