"""What every loss does with its arguments and its result."""

from math import isfinite, log, pi
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from udl_core import _validate
from udl_core._validate import Array

Reduction = Literal["sum", "mean"]
Result = tuple[float, Array]

HALF_LOG_2PI = 0.5 * log(2 * pi)

quiet = np.errstate(over="ignore", invalid="ignore")
"""Decorates losses that can overflow: `result` says so in words, where NumPy would warn."""


def weight(reduction: str, y: npt.NDArray[Any]) -> float:
    """What an example's loss counts for: 1 in a sum, 1 / I in a mean."""
    if reduction not in ("sum", "mean"):
        raise ValueError(f'reduction must be "sum" or "mean", got {reduction!r}')
    if len(y) == 0:
        raise ValueError("a loss needs at least one example, got I = 0")
    if y.size == 0:
        raise ValueError("a loss needs at least one output, got none")
    return 1.0 if reduction == "sum" else 1 / len(y)


def one_each(y_pred: npt.ArrayLike, y: npt.ArrayLike) -> tuple[Array, Array]:
    """Predictions and targets, both (I, D_o), in the predictions' dtype."""
    y_pred = _validate.array("y_pred", y_pred, {"I": None, "D_o": None})
    y = _validate.array("y", y, {"I": len(y_pred), "D_o": y_pred.shape[1]}, y_pred.dtype)
    return y_pred, y


def two_each(y_pred: npt.ArrayLike, y: npt.ArrayLike) -> tuple[Array, Array, Array]:
    """The left and the right half of predictions (I, 2 D_o), and targets (I, D_o), in the predictions' dtype."""
    y_pred = _validate.array("y_pred", y_pred, {"I": None, "2 D_o": None})
    y = _validate.array("y", y, {"I": len(y_pred), "D_o": None}, y_pred.dtype)
    D_o = y.shape[1]
    _validate.shape("y_pred", y_pred.shape, {"I": len(y), "2 D_o": 2 * D_o})
    return y_pred[:, :D_o], y_pred[:, D_o:], y


def is_word(value: Any, word: str) -> bool:
    """Whether a setting is that word; an array is none, and `==` would compare its elements."""
    return isinstance(value, str) and value == word


def positive_or_word(name: str, value: float | str, words: str) -> float:
    """A number above 0, where one of those words was possible too."""
    if isinstance(value, str):
        raise ValueError(f"{name} must be a number above 0, {words}, got {value!r}")
    return _validate.positive(name, value)


def result(value: float, dy: Array) -> Result:
    """Value and derivative, or OverflowError where the dtype cannot hold them."""
    if not (isfinite(value) and np.isfinite(dy).all()):
        raise OverflowError(
            f"the loss or its derivative is too large for {dy.dtype}: the numbers given are too large, "
            "or the distribution is too narrow for them"
        )
    return float(value), dy


def exponentials(a: Array) -> tuple[Array, Array, Array, Array]:
    """Along the last axis: max[a], a − max[a], exp[a − max[a]], which cannot overflow, and the sum of those."""
    top = a.max(axis=-1, keepdims=True)
    below = a - top
    e = np.exp(below)
    return top, below, e, e.sum(axis=-1, keepdims=True)
