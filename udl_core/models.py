"""The book's named networks in its own symbols: Linear, Shallow and Deep (Prince, chapters 2, 3 and 4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from udl_core import _validate, activations, init
from udl_core._validate import Array, Axes
from udl_core.activations import ActivationFunction
from udl_core.network import Back, Call, Network, Shape


class _OfVectors(Network):
    """What the three share: each takes vectors x (I, D_i) and gives vectors y (I, D_o)."""

    @property
    def x_axes(self) -> Axes:
        return {"I": None, "D_i": self.D_i}  # type: ignore[attr-defined]

    def shape_rule(self, shape: Shape) -> Shape:
        return (self.D_o,)  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Linear(_OfVectors):
    """Linear regression with D_i inputs and D_o outputs: y = φ_0 + φ x (Prince, equation 2.4 for one of each).

    Named part: `phi` (D_o, D_i+1), offsets in column 0. Raises ValueError or TypeError for sizes below 1 or not whole.

    >>> net = Linear(D_i=1, D_o=1)
    >>> net(x=[[0.0], [1.0], [2.0]], phi=[-1.0, 0.5]).ravel()
    array([-1. , -0.5,  0. ])
    """

    D_i: int
    D_o: int

    default_variance = staticmethod(init.lecun)

    def __post_init__(self) -> None:
        _validate.sizes(self, "D_i", "D_o")

    @property
    def parts(self) -> dict[str, dict[str, int]]:
        """`phi` (D_o, D_i+1)."""
        return {"phi": {"D_o": self.D_o, "D_i+1": self.D_i + 1}}

    @property
    def fans(self) -> dict[str, tuple[int, int]]:
        return {"phi": (self.D_i, self.D_o)}

    def init(
        self, rng: np.random.Generator, dtype: npt.DTypeLike = np.float64, variance: init.Variance | None = None
    ) -> Array:
        """Slopes with variance 1/D_i, so outputs start as large as inputs, and offsets 0. Returns φ (P,)."""
        phi = super().init(rng, dtype, variance)
        self.views(phi)["phi"][:, 0] = 0
        return phi

    def vjp_rule(self, x: Array, phi: Array, call: Call) -> tuple[Array, Back]:
        weights = self.views(phi)["phi"]

        def back(dy: Array, need_dx: bool) -> tuple[Array | None, Array]:
            dphi = np.empty_like(phi)
            _affine_gradient(dy, x, self.views(dphi)["phi"])
            return dy @ weights[:, 1:] if need_dx else None, dphi

        return _affine(x, weights), back


@dataclass(frozen=True)
class Shallow(_OfVectors):
    """A network with one hidden layer of D units: h = a[θ_0 + θ x], y = φ_0 + φ h (Prince, equations 3.11 and 3.12).

    Named parts, in flat order: `theta` (D, D_i+1), then `phi` (D_o, D+1), offsets in column 0. So the book's
    ten-parameter network Shallow(1, 3, 1) has φ = [θ10 θ11 θ20 θ21 θ30 θ31 φ0 φ1 φ2 φ3].

    `activation` is a name or what `activations.get` returns; it is kept as the latter. Raises ValueError or
    TypeError for sizes below 1 or not whole and for an unknown activation. A `trace` holds `x`, the pre-activations
    `z` = θ_0 + θ x (I, D), the hidden units `h` (I, D) and `y`.

    >>> net = Shallow(D_i=1, D=3, D_o=1)
    >>> phi = net.pack(theta=[[0, 1], [-1, 1], [-2, 1]], phi=[[0, 1, -2, 2]])
    >>> net([[0.5], [1.5], [3.0]], phi).ravel()
    array([0.5, 0.5, 1. ])
    """

    D_i: int
    D: int
    D_o: int
    activation: str | ActivationFunction = "relu"

    def __post_init__(self) -> None:
        _validate.sizes(self, "D_i", "D", "D_o")
        object.__setattr__(self, "activation", activations.get(self.activation))

    @property
    def parts(self) -> dict[str, dict[str, int]]:
        """`theta` (D, D_i+1) and `phi` (D_o, D+1)."""
        return {"theta": {"D": self.D, "D_i+1": self.D_i + 1}, "phi": {"D_o": self.D_o, "D+1": self.D + 1}}

    @property
    def fans(self) -> dict[str, tuple[int, int]]:
        return {"theta": (self.D_i, self.D), "phi": (self.D, self.D_o)}

    def init(
        self, rng: np.random.Generator, dtype: npt.DTypeLike = np.float64, variance: init.Variance | None = None
    ) -> Array:
        """He initialisation (Prince, section 7.5), except that the hidden offsets are random too. Returns φ (P,).

        Weights into a layer have variance 2 / (number of its inputs): the 2 makes up for the half a ReLU clips.
        He et al. start all offsets at 0; in a shallow network that would put every joint at x = 0, so here the
        offsets θ_d0 are drawn like the weights beside them. The output offsets φ_0 are 0.
        """
        phi = super().init(rng, dtype, variance)
        self.views(phi)["phi"][:, 0] = 0
        return phi

    def vjp_rule(self, x: Array, phi: Array, call: Call) -> tuple[Array, Back]:
        theta, weights = self.views(phi).values()
        a = activations.get(self.activation)

        z = _affine(x, theta)  # pre-activations (I, D)
        h = a.f(z)  # hidden units (I, D)
        y = _affine(h, weights)
        call.note("z", z)
        call.note("h", h)

        def back(dy: Array, need_dx: bool) -> tuple[Array | None, Array]:
            dphi = np.empty_like(phi)
            dtheta, dweights = self.views(dphi).values()
            _affine_gradient(dy, h, dweights)
            dh = dy @ weights[:, 1:]
            dz = dh * a.df(z)
            _affine_gradient(dz, x, dtheta)
            call.note_back("h", dh)
            call.note_back("z", dz)
            return dz @ theta[:, 1:] if need_dx else None, dphi

        return y, back


@dataclass(frozen=True)
class Deep(_OfVectors):
    """A network of K hidden layers: h_1 = a[β_0 + Ω_0 x], h_{k+1} = a[β_k + Ω_k h_k], y = β_K + Ω_K h_K
    (Prince, section 4.4.1).

    `widths` are [D_i, D_1, …, D_K, D_o]: inputs, units of each hidden layer, outputs. Named parts: `beta`, a list of
    the K+1 offsets β_k (D_{k+1},), and `omega`, a list of the weights Ω_k (D_{k+1}, D_k); φ holds β_0, Ω_0, β_1, Ω_1, …

    `activation` is a name or what `activations.get` returns; it is kept as the latter. Raises ValueError or TypeError
    for fewer than two widths, for widths below 1 or not whole, and for an unknown activation. A `trace` holds `x`, then
    the pre-activations `f_0` = β_0 + Ω_0 x (I, D_1), the hidden units `h_1` = a[f_0] (I, D_1), `f_1`, `h_2`, … as in
    Prince, section 7.4.1, and `y`, the book's f_K.

    >>> net = Deep([1, 2, 2, 1])
    >>> net.n_params, net.K, [omega.shape for omega in net.unpack(np.zeros(13))["omega"]]
    (13, 2, [(2, 1), (2, 2), (1, 2)])
    """

    widths: tuple[int, ...]
    activation: str | ActivationFunction = "relu"

    def __init__(self, widths: Sequence[int], activation: str | ActivationFunction = "relu") -> None:
        if isinstance(widths, str) or not isinstance(widths, Sequence | np.ndarray) or len(widths) < 2:
            raise ValueError(f"widths must list D_i, D_1, …, D_o, at least two numbers, got {widths!r}")
        sizes = tuple(_validate.size(f"widths[{k}]", D) for k, D in enumerate(widths))
        object.__setattr__(self, "widths", sizes)
        object.__setattr__(self, "activation", activations.get(activation))

    @property
    def D_i(self) -> int:
        """Number of inputs."""
        return self.widths[0]

    @property
    def D_o(self) -> int:
        """Number of outputs."""
        return self.widths[-1]

    @property
    def K(self) -> int:
        """Number of hidden layers."""
        return len(self.widths) - 2

    @property
    def parts(self) -> dict[str, dict[str, int]]:
        """`beta_k` (D_{k+1},) and `omega_k` (D_{k+1}, D_k) for k = 0, …, K."""
        names = ["D_i", *(f"D_{k}" for k in range(1, self.K + 1)), "D_o"]
        parts = {}
        for k, (D, D_next) in enumerate(zip(self.widths, self.widths[1:], strict=False)):
            parts[f"beta_{k}"] = {names[k + 1]: D_next}
            parts[f"omega_{k}"] = {names[k + 1]: D_next, names[k]: D}
        return parts

    @property
    def fans(self) -> dict[str, tuple[int, int]]:
        pairs = zip(self.widths, self.widths[1:], strict=False)
        return {f"omega_{k}": pair for k, pair in enumerate(pairs)}

    def pack(  # type: ignore[override]
        self, *, beta: Sequence[npt.ArrayLike] = (), omega: Sequence[npt.ArrayLike] = (), **named: npt.ArrayLike
    ) -> Array:
        """One flat φ (P,) from the K+1 offsets β_k (D_{k+1},) and weights Ω_k (D_{k+1}, D_k), as two lists, or one by
        one under the names of `parts`: `beta_0`, `omega_0`, `beta_1`, …

        Raises TypeError for a number of either other than K+1, and ValueError for a wrong shape.
        """
        if named:
            lists: dict[str, Any] = {name: part for name, part in (("beta", beta), ("omega", omega)) if len(part)}
            return super().pack(**named, **lists)
        for name, given in (("beta", beta), ("omega", omega)):
            if len(given) != self.K + 1:
                raise TypeError(f"{name} must list K+1 = {self.K + 1} arrays, got {len(given)}")
        pairs = enumerate(zip(beta, omega, strict=True))
        by_name = {f"{name}_{k}": part for k, pair in pairs for name, part in zip(("beta", "omega"), pair, strict=True)}
        return super().pack(**by_name)

    def unpack(self, phi: Array) -> dict[str, list[Array]]:
        """{"beta": [β_0, …, β_K], "omega": [Ω_0, …, Ω_K]} as views into φ (P,): see `Network.unpack`."""
        views = list(super().unpack(phi).values())
        return {"beta": views[0::2], "omega": views[1::2]}

    def vjp_rule(self, x: Array, phi: Array, call: Call) -> tuple[Array, Back]:
        views = list(self.views(phi).values())
        beta, omega = views[0::2], views[1::2]
        a = activations.get(self.activation)

        f, h = [], [x]  # pre-activations f[k] (I, D_{k+1}); hidden units h[k] (I, D_k), with h[0] = x
        for k in range(self.K):
            f.append(_plus(h[k] @ omega[k].T, beta[k]))
            h.append(a.f(f[k]))
            call.note(f"f_{k}", f[k])
            call.note(f"h_{k + 1}", h[k + 1])
        y = _plus(h[-1] @ omega[-1].T, beta[-1])

        def back(dy: Array, need_dx: bool) -> tuple[Array | None, Array]:
            dphi = np.empty_like(phi)
            grads = list(self.views(dphi).values())
            dbeta, domega = grads[0::2], grads[1::2]
            df = dy
            for k in range(self.K, -1, -1):
                np.sum(df, axis=0, out=dbeta[k])
                np.matmul(df.T, h[k], out=domega[k])
                if k:
                    dh = df @ omega[k]
                    df = dh * a.df(f[k - 1])
                    call.note_back(f"h_{k}", dh)
                    call.note_back(f"f_{k - 1}", df)
            return df @ omega[0] if need_dx else None, dphi

        return y, back


def _plus(products: Array, beta: Array) -> Array:
    """`products` (I, D) plus β (D,), without another array."""
    products += beta
    return products


def _affine(x: Array, phi: Array) -> Array:
    """y_k = φ_k0 + Σ_d φ_kd x_d for every example: x (I, D_i), φ (D_o, D_i+1) -> (I, D_o)."""
    return _plus(x @ phi[:, 1:].T, phi[:, 0])


def _affine_gradient(dy: Array, x: Array, dphi: Array) -> None:
    """Fills dφ (D_o, D_i+1): φ_kd moves y_k by x_d, and φ_k0 by 1; summed over the examples."""
    dy.sum(axis=0, out=dphi[:, 0])
    np.matmul(dy.T, x, out=dphi[:, 1:])
