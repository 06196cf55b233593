"""The exact linear regions of a network in a plane of inputs, as convex polygons."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from udl_core import _validate
from udl_core._validate import Array
from udl_core.models import Deep, Shallow
from udl_core.regions.exact.arrangement import SIDE
from udl_core.regions.exact.cutting import Pieces, Subdivision, subdivide
from udl_core.regions.exact.level_sets import level_set
from udl_core.regions.exact.linear import LinearRegions, joined
from udl_core.regions.exact.locating import locate
from udl_core.regions.exact.neighbours import Neighbours, shared_edges
from udl_core.regions.exact.stack import Stack
from udl_core.regions.exact.window import Window, slice_of

Int = npt.NDArray[np.integer[Any]]


@dataclass(frozen=True, eq=False, repr=False)
class Regions:
    """R activation regions in a window. Everything beyond the polygons is computed when first asked for, then kept."""

    box: tuple[tuple[float, float], tuple[float, float]]  # around the window
    _stack: Stack
    _window: Window
    _cut: Subdivision

    def __len__(self) -> int:
        return len(self._cut.polygons.sizes)

    def __repr__(self) -> str:
        return f"<{len(self)} regions in box={self.box}>"

    @cached_property
    def polygons(self) -> list[Array]:
        """R arrays (n, 2): the corners of each region, counter-clockwise, no three of them on one line."""
        return self._split(self._points)

    @cached_property
    def layer(self) -> list[Int]:
        """R arrays (n,): which layer makes the edge from each corner to the next, from 1 on; 0 on the window's side."""
        labels = self._cut.polygons.labels
        layers = np.zeros(len(labels), dtype=np.int8)
        inner = labels != SIDE
        layers[inner] = self._cut.cuts.layers[labels[inner] // 2]
        return self._split(layers)

    @cached_property
    def areas(self) -> Array:
        """(R,) the area of each region, above 0; they sum to the area of the window."""
        width, height = self._window.extent
        return self._cut.polygons.areas() * width * height

    @cached_property
    def patterns(self) -> npt.NDArray[Any]:
        """(R, D_1 + … + D_K) whether each hidden unit is active (pre-activation above 0) in each region, as bool.

        With hard tanh and the absolute value, the index of the activation's piece, from left to right, as int8.
        """
        return self._stack.labelled(self._pieces)

    @cached_property
    def maps(self) -> Array:
        """(R, D_o, 3) the affine map of each region: y_o = maps[r, o] · [1, x_1, x_2]."""
        value, *slopes = self._outputs
        x, y = (slope / extent for slope, extent in zip(slopes, self._window.extent, strict=True))
        middle = self._window.middle
        return np.stack((value - middle[0] * x - middle[1] * y, x, y), axis=-1)

    @cached_property
    def neighbours(self) -> Neighbours:
        """The pairs of regions that share an edge, with the layer and the units that switch there."""
        polygons, cuts = self._cut.polygons, self._cut.cuts
        pairs, shared, ends = shared_edges(polygons, cuts)
        widths = tuple(self._stack.widths)
        return Neighbours(pairs, cuts.layers[shared], self._points[ends], widths, lambda: self.patterns)

    def locate(self, points: npt.ArrayLike) -> Int:
        """(I,) the region that each point (I, 2) lies in, −1 outside; on an edge, one of those that meet there."""
        checked = _validate.array("points", points, {"I": None, "2": 2}).astype(np.float64)
        return locate(self._window.coordinates(checked), self._window.corners, self._cut, self._stack, self._pieces)

    def boundary(self, level: float = 0.0, output: int = 0) -> list[Array]:
        """Where one output is at a level, exactly: polylines (n, 2), the last corner equal to the first if closed.

        With level 0 and an output whose sign is the class, the decision boundary. Where the output is at the level all
        over some regions, their outline; a single point that only touches the level is none.
        """
        level = _validate.real("level", level)
        output = self._output(output)
        noise = self._cut.rounding(self._stack, self._last_pieces)[:, output]
        found = level_set(self._cut.polygons, self._outputs[:, :, output], level, noise)
        return [self._window.points(line) for line in found]

    def surface(self, output: int = 0) -> list[Array]:
        """R arrays (n, 3): the corners of each region with the output there as height, each region a flat facet."""
        output = self._output(output)
        z, owners = self._cut.polygons.vertices, self._cut.polygons.owners
        value, x, y = self._outputs[:, owners, output]
        return self._split(np.column_stack((self._points, value + x * z.real + y * z.imag)))

    def linear(self) -> LinearRegions:
        """Neighbours with the same affine map joined: what is then left are linear regions, in the strict sense."""
        noise = 8 * self._cut.rounding(self._stack, self._last_pieces)
        i, j = self.neighbours.pairs.T
        change = np.abs(self._outputs[1:, i] - self._outputs[1:, j])
        same = (change <= noise[i] + noise[j]).all(axis=(0, 2))
        members = joined(self.neighbours.pairs, same, len(self))
        areas = np.bincount(members, weights=self.areas).astype(np.float64)
        maps = np.empty((len(areas), *self.maps.shape[1:]))
        maps[members[::-1]] = self.maps[::-1]
        return LinearRegions(members, areas, maps, self._cut.polygons, self._points)

    @cached_property
    def _points(self) -> Array:
        return self._window.points(self._cut.polygons.vertices)

    @cached_property
    def _pieces(self) -> Pieces:
        return self._cut.pieces(self._stack)

    @property
    def _last_pieces(self) -> Pieces:
        return self._pieces[:, sum(self._stack.widths[:-1]) :]

    @cached_property
    def _outputs(self) -> Array:
        return self._cut.outputs(self._stack, self._last_pieces)

    def _split(self, flat: Any) -> list[Any]:
        starts = self._cut.polygons.starts.tolist()
        return [flat[a:b] for a, b in zip(starts, [*starts[1:], len(flat)], strict=True)]

    def _output(self, output: int) -> int:
        D_o = len(self._stack.beta[-1])
        if isinstance(output, bool) or not isinstance(output, int | np.integer) or not 0 <= output < D_o:
            raise ValueError(f"output must be a whole number from 0 to D_o − 1 = {D_o - 1}, got {output!r}")
        return int(output)


def linear_regions(net: Shallow | Deep, phi: npt.ArrayLike, box: npt.ArrayLike, plane: Any = None) -> Regions:
    """The exact linear regions of a network of two inputs in a box: activation regions, one pattern each.

    Each region is convex and has a positive area; together they fill the box. Lines closer than 1e-13 of the box count
    as one, and their units switch together. Regions wider than 1e-11 of the box are found whatever their shape. Both
    are relative to the box, and to the gradient's length, so the size of a unit's weights does not matter; where a
    pre-activation is the small difference of large numbers (in a box far from the origin, say), rounding sets a coarser
    limit. A unit without gradient is constant. Regions with equal maps (bends that cancel) stay apart: see `linear`.

    Arguments: a `Shallow` or `Deep` network with D_i = 2, its parameters phi (P,), and
    box = ((x_lo, x_hi), (y_lo, y_hi)) or the corners (n, 2) of a convex polygon. A network of more inputs is looked at
    in the plane x = origin + s u + t v, with plane = (origin, u, v), each (D_i,); the box then limits s and t, which
    take the place of the inputs everywhere. Activations: relu, leaky_relu, parametric_relu, hard_tanh, absolute,
    identity.
    Raises ValueError or TypeError for bad arguments and for an activation that is not straight pieces without jumps.
    Source: Prince, sections 3.3 and 4.5.2, figure 3.8. 500 units of a shallow network, about 100,000 regions,
    take a tenth of a second.

    >>> net = Shallow(D_i=2, D=2, D_o=1)
    >>> phi = net.pack(theta=[[0, 1, 0], [0, 0, 1]], phi=[[0, 1, 1]])
    >>> regions = linear_regions(net, phi, box=((-1, 1), (-1, 1)))
    >>> len(regions), regions.areas
    (4, array([1., 1., 1., 1.]))
    >>> len(regions.neighbours)
    4
    """
    stack = Stack.of(net, phi)
    origin, directions = slice_of("plane", plane, net.D_i, 2)
    window = Window.of(box)
    (x_lo, x_hi), (y_lo, y_hi) = window.limits.tolist()
    cut = subdivide(stack, window, window.inputs(origin, directions))
    return Regions(((x_lo, x_hi), (y_lo, y_hi)), stack, window, cut)
