"""Normalisation: hidden units of mean 0 and variance 1, then of a mean and variance that are learned."""

from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from udl_core import _validate
from udl_core._validate import Array, Axes
from udl_core.network import Back, Call, Network


@dataclass(frozen=True)
class BatchNorm(Network):
    """Batch normalisation (Prince, section 11.4; Ioffe and Szegedy, 2015): y = γ (x − m) / √(s² + ε) + δ.

    Works on the last axis: every unit of (I, D), every channel of (I, T, C) or (I, H, W, C) has a mean m and variance
    s² of its own, taken over all other axes. (The book divides by s + ε; this is the form of the paper and of PyTorch.)

    Parts: scales `gamma` (D,), offsets `delta` (D,), and the statistics kept for use, `mean` (D,) and `variance` (D,).
    With `train=rng`, m and s² are those of the batch, and derivatives flow through them. Without, they are the kept
    ones, 0 and 1 until `freeze_statistics` sets them from the training data, summed in float64; every example is then
    on its own. The variance divides by the number of values (PyTorch's running variance by one less), and padding
    counts like anything else. The kept ones are no weights: their derivative is given as 0 in either case, so no loss
    moves them. Weight decay and penalties do, like any part of φ: leave them out there, or freeze once more.

    A unit that is constant over the batch gives δ. So does a training batch of one vector, which is constant by itself:
    no error, since it may be the rest of an epoch, but nothing is learned from it below this layer. Raises ValueError
    in use if a kept variance is negative, and ValueError or TypeError for D below 1 or not whole, ε not above 0.

    >>> norm = BatchNorm(D=1)
    >>> norm([[1.0], [3.0]], norm.init(np.random.default_rng(0)), train=np.random.default_rng(0)).round(3)
    array([[-1.],
           [ 1.]])
    """

    D: int
    epsilon: float = 1e-5

    starts = MappingProxyType({"gamma": 1.0, "variance": 1.0})
    statistics = ("mean", "variance")

    def __post_init__(self) -> None:
        _validate.sizes(self, "D")
        object.__setattr__(self, "epsilon", _validate.positive("epsilon", self.epsilon))

    @property
    def parts(self) -> dict[str, dict[str, int]]:
        """`gamma`, `delta`, `mean` and `variance`, each (D,)."""
        return {name: {"D": self.D} for name in ("gamma", "delta", "mean", "variance")}

    @property
    def x_axes(self) -> Axes:
        return {"I": None, "…": None, "D": self.D}

    def freeze_rule(self, x: Array, phi: Array, call: Call) -> None:
        rows = x.reshape(-1, self.D)
        if not len(rows):
            raise ValueError(f"freeze_statistics needs at least one example, got x of shape {x.shape}")
        phi.reshape(4, self.D)[2:] = _statistics(rows.astype(np.float64, copy=False))

    def vjp_rule(self, x: Array, phi: Array, call: Call) -> tuple[Array, Back]:
        gamma, delta, mean, variance = phi.reshape(4, self.D)
        rows = x.reshape(-1, self.D)
        if call.train is not None:
            mean, variance = _statistics(rows)
        elif (variance < 0).any():
            raise ValueError("a kept variance of BatchNorm is negative: set it with freeze_statistics")
        s = np.sqrt(variance + self.epsilon)
        normalised = (rows - mean) / s
        y = gamma * normalised + delta

        def back(dy: Array, need_dx: bool) -> tuple[Array | None, Array]:
            dy_rows = dy.reshape(rows.shape)
            dphi = np.zeros_like(phi)
            dgamma, ddelta = dphi.reshape(4, self.D)[:2]
            np.einsum("id,id->d", dy_rows, normalised, out=dgamma)
            np.sum(dy_rows, axis=0, out=ddelta)
            if not need_dx:
                return None, dphi
            dx = dy_rows
            if call.train is not None and len(rows):  # x also moves m and s²
                dx = dy_rows - (ddelta + normalised * dgamma) / len(rows)
            return (dx * (gamma / s)).reshape(x.shape), dphi

        return y.reshape(x.shape), back


def _statistics(rows: Array) -> tuple[Array, Array]:
    """Mean and variance (D,) of rows (I, D). Counted from the first row, so those of equal rows are exact."""
    shifted = rows - rows[:1]
    offset = shifted.sum(axis=0) / max(len(rows), 1)
    shifted -= offset
    mean = offset + rows[0] if len(rows) else offset
    return mean, np.einsum("id,id->d", shifted, shifted) / max(len(rows), 1)


@dataclass(frozen=True)
class LayerNorm(Network):
    """Layer normalisation (Prince, sections 11.4 and 12.4; Ba et al., 2016): y = γ (x − m) / √(s² + ε) + δ.

    Here m and s² are the mean and variance of one vector's own D values: the last axis of (I, D), or of every token of
    (I, T, D). So no example sees another, and training and use are the same.

    Parts: scales `gamma` (D,), offsets `delta` (D,). A vector of D equal values gives δ. Raises ValueError or
    TypeError for D below 1 or not whole, ε not above 0.

    >>> norm = LayerNorm(D=2)
    >>> norm([[1.0, 3.0], [10.0, 50.0]], norm.init(np.random.default_rng(0))).round(3)
    array([[-1.,  1.],
           [-1.,  1.]])
    """

    D: int
    epsilon: float = 1e-5

    starts = MappingProxyType({"gamma": 1.0})

    def __post_init__(self) -> None:
        _validate.sizes(self, "D")
        object.__setattr__(self, "epsilon", _validate.positive("epsilon", self.epsilon))

    @property
    def parts(self) -> dict[str, dict[str, int]]:
        """`gamma` and `delta`, each (D,)."""
        return {"gamma": {"D": self.D}, "delta": {"D": self.D}}

    @property
    def x_axes(self) -> Axes:
        return {"I": None, "…": None, "D": self.D}

    def vjp_rule(self, x: Array, phi: Array, call: Call) -> tuple[Array, Back]:
        gamma, delta = phi.reshape(2, self.D)
        rows = x.reshape(-1, self.D)
        average = np.full(self.D, 1 / self.D, dtype=phi.dtype)  # means and sums as matrix products: they are faster
        normalised = rows - rows[:, :1]  # or equal values would not be equal to their rounded mean
        normalised -= (normalised @ average)[:, None]
        s = np.sqrt(normalised**2 @ average + self.epsilon)[:, None]
        normalised /= s
        y = normalised * gamma
        y += delta

        def back(dy: Array, need_dx: bool) -> tuple[Array | None, Array]:
            dy_rows = dy.reshape(rows.shape)
            product = dy_rows * normalised
            all_rows = np.ones(len(rows), dtype=phi.dtype)
            dphi = np.concatenate((all_rows @ product, all_rows @ dy_rows))
            if not need_dx:
                return None, dphi
            # x also moves m and s², each by the mean over the D values of what they move
            through_m, through_s = dy_rows @ (gamma * average), product @ (gamma * average)
            dx = dy_rows * gamma
            np.multiply(normalised, through_s[:, None], out=product)
            product += through_m[:, None]
            dx -= product
            dx /= s
            return dx.reshape(x.shape), dphi

        return y.reshape(x.shape), back
