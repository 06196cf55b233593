"""Losses for real numbers: normal and Laplace distributions, and mixtures of normals."""

# ruff: noqa: E741 - I, the number of examples, is the book's symbol

from math import log
from typing import Literal

import numpy as np
import numpy.typing as npt

from udl_core import _validate
from udl_core.losses._shared import (
    HALF_LOG_2PI,
    Reduction,
    Result,
    exponentials,
    is_word,
    one_each,
    positive_or_word,
    quiet,
    result,
    two_each,
    weight,
)


@quiet
def least_squares(y_pred: npt.ArrayLike, y: npt.ArrayLike, reduction: Reduction = "sum") -> Result:
    """The least squares loss Σ_i Σ_o (y_pred_io − y_io)² (Prince, equation 2.5), and its derivative.

    Takes predictions and targets, both (I, D_o); the dtype of `y_pred` rules. Returns the loss as a float and
    its derivative with respect to `y_pred` (I, D_o).

    `reduction="mean"` divides by the number of examples I only: it averages over examples and still sums over
    outputs (PyTorch's `mse_loss` divides by I · D_o). Raises ValueError for other shapes, NaN or infinite numbers, or
    another reduction,
    and OverflowError where the dtype cannot hold the result.

    >>> value, slope = least_squares([[1.0], [2.0]], [[0.0], [4.0]])
    >>> value, slope.ravel()
    (5.0, array([ 2., -4.]))
    """
    y_pred, y = one_each(y_pred, y)
    scale = weight(reduction, y)
    residual = y_pred - y
    return result(float(np.sum(residual**2)) * scale, 2 * scale * residual)


@quiet
def gaussian_nll(
    y_pred: npt.ArrayLike,
    y: npt.ArrayLike,
    reduction: Reduction = "sum",
    *,
    sigma: float | Literal["shared", "predicted"] = 1.0,
) -> Result:
    """Negative log likelihood of normal distributions, Σ ½ ((y − μ) / σ)² + log σ + ½ log 2π (Prince, equation 5.9).

    Targets `y` are (I, D_o). The network predicts the mean μ; the standard deviation σ comes from one of three places:

    - a number: fixed and known. `y_pred` is μ (I, D_o).
    - `"shared"`: unknown, but the same for all examples and outputs (section 5.3.3). `y_pred` is μ (I, D_o). For given
      μ the most likely σ² is the mean squared residual, so the loss uses that one: it is ½ I D_o (log 2πσ² + 1), the
      smallest value over all σ, and descending it learns μ and σ together. In mini-batches, each has its own σ.
    - `"predicted"`: another for every example and output, the heteroscedastic case (section 5.3.4). `y_pred` is
      (I, 2 D_o): the means μ, then log σ, each (I, D_o). To learn one σ by descent, repeat log σ down a column: that
      column of the derivative sums to ∂L/∂(log σ).

    Returns value and derivative as `least_squares` does. Raises ValueError for a wrong shape, NaN, infinity or σ ≤ 0,
    and OverflowError where no finite number is the answer, as for a shared σ when every residual is 0.

    >>> value, slope = gaussian_nll([[1.0], [2.0]], [[0.0], [4.0]], sigma=2.0)
    >>> round(value, 4), slope.ravel()
    (3.8492, array([ 0.25, -0.5 ]))
    >>> value, slope = gaussian_nll([[1.0, 0.0]], [[3.0]], sigma="predicted")  # μ = 1, σ = exp[0]
    >>> round(value, 4), slope
    (2.9189, array([[-2., -3.]]))
    """
    if is_word(sigma, "predicted"):
        mean, log_sigma, y = two_each(y_pred, y)
        scale = weight(reduction, y)
        precision = np.exp(-log_sigma)
        z = (mean - y) * precision
        value = float(np.sum(0.5 * z**2 + log_sigma)) + y.size * HALF_LOG_2PI
        return result(value * scale, np.concatenate((z * precision, 1 - z**2), axis=1) * scale)
    y_pred, y = one_each(y_pred, y)
    scale = weight(reduction, y)
    residual = y_pred - y
    if is_word(sigma, "shared"):
        variance = float(np.mean(residual**2))
        if variance == 0:
            raise OverflowError("a shared sigma needs residuals: all are 0, so the likelihood grows without bound")
        value = y.size * (0.5 * log(variance) + HALF_LOG_2PI + 0.5)
        return result(value * scale, residual * (scale / variance))
    sigma = positive_or_word("sigma", sigma, '"shared" or "predicted"')
    z = residual / sigma
    value = float(np.sum(0.5 * z**2)) + y.size * (log(sigma) + HALF_LOG_2PI)
    return result(value * scale, z * (scale / sigma))


@quiet
def laplace_nll(
    y_pred: npt.ArrayLike, y: npt.ArrayLike, reduction: Reduction = "sum", *, spread: float = 1.0
) -> Result:
    """Negative log likelihood of Laplace distributions, Σ |y − μ| / b + log 2b (Prince, section 5.5.1).

    Its tails are heavier than the normal's, so an outlier pulls less: the best constant prediction is the median.
    `y_pred` holds μ, `y` the targets, both (I, D_o); b is `spread`. The derivative at y = μ, a kink, is 0.

    Returns value and derivative as `least_squares` does. Raises ValueError for a wrong shape, NaN, infinity or b ≤ 0,
    OverflowError where no finite number is the answer.

    >>> value, slope = laplace_nll([[1.0], [2.0]], [[0.0], [4.0]], spread=0.5)
    >>> value, slope.ravel()
    (6.0, array([ 2., -2.]))
    """
    y_pred, y = one_each(y_pred, y)
    scale = weight(reduction, y)
    spread = _validate.positive("spread", spread)
    residual = y_pred - y
    value = float(np.sum(np.abs(residual))) / spread + y.size * log(2 * spread)
    return result(value * scale, np.sign(residual) * (scale / spread))


@quiet
def mixture_nll(y_pred: npt.ArrayLike, y: npt.ArrayLike, reduction: Reduction = "sum") -> Result:
    """Negative log likelihood of mixtures of K normals, −Σ_i log Σ_k w_k Norm_y[μ_k, σ_k²] (Prince, problem 5.4).

    A mixture may have several peaks, so it can say "left or right" where one normal would say "between". Targets `y`
    are (I, D_o). `y_pred` is (I, K + 2 K D_o), three blocks side by side:

    - K logits, whose softmax is the weights w,
    - K · D_o means μ, component by component: the D_o of the first, then of the second, …
    - K · D_o log σ in the same order; the outputs of one component are independent.

    K follows from the width. Returns value and derivative as `least_squares` does. Raises ValueError for a wrong shape,
    NaN or infinity, OverflowError where no finite number is the answer.

    >>> halves = [[0.0, 0.0, -1.0, 1.0, 0.0, 0.0]]  # two equal components at −1 and 1, each with σ = 1
    >>> value, slope = mixture_nll(halves, [[0.0]])
    >>> round(value, 4), slope
    (1.4189, array([[ 0. ,  0. , -0.5,  0.5,  0. ,  0. ]]))
    """
    y_pred = _validate.array("y_pred", y_pred, {"I": None, "K + 2 K D_o": None})
    y = _validate.array("y", y, {"I": len(y_pred), "D_o": None}, y_pred.dtype)
    scale = weight(reduction, y)
    I, D_o = y.shape
    K, left_over = divmod(y_pred.shape[1], 1 + 2 * D_o)
    if left_over or not K:
        raise ValueError(
            f"y_pred must have shape (I, K + 2 K D_o) = ({I}, {1 + 2 * D_o} K) for D_o = {D_o}, got {y_pred.shape}"
        )
    logits = y_pred[:, :K]
    mean, log_sigma = (part.reshape(I, K, D_o) for part in np.split(y_pred[:, K:], 2, axis=1))
    _, log_ratio, ratio, total = exponentials(logits)
    precision = np.exp(-log_sigma)
    z = (mean - y[:, None]) * precision
    log_joint = log_ratio - np.log(total) - (0.5 * z**2 + log_sigma + HALF_LOG_2PI).sum(axis=2)  # of y and k
    top, _, e, evidence = exponentials(log_joint)
    responsibility = e / evidence  # Pr(k | y)
    by_component = responsibility[:, :, None]
    dy = (
        ratio / total - responsibility,
        (by_component * z * precision).reshape(I, K * D_o),
        (by_component * (1 - z**2)).reshape(I, K * D_o),
    )
    return result(-float(np.sum(top + np.log(evidence))) * scale, np.concatenate(dy, axis=1) * scale)
