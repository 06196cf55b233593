"""The exact linear regions of a shallow network of two inputs, as convex polygons in a box."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from udl_core._validate import Array
from udl_core.models import Shallow
from udl_core.regions.arrangement import SIDE, Lines, Polygons, cells, chords_of_square
from udl_core.regions.hidden_units import TOLERANCE, HiddenUnits

Bool = npt.NDArray[np.bool_]
Int = npt.NDArray[np.intp]

_ROWS = 4096  # regions at a time where an array of regions times units would not fit the cache


@dataclass(frozen=True, eq=False, repr=False)
class Neighbours:
    """N pairs of regions that share an edge; iterating gives (region, region, units that switch there)."""

    pairs: Int  # (N, 2) indices of regions, the smaller first, in ascending order
    units: tuple[Int, ...]  # N arrays: the units, ascending, whose line holds the shared edge

    def __len__(self) -> int:
        return len(self.pairs)

    def __repr__(self) -> str:
        return f"<{len(self)} pairs of neighbours>"

    def __getitem__(self, n: int) -> tuple[int, int, Int]:
        i, j = self.pairs[n].tolist()
        return i, j, self.units[n]

    def __iter__(self) -> Iterator[tuple[int, int, Int]]:
        for (i, j), units in zip(self.pairs.tolist(), self.units, strict=True):
            yield i, j, units


@dataclass(frozen=True, eq=False, repr=False)
class Regions:
    """R activation regions in a box. Everything beyond the polygons is computed when first asked for, then kept."""

    box: tuple[tuple[float, float], tuple[float, float]]
    _units: HiddenUnits
    _bends: "_Bends"
    _cells: Polygons

    def __len__(self) -> int:
        return len(self._cells.sizes)

    def __repr__(self) -> str:
        return f"<{len(self)} regions in box={self.box}>"

    @cached_property
    def polygons(self) -> list[Array]:
        """R arrays (n, 2): the corners of each region, counter-clockwise, no three of them on one line."""
        z = self._cells.vertices
        corners = np.empty((len(z), 2))
        for axis, part in enumerate((z.real, z.imag)):
            lo, hi = self.box[axis]
            corners[:, axis] = (0.5 - part) * lo + (0.5 + part) * hi  # the box's sides come out exact
        starts = self._cells.starts.tolist()
        return [corners[a:b] for a, b in zip(starts, [*starts[1:], len(z)], strict=True)]

    @cached_property
    def areas(self) -> Array:
        """(R,) the area of each region, above 0; they sum to the area of the box."""
        (x_lo, x_hi), (y_lo, y_hi) = self.box
        return self._cells.areas() * (x_hi - x_lo) * (y_hi - y_lo)

    @cached_property
    def patterns(self) -> Bool:
        """(R, D) whether each unit is active (pre-activation above 0) in each region."""
        bends = self._bends
        patterns = np.empty((len(self), len(self._units.theta)), dtype=bool)
        patterns[:] = bends.active
        patterns[:, bends.units] = self._positive[:, bends.line_of_unit] ^ bends.reversed
        return patterns

    @cached_property
    def maps(self) -> Array:
        """(R, D_o, 3) the affine map of each region: y_o = maps[r, o] · [1, x_1, x_2]."""
        units = self._units
        products = units.phi[:, 1:].T[:, :, None] * units.theta[:, None, :]  # (D, D_o, 3)
        inactive = units.slope_below * products.sum(axis=0)
        inactive[:, 0] += units.phi[:, 0]
        maps = np.empty((len(self), *inactive.shape))
        for start in range(0, len(self), _ROWS):
            rows = slice(start, start + _ROWS)
            active = units.bend * self.patterns[rows].astype(float)
            maps[rows] = inactive + np.tensordot(active, products, axes=1)
        return maps

    @cached_property
    def neighbours(self) -> Neighbours:
        """The pairs of regions that share an edge, with the units that switch there.

        Two regions share an edge on a line exactly if they lie on the same side of every other line. So a region's
        neighbour is found by its sides, which no rounding of corners can spoil.
        """
        n_lines = len(self._bends.lines.offsets)
        keys_of_lines = np.random.default_rng(0).integers(2**63, size=(n_lines,), dtype=np.uint64)
        keys = np.concatenate(
            [self._positive[start : start + _ROWS] @ keys_of_lines for start in range(0, len(self), _ROWS)]
        )  # of each region: the sum, modulo 2⁶⁴, over the lines it lies on the positive side of
        labels = self._cells.labels
        below = (labels != SIDE) & (labels % 2 == 0)
        owners, lines = self._cells.owners[below], labels[below] // 2

        order = np.argsort(keys)
        wanted = keys[owners] + keys_of_lines[lines]
        found = order[np.minimum(np.searchsorted(keys, wanted, sorter=order), len(order) - 1)]
        met = keys[found] == wanted
        pairs = np.sort(np.stack((owners[met], found[met]), axis=1), axis=1)
        ascending = np.lexsort((pairs[:, 1], pairs[:, 0]))
        of_line = self._bends.units_of_lines()
        return Neighbours(pairs[ascending], tuple(of_line[k] for k in lines[met][ascending].tolist()))

    @cached_property
    def _positive(self) -> Bool:
        """(R, L) on which side of each line each region lies."""
        lines, centres = self._bends.lines, self._cells.centres()[:, None]
        positive = np.empty((len(centres), len(lines.offsets)), dtype=bool)
        for start in range(0, len(centres), _ROWS):
            positive[start : start + _ROWS] = lines.distances(centres[start : start + _ROWS]) > 0
        owners, labels = self._cells.owners, self._cells.labels
        on_line = labels != SIDE  # here the side is known without computing
        positive[owners[on_line], labels[on_line] // 2] = labels[on_line] % 2 == 1
        return positive


def linear_regions(net: Shallow, phi: npt.ArrayLike, box: npt.ArrayLike) -> Regions:
    """The exact linear regions of a network of two inputs in a box: activation regions, one pattern each.

    Each region is convex and has a positive area; together they fill the box. Lines closer than 1e-13 of the box count
    as one, and their units switch together. Regions wider than 1e-11 of the box are found whatever their shape. Both
    are relative to the box, and to the gradient's length, so the size of a unit's θ does not matter; in a box much
    farther from the origin than it is wide, rounding of θ_d0 sets a coarser limit. A unit with θ_d1 = θ_d2 = 0 is
    constant. Regions with equal maps (bends that cancel) stay apart.

    Arguments: a `Shallow` network with D_i = 2, its parameters phi (P,), and box = ((x_lo, x_hi), (y_lo, y_hi)).
    Raises ValueError or TypeError for bad arguments and for an activation that is not straight on both sides of 0.
    Source: Prince, section 3.3 and figure 3.8. 500 units, about 100,000 regions, take a tenth of a second.

    >>> net = Shallow(D_i=2, D=2, D_o=1)
    >>> phi = net.pack(theta=[[0, 1, 0], [0, 0, 1]], phi=[[0, 1, 1]])
    >>> regions = linear_regions(net, phi, box=((-1, 1), (-1, 1)))
    >>> len(regions), regions.areas
    (4, array([1., 1., 1., 1.]))
    >>> len(regions.neighbours)
    4
    """
    units = HiddenUnits.of(net, phi, D_i=2)
    limits = _checked_box(box)
    bends = _Bends.of(units, limits)
    (x_lo, x_hi), (y_lo, y_hi) = limits.tolist()
    return Regions(((x_lo, x_hi), (y_lo, y_hi)), units, bends, cells(bends.lines))


@dataclass(frozen=True, eq=False)
class _Bends:
    """The lines that cross the box, in coordinates in which it is the square of side 1 about 0, and whose they are."""

    lines: Lines  # L different ones
    units: Int  # (K,) the units with a line in the box
    line_of_unit: Int  # (K,)
    reversed: Bool  # (K,) whether the unit is active on the line's negative side
    active: Bool  # (D,) whether each unit without a line in the box is active there

    @classmethod
    def of(cls, units: HiddenUnits, limits: Array) -> "_Bends":
        gradients = units.theta[:, 1:]
        sizes = np.abs(units.theta).max(axis=1, keepdims=True)
        with np.errstate(invalid="ignore", divide="ignore", over="ignore", under="ignore"):
            theta = units.theta / sizes  # neither overflows nor underflows below
            middle, extent = (limits / 2).sum(axis=1), limits[:, 1] - limits[:, 0]
            scaled = theta[:, 1:] * extent
            lengths = np.hypot(*scaled.T)
            terms = theta * [1, *middle]
            offsets = terms.sum(axis=1) / lengths
            rounding = 2 * np.finfo(float).eps * np.abs(terms).sum(axis=1) / lengths
            normals = (scaled[:, 0] + 1j * scaled[:, 1]) / lengths
        bending = np.flatnonzero((gradients != 0).any(axis=1) & (lengths > 0) & units.kink)
        lines = Lines(normals, offsets, np.maximum(TOLERANCE, rounding))
        active = units.always_active.copy()
        active[bending] = offsets[bending] > 0

        crossing, a, b = chords_of_square(lines[bending])
        lines, crossing = lines[bending][crossing], bending[crossing]
        first = _first_of_coincident(lines, a, b)
        distinct, line_of_unit = np.unique(first, return_inverse=True)
        same_way = (lines.normals * lines.normals[first].conj()).real > 0
        return cls(lines[distinct], crossing, line_of_unit, ~same_way, active)

    def units_of_lines(self) -> list[Int]:
        """L arrays: the units, ascending, that switch at each line."""
        order = np.argsort(self.line_of_unit, kind="stable")
        ends = np.cumsum(np.bincount(self.line_of_unit, minlength=len(self.lines.offsets)))[:-1]
        return np.split(self.units[order], ends)


def _first_of_coincident(lines: Lines, a: Any, b: Any) -> Int:
    """(K,) for each line with chord a to b, the first line that coincides with it in the box: mostly itself.

    Two lines coincide if each one's chord lies within the other's tolerance. A line joins only the first of a group, so
    a chain of close lines does not become one.
    """
    one = lines[:, None]
    close = (one.sides(a) == 0) & (one.sides(b) == 0)
    close &= close.T
    first = np.arange(len(a))
    for k in np.flatnonzero(np.tril(close, -1).any(axis=1)):
        earlier = np.flatnonzero(close[k, :k] & (first[:k] == np.arange(k)))
        first[k] = earlier[0] if len(earlier) else k
    return first


def _checked_box(box: npt.ArrayLike) -> Array:
    form = "box must be ((x_lo, x_hi), (y_lo, y_hi))"
    try:
        limits = np.array(box, dtype=np.float64)
    except (TypeError, ValueError):
        raise ValueError(f"{form}, got {box!r}") from None
    if limits.shape != (2, 2):
        raise ValueError(f"{form}, got shape {limits.shape}")
    with np.errstate(over="ignore"):
        if not np.isfinite(limits[:, 1] - limits[:, 0]).all() or not np.isfinite(limits).all():
            raise ValueError(f"{form} with finite numbers, got {limits.tolist()}")
    if not (limits[:, 0] < limits[:, 1]).all():
        raise ValueError(f"{form} with x_lo < x_hi and y_lo < y_hi, got {limits.tolist()}")
    return limits
