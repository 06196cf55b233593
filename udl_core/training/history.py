"""What a training run went through, as arrays ready to plot."""

from dataclasses import dataclass
from math import isfinite

import numpy as np
import numpy.typing as npt

from udl_core._validate import Array


@dataclass(frozen=True)
class History:
    """What a training run went through. `loss[k]` belongs to the parameters after k steps, `loss[0]` to the start.

    On mini-batches `loss[k]` is the loss on one batch only, the one that step k+1 takes its gradient from, so it is
    noisy. `validation` and `metric` are measured on the whole validation set, after `validation_steps` steps each.
    """

    loss: Array  # (steps+1,) float64
    phi: Array  # (P,) the last parameters; with early stopping those after `best_step` steps
    path: Array | None = None  # (steps+1, P) the parameters on the way, if kept
    validation: Array | None = None  # (V,) float64, the loss on the validation set
    metric: Array | None = None  # (V,) float64, such as the accuracy on the validation set
    validation_steps: npt.NDArray[np.int64] | None = None  # (V,)
    steps_per_epoch: int = 1  # batches it takes to see every example once

    @property
    def steps(self) -> npt.NDArray[np.int64]:
        """0, 1, …, steps: the horizontal axis of a plot of `loss`."""
        return np.arange(len(self.loss))

    @property
    def epochs(self) -> npt.NDArray[np.float64]:
        """The same axis in epochs: how many times all examples have been seen."""
        return self.steps / self.steps_per_epoch

    @property
    def validation_epochs(self) -> npt.NDArray[np.float64] | None:
        """The horizontal axis of `validation` and `metric` in epochs."""
        return None if self.validation_steps is None else self.validation_steps / self.steps_per_epoch

    @property
    def best_step(self) -> int | None:
        """After how many steps the validation loss was lowest, the first time if it was so twice."""
        if self.validation is None or self.validation_steps is None or not len(self.validation):
            return None
        return int(self.validation_steps[np.argmin(self.validation)])


class Diverged(ArithmeticError):
    """The loss or the parameters became NaN or infinite. `history` holds the steps before that."""

    def __init__(self, message: str, history: History) -> None:
        super().__init__(message)
        self.history = history

    def __reduce__(self) -> tuple[type, tuple[str, History]]:  # or it could not come back from another process
        return type(self), (str(self), self.history)


class Record:
    """The History in the making: only parameters whose loss is known count as reached."""

    def __init__(
        self, phi: Array, keep_path: bool, validates: bool, measures: bool, best_counts: bool, steps_per_epoch: int
    ) -> None:
        self.losses: list[float] = []
        self.phi = phi
        self.path: list[Array] | None = [] if keep_path else None
        self.validation: list[float] | None = [] if validates else None
        self.metric: list[float] | None = [] if measures else None
        self.validation_steps: list[int] = []
        self.steps_per_epoch = steps_per_epoch
        self.best_counts = best_counts
        self.best = phi
        self.best_at = 0  # which validation was the best

    def add(self, loss: float, phi: Array) -> None:
        self.losses.append(loss)
        self.phi = phi
        if self.path is not None:
            self.path.append(phi)

    def add_validation(self, step: int, loss: float, metric: float | None, phi: Array) -> None:
        assert self.validation is not None
        if not self.validation or loss < self.validation[self.best_at]:
            self.best, self.best_at = phi, len(self.validation)
        self.validation.append(loss)
        if self.metric is not None and metric is not None:
            self.metric.append(metric)
        self.validation_steps.append(step)

    @property
    def without_progress(self) -> int:
        """How many validations in a row, up to the last, have not been the best so far."""
        return len(self.validation or [0]) - 1 - self.best_at

    def history(self, phi: Array | None = None) -> History:
        if phi is None:
            phi = self.best if self.best_counts else self.phi
        n = len(self.validation_steps)
        return History(
            np.array(self.losses),
            phi,
            None if self.path is None else np.array(self.path).reshape(-1, len(self.phi)),
            None if self.validation is None else np.array(self.validation[:n], dtype=np.float64),
            None if self.metric is None else np.array(self.metric[:n], dtype=np.float64),
            None if self.validation is None else np.array(self.validation_steps, dtype=np.int64),
            self.steps_per_epoch,
        )

    def require_finite(self, what: str, value: float | Array, step: int) -> None:
        # A finite sum of squares settles it, and is faster to have; that of large numbers may overflow.
        if not isfinite(np.vdot(value, value)) and not np.isfinite(value).all():
            advice = "try a smaller learning rate" if step else "start from smaller parameters or scale the data down"
            raise Diverged(f"{what} became NaN or infinite at step {step}: {advice}", self.history())
