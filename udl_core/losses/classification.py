"""Losses for labels: Bernoulli and categorical distributions, whose parameters come as logits."""

from math import isfinite, prod
from typing import Any

import numpy as np
import numpy.typing as npt

from udl_core import _validate
from udl_core._validate import Array
from udl_core.losses._shared import Reduction, Result, exponentials, quiet, result, weight

_OFF_ONE = 1e-5
"""How far from 1 rounding may leave a sum of probabilities given in float32."""

_LARGE = 60.0
"""exp of this, times any K, is far from overflow in float32 too."""


def softmax(logits: npt.ArrayLike) -> Array:
    """exp[f_k] / Σ_k′ exp[f_k′] along the last axis: logits (…, K) to K probabilities (Prince, section 5.5).

    Adding a constant to all K logits changes nothing. Raises ValueError for NaN or infinity.

    >>> softmax([[0.0, 1000.0, 1000.0]])
    array([[0. , 0.5, 0.5]])
    """
    _, _, e, total = exponentials(_validate.array("logits", logits, {"…": None, "K": None}))
    return e / total


def log_softmax(logits: npt.ArrayLike) -> Array:
    """log softmax[f] along the last axis, exact where the probability is too small for a float, or too near to 1.

    Raises ValueError for NaN or infinity, OverflowError where logits are further apart than their dtype can say.

    >>> log_softmax([[0.0, 1000.0], [0.0, 50.0]])
    array([[-1.00000000e+03,  0.00000000e+00],
           [-5.00000000e+01, -1.92874985e-22]])
    """
    given = _validate.array("logits", logits, {"…": None, "K": None})
    with np.errstate(over="ignore", under="ignore"):
        _, below, e, _ = exponentials(given.astype(np.float64, copy=False))
        largest = e.argmax(axis=-1, keepdims=True) if e.size else np.zeros((*e.shape[:-1], 0), dtype=np.intp)
        np.put_along_axis(e, largest, 0, axis=-1)
        result = (below - np.log1p(e.sum(axis=-1, keepdims=True))).astype(given.dtype, copy=False)
    if not np.isfinite(result).all():
        raise OverflowError(f"logits of one example are further apart than {given.dtype} can say")
    return result


@quiet
def bernoulli_nll(y_pred: npt.ArrayLike, y: npt.ArrayLike, reduction: Reduction = "sum") -> Result:
    """Negative log likelihood of Bernoulli distributions, −Σ (1−y) log(1−λ) + y log λ (Prince, section 5.4).

    Also known as binary cross-entropy. `y_pred` (I, D_o) holds logits f, and λ = sig[f] is the probability of label 1.
    Targets `y` (I, D_o) are labels 0 and 1, False and True, or probabilities of label 1 between them, for which the
    loss is the expected one. Each of several outputs is a yes or no of its own.

    Returns value and derivative as `least_squares` does, exact for logits of any size. Raises ValueError for a wrong
    shape, NaN or infinity, or targets outside 0 to 1.

    >>> value, slope = bernoulli_nll([[0.0], [1000.0]], [[1], [1]])
    >>> round(value, 4), slope.ravel()
    (0.6931, array([-0.5,  0. ]))
    """
    y_pred = _validate.array("y_pred", y_pred, {"I": None, "D_o": None})
    axes = {"I": len(y_pred), "D_o": y_pred.shape[1]}
    y = _validate.array("y", y, axes, y_pred.dtype)
    scale = weight(reduction, y)
    _check_range("y must hold labels 0 and 1, or probabilities between them", y, 0, 1)
    e = np.exp(-np.abs(y_pred))
    value = float(np.sum(np.log1p(e) + np.where(y_pred > 0, (1 - y) * y_pred, -y * y_pred)))
    # sig[f] − y as (1 − y) sig[f] − y sig[−f], which keeps all digits where sig[f] rounds to 1
    zero, one = np.where(y_pred > 0, 1, e), np.where(y_pred > 0, e, 1)
    return result(value * scale, ((1 - y) * zero - y * one) / (1 + e) * scale)


@quiet
def categorical_nll(
    y_pred: npt.ArrayLike,
    y: npt.ArrayLike,
    reduction: Reduction = "sum",
    *,
    mask: npt.ArrayLike | None = None,
) -> Result:
    """Negative log likelihood of categorical distributions, −Σ log softmax_y[f] (Prince, equation 5.24).

    Also known as multiclass cross-entropy. `y_pred` holds K logits f for every example, (I, K), or for every token of
    sequences, (I, T, K). Targets `y` are classes 0, 1, …, K−1 as integers, (I,) or (I, T), or K probabilities in place
    of each class, (I, K) or (I, T, K): one-hot vectors, or soft labels, for which the loss is the expected one.

    For sequences, `mask` (I, T) is True where there is a token and False where there is padding, which does not count
    and whose targets are not looked at. `reduction="mean"` divides by the number of examples I, or for sequences by the
    number of tokens that count: I · T without a mask.

    Returns the value as a float and its derivative, of the shape and dtype of `y_pred`, exact for logits of any size.
    Raises ValueError for a wrong shape, NaN, infinity, a class that does not exist or probabilities that are negative
    or do not sum to 1, TypeError for classes that are not integers, and OverflowError where logits are further apart
    than a float can say.

    >>> value, slope = categorical_nll([[0.0, 0.0], [1000.0, -1000.0]], [0, 1])
    >>> round(value, 4), slope
    (2000.6931, array([[-0.5,  0.5],
           [ 1. , -1. ]]))
    """
    axes = {"I": None, "K": None}
    y_pred = _validate.regular("y_pred", y_pred, axes)
    if y_pred.ndim == 3:
        axes = {"I": None, "T": None, "K": None}
    y_pred = _validate.array("y_pred", y_pred, axes)
    targets = _targets(y, dict(zip(axes, y_pred.shape, strict=True)), y_pred.dtype)
    if mask is None:
        rows = targets.shape[: y_pred.ndim - 1]
        N, K = prod(rows), y_pred.shape[-1]
        value, dy = _of_rows(y_pred.reshape(N, K), targets.reshape(N, *targets.shape[len(rows) :]), reduction)
        return value, dy.reshape(y_pred.shape)
    if y_pred.ndim != 3:
        raise ValueError(f"mask is for sequences: y_pred must have shape (I, T, K), got {y_pred.shape}")
    mask = _validate.mask(mask, y_pred)
    if not mask.any():
        raise ValueError("mask must be True for at least one token, or there is nothing to judge")
    dy = np.zeros_like(y_pred)
    value, dy[mask] = _of_rows(y_pred[mask], targets[mask], reduction)
    return value, dy


def _targets(y: npt.ArrayLike, lengths: dict[str, int], dtype: np.dtype[Any]) -> npt.NDArray[Any]:
    """Integer classes (I,) or (I, T), or probabilities (I, K) or (I, T, K); their values are not checked yet."""
    given = _validate.regular("y", y, lengths)
    if given.ndim == len(lengths):
        return _validate.array("y", given, lengths, dtype)
    _validate.shape("y", given.shape, {symbol: n for symbol, n in lengths.items() if symbol != "K"})
    if given.dtype.kind not in "iu":
        raise TypeError(f"y must hold classes as integers, or K probabilities in place of each, got {given.dtype}")
    return given


def _of_rows(logits: Array, targets: npt.NDArray[Any], reduction: str) -> Result:
    """For logits (N, K), and classes (N,) or probabilities (N, K)."""
    N, K = logits.shape
    scale = weight(reduction, logits)
    if targets.ndim == 1:
        _check_range(f"y must hold classes from 0 to K − 1 = {K - 1}", targets, 0, K - 1)
        value, dy = _of_classes(logits, targets, scale)
    else:
        _check_probabilities(targets)
        if np.count_nonzero(targets) == N:  # one-hot
            value, dy = _of_classes(logits, targets.argmax(axis=1), scale)
        else:
            value, dy = _of_probabilities(logits, targets, scale)
    if not isfinite(value):
        raise OverflowError(f"logits of one example are further apart than {dy.dtype} can say")
    return value, dy


def _of_classes(logits: Array, classes: npt.NDArray[np.integer[Any]], scale: float) -> Result:
    """For classes y (N,): log Σ_k exp[f_k − f_y], where 1 − p_y comes as the sum of the others and keeps all digits."""
    N, K = logits.shape
    chosen = np.arange(0, N * K, K) + classes.astype(np.intp, copy=False)  # in the flat order
    e = logits - logits.take(chosen)[:, None]
    excess: Any = 0.0
    e_chosen: Any = 1.0
    if e.max() > _LARGE:  # exp could overflow; only then, since the maximum of each row costs as much as all the rest
        excess = np.maximum(e.max(axis=1), 0)
        e -= excess[:, None]
        e_chosen = np.exp(-excess)
    np.exp(e, out=e)
    e.put(chosen, 0)
    others = e @ np.ones(K, e.dtype)
    e.put(chosen, -others)
    e *= (scale / (others + e_chosen))[:, None]
    return float((np.log1p(others + (e_chosen - 1)) + excess).sum()) * scale, e


def _of_probabilities(logits: Array, y: Array, scale: float) -> Result:
    """For probabilities y (N, K)."""
    _, below, e, total = exponentials(logits)
    value = float(np.sum(y * (np.log(total) - below)))
    return value * scale, (y.sum(axis=1, keepdims=True) * e / total - y) * scale


def _check_range(wanted: str, values: npt.NDArray[Any], low: float, high: float) -> None:
    lowest, highest = values.min(), values.max()
    if lowest < low or highest > high:
        raise ValueError(f"{wanted}, got {lowest if lowest < low else highest}")


def _check_probabilities(y: Array) -> None:
    if y.min() < 0:
        raise ValueError(f"y must hold probabilities, got {y.min()}")
    sums = y.sum(axis=1)
    worst = sums[np.abs(sums - 1).argmax()]
    if abs(worst - 1) > _OFF_ONE:
        raise ValueError(f"the K probabilities of each example in y must sum to 1, got a sum of {worst}")
