"""Dense layers, activations between them, and Flatten, which leads from images to vectors."""

from dataclasses import dataclass
from math import prod

import numpy as np

from udl_core import _validate, activations
from udl_core._validate import Array, Axes
from udl_core.network import Back, Call, Network, Shape


@dataclass(frozen=True)
class Dense(Network):
    """A fully connected layer y = β + Ω x (Prince, section 4.4), on vectors (I, D_i) or on each token of (I, T, D_i).

    Parts: `beta` (D_o,), unless `offsets=False` leaves it out, and `omega` (D_o, D_i). Raises ValueError or TypeError
    for sizes below 1 or not whole.

    >>> layer = Dense(D_i=2, D_o=1)
    >>> layer([[10.0, 100.0]], layer.pack(beta=[1], omega=[[2, 3]]))
    array([[321.]])
    """

    D_i: int
    D_o: int
    offsets: bool = True

    def __post_init__(self) -> None:
        _validate.sizes(self, "D_i", "D_o")
        _validate.flag("offsets", self.offsets)

    @property
    def parts(self) -> dict[str, dict[str, int]]:
        """`beta` (D_o,) and `omega` (D_o, D_i)."""
        beta = {"beta": {"D_o": self.D_o}} if self.offsets else {}
        return beta | {"omega": {"D_o": self.D_o, "D_i": self.D_i}}

    @property
    def fans(self) -> dict[str, tuple[int, int]]:
        return {"omega": (self.D_i, self.D_o)}

    @property
    def x_axes(self) -> Axes:
        return {"I": None, "…": None, "D_i": self.D_i}

    def shape_rule(self, shape: Shape) -> Shape:
        return (*shape[:-1], self.D_o)

    def vjp_rule(self, x: Array, phi: Array, call: Call) -> tuple[Array, Back]:
        start = self.D_o if self.offsets else 0
        beta, omega = phi[:start], phi[start:].reshape(self.D_o, self.D_i)
        rows = x.reshape(-1, self.D_i)  # every token is an example of its own
        y = rows @ omega.T
        if self.offsets:
            y += beta

        def back(dy: Array, need_dx: bool) -> tuple[Array | None, Array]:
            dy_rows = dy.reshape(-1, self.D_o)
            dphi = np.empty_like(phi)
            if self.offsets:
                np.matmul(np.ones(len(rows), dtype=phi.dtype), dy_rows, out=dphi[:start])  # faster than a sum
            np.matmul(dy_rows.T, rows, out=dphi[start:].reshape(omega.shape))
            if not need_dx:
                return None, dphi
            return np.matmul(dy_rows, omega, out=np.empty_like(rows)).reshape(x.shape), dphi  # in x's order in memory

        return y.reshape(*x.shape[:-1], self.D_o), back


@dataclass(frozen=True)
class Activation(Network):
    """An activation function on every element, whatever the shape; no parameters.

    `function` is a name that `activations.get` knows, or what it returns, and is kept as the latter. Raises ValueError
    for an unknown name.

    >>> Activation("relu")([[-1.0, 2.0]], phi=[])
    array([[0., 2.]])
    """

    function: str | activations.ActivationFunction = "relu"

    def __post_init__(self) -> None:
        object.__setattr__(self, "function", activations.get(self.function))

    @property
    def x_axes(self) -> Axes:
        return {"I": None, "…": None}

    def vjp_rule(self, x: Array, phi: Array, call: Call) -> tuple[Array, Back]:
        a = activations.get(self.function)

        def back(dy: Array, need_dx: bool) -> tuple[Array | None, Array]:
            if not need_dx:
                return None, phi
            return np.multiply(a.df(x), dy, out=np.empty_like(x)), phi  # in x's order in memory

        return a.f(x), back


@dataclass(frozen=True)
class Flatten(Network):
    """Every example as one vector: (I, H, W, C) to (I, H · W · C), in C order; no parameters."""

    @property
    def x_axes(self) -> Axes:
        return {"I": None, "…": None}

    def shape_rule(self, shape: Shape) -> Shape:
        return (prod(shape),)

    def vjp_rule(self, x: Array, phi: Array, call: Call) -> tuple[Array, Back]:
        def back(dy: Array, need_dx: bool) -> tuple[Array | None, Array]:
            return dy.reshape(x.shape) if need_dx else None, phi

        if x.flags.c_contiguous:
            return x.reshape(len(x), prod(x.shape[1:])), back
        # a convolution keeps its examples last in memory, and to leave them there takes less time
        return np.moveaxis(x, 0, -1).reshape(prod(x.shape[1:]), len(x)).T, back
