"""The function that training minimises: parameters φ -> loss L[φ] and its gradient, with the data held fixed."""

from contextlib import suppress
from inspect import signature
from math import isfinite
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt

from udl_core import _shallow_gradient, _validate, losses
from udl_core._network import Call, Network
from udl_core._shallow_gradient import Form
from udl_core._validate import Array
from udl_core.activations import Activation
from udl_core.losses import Reduction
from udl_core.models import Shallow

SORT_FROM = 6000
"""Units times examples from which sorting by joints is faster than evaluating every unit at every example."""


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

    >>> from udl_core import Linear
    >>> L = objective(Linear(1, 1), [[0.0], [1.0]], [[1.0], [3.0]], losses.least_squares)
    >>> L([0.0, 0.0])
    (10.0, array([-8., -6.]))
    >>> L.value([1.0, 2.0])
    0.0
    """
    return Objective(net, x, y, loss, reduction, mask)


class Objective:
    """L[φ] and its gradient: see `objective`, which makes it.

    For most networks L(φ) is the network's `vjp`, the loss, and the pullback of its derivative. A `Shallow(1, D, 1)`
    with `losses.least_squares` and an activation with one bend, at 0 (ReLU, leaky, parametric), takes one of two
    shorter ways. With I examples and D · I < 6000 the same arithmetic runs in arrays that are kept between calls.
    From there on the examples, sorted once, and the joints of the units give the exact gradient in O(I + D log I)
    steps instead of O(I · D). Where a joint falls on an example the derivative is that of the piece to the left of
    z = 0, in every form; they agree to rounding.
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
        self._x, self._y = np.array(x), np.array(y)
        self._mask = None if mask is None else _validate.mask(mask, checked).copy()
        if self._y.shape[:1] != checked.shape[:1]:
            raise ValueError(f"y must have one entry for each of the I = {len(checked)} examples, got {self._y.shape}")
        self._forget()

    def __call__(self, phi: npt.ArrayLike) -> tuple[float, Array]:
        """L[φ] and ∂L/∂φ (P,), in φ's dtype, for φ (P,).

        Where the network's output or the loss overflows, the value is infinity and the gradient NaN. Raises ValueError
        for a wrong shape of φ and for NaN or infinity in it.
        """
        return self._evaluate(phi, True)

    def value(self, phi: npt.ArrayLike) -> float:
        """L[φ] alone, for line searches and loss surfaces."""
        return self._evaluate(phi, False)[0]

    def _evaluate(self, phi: npt.ArrayLike, need_gradient: bool) -> tuple[float, Array]:
        with self._lock, np.errstate(all="ignore"):
            # a sum of squares is the shortest check; it may also overflow, which is for the long one to tell
            if not (
                type(phi) is np.ndarray
                and phi.dtype in self._forms
                and phi.shape == self._shape
                and isfinite(phi.dot(phi))
            ):
                phi = self.net.check_phi(phi)
            form = self._forms.get(phi.dtype) or self._add_form(phi.dtype)
            value, grad = form(phi, need_gradient)
            if isfinite(value):
                return value, grad
            return self._by_network(phi.dtype)(phi, need_gradient)

    def _add_form(self, dtype: np.dtype[Any]) -> Form:
        form = self._forms[dtype] = self._shallow(dtype) or self._by_network(dtype)
        return form

    def _by_network(self, dtype: np.dtype[Any]) -> Form:
        """The readable form, for any network and loss."""
        x = self.net.check_x(self._x, dtype)
        y = self._y.astype(dtype, copy=False) if self._y.dtype.kind == "f" else self._y
        call = Call(mask=self._mask)
        return lambda phi, need_gradient: by_network(
            self.net, x, y, self.loss, self.reduction, phi, call, need_gradient
        )

    def _shallow(self, dtype: np.dtype[Any]) -> Form | None:
        """A short way, where there is one."""
        net = self.net
        if not (isinstance(net, Shallow) and net.D_i == net.D_o == 1 and self.loss is losses.least_squares):
            return None
        assert isinstance(net.activation, Activation)
        pieces = net.activation.pieces
        if pieces is None or pieces.breaks != (0,) or pieces.offsets != (0, 0):
            return None
        x = net.check_x(self._x, dtype)[:, 0]
        I = len(x)  # noqa: E741 - the book's symbol
        y = _validate.array("y", self._y, {"I": I, "D_o": 1}, dtype)[:, 0]
        form = _shallow_gradient.by_buffers if net.D * I < SORT_FROM else _shallow_gradient.by_joints
        return form(net.D, (pieces.slopes[0], pieces.slopes[1]), x, y, 1 / I if self.reduction == "mean" else 1.0)

    def _forget(self) -> None:
        self._forms: dict[np.dtype[Any], Form] = {}
        self._shape = (self.net.n_params,)
        self._lock = Lock()  # the forms keep arrays between calls

    def __getstate__(self) -> dict[str, Any]:
        return {key: part for key, part in vars(self).items() if key not in ("_forms", "_lock")}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)
        self._forget()


def by_network(
    net: Network,
    x: Array,
    y: npt.NDArray[Any],
    loss: Any,
    reduction: Reduction | None,
    phi: Array,
    call: Call,
    need_gradient: bool = True,
) -> tuple[float, Array]:
    """The loss at φ and its gradient for checked arguments: the network's vjp, the loss, the pullback.

    Infinity where output or loss overflow; the gradient is then NaN, as it is where only the loss's derivative does.
    """
    y_pred, back = net.vjp_rule(x, phi, call)
    value = np.inf
    if np.isfinite(y_pred).all():
        with suppress(OverflowError):  # so some losses say it
            value, dy = loss(y_pred, y, **settings(loss, reduction, call.mask, y_pred))
    if isfinite(value) and not need_gradient:
        return value, phi
    if not (isfinite(value) and np.isfinite(dy).all()):
        return value if isfinite(value) else np.inf, np.full_like(phi, np.nan)
    return value, back(_validate.like("the loss's derivative", dy, "y_pred", y_pred), False)[1]


def settings(loss: Any, reduction: Reduction | None, mask: npt.NDArray[Any] | None, y_pred: Array) -> dict[str, Any]:
    """What a loss is told besides prediction and target: see `objective`."""
    given: dict[str, Any] = {} if reduction is None else {"reduction": reduction}
    if mask is not None and y_pred.ndim == 3 and "mask" in signature(loss).parameters:
        given["mask"] = mask
    return given
