"""Judging a trained network on data, without training it."""

# ruff: noqa: E741 - I, the number of examples, is the book's symbol

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from udl_core import _validate
from udl_core._validate import Array
from udl_core.losses import Reduction
from udl_core.network import Network
from udl_core.objective import settings

Metric = Callable[..., Any]
"""(y_pred, y) -> number, such as `accuracy`; or a loss."""


def evaluate(
    net: Network,
    phi: npt.ArrayLike,
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    loss: Metric,
    *,
    reduction: Reduction | None = None,
    batch_size: int | None = None,
    mask: npt.ArrayLike | None = None,
) -> float:
    """The loss of f[x, φ] on all examples, or a metric such as `accuracy` if one is given in its place.

    `loss` is called once, with all predictions, so `batch_size` saves memory and changes nothing else; `reduction` and
    `mask` are passed on as `fit` does. Raises ValueError where x, y and φ do not fit each other.

    >>> from udl_core import Linear, losses
    >>> evaluate(Linear(1, 1), [0.0, 1.0], [[1.0], [2.0]], [[1.0], [4.0]], losses.least_squares, reduction="mean")
    2.0
    """
    y_pred = predict(net, phi, x, batch_size=batch_size, mask=mask)
    return judge(
        loss, y_pred, targets(y, len(y_pred), y_pred.dtype), reduction, None if mask is None else np.asarray(mask)
    )


def predict(
    net: Network,
    phi: npt.ArrayLike,
    x: npt.ArrayLike,
    *,
    batch_size: int | None = None,
    mask: npt.ArrayLike | None = None,
) -> Array:
    """f[x, φ] for x (I, …) and φ (P,), `batch_size` examples at a time where memory is short, all at once without.

    Raises what a call of the network raises, and ValueError for a `batch_size` below 1.
    """
    phi = net.check_phi(phi)
    x = net.check_x(x, phi.dtype)
    if batch_size is None or len(x) <= _validate.size("batch_size", batch_size):
        return net(x, phi, mask=mask)
    masks = None if mask is None else _validate.mask(mask, x)
    batches = [slice(start, start + batch_size) for start in range(0, len(x), batch_size)]
    return np.concatenate([net(x[at], phi, mask=None if masks is None else masks[at]) for at in batches])


def accuracy(y_pred: npt.ArrayLike, y: npt.ArrayLike, *, mask: npt.ArrayLike | None = None) -> float:
    """The share of right answers, from 0 to 1: how often the largest logit is that of the target's class.

    `y_pred` holds logits (I, K), or (I, T, K) for tokens, and `y` classes as integers, (I,) or (I, T), or one-hot
    vectors of the shape of `y_pred`. A single logit, K = 1, says class 1 if it is above 0, else class 0. For sequences,
    `mask` (I, T) is True where there is a token; padding does not count. Raises ValueError for other shapes, NaN or
    infinity, no examples, classes that do not exist, and vectors that are not one-hot.

    >>> accuracy([[2.0, 1.0], [0.0, 3.0]], [0, 0])
    0.5
    """
    logits, classes = _validate.array("y_pred", y_pred, {"…": None}), _validate.regular("y", y, {"I": None, "…": None})
    if logits.ndim not in (2, 3):
        raise ValueError(f"y_pred must have shape (I, K) or (I, T, K), got {logits.shape}")
    if mask is not None and logits.ndim == 2:
        raise ValueError(f"mask is for sequences: y_pred must have shape (I, T, K), got {logits.shape}")
    single = logits.shape[-1] == 1
    answers = logits[..., 0] > 0 if single else logits.argmax(axis=-1)
    if classes.shape == logits.shape and single:
        classes = classes[..., 0]
    elif classes.shape == logits.shape:
        if not (np.isin(classes, (0, 1)).all() and (classes.sum(axis=-1) == 1).all()):
            raise ValueError("y must hold one-hot vectors: a single 1 each, and 0 elsewhere")
        classes = classes.argmax(axis=-1)
    if classes.shape != answers.shape:
        raise ValueError(f"y must have shape {answers.shape} or {logits.shape} for those y_pred, got {classes.shape}")
    if mask is not None:
        seen = _validate.mask(mask, logits)
        answers, classes = answers[seen], classes[seen]
    if not answers.size:
        raise ValueError("accuracy needs at least one answer, got none")
    K = max(logits.shape[-1], 2)
    if classes.dtype.kind not in "biuf" or not np.isin(classes, np.arange(K)).all():
        raise ValueError(f"y must hold classes from 0 to {K - 1} as whole numbers, or one-hot vectors")
    right = answers == classes
    return float(right.mean())


def targets(y: npt.ArrayLike, I: int, dtype: np.dtype[Any] | None = None) -> npt.NDArray[Any]:
    """y as an array with one target for each of I examples; floats in `dtype`, integers as they are."""
    given = _validate.regular("y", y, {"I": I, "…": None})
    if given.ndim == 2:
        _validate.shape("y", given.shape, {"I": I, "D_o": given.shape[1]})
    else:
        _validate.shape("y", given.shape, {"I": I, "…": None})
    return given.astype(dtype, copy=False) if dtype and given.dtype in _validate.FLOATS else given


def judge(
    loss: Metric, y_pred: Array, y: npt.NDArray[Any], reduction: Reduction | None, mask: npt.NDArray[Any] | None
) -> float:
    """The value alone of a loss or metric."""
    value = loss(y_pred, y, **settings(loss, reduction, mask, y_pred))
    return float(value[0] if isinstance(value, tuple) else value)
