"""Training: follow an optimiser down a loss and keep what plots need."""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import numpy.typing as npt

from udl_core import _validate
from udl_core._validate import Array
from udl_core.extras import progress as progress_
from udl_core.losses import Reduction
from udl_core.network import Call, Network
from udl_core.objective import loss_and_gradient, objective
from udl_core.optim import Optimiser
from udl_core.optim.backtracking import LossOfPhi
from udl_core.training.batches import Batches, Data
from udl_core.training.history import History, Record
from udl_core.training.validation import Judge, Validation

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
    state: Any = None,
    reduction: Reduction | None = None,
    batch_size: int | None = None,
    batches: Iterable[npt.ArrayLike] | None = None,
    rng: np.random.Generator | None = None,
    mask: npt.ArrayLike | None = None,
    penalty: LossOfPhi | None = None,
    validation: Validation | tuple[npt.ArrayLike, ...] | None = None,
    keep_path: bool = False,
    progress: bool = True,
) -> History:
    """Take `steps` optimiser steps from φ (P,) on examples x (I, …) with targets y (I, …).

    A step is one move of the optimiser, on one batch: on all examples unless `batch_size` or `batches` is given. With
    `batch_size`, an epoch is one walk through all examples in random order, ⌈I / batch_size⌉ steps; the last batch of
    an epoch takes what is left. `batches` are yours, each the indices (n,) of its examples: a list is an epoch, walked
    through again and again; a generator must give steps + 1 of them, since the loss at the end is taken on a batch too.
    Losses of batches of different sizes compare only as means: choose `reduction="mean"`.

    `rng` is for whatever is random here: the order of the examples, and the network in training, `train=rng`, whose
    dropout and batch statistics are then on. Without it nothing is random: the network is as in use. In either case
    equal arguments (an `rng` of equal seed and history) give equal results, and no argument but the `rng` is changed.
    The order does not depend on what the network draws. Statistics for use are frozen from x before each validation and
    at the end.

    `loss` is called with prediction and target, in the dtype of φ, which rules; integer targets stay integers.
    `reduction` is passed on if given; without, the loss's own default holds, which is "sum" in `losses`, the book's
    choice: a good learning rate then shrinks as the batch grows. `mask` (I, T), True where a sequence has a token, goes
    to the network, and to the loss if that takes a `mask` and predictions are (I, T, K). `penalty`, φ -> (value,
    gradient), is added to every batch's loss.

    `optimiser` may be wrapped: `optim.Clipped` shortens gradients, `optim.Fixed` holds part of φ where it is. `state`
    is what the optimiser carries from step to step; with `History.state` of another run this one goes on from there.
    With `optim.Momentum(α, β, nesterov=True)` φ stands for the point ahead where the book takes its gradients, in
    `History.phi`, `path` and `loss` too; the book's own φ is `history.phi + α β history.state.m`.

    `validation`, a pair (x, y) or a `Validation`, says what else the run is judged by, how often, and when it stops.
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
    _require_kinds(net, loss, optimiser)
    steps = _validate.size("steps", steps)
    phi = np.array(_validate.array("phi", phi, {"P": net.n_params}))
    data = Data.checked(net, x, y, mask, phi.dtype)
    walk = Batches.of(len(data.x), batch_size, batches, rng, steps)
    judge = Judge.of(net, validation, loss, reduction, walk, phi.dtype)
    L = _loss_on_batches(net, data, walk, loss, reduction, penalty)
    state = optimiser.init(phi) if state is None else state
    record = Record(phi, state, keep_path, judge, walk.per_epoch)

    def in_use(phi: Array) -> Array:
        return phi if walk.noise is None else net.freeze_statistics(data.x, phi, mask=data.mask)

    with np.errstate(over="ignore", invalid="ignore"), progress_.bar(steps, "fit", "step", progress) as advance:
        for step in range(steps + 1):
            value, grad = L(phi)
            record.add(step, phi, state, value, grad)  # Diverged, unless all are finite
            if judge is not None and (step % judge.every == 0 or step == steps):
                record.add_validation(step, in_use(phi), judge)
                if record.without_progress >= judge.patience:
                    break
            if step < steps:
                phi, state = optimiser.step(phi, grad, state)
                advance(value)
    return record.history(in_use)


def _loss_on_batches(
    net: Network, data: Data, walk: Batches, loss: Loss, reduction: Reduction | None, penalty: LossOfPhi | None
) -> LossOfPhi:
    """φ -> the loss and its gradient on the next batch, of φ that need not be finite."""

    def on_next(phi: Array) -> tuple[float, Array]:
        batch = data.at(next(walk.indices))
        return loss_and_gradient(net, batch.x, batch.y, loss, reduction, phi, Call(walk.noise, batch.mask))

    L: LossOfPhi = on_next
    if walk.everything and walk.noise is None:
        L = objective(net, data.x, data.y, loss, reduction, mask=data.mask).unchecked
    return L if penalty is None else _sum(L, penalty)


def _sum(L: LossOfPhi, penalty: LossOfPhi) -> LossOfPhi:
    """Their sum, infinite where the penalty overflows too."""

    def penalised(phi: Array) -> tuple[float, Array]:
        value, grad = L(phi)
        if not np.isfinite(value):
            return value, grad
        try:
            extra, extra_grad = penalty(phi)
        except OverflowError:
            return np.inf, grad
        _validate.shape("the penalty's gradient", np.shape(extra_grad), {"P": len(phi)})
        return value + extra, grad + np.asarray(extra_grad, dtype=phi.dtype)

    return penalised


def _require_kinds(net: object, loss: object, optimiser: object) -> None:
    if not isinstance(net, Network):
        raise TypeError(f"net must be a network, got {net!r}")
    if not callable(loss):
        raise TypeError(f"loss must be a function such as losses.least_squares, got {loss!r}")
    if isinstance(optimiser, type) or not hasattr(optimiser, "step"):
        raise TypeError(f"optimiser must be one of udl_core.optim, such as optim.Adam(), got {optimiser!r}")
