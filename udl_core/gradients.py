"""Gradients held against central differences: the test that finds a wrong derivative, whoever wrote it."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from udl_core import _validate
from udl_core._validate import Array
from udl_core.network import Network


def central_differences(f: Callable[[Array], Any], at: npt.ArrayLike, step: float = 1e-5) -> Array:
    """The gradient of f: array -> number, one coordinate at a time: (f[at + step] − f[at − step]) / (2 step).

    Returns an array of the shape of `at`, in float64. What it leaves out shrinks with step², what rounding adds grows
    with 1/step; 1e-5 is a good balance for numbers around 1. Raises ValueError unless `step` is above 0.

    >>> central_differences(lambda v: v @ v, [1.0, 3.0]).round(6)
    array([2., 6.])
    """
    step = _validate.positive("step", step)
    point = _validate.array("at", at, {"…": None}, np.dtype(np.float64))
    return _two_steps(f, point, step)[0]


@dataclass(frozen=True)
class Compared:
    """One derivative beside its central differences."""

    exact: Array  # what the pullback says
    approximate: Array  # by central differences, of the same shape
    at_kink: npt.NDArray[np.bool_]  # where the network has no derivative, so that the two need not agree
    tolerance: float  # for the length of the difference

    @property
    def error(self) -> float:
        """‖exact − approximate‖ / ‖approximate‖ away from kinks, where 0 / 0 counts as 0."""
        off, size = self._lengths
        return off / size if size else float(off and np.inf)

    @property
    def agrees(self) -> bool:
        """Whether the two are the same up to what differences leave out and rounding adds."""
        return self._lengths[0] <= self.tolerance

    @property
    def worst(self) -> tuple[int, ...]:
        """Index of the entry that is furthest off, away from kinks."""
        off = np.where(self.at_kink, 0, np.abs(self.exact - self.approximate))
        return tuple(int(i) for i in np.unravel_index(np.argmax(off), off.shape))

    @property
    def _lengths(self) -> tuple[float, float]:
        smooth = ~self.at_kink
        off = np.linalg.norm((self.exact - self.approximate)[smooth])
        return float(off), float(np.linalg.norm(self.approximate[smooth]))


@dataclass(frozen=True, repr=False)
class GradientCheck:
    """What `check_gradients` found: `parts` has the derivative by each part of φ, by its name, and by `x`."""

    parts: dict[str, Compared]

    @property
    def agrees(self) -> bool:
        """Whether every derivative agrees with its central differences."""
        return all(part.agrees for part in self.parts.values())

    @property
    def kinks(self) -> int:
        """How many entries were left out, because the network has a kink there."""
        return sum(int(part.at_kink.sum()) for part in self.parts.values())

    def __repr__(self) -> str:
        """A line for each part: whether it agrees, how far it is off, and where most."""
        width = max(map(len, self.parts), default=0)
        return "\n".join(f"{name:<{width}}  {_said(part)}" for name, part in self.parts.items())


def check_gradients(
    net: Network,
    x: npt.ArrayLike,
    phi: npt.ArrayLike,
    *,
    dy: npt.ArrayLike | None = None,
    step: float = 1e-5,
    train: np.random.Generator | None = None,
    mask: npt.ArrayLike | None = None,
) -> GradientCheck:
    """Compare what `net.vjp` says with central differences of Σ dy · f[x, φ], in float64, at x and φ (P,).

    `dy`, of y's shape, weighs the outputs; without it, random weights do, the same each time. The check evaluates the
    network four times for every number in φ and x, so let both be small. `train` and `mask` go to the network; every
    evaluation starts from a copy of `train`, which itself stays as it is.

    Tokens have no derivative, and kept statistics (of batch normalisation) are not learned: neither is compared.
    Entries at a kink, where the differences on both sides disagree however small the step, are counted and left out.
    The two may be apart by 1e-6 of the longer one's length, and by what rounding makes of the sum.

    Raises what a call of the network raises.

    >>> from udl_core import Shallow
    >>> net, rng = Shallow(2, 4, 3, activation="tanh"), np.random.default_rng(0)
    >>> found = check_gradients(net, rng.standard_normal((5, 2)), net.init(rng))
    >>> found.agrees, list(found.parts)
    (True, ['theta', 'phi', 'x'])
    """
    if not isinstance(net, Network):
        raise TypeError(f"net must be a network, got {net!r}")
    step = _validate.positive("step", step)
    phi = _validate.array("phi", phi, {"P": net.n_params}, np.dtype(np.float64))
    x = net.check_x(x, phi.dtype)

    y, pullback = net.vjp(x, phi, train=deepcopy(train), mask=mask)
    weights = np.random.default_rng(0).standard_normal(y.shape) if dy is None else _validate.like("dy", dy, "y", y)
    dx, dphi = pullback(weights)
    rounding = 1e-10 * (1 + float(np.abs(weights * y).sum()))

    def value(x: Array, phi: Array) -> float:
        return float(np.sum(weights * net(x, phi, train=deepcopy(train), mask=mask)))

    approximate, at_kink = _two_steps(lambda at: value(x, at), phi, step)
    parts = {}
    for name, start, end, shape in net.places:
        if name not in net.statistics:
            part = slice(start, end)
            both = dphi[part].reshape(shape), approximate[part].reshape(shape)
            parts[name] = _compared(*both, at_kink[part].reshape(shape), rounding)
    if dx is not None:
        parts["x"] = _compared(dx, *_two_steps(lambda at: value(at, phi), x, step), rounding)
    return GradientCheck(parts)


def _compared(exact: Array, approximate: Array, at_kink: npt.NDArray[np.bool_], rounding: float) -> Compared:
    longer = max(np.linalg.norm(exact), np.linalg.norm(approximate))
    return Compared(exact, approximate, at_kink, float(1e-6 * longer + rounding * exact.size**0.5))


def _two_steps(f: Callable[[Array], Any], at: Array, step: float) -> tuple[Array, npt.NDArray[np.bool_]]:
    """Central differences, and where f has a kink: halving the step does not halve how far both sides are apart."""
    middle = float(f(at))
    gradient, at_kink = np.empty(at.shape), np.zeros(at.shape, dtype=np.bool_)
    moved = at.copy()
    for place in np.ndindex(at.shape):
        apart = []
        for h in (step, step / 2):
            moved[place] = at[place] + h
            ahead = float(f(moved))
            moved[place] = at[place] - h
            behind = float(f(moved))
            apart.append((ahead - 2 * middle + behind) / h)
            if h == step:
                gradient[place] = (ahead - behind) / (2 * h)
        moved[place] = at[place]
        size = 1 + abs(middle) + abs(float(gradient[place]))
        at_kink[place] = abs(apart[0] - 2 * apart[1]) > 1e-6 * size
    return gradient, at_kink


def _said(part: Compared) -> str:
    kinks = f"; {n} of {part.exact.size} left out, at a kink" if (n := int(part.at_kink.sum())) else ""
    if part.agrees:
        return f"agrees, relative error {part.error:.1e}{kinks}"
    at = part.worst
    where = f"[{', '.join(map(str, at))}]"
    return (
        f"DIFFERS, relative error {part.error:.1e}: at {where} the pullback says {part.exact[at]:.6g}, "
        f"central differences {part.approximate[at]:.6g}{kinks}"
    )
