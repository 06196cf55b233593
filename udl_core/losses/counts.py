"""The loss for counts: the Poisson distribution."""

from math import lgamma, log

import numpy as np
import numpy.typing as npt

from udl_core import _validate
from udl_core._validate import Array
from udl_core.losses._shared import HALF_LOG_2PI, Reduction, Result, quiet, result, weight


@quiet
def poisson_nll(y_pred: npt.ArrayLike, y: npt.ArrayLike, reduction: Reduction = "sum") -> Result:
    """Negative log likelihood of Poisson distributions, Σ λ − y log λ + log y! (Prince, section 5.5.1).

    `y_pred` (I, D_o) holds log λ, so the rate λ is positive whatever the network says. Targets `y` (I, D_o) are counts
    0, 1, 2, … With log y!, which PyTorch's `poisson_nll_loss` leaves out, exp[−value] is a probability.

    Returns value and derivative as `least_squares` does. Raises ValueError for a wrong shape, NaN, infinity or targets
    that are no counts, and OverflowError where the dtype cannot hold λ: for log λ above 88.72 in float32 and 709.78 in
    float64.

    >>> value, slope = poisson_nll([[0.0]], [[3]])  # λ = 1, so 3 has probability exp[−1] / 3!
    >>> round(value, 4), slope
    (2.7918, array([[-2.]]))
    """
    y_pred = _validate.array("y_pred", y_pred, {"I": None, "D_o": None})
    axes = {"I": len(y_pred), "D_o": y_pred.shape[1]}
    counts = _validate.array("y", y, axes, np.dtype(np.float64))  # float32 would round counts above 2²⁴
    scale = weight(reduction, counts)
    if not ((counts >= 0) & (counts == np.floor(counts))).all():
        wrong = counts[(counts < 0) | (counts != np.floor(counts))][0]
        raise ValueError(f"y must hold counts 0, 1, 2, …, got {wrong}")
    largest = log(np.finfo(y_pred.dtype).max)
    if y_pred.max() > largest:
        raise OverflowError(f"y_pred, the log of the rate, must be at most {largest:.2f}, got {y_pred.max()}")
    log_rate = y_pred.astype(np.float64, copy=False)
    rate = np.exp(log_rate)
    value = float(np.sum(rate - counts * log_rate + log_factorial(counts)))
    return result(value * scale, ((rate - counts) * scale).astype(y_pred.dtype, copy=False))


_LOG_FACTORIAL = np.array([lgamma(n + 1) for n in range(256)])


def log_factorial(n: Array) -> Array:
    """log n! for n = 0, 1, 2, … in float64.

    By Stirling's series where the table ends; what the series leaves out there is below 10⁻²⁰.
    """
    small = _LOG_FACTORIAL[np.minimum(n, 255).astype(np.intp)]
    if n.max() < 256:
        return small
    m = np.maximum(n, 256)
    return np.where(
        n < 256, small, (m + 0.5) * np.log(m) - m + HALF_LOG_2PI + (1 - (1 - 2 / (7 * m**2)) / (30 * m**2)) / (12 * m)
    )
