"""What a training run went through, as arrays ready to plot."""

from collections.abc import Callable
from dataclasses import dataclass
from math import isfinite
from typing import Any

import numpy as np
import numpy.typing as npt

from udl_core._validate import Array
from udl_core.training.validation import Judge


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
    state: Any = None  # the optimiser's, to go on from `phi`: fit(…, state=history.state)

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

    def __init__(self, phi: Array, state: Any, keep_path: bool, judge: Judge | None, steps_per_epoch: int) -> None:
        self.losses: list[float] = []
        self.reached = phi, state
        self.best = phi, state  # at the validation that was best
        self.path: list[Array] | None = [] if keep_path else None
        self.judge = judge
        self.scores: list[float] = []
        self.measured: list[float] = []
        self.validation_steps: list[int] = []
        self.best_at = 0  # which validation was the best
        self.steps_per_epoch = steps_per_epoch

    def add(self, step: int, phi: Array, state: Any, loss: float, grad: Array) -> None:
        """What a step has led to. Raises Diverged for what is not finite."""
        self._require_finite("phi", phi, step)
        self._require_finite("the loss", loss, step)
        self._require_finite("the gradient", grad, step)
        self.losses.append(loss)
        self.reached = phi, state
        if self.path is not None:
            self.path.append(phi)

    def add_validation(self, step: int, phi: Array, judge: Judge) -> None:
        """What the validation examples say of φ with its statistics for use."""
        self._require_finite("phi", phi, step)
        score, measured = judge(phi)
        self._require_finite("the validation loss", score, step)
        if not self.scores or score < self.scores[self.best_at]:
            self.best, self.best_at = (phi, self.reached[1]), len(self.scores)
        self.scores.append(score)
        if measured is not None:
            self.measured.append(measured)
        self.validation_steps.append(step)

    @property
    def without_progress(self) -> int:
        """How many validations in a row, up to the last, have not been the best so far."""
        return len(self.scores or [0]) - 1 - self.best_at

    def history(self, in_use: Callable[[Array], Array] = lambda phi: phi) -> History:
        """The record as it stands; `in_use` gives φ with its statistics for use."""
        phi, state = self.reached
        if self.judge is not None and isfinite(self.judge.patience):
            phi, state = self.best
        else:
            phi = in_use(phi)
        judged, measured = self.judge is not None, self.judge is not None and self.judge.metric is not None
        return History(
            np.array(self.losses),
            phi,
            None if self.path is None else np.array(self.path).reshape(-1, len(phi)),
            np.array(self.scores, dtype=np.float64) if judged else None,
            np.array(self.measured, dtype=np.float64) if measured else None,
            np.array(self.validation_steps, dtype=np.int64) if judged else None,
            self.steps_per_epoch,
            state,
        )

    def _require_finite(self, what: str, value: float | Array, step: int) -> None:
        # A finite sum of squares settles it, and is faster to have; that of large numbers may overflow.
        if not isfinite(np.vdot(value, value)) and not np.isfinite(value).all():
            advice = "try a smaller learning rate" if step else "start from smaller parameters or scale the data down"
            raise Diverged(f"{what} became NaN or infinite at step {step}: {advice}", self.history())
