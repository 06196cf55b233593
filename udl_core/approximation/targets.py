"""Curves to imitate, each with what is known about how hard it is."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from udl_core import _validate
from udl_core._validate import Array


@dataclass(frozen=True, eq=False)
class Target:
    """A curve f on [lo, hi]. Called with x of any shape, it returns f(x) of the same shape.

    At a jump f has the value to its right. `breaks` are the places inside where f or its slope jumps.
    """

    name: str
    formula: str  # as LaTeX
    f: Callable[[Array], Array]
    lo: float = 0.0
    hi: float = 1.0
    breaks: tuple[float, ...] = ()
    curvature: Callable[[Array], Array] | None = None  # |f″|, where it is smooth
    exponents: tuple[float, float] | None = None
    """Theory: with equally spaced joints the error falls as D to this power, in the sup norm and in the L2 norm."""
    straight: bool = field(default=False, repr=False)  # between its breaks

    def __call__(self, x: npt.ArrayLike) -> Array:
        return np.asarray(self.f(_validate.array("x", x, {"…": None})))


def target(name: str) -> Target:
    """A named curve on [0, 1]: sine, chirp, root, kink or step. Raises ValueError for another name.

    The kink and the step sit at 1/3: for D a power of two, equally spaced joints then never meet it, and it always is
    one third or two thirds of the way between two of them.

    >>> target("root")(0.25)
    array(0.5)
    """
    try:
        return _TARGETS[name]
    except KeyError:
        raise ValueError(f"name must be one of {', '.join(NAMES)}, got {name!r}") from None


def sampled(y: npt.ArrayLike, lo: float = 0.0, hi: float = 1.0) -> Target:
    """The curve through values y (M+1,) at equally spaced places from lo to hi, straight in between.

    Raises ValueError for fewer than two values, values that are not finite, or lo not below hi.
    """
    y = _validate.array("y", y, {"M+1": None}, np.dtype(np.float64))
    lo, hi = interval(lo, hi)
    if len(y) < 2:
        raise ValueError(f"y must hold at least two values, got {len(y)}")
    nodes = np.linspace(lo, hi, len(y))
    inside = tuple(nodes[1:-1].tolist())
    return Target("sampled", "", lambda x: np.interp(x, nodes, y), lo, hi, inside, straight=True)


def interval(lo: float, hi: float) -> tuple[float, float]:
    """Two finite numbers, the first below the second."""
    lo, hi = _validate.real("lo", lo), _validate.real("hi", hi)
    if not lo < hi:
        raise ValueError(f"lo must be below hi, got lo = {lo} and hi = {hi}")
    return lo, hi


_THIRD = 1 / 3
_SWINGS = 16 * np.pi


def _chirp_curvature(x: Array) -> Array:
    phase = _SWINGS * x**2
    return np.abs(2 * _SWINGS * np.cos(phase) - (2 * _SWINGS * x) ** 2 * np.sin(phase))


_TARGETS = {
    t.name: t
    for t in [
        Target(
            "sine",
            r"\sin 2\pi x",
            lambda x: np.sin(2 * np.pi * x),
            curvature=lambda x: np.abs((2 * np.pi) ** 2 * np.sin(2 * np.pi * x)),
            exponents=(-2, -2),
        ),
        Target(
            "chirp",
            r"\sin 16\pi x^2",
            lambda x: np.sin(_SWINGS * x**2),
            curvature=_chirp_curvature,
            exponents=(-2, -2),
        ),
        Target(
            "root",
            r"\sqrt{x}",
            np.sqrt,
            curvature=lambda x: 0.25 * x**-1.5,
            exponents=(-0.5, -1),
        ),
        Target("kink", r"|x - \frac{1}{3}|", lambda x: np.abs(x - _THIRD), breaks=(_THIRD,), exponents=(-1, -1.5)),
        Target(
            "step",
            r"0 \text{ if } x < \frac{1}{3} \text{, else } 1",
            lambda x: (x >= _THIRD).astype(np.float64),
            breaks=(_THIRD,),
            exponents=(0, -0.5),
        ),
    ]
}

NAMES = tuple(_TARGETS)
"""The names that `target` knows."""
