"""From tokens to vectors: what a token means, and where it stands."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from udl_core import _validate, init
from udl_core._validate import Array, Axes
from udl_core.network import Back, Call, Network, Shape


@dataclass(frozen=True)
class Embedding(Network):
    """A learned vector for each of V tokens (Prince, section 12.5.2): integers x (I, T) to vectors (I, T, D).

    Part: `omega_e` (V, D), row v the vector of token v (the book's Ω_e has columns instead). It equals a weight matrix
    that meets one-hot vectors; since one input of these is on, the weights start with the variance for one input: 1.
    Tokens are names, so there is no derivative with respect to x: the pullback gives None for it.

    Raises TypeError for tokens that are not integers, ValueError for tokens below 0 or from V on, and ValueError or
    TypeError for sizes below 1 or not whole.

    >>> layer = Embedding(V=3, D=2)
    >>> layer([[2, 0, 2]], layer.pack(omega_e=[[0, 1], [2, 3], [4, 5]])).tolist()
    [[[4.0, 5.0], [0.0, 1.0], [4.0, 5.0]]]
    """

    V: int
    D: int

    default_variance = staticmethod(init.lecun)

    def __post_init__(self) -> None:
        _validate.sizes(self, "V", "D")

    @property
    def parts(self) -> dict[str, dict[str, int]]:
        """`omega_e` (V, D)."""
        return {"omega_e": {"V": self.V, "D": self.D}}

    @property
    def fans(self) -> dict[str, tuple[int, int]]:
        return {"omega_e": (1, self.D)}

    @property
    def x_axes(self) -> Axes:
        return {"I": None, "T": None}

    def check_x(self, x: npt.ArrayLike, dtype: np.dtype[Any]) -> Array:
        tokens = _validate.regular("x", x, self.x_axes)
        if tokens.dtype.kind not in "iu":
            raise TypeError(f"x must hold tokens, which are integers, got dtype {tokens.dtype}")
        _validate.shape("x", tokens.shape, self.x_axes)
        for extreme in (tokens.min(), tokens.max()) if tokens.size else ():
            if not 0 <= extreme < self.V:
                raise ValueError(f"x must hold tokens from 0 to V − 1 = {self.V - 1}, got {extreme}")
        return tokens  # the one array that is not of φ's dtype

    def shape_rule(self, shape: Shape) -> Shape:
        return (*shape, self.D)

    def vjp_rule(self, x: Array, phi: Array, call: Call) -> tuple[Array, Back]:
        def back(dy: Array, need_dx: bool) -> tuple[Array | None, Array]:
            return None, _sum_by_token(x.ravel(), dy.reshape(-1, self.D), self.V).ravel()

        return phi.reshape(self.V, self.D)[x], back


def _sum_by_token(tokens: npt.NDArray[Any], rows: Array, V: int) -> Array:
    """Row v is the sum of the rows that stand where token v does: tokens (N,), rows (N, D) -> (V, D).

    The same as `np.add.at(sums, tokens, rows)`, but the rows of a token are brought together first.
    """
    sums = np.zeros((V, rows.shape[1]), dtype=rows.dtype)
    if len(tokens):
        order = np.argsort(tokens.astype(np.min_scalar_type(V)), kind="stable")  # by radix if two bytes hold a token
        counts = np.bincount(tokens, minlength=V)
        ends = np.cumsum(counts)
        found = counts > 0
        sums[found] = np.add.reduceat(rows[order], (ends - counts)[found], axis=0)
    return sums


@dataclass(frozen=True)
class PositionEncoding(Network):
    """Adds to each token's vector what says where it stands (Prince, section 12.3.1): (I, T, D) to the same, T ≤ T_max.

    `kind="sinusoidal"` (Vaswani et al., 2017): position t adds sin[t / 10000^(2k/D)] at place 2k and the cosine of the
    same at 2k + 1; no parameters. `kind="learned"` adds the rows of the part `pi` (T_max, D), the book's Π, which start
    with variance 1, as large as an embedding.

    Raises ValueError for a sequence longer than T_max or an unknown kind, ValueError or TypeError for sizes below 1 or
    not whole.

    >>> PositionEncoding(T_max=2, D=4)(np.zeros((1, 2, 4)), phi=[]).round(3)
    array([[[0.   , 1.   , 0.   , 1.   ],
            [0.841, 0.54 , 0.01 , 1.   ]]])
    """

    T_max: int
    D: int
    kind: str = "sinusoidal"

    default_variance = staticmethod(init.lecun)
    KINDS: ClassVar = ("sinusoidal", "learned")

    def __post_init__(self) -> None:
        _validate.sizes(self, "T_max", "D")
        if self.kind not in self.KINDS:
            raise ValueError(f"kind must be one of {', '.join(self.KINDS)}, got {self.kind!r}")

    @property
    def parts(self) -> dict[str, dict[str, int]]:
        """`pi` (T_max, D) if learned, else none."""
        return {"pi": {"T_max": self.T_max, "D": self.D}} if self.kind == "learned" else {}

    @property
    def fans(self) -> dict[str, tuple[int, int]]:
        return {"pi": (1, self.D)} if self.kind == "learned" else {}

    @property
    def x_axes(self) -> Axes:
        return {"I": None, "T": None, "D": self.D}

    def shape_rule(self, shape: Shape) -> Shape:
        if shape[0] > self.T_max:
            raise ValueError(f"x must have at most T_max = {self.T_max} tokens a sequence, got T = {shape[0]}")
        return shape

    def vjp_rule(self, x: Array, phi: Array, call: Call) -> tuple[Array, Back]:
        T = x.shape[1]
        pi = self.views(phi)["pi"] if self.kind == "learned" else self._waves.astype(x.dtype)

        def back(dy: Array, need_dx: bool) -> tuple[Array | None, Array]:
            dphi = np.zeros_like(phi)
            if self.kind == "learned":
                np.sum(dy, axis=0, out=self.views(dphi)["pi"][:T])
            return dy if need_dx else None, dphi

        return x + pi[:T], back

    @cached_property
    def _waves(self) -> Array:
        """The sinusoidal Π (T_max, D)."""
        k = np.arange(self.D) // 2
        angles = np.arange(self.T_max)[:, None] / 10000.0 ** (2 * k / self.D)
        return np.where(np.arange(self.D) % 2, np.cos(angles), np.sin(angles))
