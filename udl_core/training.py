"""Training: follow an optimiser down a loss and keep what plots need."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from udl_core import _validate
from udl_core._network import Network
from udl_core._validate import Array
from udl_core.losses import Reduction
from udl_core.optim import Optimiser

Loss = Callable[..., tuple[float, Array]]
"""(y_pred, y) -> (value, d value / d y_pred), such as `losses.least_squares`."""


@dataclass(frozen=True)
class History:
    """What a training run went through. `loss[k]` belongs to the parameters after k steps, `loss[0]` to the start."""

    loss: Array  # (steps+1,) float64
    phi: Array  # (P,) the last parameters
    path: Array | None  # (steps+1, P) the parameters on the way, if kept

    @property
    def steps(self) -> npt.NDArray[np.int64]:
        """0, 1, …, steps: the horizontal axis of a plot of `loss`."""
        return np.arange(len(self.loss))


class Diverged(ArithmeticError):
    """The loss or the parameters became NaN or infinite. `history` holds the steps before that."""

    def __init__(self, message: str, history: History) -> None:
        super().__init__(message)
        self.history = history


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
    keep_path: bool = False,
    progress: bool = True,
) -> History:
    """Take `steps` optimiser steps from φ (P,) on all examples x (I, D_i), y (I, D_o) at once.

    Nothing is random, so equal arguments give equal results, and no argument is changed. The dtype of φ rules.
    `loss` is called with prediction and target, and with `reduction` if one is given; without, its own default holds,
    which is "sum" in `losses`, the book's choice: a good learning rate then shrinks as I grows.
    `keep_path` keeps φ after every step. `progress` shows a bar once a run has lasted a second, and clears it at the
    end. Interrupting a run returns what it reached.

    Raises Diverged, naming the step, when the loss, its gradient or φ become NaN or infinite; ValueError or TypeError
    for arguments of the wrong shape or kind.

    >>> from udl_core import Linear, losses, optim
    >>> x, y = [[0.0], [1.0], [2.0]], [[1.0], [3.0], [5.0]]
    >>> descent = optim.GradientDescent(lr=0.1)
    >>> history = fit(Linear(1, 1), [0.0, 0.0], x, y, losses.least_squares, descent, steps=200, progress=False)
    >>> history.phi.round(3)
    array([1., 2.])
    """
    steps = _validate.size("steps", steps)
    phi = np.array(_validate.array("phi", phi, {"P": net.n_params}))
    y = _validate.array("y", y, {"I": None, "D_o": None})
    state = optimiser.init(phi)
    record = _Record(phi, keep_path)
    settings = {} if reduction is None else {"reduction": reduction}
    with np.errstate(over="ignore", invalid="ignore"), _bar(steps, progress) as show:
        try:
            for step in range(steps + 1):
                y_pred, pullback = net.vjp(x, phi)
                record.require_finite("the network's output", y_pred, step)
                value, dy = loss(y_pred, y, **settings)
                record.require_finite("the loss", value, step)
                record.add(value, phi)
                show(step, value)
                if step < steps:
                    grad = pullback(dy)[1]
                    record.require_finite("the gradient", grad, step)
                    phi, state = optimiser.step(phi, grad, state)
                    record.require_finite("phi", phi, step + 1)
        except KeyboardInterrupt:
            pass
    return record.history()


class _Record:
    """The History in the making: only parameters whose loss is known count as reached."""

    def __init__(self, phi: Array, keep_path: bool) -> None:
        self.losses: list[float] = []
        self.phi = phi
        self.path: list[Array] | None = [] if keep_path else None

    def add(self, loss: float, phi: Array) -> None:
        self.losses.append(loss)
        self.phi = phi
        if self.path is not None:
            self.path.append(phi)

    def history(self) -> History:
        path = None if self.path is None else np.array(self.path).reshape(-1, len(self.phi))
        return History(np.array(self.losses), self.phi, path)

    def require_finite(self, what: str, value: float | Array, step: int) -> None:
        if not np.isfinite(value).all():
            advice = "try a smaller learning rate" if step else "start from smaller parameters or scale the data down"
            raise Diverged(f"{what} became NaN or infinite at step {step}: {advice}", self.history())


@contextmanager
def _bar(steps: int, progress: bool) -> Iterator[Callable[[int, float], None]]:
    """A progress bar to be told each step and its loss; it stays silent through a run of under a second."""
    if not progress:
        yield lambda step, loss: None
        return
    # Here, not above: tqdm takes longer to import than all of udl_core. It ships no types.
    from tqdm import tqdm  # type: ignore[import-untyped]

    class Bar(tqdm):  # type: ignore[misc]
        monitor_interval = 0  # no watching thread: there are none in the browser

    with Bar(total=steps, desc="fit", unit="step", delay=1, leave=False) as bar:

        def show(step: int, loss: float) -> None:
            if step:
                bar.set_postfix_str(f"loss {loss:.4g}", refresh=False)
                bar.update()

        yield show
