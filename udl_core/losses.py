"""Loss functions: (prediction, target) -> (value, d value / d prediction)."""

# ruff: noqa: E741 - I, the number of examples, is the book's symbol

from typing import Literal

import numpy as np
import numpy.typing as npt

from udl_core import _validate
from udl_core._validate import Array

Reduction = Literal["sum", "mean"]


def least_squares(y_pred: npt.ArrayLike, y: npt.ArrayLike, reduction: Reduction = "sum") -> tuple[float, Array]:
    """The least squares loss Σ_i Σ_o (y_pred_io − y_io)² (Prince, equation 2.5), and its derivative.

    Takes predictions and targets, both (I, D_o); the dtype of `y_pred` rules. Returns the loss as a float and
    its derivative with respect to `y_pred` (I, D_o).

    `reduction="mean"` divides by the number of examples I only: it averages over examples and still sums over
    outputs (PyTorch's `mse_loss` divides by I · D_o). Raises ValueError for other shapes, NaN or infinite numbers, or
    another reduction.

    >>> value, slope = least_squares([[1.0], [2.0]], [[0.0], [4.0]])
    >>> value, slope.ravel()
    (5.0, array([ 2., -4.]))
    """
    y_pred = _validate.array("y_pred", y_pred, {"I": None, "D_o": None})
    y = _validate.array("y", y, {"I": len(y_pred), "D_o": y_pred.shape[1]}, y_pred.dtype)
    scale = _scale(reduction, len(y_pred))
    residual = y_pred - y
    return float(np.sum(residual**2)) * scale, 2 * scale * residual


def _scale(reduction: str, I: int) -> float:
    if reduction not in ("sum", "mean"):
        raise ValueError(f'reduction must be "sum" or "mean", got {reduction!r}')
    if I == 0:
        raise ValueError("a loss needs at least one example, got I = 0")
    return 1.0 if reduction == "sum" else 1 / I
