"""Optimisers: each turns parameters, gradient and its own state into the next parameters and state."""

from dataclasses import dataclass
from typing import Any, Protocol

from udl_core import _validate
from udl_core._validate import Array


class Optimiser(Protocol):
    """What `training.fit` asks of an optimiser: a recipe without memory, its state passed in and out."""

    def init(self, phi: Array) -> Any:
        """The state before the first step."""

    def step(self, phi: Array, grad: Array, state: Any) -> tuple[Array, Any]:
        """New φ (P,) and new state; neither argument is changed."""


@dataclass(frozen=True)
class GradientDescent:
    """φ ← φ − α ∂L/∂φ, with learning rate α = `lr` (Prince, equation 6.3).

    Raises ValueError unless `lr` is finite and above 0.

    >>> import numpy as np
    >>> descent = GradientDescent(lr=0.5)
    >>> phi = np.array([1.0, 2.0])
    >>> phi, state = descent.step(phi, grad=np.array([2.0, 0.0]), state=descent.init(phi))
    >>> phi
    array([0., 2.])
    """

    lr: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "lr", _validate.positive("lr", self.lr))

    def init(self, phi: Array) -> None:
        """Nothing to remember."""

    def step(self, phi: Array, grad: Array, state: None = None) -> tuple[Array, None]:
        """One step downhill: φ (P,) and gradient (P,) to new φ (P,), in φ's dtype."""
        grad = _validate.array("grad", grad, {"P": len(phi)}, phi.dtype)
        return phi - self.lr * grad, None
