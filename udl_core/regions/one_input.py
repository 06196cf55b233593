"""The exact form of a network of one input, or along a line: straight between its joints."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from udl_core import _validate
from udl_core._validate import Array
from udl_core.models import Deep, Shallow
from udl_core.regions.exact.hidden_units import HiddenUnits
from udl_core.regions.exact.one_input_deep import first_of_each_cluster, pieces_of_line
from udl_core.regions.exact.stack import TOLERANCE, Stack
from udl_core.regions.exact.window import affine_inputs, slice_of


@dataclass(frozen=True, eq=False)
class Joints:
    """J joints inside (lo, hi) and the J+1 straight pieces between them, from left to right. Arrays are read-only.

    Units are numbered through all layers, in the order of the layers.
    """

    lo: float
    hi: float
    joints: Array  # (J,) ascending
    slopes: Array  # (J+1, D_o) of each piece
    values: Array  # (J+2, D_o) the output at lo, at the joints and at hi
    layers: npt.NDArray[np.integer[Any]]  # (J,) the first layer that bends there, from 1 on
    _switching: "_Once | _Often" = field(repr=False)

    @cached_property
    def patterns(self) -> npt.NDArray[Any]:
        """(J+1, D_1 + … + D_K) whether each hidden unit is active (pre-activation above 0) on each piece, as bool.

        With hard tanh and the absolute value, the index of the activation's piece, from left to right, as int8.
        """
        return _frozen(self._switching.patterns(len(self.joints)))

    @cached_property
    def units(self) -> tuple[npt.NDArray[np.intp], ...]:
        """J arrays: the units, ascending, that switch at each joint."""
        return self._switching.units(len(self.joints))


def joints(net: Shallow | Deep, phi: npt.ArrayLike, lo: float, hi: float, line: Any = None) -> Joints:
    """The exact piecewise linear form of a network of one input on the interval from lo to hi.

    A joint is a place where units switch, so it stays a joint where their bends cancel and the slope does not change.
    Units that switch at the same place (closer than 1e-13 of the interval; farther than 1e-11 never) share one joint.
    A unit that does not depend on the input has none. A joint at lo or hi itself is not inside.

    Arguments: a `Shallow` or `Deep` network with D_i = 1, its parameters phi (P,), and lo < hi. A network of more
    inputs is looked at along the line x = origin + t u, with line = (origin, u), each (D_i,), for t from lo to hi.
    Activations: relu, leaky_relu, parametric_relu, hard_tanh, absolute, identity.
    Raises ValueError or TypeError for bad arguments and for an activation that is not straight pieces without jumps.
    Source: Prince, sections 3.1 and 4.1, figures 3.3 and 4.1. Time grows as D log D for a shallow network of one input,
    else as joints times weights.

    >>> net = Shallow(D_i=1, D=3, D_o=1)
    >>> phi = net.pack(theta=[[0, 1], [-1, 1], [-2, 1]], phi=[[0, 1, -2, 2]])
    >>> exact = joints(net, phi, lo=-1, hi=3)
    >>> exact.joints
    array([0., 1., 2.])
    >>> exact.slopes.ravel()
    array([ 0.,  1., -1.,  1.])
    """
    stack = Stack.of(net, phi)
    origin, directions = slice_of("line", line, net.D_i, 1)
    lo, hi = _validate.real("lo", lo), _validate.real("hi", hi)
    if not lo < hi:
        raise ValueError(f"lo must be below hi, got lo = {lo} and hi = {hi}")
    if not np.isfinite(hi - lo):
        raise ValueError(f"hi - lo must be finite, got lo = {lo} and hi = {hi}")
    if isinstance(net, Shallow) and line is None and stack.rectifies:
        return _of_shallow(HiddenUnits.of(net, phi, D_i=1), lo, hi)

    middle, extent = lo + (hi - lo) / 2, hi - lo
    found = pieces_of_line(stack, affine_inputs(origin, directions, np.array([middle]), np.array([extent])))
    slopes = found.outputs.a[1] / extent
    level = found.outputs.a[0]
    right = level + found.outputs.a[1] * found.ends[1:, None]
    values = np.concatenate((level[:1] + found.outputs.a[1][:1] * found.ends[0], right))
    places = (0.5 - found.ends[1:-1]) * lo + (0.5 + found.ends[1:-1]) * hi + 0.0
    often = _Often(stack.labelled(found.pieces))
    return Joints(lo, hi, _frozen(places), _frozen(slopes), _frozen(values), _frozen(found.layers), often)


@dataclass(frozen=True, eq=False)
class _Often:
    """Switches of units that may switch at several joints."""

    labels: npt.NDArray[Any]  # (J+1, D) patterns

    def patterns(self, J: int) -> npt.NDArray[Any]:
        return self.labels

    def units(self, J: int) -> tuple[npt.NDArray[np.intp], ...]:
        return tuple(np.flatnonzero(row) for row in self.labels[1:] != self.labels[:-1])


@dataclass(frozen=True, eq=False)
class _Once:
    """Switches of units that switch at one joint at most."""

    active_at_lo: npt.NDArray[np.bool_]  # (D,)
    joint_of_unit: npt.NDArray[np.intp]  # (D,) index of the unit's joint, J if it has none

    def patterns(self, J: int) -> npt.NDArray[np.bool_]:
        switched = self.joint_of_unit < np.arange(J + 1)[:, None]
        patterns: npt.NDArray[np.bool_] = switched ^ self.active_at_lo
        return patterns

    def units(self, J: int) -> tuple[npt.NDArray[np.intp], ...]:
        order = np.argsort(self.joint_of_unit, kind="stable")
        ends = np.searchsorted(self.joint_of_unit[order], np.arange(J + 1))
        return tuple(order[a:b] for a, b in zip(ends[:-1].tolist(), ends[1:].tolist(), strict=True))


def _of_shallow(units: HiddenUnits, lo: float, hi: float) -> Joints:
    """All joints at once, since every unit has one place where it switches."""
    offset, slope = units.theta.T
    bends = (slope != 0) & units.kink
    at = np.full(len(slope), np.inf)
    with np.errstate(over="ignore"):  # a joint beyond the largest number is outside of any interval
        np.divide(-offset, slope, out=at, where=bends)
    at += 0.0  # a joint at -0.0 reads 0.0

    margin = TOLERANCE * (hi - lo)
    inside = np.flatnonzero((at - lo > margin) & (hi - at > margin))
    inside = inside[np.argsort(at[inside], kind="stable")]
    first = first_of_each_cluster(at[inside], margin)
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
    layers = np.ones(len(places), dtype=np.int8)
    once = _Once(active, joint_of_unit)
    return Joints(lo, hi, _frozen(places), _frozen(gradients), _frozen(values), _frozen(layers), once)


def _accumulate(terms: Array, a: Array, change: Array, inside: Any, first: npt.NDArray[np.bool_]) -> Array:
    """Σ_d a_d terms_od on every piece (J+1, D_o), where a_d changes by `change` at the unit's joint."""
    steps = np.cumsum(terms[:, inside] * change, axis=1)
    last_of_joint = np.append(first[1:], True)[: len(first)]
    return terms @ a + np.vstack((np.zeros(len(terms)), steps[:, last_of_joint].T))


def _frozen(array: Any) -> Any:
    array.flags.writeable = False
    return array
