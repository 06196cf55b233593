"""The Gabor model of chapter 6 of Prince: two parameters, and a loss with many minima."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from udl_core import _validate, init
from udl_core._validate import Array, Axes
from udl_core.network import Back, Call, Network


@dataclass(frozen=True)
class Gabor(Network):
    """A wave under a bell: y = sin[z] exp[−z² / 32] with z = φ_0 + 0.06 φ_1 x (Prince, equation 6.8).

    φ_0 moves the wave sideways, φ_1 squeezes it. One input and one output, x and y (I, 1); φ (2,) is the part `phi`.

    >>> Gabor()([[0.0], [1.0]], phi=[0.0, 16.6]).round(3).ravel()
    array([0.   , 0.814])
    """

    @property
    def parts(self) -> dict[str, dict[str, int]]:
        """`phi` (2,)."""
        return {"phi": {"P": 2}}

    @property
    def x_axes(self) -> Axes:
        return {"I": None, "D_i": 1}

    def init(
        self, rng: np.random.Generator, dtype: npt.DTypeLike = np.float64, variance: init.Variance | None = None
    ) -> Array:
        """A uniformly drawn start: φ_0 in [−10, 10], φ_1 in [2.5, 22.5], the box the book draws. No `variance`."""
        phi = _validate.generator(rng).uniform([-10.0, 2.5], [10.0, 22.5])
        return phi.astype(_validate.float_dtype(dtype))

    def vjp_rule(self, x: Array, phi: Array, call: Call) -> tuple[Array, Back]:
        slope = 0.06 * phi[1]
        z = phi[0] + slope * x
        wave, bell = np.sin(z), np.exp(-(z**2) / 32)

        def back(dy: Array, need_dx: bool) -> tuple[Array | None, Array]:
            dz = dy * bell * (np.cos(z) - wave * z / 16)
            dphi = np.array([np.sum(dz), 0.06 * np.sum(dz * x)], dtype=phi.dtype)
            return slope * dz if need_dx else None, dphi

        return wave * bell, back
