"""Which regions share an edge, and which units switch there."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from udl_core._validate import Array
from udl_core.regions.exact.arrangement import SIDE, Polygons
from udl_core.regions.exact.cutting import Cuts
from udl_core.regions.exact.stack import ROWS, TOLERANCE

Int = npt.NDArray[np.integer[Any]]


@dataclass(frozen=True, eq=False, repr=False)
class Neighbours:
    """N pairs of regions that share an edge; iterating gives (region, region, units that switch there).

    Units are numbered through all layers, as the columns of `patterns` are. Mostly one switches. Where lines coincide,
    all units whose pattern differs are listed, also those of later layers that bend at the same place.
    """

    pairs: Int  # (N, 2) indices of regions, the smaller first, in ascending order
    layers: Int  # (N,) the first layer with a unit that switches there, from 1 on
    edges: Array  # (N, 2, 2) both ends of the shared edge
    widths: tuple[int, ...]  # units of each layer
    _patterns: Callable[[], npt.NDArray[Any]] = field(repr=False)

    @cached_property
    def units(self) -> tuple[Int, ...]:
        """N arrays: the units, ascending, that switch at the shared edge."""
        patterns, counts, units = self._patterns(), [], []
        for start in range(0, len(self), ROWS):
            i, j = self.pairs[start : start + ROWS].T
            differ = patterns[i] != patterns[j]
            counts.append(differ.sum(axis=1))
            units.append(np.nonzero(differ)[1])
        if not units:
            return ()
        ends = np.cumsum(np.concatenate(counts)).tolist()
        flat = np.concatenate(units)
        return tuple(flat[a:b] for a, b in zip([0, *ends[:-1]], ends, strict=True))

    @property
    def switches(self) -> tuple[Int, ...]:
        """N arrays (n, 2): the layer, from 1 on, and the unit within it, from 0 on, of each unit that switches."""
        layer = np.repeat(np.arange(1, len(self.widths) + 1), self.widths)
        unit = np.concatenate([np.empty(0, dtype=np.intp), *map(np.arange, self.widths)])
        return tuple(np.stack((layer[units], unit[units]), axis=1) for units in self.units)

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


def shared_edges(polygons: Polygons, cuts: Cuts) -> tuple[Int, Int, Int]:
    """Pairs of polygons (N, 2), ascending, the cut they share, and the vertices (N, 2) between which the edge lies.

    The edges on one side of a cut lie one after the other, and so do those on its other side. Two of them meet if they
    overlap; then the one that starts later finds the other as the last that started before it.
    """
    edges = np.flatnonzero(polygons.labels != SIDE)
    cut, side = np.divmod(polygons.labels[edges], 2)
    along = 1j * cuts.normals[cut]
    ends = np.stack((edges, polygons.next[edges]))
    at = (along.conj() * polygons.vertices[ends]).real
    forward = at[0] < at[1]
    ends = np.where(forward, ends, ends[::-1])
    low, high = np.where(forward, at, at[::-1])

    order = np.lexsort((low, cut))
    cut, side, low, high, ends = cut[order], side[order], low[order], high[order], ends[:, order]
    owners = polygons.owners[edges[order]]
    place = np.arange(len(order))
    seen = [np.maximum.accumulate(np.where(side == s, place, -1)) for s in (0, 1)]
    other = np.where(side == 1, *seen)
    mine = np.flatnonzero(other >= 0)
    other = other[mine]
    overlap = np.minimum(high[mine], high[other]) - np.maximum(low[mine], low[other])
    met = (cut[mine] == cut[other]) & (overlap > TOLERANCE / 2)
    mine, other = mine[met], other[met]

    pairs = np.sort(np.stack((owners[mine], owners[other]), axis=1), axis=1)
    starts = np.where(low[mine] >= low[other], ends[0, mine], ends[0, other])
    stops = np.where(high[mine] <= high[other], ends[1, mine], ends[1, other])
    ascending = np.lexsort((pairs[:, 1], pairs[:, 0]))
    return pairs[ascending], cut[mine][ascending], np.stack((starts, stops), axis=1)[ascending]
