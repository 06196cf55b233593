"""What a run is judged by besides the loss it goes down."""

from dataclasses import dataclass
from math import inf
from typing import Any

import numpy as np
import numpy.typing as npt

from udl_core import _validate
from udl_core._validate import Array
from udl_core.losses import Reduction
from udl_core.network import Network
from udl_core.training import evaluation
from udl_core.training.batches import Batches, Data
from udl_core.training.evaluation import Metric


@dataclass(frozen=True, eq=False)
class Validation:
    """Examples that a run of `fit` is judged by and does not learn from.

    They are judged by the loss, without penalty, and by `metric` (y_pred, y) -> number if given: at the start, then
    `every` so many steps, an epoch unless given, and after the last. With `patience=n` the run stops after n
    validations in a row without a new lowest loss, which is early stopping, and `History.phi` is then the φ of the
    lowest, however the run ends; without it `History.phi` is the last.

    `mask` (I, T) is True where a sequence has a token. Raises ValueError or TypeError when `fit` is called, for
    arguments of the wrong shape or kind.
    """

    x: npt.ArrayLike
    y: npt.ArrayLike
    mask: npt.ArrayLike | None = None
    metric: Metric | None = None
    every: int | None = None
    patience: int | None = None


@dataclass(frozen=True)
class Judge:
    """φ -> loss and metric on checked validation examples, from one prediction."""

    net: Network
    data: Data
    loss: Metric
    reduction: Reduction | None
    metric: Metric | None
    every: int
    patience: float  # infinite without early stopping
    batch_size: int | None

    @classmethod
    def of(
        cls,
        net: Network,
        validation: Validation | tuple[npt.ArrayLike, ...] | None,
        loss: Metric,
        reduction: Reduction | None,
        walk: Batches,
        dtype: np.dtype[Any],
    ) -> "Judge | None":
        if validation is None:
            return None
        if not isinstance(validation, Validation):
            if not isinstance(validation, tuple | list) or len(validation) not in (2, 3):
                raise ValueError("validation must be a pair (x, y), or (x, y, mask), or a Validation")
            validation = Validation(validation[0], validation[1], validation[2] if len(validation) == 3 else None)
        try:
            data = Data.checked(net, validation.x, validation.y, validation.mask, dtype)
        except (TypeError, ValueError) as error:
            raise type(error)(f"validation: {error}") from None
        every, patience = validation.every, validation.patience
        return cls(
            net,
            data,
            loss,
            reduction,
            validation.metric,
            walk.per_epoch if every is None else _validate.size("every", every),
            inf if patience is None else _validate.size("patience", patience),
            walk.size,
        )

    def __call__(self, phi: Array) -> tuple[float, float | None]:
        """Infinity where output or loss overflow."""
        y_pred = evaluation.predict(self.net, phi, self.data.x, batch_size=self.batch_size, mask=self.data.mask)
        if not np.isfinite(y_pred).all():
            return np.inf, None
        try:
            score = evaluation.judge(self.loss, y_pred, self.data.y, self.reduction, self.data.mask)
        except OverflowError:
            return np.inf, None
        if self.metric is None:
            return score, None
        return score, evaluation.judge(self.metric, y_pred, self.data.y, None, self.data.mask)
