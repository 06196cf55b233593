"""Training: follow an optimiser down a loss and keep what plots need."""

# ruff: noqa: E741 - I, the number of examples, is the book's symbol

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import ceil
from typing import Any

import numpy as np
import numpy.typing as npt

from udl_core import _validate
from udl_core._network import Call, Network
from udl_core._validate import Array
from udl_core.losses import Reduction
from udl_core.objective import by_network, objective
from udl_core.optim import Optimiser, clip_norm
from udl_core.optim.backtracking import LossOfPhi
from udl_core.training import evaluation, sweeping
from udl_core.training import progress as progress_
from udl_core.training.evaluation import Metric
from udl_core.training.history import History, Record

Loss = Callable[..., tuple[float, Array]]
"""(y_pred, y) -> (value, d value / d y_pred), such as `losses.least_squares`."""


def fit(
    net: Network,
    phi: npt.ArrayLike,
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    loss: Loss,
    optimiser: Optimiser,
    steps: int,
    *,
    reduction: Reduction | None = None,
    batch_size: int | None = None,
    rng: np.random.Generator | None = None,
    mask: npt.ArrayLike | None = None,
    validation: tuple[npt.ArrayLike, ...] | None = None,
    validate_every: int | None = None,
    metric: Metric | None = None,
    early_stopping: int | None = None,
    penalty: LossOfPhi | None = None,
    clip: float | None = None,
    keep_path: bool = False,
    progress: bool = True,
) -> History:
    """Take `steps` optimiser steps from φ (P,) on examples x (I, …) with targets y (I, …).

    A step is one move of the optimiser, on one batch: on all examples unless `batch_size` is given. With it, an epoch
    is one walk through all examples in random order, ⌈I / batch_size⌉ steps; the last batch of an epoch takes what is
    left. Losses of batches of different sizes compare only as means: choose `reduction="mean"`.

    `rng` is for whatever is random here: the order of the examples, and the network in training, `train=rng`, whose
    dropout and batch statistics are then on. Without it nothing is random: all examples at once, and the network as in
    use. In either case equal arguments (an `rng` of equal seed and history) give equal results, and no argument but the
    `rng` is changed. The order does not depend on what the network draws. Statistics for use are frozen from x before
    each validation and at the end.

    `loss` is called with prediction and target, in the dtype of φ, which rules; integer targets stay integers.
    `reduction` is passed on if given; without, the loss's own default holds, which is "sum" in `losses`, the book's
    choice: a good learning rate then shrinks as the batch grows. `mask` (I, T), True where a sequence has a token, goes
    to the network, and to the loss if that takes a `mask` and predictions are (I, T, K). `penalty`, φ -> (value,
    gradient), is added to every batch's loss. `clip` shortens gradients to that length at most.

    `validation`, (x, y) or (x, y, mask), is judged by the loss without penalty, and by `metric` (y_pred, y) if given:
    at the start, then every `validate_every` steps, an epoch unless given, and after the last. `early_stopping=n` stops
    after n validations in a row without a new lowest loss, and `History.phi` is then the φ of the lowest, however the
    run ends; without it `History.phi` is the last.

    `keep_path` keeps φ after every step. `progress` shows a bar once a run has lasted a second, and clears it at the
    end. Interrupting a run returns what it reached; inside a `sweep` it ends the sweep, which shows a bar of its own.

    Raises Diverged, naming the step, when a loss, its gradient or φ become NaN or infinite, or a loss says so by an
    OverflowError; its `history` holds what came before, with statistics for use as they were last frozen. Raises
    ValueError or TypeError for arguments of the wrong shape or kind.

    >>> from udl_core import Linear, losses, optim
    >>> x, y = [[0.0], [1.0], [2.0]], [[1.0], [3.0], [5.0]]
    >>> descent = optim.GradientDescent(lr=0.1)
    >>> history = fit(Linear(1, 1), [0.0, 0.0], x, y, losses.least_squares, descent, steps=200, progress=False)
    >>> history.phi.round(3)
    array([1., 2.])
    """
    steps = _validate.size("steps", steps)
    _require_kinds(net, loss, optimiser)
    phi = np.array(_validate.array("phi", phi, {"P": net.n_params}))
    data = _Data.checked(net, x, y, mask, dtype=phi.dtype)
    batches, noise, steps_per_epoch = _batches(len(data.x), batch_size, rng)
    judge = _judge(net, validation, metric, loss, reduction, batch_size, phi.dtype)
    every = steps_per_epoch if validate_every is None else _validate.size("validate_every", validate_every)
    _require(validation is not None, validate_every=validate_every, metric=metric, early_stopping=early_stopping)
    patience = early_stopping if early_stopping is None else _validate.size("early_stopping", early_stopping)
    clip = clip if clip is None else _validate.positive("clip", clip)

    def ready_for_use(phi: Array) -> Array:
        return phi if noise is None else net.freeze_statistics(data.x, phi, mask=data.mask)

    def on_batch(phi: Array) -> tuple[float, Array]:
        batch = data.at(next(batches))
        return by_network(net, batch.x, batch.y, loss, reduction, phi, Call(noise, batch.mask))

    L: LossOfPhi = on_batch
    if noise is None:
        L = objective(net, data.x, data.y, loss, reduction, mask=data.mask)
    if penalty is not None:
        L = _sum(L, penalty)
    state = optimiser.init(phi)
    record = Record(phi, keep_path, validation is not None, metric is not None, patience is not None, steps_per_epoch)
    with (
        np.errstate(over="ignore", invalid="ignore"),
        progress_.bar(steps, "fit", "step", progress and not sweeping.running()) as advance,
    ):
        try:
            for step in range(steps + 1):
                value, grad = L(phi)
                record.require_finite("the loss", value, step)
                record.add(value, phi)
                if step:
                    advance(value)
                if validation is not None and (step % every == 0 or step == steps):
                    frozen = ready_for_use(phi)
                    record.require_finite("phi", frozen, step)
                    score, measured = judge(frozen)
                    record.require_finite("the validation loss", score, step)
                    record.add_validation(step, score, measured, frozen)
                    if patience is not None and record.without_progress >= patience:
                        break
                if step < steps:
                    record.require_finite("the gradient", grad, step)
                    phi, state = optimiser.step(phi, grad if clip is None else clip_norm(grad, clip), state)
                    record.require_finite("phi", phi, step + 1)
        except KeyboardInterrupt:
            if sweeping.running():
                raise
        return record.history(None if patience is not None else ready_for_use(record.phi))


@dataclass(frozen=True)
class _Data:
    """Checked examples, or a batch of them."""

    x: Array  # (I, …), or integer tokens
    y: npt.NDArray[Any]  # (I, …)
    mask: npt.NDArray[np.bool_] | None  # (I, T)

    @classmethod
    def checked(
        cls,
        net: Network,
        x: npt.ArrayLike,
        y: npt.ArrayLike,
        mask: npt.ArrayLike | None = None,
        *,
        dtype: np.dtype[Any],
    ) -> "_Data":
        x = net.check_x(x, dtype)
        if not len(x):
            raise ValueError("x must hold at least one example, got I = 0")
        return cls(x, evaluation.targets(y, len(x), dtype), None if mask is None else _validate.mask(mask, x))

    def at(self, examples: Any) -> "_Data":
        if examples is None:
            return self
        return _Data(self.x[examples], self.y[examples], None if self.mask is None else self.mask[examples])


def _batches(
    I: int, batch_size: int | None, rng: np.random.Generator | None
) -> tuple[Iterator[npt.NDArray[np.int64] | None], np.random.Generator | None, int]:
    """Endless batches as indices, None for all examples; the generator for the network; batches in an epoch."""
    size = I if batch_size is None else min(I, _validate.size("batch_size", batch_size))
    if rng is None:
        if batch_size is not None:
            raise ValueError("batch_size needs rng, a Generator that draws the order of the examples")
        return _endless(I, I, None), None, 1
    order, noise = _validate.generator(rng).spawn(2)
    return _endless(I, size, order), noise, ceil(I / size)


def _endless(I: int, size: int, order: np.random.Generator | None) -> Iterator[npt.NDArray[np.int64] | None]:
    while True:
        if order is None or size == I:
            yield None
        else:
            shuffled = order.permutation(I)
            for start in range(0, I, size):
                yield shuffled[start : start + size]


def _sum(L: LossOfPhi, penalty: LossOfPhi) -> LossOfPhi:
    """Their sum, infinite where the penalty overflows too."""

    def penalised(phi: Array) -> tuple[float, Array]:
        value, grad = L(phi)
        try:
            extra, extra_grad = penalty(phi)
        except OverflowError:
            return np.inf, grad
        _validate.shape("the penalty's gradient", np.shape(extra_grad), {"P": len(phi)})
        return value + extra, grad + np.asarray(extra_grad, dtype=phi.dtype)

    return penalised


def _judge(
    net: Network,
    validation: tuple[npt.ArrayLike, ...] | None,
    metric: Metric | None,
    loss: Loss,
    reduction: Reduction | None,
    batch_size: int | None,
    dtype: np.dtype[Any],
) -> Callable[[Array], tuple[float, float | None]]:
    """φ -> loss and metric on the validation set, from one prediction."""
    if validation is None:
        return lambda phi: (np.nan, None)
    if not isinstance(validation, tuple | list) or len(validation) not in (2, 3):
        raise ValueError("validation must be a pair (x, y), or (x, y, mask)")
    try:
        held_out = _Data.checked(net, *validation, dtype=dtype)
    except (TypeError, ValueError) as error:
        raise type(error)(f"validation: {error}") from None

    def judge(phi: Array) -> tuple[float, float | None]:
        y_pred = evaluation.predict(net, phi, held_out.x, batch_size=batch_size, mask=held_out.mask)
        if not np.isfinite(y_pred).all():
            return np.inf, None
        try:
            score = evaluation.judge(loss, y_pred, held_out.y, reduction, held_out.mask)
        except OverflowError:
            return np.inf, None
        return score, None if metric is None else evaluation.judge(metric, y_pred, held_out.y, None, held_out.mask)

    return judge


def _require_kinds(net: object, loss: object, optimiser: object) -> None:
    if not isinstance(net, Network):
        raise TypeError(f"net must be a network, got {net!r}")
    if not callable(loss):
        raise TypeError(f"loss must be a function such as losses.least_squares, got {loss!r}")
    if isinstance(optimiser, type) or not hasattr(optimiser, "step"):
        raise TypeError(f"optimiser must be one of udl_core.optim, such as optim.Adam(), got {optimiser!r}")


def _require(validated: bool, **options: Any) -> None:
    for name, value in options.items():
        if value is not None and not validated:
            raise ValueError(f"{name} needs validation data: validation=(x, y)")
