"""The exact form of a shallow network of one input: straight between its joints."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from udl_core import _validate
from udl_core._validate import Array
from udl_core.models import Shallow
from udl_core.regions.hidden_units import TOLERANCE, HiddenUnits


@dataclass(frozen=True, eq=False)
class Joints:
    """J joints inside (lo, hi) and the J+1 straight pieces between them, from left to right. Arrays are read-only."""

    lo: float
    hi: float
    joints: Array  # (J,) ascending
    slopes: Array  # (J+1, D_o) of each piece
    values: Array  # (J+2, D_o) the output at lo, at the joints and at hi
    _active_at_lo: npt.NDArray[np.bool_] = field(repr=False)  # (D,)
    _joint_of_unit: npt.NDArray[np.intp] = field(repr=False)  # (D,) index of the unit's joint, J if it has none

    @cached_property
    def patterns(self) -> npt.NDArray[np.bool_]:
        """(J+1, D) whether each unit is active (pre-activation above 0) on each piece."""
        switched = self._joint_of_unit < np.arange(len(self.joints) + 1)[:, None]
        return _frozen(switched ^ self._active_at_lo)

    @cached_property
    def units(self) -> tuple[npt.NDArray[np.intp], ...]:
        """J arrays: the units, ascending, that switch at each joint."""
        order = np.argsort(self._joint_of_unit, kind="stable")
        ends = np.searchsorted(self._joint_of_unit[order], np.arange(len(self.joints) + 1))
        return tuple(order[a:b] for a, b in zip(ends[:-1].tolist(), ends[1:].tolist(), strict=True))


def joints(net: Shallow, phi: npt.ArrayLike, lo: float, hi: float) -> Joints:
    """The exact piecewise linear form of a network of one input on the interval from lo to hi.

    A joint is a place where units switch, so it stays a joint where their bends cancel and the slope does not change.
    Units that switch at the same place (closer than 1e-13 of the interval; farther than 1e-11 never) share one joint.
    A unit with θ_d1 = 0 is constant and has none. A joint at lo or hi itself is not inside.

    Arguments: a `Shallow` network with D_i = 1, its parameters phi (P,), and lo < hi.
    Raises ValueError or TypeError for bad arguments and for an activation that is not straight on both sides of 0.
    Source: Prince, section 3.1 and figure 3.3. Time grows as D log D.

    >>> net = Shallow(D_i=1, D=3, D_o=1)
    >>> phi = net.pack(theta=[[0, 1], [-1, 1], [-2, 1]], phi=[[0, 1, -2, 2]])
    >>> exact = joints(net, phi, lo=-1, hi=3)
    >>> exact.joints
    array([0., 1., 2.])
    >>> exact.slopes.ravel()
    array([ 0.,  1., -1.,  1.])
    """
    units = HiddenUnits.of(net, phi, D_i=1)
    lo, hi = _validate.real("lo", lo), _validate.real("hi", hi)
    if not lo < hi:
        raise ValueError(f"lo must be below hi, got lo = {lo} and hi = {hi}")
    if not np.isfinite(hi - lo):
        raise ValueError(f"hi - lo must be finite, got lo = {lo} and hi = {hi}")

    offset, slope = units.theta.T
    bends = (slope != 0) & units.kink
    at = np.full(len(slope), np.inf)
    with np.errstate(over="ignore"):  # a joint beyond the largest number is outside of any interval
        np.divide(-offset, slope, out=at, where=bends)
    at += 0.0  # a joint at -0.0 reads 0.0

    margin = TOLERANCE * (hi - lo)
    inside = np.flatnonzero((at - lo > margin) & (hi - at > margin))
    inside = inside[np.argsort(at[inside], kind="stable")]
    first = _first_of_each_cluster(at[inside], margin)
    joint_of_unit = np.full(len(slope), first.sum())
    joint_of_unit[inside] = np.cumsum(first) - 1
    places = at[inside][first]

    # Right of its joint a unit with θ_d1 > 0 is active, left of it a unit with θ_d1 < 0. Joints outside are judged
    # from the middle: they do not move past it by rounding.
    middle = lo + (hi - lo) / 2
    reference = np.where(joint_of_unit < len(places), lo, middle)
    active = np.where(bends, (reference > at) == (slope > 0), units.always_active)

    # On each piece y = level + gradient · (x − middle); at a joint both change by those of the units that switch.
    weights = units.phi[:, 1:]
    a = np.where(active, units.slope_above, units.slope_below)
    change = np.where(active, -units.bend, units.bend)[inside]
    gradients = _accumulate(weights * slope, a, change, inside, first)
    levels = _accumulate(weights * (offset + slope * middle), a, change, inside, first) + units.phi[:, 0]
    x = np.concatenate(([lo], places, [hi])) - middle
    values = np.concatenate((levels[:1] + gradients[:1] * x[0], levels + gradients * x[1:, None]))
    return Joints(lo, hi, *map(_frozen, (places, gradients, values, active, joint_of_unit)))


def _first_of_each_cluster(at: Array, margin: float) -> npt.NDArray[np.bool_]:
    """Marks the ascending places that are farther than `margin` from the first of the cluster before them."""
    first = np.diff(at, prepend=-np.inf) > margin
    start = 0
    for k in np.flatnonzero(~first).tolist():  # usually none; a chain of close places must not grow into one cluster
        if first[k - 1]:
            start = k - 1
        first[k] = at[k] - at[start] > margin
    return first


def _accumulate(terms: Array, a: Array, change: Array, inside: Any, first: npt.NDArray[np.bool_]) -> Array:
    """Σ_d a_d terms_od on every piece (J+1, D_o), where a_d changes by `change` at the unit's joint."""
    steps = np.cumsum(terms[:, inside] * change, axis=1)
    last_of_joint = np.append(first[1:], True)[: len(first)]
    return terms @ a + np.vstack((np.zeros(len(terms)), steps[:, last_of_joint].T))


def _frozen(array: Any) -> Any:
    array.flags.writeable = False
    return array
