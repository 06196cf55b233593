"""Line search: how far to go along a direction, found by trying."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from udl_core import _validate
from udl_core._validate import Array

LossOfPhi = Callable[[Array], tuple[float, Array]]
"""φ (P,) -> (loss, gradient (P,)): a loss as a function of the parameters alone, such as `objective` makes."""


def line_search(
    L: LossOfPhi, phi: Array, direction: Array, *, lr: float = 1.0, shrink: float = 0.5, c: float = 1e-4
) -> float:
    """How far to go from φ (P,) along a direction (P,) that leads downhill: the first t of `lr`, `lr` · shrink,
    `lr` · shrink², … at which the loss has fallen enough,

        L[φ + t d] ≤ L[φ] + c t (∂L/∂φ · d),

    by at least the share `c` of what the slope at φ promises (Armijo, 1966).
    Points where the loss is NaN or infinite count as too far. Returns 0.0 where no step helps: at a flat point, or
    where rounding hides what is left to gain.

    Raises ValueError if the direction leads uphill, and unless `lr` is above 0, `shrink` and `c` between 0 and 1.

    >>> def parabola(phi):
    ...     return float(phi @ phi), 2 * phi
    >>> line_search(parabola, np.array([1.0]), np.array([-8.0]))
    0.125
    """
    phi = _validate.array("phi", phi, {"P": None})
    direction = _validate.like("direction", direction, "phi", phi)
    t, shrink, c = _validate.positive("lr", lr), _between("shrink", shrink), _between("c", c)
    value, grad = L(phi)
    value_at = getattr(L, "value", None) or (lambda phi: L(phi)[0])  # `objective` can leave the gradient out
    slope = float(grad @ direction)
    if slope > 0:
        raise ValueError(f"direction must lead downhill, but the loss rises along it with slope {slope:.4g}")
    with np.errstate(over="ignore", invalid="ignore"):
        while slope < 0:
            ahead = phi + t * direction
            if np.array_equal(ahead, phi):
                break
            if np.isfinite(ahead).all():
                try:
                    reached = value_at(ahead)
                except OverflowError:  # as the losses say it
                    reached = np.inf
                if reached <= value + c * t * slope and reached < value:  # the promise may be lost in rounding
                    return t
            t *= shrink
    return 0.0


def bracketing_search(L: LossOfPhi, phi: Array, direction: Array, *, lr: float = 1.0, tolerance: float = 1e-6) -> float:
    """How far to go from φ (P,) along a direction (P,) that leads downhill: the t of a lowest point, by bracketing.

    From `lr` on t is doubled, or halved, until the loss at some t in the middle is lower than on both sides; then the
    bracket is narrowed by the golden section until it is as small as `tolerance` times t (Prince, figure 6.10). Where
    the loss has several dips, it is one of them. Points where the loss is NaN or infinite count as too high. Returns
    0.0 where no step helps, and raises what `line_search` raises.

    >>> def parabola(phi):
    ...     return float(phi @ phi), 2 * phi
    >>> round(bracketing_search(parabola, np.array([1.0]), np.array([-8.0])), 5)
    0.125
    """
    phi = _validate.array("phi", phi, {"P": None})
    direction = _validate.like("direction", direction, "phi", phi)
    middle, tolerance = _validate.positive("lr", lr), _between("tolerance", tolerance)
    value, grad = L(phi)
    slope = float(grad @ direction)
    if slope > 0:
        raise ValueError(f"direction must lead downhill, but the loss rises along it with slope {slope:.4g}")

    def at(t: float) -> float:
        ahead = phi + t * direction
        if not np.isfinite(ahead).all():
            return np.inf
        try:
            reached = L(ahead)[0]
        except OverflowError:  # as the losses say it
            return np.inf
        return reached if np.isfinite(reached) else np.inf

    with np.errstate(over="ignore", invalid="ignore"):
        lowest = at(middle)
        while not lowest < value:  # too far: back towards φ
            middle /= 2
            if slope == 0 or np.array_equal(phi + middle * direction, phi):
                return 0.0
            lowest = at(middle)
        low, high = 0.0, 2 * middle
        while np.isfinite(high) and (beyond := at(high)) < lowest:  # still falling
            low, middle, lowest, high = middle, high, beyond, 2 * high
        while high - low > tolerance * middle:
            wider = high if high - middle > middle - low else low
            t = middle + (1 - GOLDEN) * (wider - middle)
            if not low < t < high or t == middle:
                break
            if (here := at(t)) < lowest:
                low, high = (middle, high) if t > middle else (low, middle)
                middle, lowest = t, here
            else:
                low, high = (low, t) if t > middle else (t, high)
    return middle


GOLDEN = (5**0.5 - 1) / 2
"""The golden section: a point that divides a bracket so divides its larger part likewise."""


@dataclass(frozen=True)
class Backtracking:
    """Gradient descent that chooses each learning rate by `line_search` on the loss `L`: φ -> (value, gradient).

    For full batches: `L` must be the loss that the gradients come from. The first search starts at `lr`, each later one
    at 1/`shrink` times the length that was last accepted, so that steps can grow again. Its state is where the next
    search starts. Raises ValueError unless `lr` is above 0, `shrink` and `c` between 0 and 1.

    >>> def valley(phi):
    ...     return float(phi[0] ** 2 + 10 * phi[1] ** 2), np.array([2, 20]) * phi
    >>> descent, phi = Backtracking(valley), np.array([1.0, 1.0])
    >>> state = descent.init(phi)
    >>> for k in range(100):
    ...     phi, state = descent.step(phi, valley(phi)[1], state)
    >>> bool(valley(phi)[0] < 1e-6)
    True
    """

    L: LossOfPhi
    lr: float = 1.0
    shrink: float = 0.5
    c: float = 1e-4

    def __post_init__(self) -> None:
        for name, check in (("lr", _validate.positive), ("shrink", _between), ("c", _between)):
            object.__setattr__(self, name, check(name, getattr(self, name)))

    def init(self, phi: Array) -> float:
        """`lr`, where the first search starts."""
        return self.lr

    def step(self, phi: Array, grad: Array, state: float) -> tuple[Array, float]:
        """One step downhill that lowers L, or φ as it is where none does."""
        grad = _validate.array("grad", grad, {"P": len(phi)}, phi.dtype)
        t = line_search(self.L, phi, -grad, lr=state, shrink=self.shrink, c=self.c)
        return phi - t * grad, t / self.shrink or self.lr


def _between(name: str, value: float) -> float:
    number = _validate.real(name, value)
    if not 0 < number < 1:
        raise ValueError(f"{name} must be between 0 and 1, got {value!r}")
    return number
