"""The book's named networks in its own symbols: Linear (Prince, chapter 2) and Shallow (Prince, chapter 3)."""

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from udl_core import _validate, activations
from udl_core._network import Network, Pullback
from udl_core._validate import Array
from udl_core.activations import Activation


@dataclass(frozen=True)
class Linear(Network):
    """Linear regression with D_i inputs and D_o outputs: y = φ_0 + φ x (Prince, equation 2.4 for one of each).

    Named part: `phi` (D_o, D_i+1), offsets in column 0. Raises ValueError or TypeError for sizes below 1 or not whole.

    >>> net = Linear(D_i=1, D_o=1)
    >>> net(x=[[0.0], [1.0], [2.0]], phi=[-1.0, 0.5]).ravel()
    array([-1. , -0.5,  0. ])
    """

    D_i: int
    D_o: int

    def __post_init__(self) -> None:
        _check_sizes(self)

    @property
    def parts(self) -> dict[str, dict[str, int]]:
        """`phi` (D_o, D_i+1)."""
        return {"phi": {"D_o": self.D_o, "D_i+1": self.D_i + 1}}

    def init(self, rng: np.random.Generator, dtype: npt.DTypeLike = np.float64) -> Array:
        """Slopes with variance 1/D_i, so outputs start as large as inputs, and offsets 0. Returns φ (P,)."""
        phi = _normal(rng, self.D_o, self.D_i, variance=1 / self.D_i)
        phi[:, 0] = 0
        return phi.ravel().astype(_validate.float_dtype(dtype))

    def vjp(self, x: npt.ArrayLike, phi: npt.ArrayLike) -> tuple[Array, Pullback]:
        """y (I, D_o) and its pullback: see `Network.vjp`."""
        flat = self._checked(phi)
        x = _validate.array("x", x, {"I": None, "D_i": self.D_i}, flat.dtype)
        phi = self._views(flat)["phi"]
        y = _affine(x, phi)

        def pullback(dy: npt.ArrayLike) -> tuple[Array, Array]:
            dy = _validate.array("dy", dy, {"I": len(x), "D_o": self.D_o}, flat.dtype)
            dx, dphi = _affine_pullback(dy, x, phi)
            return dx, dphi.ravel()

        return y, pullback


@dataclass(frozen=True)
class Shallow(Network):
    """A network with one hidden layer of D units: h = a[θ_0 + θ x], y = φ_0 + φ h (Prince, equations 3.11 and 3.12).

    Named parts, in flat order: `theta` (D, D_i+1), then `phi` (D_o, D+1), offsets in column 0. So the book's
    ten-parameter network Shallow(1, 3, 1) has φ = [θ10 θ11 θ20 θ21 θ30 θ31 φ0 φ1 φ2 φ3].

    `activation` is a name or what `activations.get` returns; it is kept as the latter. Raises ValueError or
    TypeError for sizes below 1 or not whole and for an unknown activation.

    >>> net = Shallow(D_i=1, D=3, D_o=1)
    >>> phi = net.pack(theta=[[0, 1], [-1, 1], [-2, 1]], phi=[[0, 1, -2, 2]])
    >>> net([[0.5], [1.5], [3.0]], phi).ravel()
    array([0.5, 0.5, 1. ])
    """

    D_i: int
    D: int
    D_o: int
    activation: str | Activation = "relu"

    def __post_init__(self) -> None:
        _check_sizes(self)
        object.__setattr__(self, "activation", activations.get(self.activation))

    @property
    def parts(self) -> dict[str, dict[str, int]]:
        """`theta` (D, D_i+1) and `phi` (D_o, D+1)."""
        return {"theta": {"D": self.D, "D_i+1": self.D_i + 1}, "phi": {"D_o": self.D_o, "D+1": self.D + 1}}

    def init(self, rng: np.random.Generator, dtype: npt.DTypeLike = np.float64) -> Array:
        """He initialisation (Prince, section 7.5), except that the hidden offsets are random too. Returns φ (P,).

        Weights into a layer have variance 2 / (number of its inputs): the 2 makes up for the half a ReLU clips.
        He et al. start all offsets at 0; in a shallow network that would put every joint at x = 0, so here the
        offsets θ_d0 are drawn like the weights beside them. The output offsets φ_0 are 0.
        """
        theta = _normal(rng, self.D, self.D_i, variance=2 / self.D_i)
        phi = _normal(rng, self.D_o, self.D, variance=2 / self.D)
        phi[:, 0] = 0
        return self.pack(theta=theta, phi=phi).astype(_validate.float_dtype(dtype))

    def vjp(self, x: npt.ArrayLike, phi: npt.ArrayLike) -> tuple[Array, Pullback]:
        """y (I, D_o) and its pullback: see `Network.vjp`."""
        flat = self._checked(phi)
        x = _validate.array("x", x, {"I": None, "D_i": self.D_i}, flat.dtype)
        theta, phi = self._views(flat).values()
        a = activations.get(self.activation)

        z = _affine(x, theta)  # pre-activations (I, D)
        h = a.f(z)  # hidden units (I, D)
        y = _affine(h, phi)

        def pullback(dy: npt.ArrayLike) -> tuple[Array, Array]:
            dy = _validate.array("dy", dy, {"I": len(x), "D_o": self.D_o}, flat.dtype)
            dh, dphi = _affine_pullback(dy, h, phi)
            dz = dh * a.df(z)
            dx, dtheta = _affine_pullback(dz, x, theta)
            return dx, np.concatenate((dtheta.ravel(), dphi.ravel()))

        return y, pullback


def _affine(x: Array, phi: Array) -> Array:
    """y_k = φ_k0 + Σ_d φ_kd x_d for every example: x (I, D_i), φ (D_o, D_i+1) -> (I, D_o)."""
    return phi[:, 0] + x @ phi[:, 1:].T


def _affine_pullback(dy: Array, x: Array, phi: Array) -> tuple[Array, Array]:
    """dx (I, D_i) and dφ (D_o, D_i+1): x_d moves y_k by φ_kd, φ_kd by x_d, φ_k0 by 1; sum over what they share."""
    dx = dy @ phi[:, 1:]
    dphi = np.hstack((dy.sum(axis=0)[:, None], dy.T @ x))
    return dx, dphi


def _normal(rng: np.random.Generator, rows: int, inputs: int, variance: float) -> Array:
    """Always drawn in float64, so a seed gives the same network in either dtype."""
    return np.sqrt(variance) * _validate.generator(rng).standard_normal((rows, inputs + 1))


def _check_sizes(net: Linear | Shallow) -> None:
    for field in fields(net):
        if field.name.startswith("D"):
            object.__setattr__(net, field.name, _validate.size(field.name, getattr(net, field.name)))
