"""The function that training minimises: parameters φ -> loss L[φ] and its gradient, with the data held fixed."""

from contextlib import suppress
from inspect import signature
from math import isfinite
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt

from udl_core import _validate
from udl_core._validate import Array
from udl_core.extras.shallow_gradient import Form, short_form
from udl_core.losses import Reduction
from udl_core.network import Call, Network


def objective(
    net: Network,
    x: npt.ArrayLike,
    y: npt.ArrayLike,
    loss: Any,
    reduction: Reduction | None = None,
    *,
    mask: npt.ArrayLike | None = None,
) -> "Objective":
    """The loss of a network on the examples x, y as a function of φ alone: L(φ) is its value and gradient.

    `loss` is called as in `training.fit`: `loss(y_pred, y)`, with `reduction` if one is given; without, the loss's own
    default holds. `mask` (I, T), True where a sequence has a token, goes to the network, and to the loss if that takes
    a `mask` and predictions are (I, T, K). x and y are checked, copied and converted once.

    Raises ValueError or TypeError for arguments of the wrong shape or kind, some only when L is called.

    >>> from udl_core import Linear, losses
    >>> L = objective(Linear(1, 1), [[0.0], [1.0]], [[1.0], [3.0]], losses.least_squares)
    >>> L([0.0, 0.0])
    (10.0, array([-8., -6.]))
    >>> L.value([1.0, 2.0])
    0.0
    """
    return Objective(net, x, y, loss, reduction, mask)


class Objective:
    """L[φ] and its gradient: see `objective`, which makes it.

    L(φ) is the network's `vjp`, the loss, and the pullback of its derivative, as `loss_and_gradient` writes them. For a
    `Shallow(1, D, 1)` with `losses.least_squares` and an activation with one bend at 0 there is a shorter way to the
    same numbers, up to rounding: see `udl_core.extras.shallow_gradient.short_form`.
    """

    def __init__(
        self,
        net: Network,
        x: npt.ArrayLike,
        y: npt.ArrayLike,
        loss: Any,
        reduction: Reduction | None,
        mask: npt.ArrayLike | None,
    ) -> None:
        if not isinstance(net, Network):
            raise TypeError(f"net must be a network, got {net!r}")
        if reduction not in (None, "sum", "mean"):
            raise ValueError(f'reduction must be "sum" or "mean", got {reduction!r}')
        checked = net.check_x(x, np.dtype(np.float64))
        if not len(checked):
            raise ValueError("an objective needs at least one example, got I = 0")
        self.net, self.loss, self.reduction = net, loss, reduction
        self._x, self._y = np.array(x), np.array(_validate.regular("y", y, {"I": None, "…": None}))
        self._mask = None if mask is None else _validate.mask(mask, checked).copy()
        if self._y.shape[:1] != checked.shape[:1]:
            raise ValueError(f"y must have one entry for each of the I = {len(checked)} examples, got {self._y.shape}")
        self._forget()

    def __call__(self, phi: npt.ArrayLike) -> tuple[float, Array]:
        """L[φ] and ∂L/∂φ (P,), in φ's dtype, for φ (P,).

        Where the network's output or the loss overflows, the value is infinity and the gradient NaN. Raises ValueError
        for a wrong shape of φ and for NaN or infinity in it.
        """
        return self._evaluate(self.net.check_phi(phi), True)

    def value(self, phi: npt.ArrayLike) -> float:
        """L[φ] alone, for line searches and loss surfaces."""
        return self._evaluate(self.net.check_phi(phi), False)[0]

    def unchecked(self, phi: Array) -> tuple[float, Array]:
        """L(φ) for φ (P,) that need not be finite, for loops that look at that themselves."""
        return self._evaluate(phi, True)

    def _evaluate(self, phi: Array, need_gradient: bool) -> tuple[float, Array]:
        with self._lock, np.errstate(all="ignore"):
            by_network, short = self._forms.get(phi.dtype) or self._add_forms(phi.dtype)
            if short is not None:
                value, grad = short(phi, need_gradient)
                if isfinite(value):
                    return value, grad
            return by_network(phi, need_gradient)

    def _add_forms(self, dtype: np.dtype[Any]) -> tuple[Form, Form | None]:
        """The data in this dtype, in the readable way and in the short one if there is one."""
        net, loss, reduction = self.net, self.loss, self.reduction
        x = net.check_x(self._x, dtype)
        y = self._y.astype(dtype, copy=False) if self._y.dtype.kind == "f" else self._y
        call = Call(mask=self._mask)

        def by_network(phi: Array, need_gradient: bool) -> tuple[float, Array]:
            return loss_and_gradient(net, x, y, loss, reduction, phi, call, need_gradient)

        forms = self._forms[dtype] = by_network, short_form(net, x, self._y, loss, reduction)
        return forms

    def _forget(self) -> None:
        self._forms: dict[np.dtype[Any], tuple[Form, Form | None]] = {}
        self._lock = Lock()  # a short form keeps arrays between calls

    def __getstate__(self) -> dict[str, Any]:
        return {key: part for key, part in vars(self).items() if key not in ("_forms", "_lock")}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)
        self._forget()


def loss_and_gradient(
    net: Network,
    x: Array,
    y: npt.NDArray[Any],
    loss: Any,
    reduction: Reduction | None,
    phi: Array,
    call: Call,
    need_gradient: bool = True,
) -> tuple[float, Array]:
    """The loss at φ and its gradient for checked arguments: forward, the loss and its derivative, and back.

    Infinity where output or loss overflow; the gradient is then NaN, as it is where only the loss's derivative does.
    """
    y_pred, back = net.vjp_rule(x, phi, call)
    value = np.inf
    if np.isfinite(y_pred).all():
        with suppress(OverflowError):  # so some losses say it
            value, dy = loss(y_pred, y, **settings(loss, reduction, call.mask, y_pred))
    if not isfinite(value):
        return np.inf, np.full_like(phi, np.nan)
    if not need_gradient:
        return value, phi
    dy = np.asarray(dy)
    if dy.shape != y_pred.shape:
        raise ValueError(f"the loss's derivative must have the shape of y_pred, {y_pred.shape}, got {dy.shape}")
    if not np.isfinite(dy).all():
        return value, np.full_like(phi, np.nan)
    return value, back(dy.astype(phi.dtype, copy=False), False)[1]


def settings(loss: Any, reduction: Reduction | None, mask: npt.NDArray[Any] | None, y_pred: Array) -> dict[str, Any]:
    """What a loss is told besides prediction and target: see `objective`."""
    given: dict[str, Any] = {} if reduction is None else {"reduction": reduction}
    if mask is not None and y_pred.ndim == 3 and "mask" in signature(loss).parameters:
        given["mask"] = mask
    return given
