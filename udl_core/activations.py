"""The activation gallery of Prince's figure 3.13 and problem 3.8, each function with its derivative below it.

Every function works element by element on numbers, lists or arrays, keeps float32 and float64 as they are, and neither
overflows nor warns for |z| up to 10⁴. At a kink or jump the derivative is that of the piece to its left, so 0 for
ReLU at 0, which is also PyTorch's choice.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial, wraps
from inspect import signature
from math import erf as erf_of
from math import exp, factorial, pi, sqrt
from typing import Any

import numpy as np
import numpy.typing as npt

from udl_core import _validate
from udl_core._validate import Array

Elementwise = Callable[..., Array]


@dataclass(frozen=True)
class Pieces:
    """A piecewise linear function: slopes[k] · z + offsets[k] between breaks[k-1] and breaks[k]."""

    breaks: tuple[float, ...]  # (K,) ascending
    slopes: tuple[float, ...]  # (K+1,)
    offsets: tuple[float, ...]  # (K+1,)


@dataclass(frozen=True, repr=False, eq=False)
class ActivationFunction:
    """An activation function a[z]: `f(z)` its values, `df(z)` its derivative.

    `parameters` are its settings by name, `pieces` its exact form if it is piecewise linear, else None. One of your own
    may give back its argument, or a view that cannot be written to: networks write into nothing that f or df return.
    Two are equal if their names, parameters, pieces and functions are.
    """

    name: str
    parameters: tuple[tuple[str, float], ...] = ()
    f: Elementwise = field(kw_only=True)
    df: Elementwise = field(kw_only=True)
    pieces: Pieces | None = field(kw_only=True, default=None)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ActivationFunction) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash((self.name, self.parameters))

    def _key(self) -> tuple[Any, ...]:
        return self.name, self.parameters, self.pieces, _parts(self.f), _parts(self.df)

    def __repr__(self) -> str:
        settings = "".join(f", {key}={value!r}" for key, value in self.parameters)
        return f"get({self.name!r}{settings})" if settings else repr(self.name)

    @property
    def is_piecewise_linear(self) -> bool:
        """Whether it is made of straight pieces, jumps allowed; `regions` also asks for no jump."""
        return self.pieces is not None


def get(name: str | ActivationFunction, **parameters: float) -> ActivationFunction:
    """The activation of that name, with its parameters at the book's values unless given.

    Raises ValueError for an unknown name and TypeError for a parameter it does not have.

    >>> get("relu").f([-1.0, 2.0])
    array([0., 2.])
    >>> get("leaky_relu", slope=0.01).df([-1.0, 2.0])
    array([0.01, 1.  ])
    """
    if isinstance(name, ActivationFunction):
        if parameters:
            raise TypeError("give parameters with a name, not with a ready-made activation")
        return name
    if isinstance(name, str) and name in ("concatenated_relu", "crelu"):
        raise ValueError("concatenated_relu makes two outputs of every unit, so it cannot be a network's activation")
    if not isinstance(name, str) or name not in _GALLERY:
        raise ValueError(f"activation must be one of {', '.join(_GALLERY)}, got {name!r}")
    f, df, pieces = _GALLERY[name]
    defaults = {key: p.default for key, p in signature(f).parameters.items() if key != "z"}
    for key, value in parameters.items():
        if key not in defaults:
            raise TypeError(f"{name} has no parameter {key!r}, it has {', '.join(defaults) or 'none'}")
        defaults[key] = _validate.real(key, value)
    return ActivationFunction(
        name,
        tuple(defaults.items()),
        f=partial(f, **defaults) if defaults else f,
        df=partial(df, **defaults) if defaults else df,
        pieces=pieces(**defaults) if pieces else None,
    )


def _parts(function: Elementwise) -> tuple[Any, ...]:
    """What a function is made of: two partials of one function are not equal, but their parts are."""
    if isinstance(function, partial):
        return function.func, function.args, tuple(function.keywords.items())
    return (function,)


def _elementwise(function: Elementwise) -> Elementwise:
    """Lets `function` take numbers, lists and integers too."""

    @wraps(function)
    def wrapper(z: npt.ArrayLike, **parameters: float) -> Array:
        z = _validate.regular("z", z, {"…": None})
        return function(z if z.dtype.kind == "f" else z.astype(np.float64), **parameters)

    return wrapper


@_elementwise
def relu(z: Array) -> Array:
    """Rectified linear unit: 0 below 0, z above."""
    return z.clip(0.0, np.inf)  # np.maximum with a number takes twice as long


@_elementwise
def d_relu(z: Array) -> Array:
    return (z > 0).astype(z.dtype)


@_elementwise
def leaky_relu(z: Array, slope: float = 0.1) -> Array:
    """`slope` · z below 0, z above. The book's slope is 0.1; libraries often take 0.01."""
    return np.where(z > 0, z, slope * z)


@_elementwise
def d_leaky_relu(z: Array, slope: float = 0.1) -> Array:
    return np.where(z > 0, np.ones_like(z), slope)


@_elementwise
def parametric_relu(z: Array, slope: float = 0.25) -> Array:
    """A leaky ReLU whose slope is learned; 0.25 is where training starts (He et al., 2015)."""
    return np.where(z > 0, z, slope * z)


@_elementwise
def d_parametric_relu(z: Array, slope: float = 0.25) -> Array:
    return np.where(z > 0, np.ones_like(z), slope)


@_elementwise
def concatenated_relu(z: Array) -> Array:
    """[ReLU[z], ReLU[−z]] along the last axis, so (I, D) becomes (I, 2D): nothing is lost, nothing is negative.

    Not a network's `activation`, since it doubles the units (Shang et al., 2016).
    """
    return np.concatenate((relu(z), relu(-z)), axis=-1)


@_elementwise
def softplus(z: Array) -> Array:
    """log[1 + exp[z]], a smooth ReLU."""
    return np.logaddexp(z, 0.0)


@_elementwise
def d_softplus(z: Array) -> Array:
    return sigmoid(z)


@_elementwise
def gelu(z: Array) -> Array:
    """Gaussian error linear unit: z · Φ[z], with Φ the exact standard normal distribution function."""
    return z * _normal_cdf(z)


@_elementwise
def d_gelu(z: Array) -> Array:
    return _normal_cdf(z) + z * np.exp(-0.5 * z**2) / sqrt(2 * pi)


@_elementwise
def swish(z: Array, beta: float = 1.0) -> Array:
    """z · sigmoid[β z]; the larger β, the closer to ReLU (Ramachandran et al., 2017)."""
    return z * sigmoid(beta * z)


@_elementwise
def d_swish(z: Array, beta: float = 1.0) -> Array:
    return sigmoid(beta * z) + beta * z * d_sigmoid(beta * z)


@_elementwise
def silu(z: Array) -> Array:
    """Sigmoid linear unit: z · sigmoid[z], which is swish with β = 1."""
    return swish(z)


@_elementwise
def d_silu(z: Array) -> Array:
    return d_swish(z)


@_elementwise
def elu(z: Array, alpha: float = 1.0) -> Array:
    """Exponential linear unit: α (exp[z] − 1) below 0, z above (Clevert et al., 2015)."""
    return np.where(z > 0, z, alpha * np.expm1(np.minimum(z, 0.0)))


@_elementwise
def d_elu(z: Array, alpha: float = 1.0) -> Array:
    return np.where(z > 0, np.ones_like(z), alpha * np.exp(np.minimum(z, 0.0)))


# The fixed point of mean 0 and variance 1 through a layer (Klambauer et al., 2017, equation 14).
_SELU_ALPHA, _SELU_SCALE = 1.6732632423543772, 1.0507009873554805


@_elementwise
def selu(z: Array) -> Array:
    """Scaled exponential linear unit: 1.0507 · ELU[z] with α = 1.6733, which keeps mean 0 and variance 1."""
    return _SELU_SCALE * elu(z, alpha=_SELU_ALPHA)


@_elementwise
def d_selu(z: Array) -> Array:
    return _SELU_SCALE * d_elu(z, alpha=_SELU_ALPHA)


@_elementwise
def hard_swish(z: Array) -> Array:
    """0 below −3, z (z + 3) / 6 up to 3, z above: swish without exponentials (Howard et al., 2019)."""
    return z * np.clip((z + 3) / 6, 0.0, 1.0)


@_elementwise
def d_hard_swish(z: Array) -> Array:
    return np.where(z <= -3, np.zeros_like(z), np.where(z <= 3, z / 3 + 0.5, 1.0))


@_elementwise
def tanh(z: Array) -> Array:
    """Hyperbolic tangent: from −1 to 1."""
    return np.tanh(z)


@_elementwise
def d_tanh(z: Array) -> Array:
    return 1 - np.tanh(z) ** 2


@_elementwise
def sigmoid(z: Array) -> Array:
    """Logistic sigmoid 1 / (1 + exp[−z]): from 0 to 1."""
    e = np.exp(-np.abs(z))  # of the negative side only, which cannot overflow
    return np.where(z > 0, 1.0, e) / (1 + e)


@_elementwise
def d_sigmoid(z: Array) -> Array:
    e = np.exp(-np.abs(z))
    return e / (1 + e) ** 2


@_elementwise
def heaviside(z: Array) -> Array:
    """Step: 0 below 0, 1 from 0 on (Prince, problem 3.8)."""
    return (z >= 0).astype(z.dtype)


@_elementwise
def d_heaviside(z: Array) -> Array:
    return np.zeros_like(z)


@_elementwise
def rect(z: Array) -> Array:
    """Box: 1 from 0 to 1, both ends included, 0 elsewhere (Prince, problem 3.8)."""
    return ((z >= 0) & (z <= 1)).astype(z.dtype)


@_elementwise
def d_rect(z: Array) -> Array:
    return np.zeros_like(z)


@_elementwise
def sine(z: Array) -> Array:
    """sin[z], in radians."""
    return np.sin(z)


@_elementwise
def d_sine(z: Array) -> Array:
    return np.cos(z)


@_elementwise
def identity(z: Array) -> Array:
    """z itself, which leaves a network linear (Prince, problem 3.1)."""
    return z.copy()


@_elementwise
def d_identity(z: Array) -> Array:
    return np.ones_like(z)


@_elementwise
def hard_tanh(z: Array) -> Array:
    """−1 below −1, z between, 1 above: tanh in three straight pieces (Collobert, 2004)."""
    return np.clip(z, -1.0, 1.0)


@_elementwise
def d_hard_tanh(z: Array) -> Array:
    return ((z > -1) & (z <= 1)).astype(z.dtype)


@_elementwise
def absolute(z: Array) -> Array:
    """|z|: a unit that folds its input in two (Montúfar et al., 2014)."""
    return np.abs(z)


@_elementwise
def d_absolute(z: Array) -> Array:
    return np.where(z > 0, np.ones_like(z), -1.0)


def _normal_cdf(z: Array) -> Array:
    return (0.5 * (1 + erf(z / sqrt(2)))).astype(z.dtype)


_ERF_STEP = 1 / 16
_ERF_AT = np.arange(0, 6 + _ERF_STEP, _ERF_STEP)  # erf(6) is 1 to the last bit
_ERF = np.array([erf_of(c) for c in _ERF_AT])
_ERF_SLOPE = np.array([2 / sqrt(pi) * exp(-c * c) for c in _ERF_AT])


@_elementwise
def erf(z: Array) -> Array:
    """The error function (2/√π) ∫ exp[−t²] dt from 0 to z, in float64 to 2e-16: NumPy has none.

    A Taylor series about the nearest point c of a table, with h = |z| − c. The derivatives of erf at c are its slope
    times Hermite polynomials, H_{n+1} = −2 (c H_n + n H_{n−1}) with the sign of (−1)ⁿ taken in.
    """
    size = np.minimum(np.abs(z.astype(np.float64)), 6.0)
    k = np.rint(size / _ERF_STEP).astype(np.intp)
    c, h = _ERF_AT[k], size - _ERF_AT[k]
    before, hermite, total = np.zeros_like(h), np.ones_like(h), np.zeros_like(h)
    for n in range(1, 11):
        total += hermite * h**n / factorial(n)
        before, hermite = hermite, -2 * (c * hermite + (n - 1) * before)
    return np.copysign(_ERF[k] + _ERF_SLOPE[k] * total, z)


def _kink(slope: float = 0.0) -> Pieces:
    return Pieces(breaks=(0.0,), slopes=(slope, 1.0), offsets=(0.0, 0.0))


_GALLERY: dict[str, tuple[Elementwise, Elementwise, Callable[..., Pieces] | None]] = {
    "relu": (relu, d_relu, _kink),
    "leaky_relu": (leaky_relu, d_leaky_relu, _kink),
    "parametric_relu": (parametric_relu, d_parametric_relu, _kink),
    "softplus": (softplus, d_softplus, None),
    "gelu": (gelu, d_gelu, None),
    "silu": (silu, d_silu, None),
    "swish": (swish, d_swish, None),
    "elu": (elu, d_elu, None),
    "selu": (selu, d_selu, None),
    "hard_swish": (hard_swish, d_hard_swish, None),
    "tanh": (tanh, d_tanh, None),
    "sigmoid": (sigmoid, d_sigmoid, None),
    "heaviside": (heaviside, d_heaviside, lambda: Pieces((0.0,), (0.0, 0.0), (0.0, 1.0))),
    "rect": (rect, d_rect, lambda: Pieces((0.0, 1.0), (0.0, 0.0, 0.0), (0.0, 1.0, 0.0))),
    "sine": (sine, d_sine, None),
    "identity": (identity, d_identity, lambda: Pieces((), (1.0,), (0.0,))),
}

NAMES: tuple[str, ...] = tuple(_GALLERY)
"""The names of the book's gallery, in its order."""

_GALLERY["hard_tanh"] = (hard_tanh, d_hard_tanh, lambda: Pieces((-1.0, 1.0), (0.0, 1.0, 0.0), (-1.0, 0.0, 1.0)))
_GALLERY["absolute"] = (absolute, d_absolute, lambda: Pieces((0.0,), (-1.0, 1.0), (0.0, 0.0)))

FOLDS: tuple[str, ...] = tuple(_GALLERY)[len(NAMES) :]
"""Names that `get` knows beyond the gallery: straight pieces that clip or fold, for regions and constructions."""
