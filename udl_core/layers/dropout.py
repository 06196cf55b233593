"""Dropout: hidden units that come and go in training."""

from dataclasses import dataclass

import numpy as np

from udl_core import _validate
from udl_core._validate import Array, Axes
from udl_core.network import Back, Call, Network


@dataclass(frozen=True)
class Dropout(Network):
    """Dropout (Prince, section 9.3.3; Srivastava et al., 2014): in training each element is 0 with probability p.

    With `train=rng` the elements that stay are divided by 1 − p, so each element's mean over many masks is its value;
    without, y = x. The book leaves them as they are in training and multiplies by 1 − p in use (the weight scaling
    inference rule). The two are one: they differ in the constant factor 1 − p, in training and in use alike, which the
    next layer's weights can absorb. Scaling in training keeps f[x, φ] in use free of p.

    The mask is drawn from `rng` at each call, the same for the same seed in float32 and float64, and the pullback of
    that call uses it too. No parameters; any shape. Raises ValueError unless 0 ≤ p < 1.

    >>> Dropout(0.5)(np.ones((1, 6)), phi=[], train=np.random.default_rng(0))
    array([[2., 2., 2., 0., 0., 0.]])
    >>> Dropout(0.5)(np.ones((1, 6)), phi=[])
    array([[1., 1., 1., 1., 1., 1.]])
    """

    p: float = 0.5

    def __post_init__(self) -> None:
        p = _validate.real("p", self.p)
        if not 0 <= p < 1:
            raise ValueError(f"p must be a probability from 0 to below 1, got {self.p!r}")
        object.__setattr__(self, "p", p)

    @property
    def x_axes(self) -> Axes:
        return {"I": None, "…": None}

    def vjp_rule(self, x: Array, phi: Array, call: Call) -> tuple[Array, Back]:
        if call.train is None or self.p == 0:
            return x, lambda dy, need_dx: (dy if need_dx else None, phi)
        keep = call.train.random(x.shape, dtype=np.float32) >= self.p  # 24 random bits an element do
        factors = np.multiply(keep, 1 / (1 - self.p), dtype=x.dtype)

        def back(dy: Array, need_dx: bool) -> tuple[Array | None, Array]:
            return dy * factors if need_dx else None, phi

        return x * factors, back
