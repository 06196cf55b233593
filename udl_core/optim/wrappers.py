"""Optimisers around optimisers: with shortened gradients, or with part of φ held where it is."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from udl_core import _validate
from udl_core._validate import Array
from udl_core.optim.optimisers import Optimiser, clip_norm


@dataclass(frozen=True)
class Clipped:
    """The optimiser, given gradients of length `max_norm` at most: see `clip_norm`.

    Raises TypeError for what is no optimiser and ValueError unless `max_norm` is above 0.

    >>> from udl_core.optim import GradientDescent
    >>> descent = Clipped(GradientDescent(lr=1.0), max_norm=1.0)
    >>> descent.step(np.zeros(2), np.array([3.0, 4.0]), descent.init(np.zeros(2)))[0]
    array([-0.6, -0.8])
    """

    optimiser: Optimiser
    max_norm: float

    def __post_init__(self) -> None:
        _require_optimiser(self.optimiser)
        object.__setattr__(self, "max_norm", _validate.positive("max_norm", self.max_norm))

    def init(self, phi: Array) -> Any:
        """The optimiser's own state."""
        return self.optimiser.init(phi)

    def step(self, phi: Array, grad: Array, state: Any) -> tuple[Array, Any]:
        """One step of the optimiser with the clipped gradient."""
        return self.optimiser.step(phi, clip_norm(grad, self.max_norm), state)


@dataclass(frozen=True)
class Fixed:
    """The optimiser, but what is `fixed` of φ stays as it is: True or False for each of the P parameters.

    The optimiser is given 0 for the derivatives there, so they count neither for a clipped length nor for momentum, and
    weight decay leaves no trace. Raises TypeError for what is no optimiser and for other things than True and False,
    and ValueError at the first step if they do not fit φ.

    >>> from udl_core import Shallow
    >>> from udl_core.optim import GradientDescent
    >>> net = Shallow(1, 2, 1)
    >>> fixed = np.zeros(net.n_params, dtype=bool)
    >>> fixed[:4] = True  # θ, which comes first: only the output's φ is learned
    >>> descent = Fixed(GradientDescent(lr=1.0), fixed)
    >>> descent.step(np.zeros(7), np.ones(7), descent.init(np.zeros(7)))[0]
    array([ 0.,  0.,  0.,  0., -1., -1., -1.])
    """

    optimiser: Optimiser
    fixed: Iterable[bool] = field(repr=False)  # kept as a tuple, so that equal recipes are equal

    def __post_init__(self) -> None:
        _require_optimiser(self.optimiser)
        fixed = _validate.regular("fixed", np.asanyarray(self.fixed), {"P": None})
        if fixed.dtype != np.bool_ or fixed.ndim != 1:
            raise TypeError(f"fixed must be True or False for each of P parameters, got {self.fixed!r}")
        object.__setattr__(self, "fixed", tuple(fixed.tolist()))

    def init(self, phi: Array) -> Any:
        """The optimiser's own state."""
        return self.optimiser.init(phi)

    def step(self, phi: Array, grad: Array, state: Any) -> tuple[Array, Any]:
        """One step of the optimiser for the rest of φ."""
        _validate.shape("fixed", self._mask.shape, {"P": len(phi)})
        moved, state = self.optimiser.step(phi, np.where(self._mask, 0, grad).astype(phi.dtype, copy=False), state)
        return np.where(self._mask, phi, moved), state

    @cached_property
    def _mask(self) -> npt.NDArray[np.bool_]:
        return np.array(self.fixed)


def _require_optimiser(optimiser: object) -> None:
    if isinstance(optimiser, type) or not hasattr(optimiser, "step"):
        raise TypeError(f"optimiser must be one of udl_core.optim, such as optim.Adam(), got {optimiser!r}")
