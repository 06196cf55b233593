"""Cuts a window by a network's hidden units, one layer after the other: behind each cut the next layer is affine."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from udl_core._validate import Array
from udl_core.regions.exact.arrangement import SIDE, Complex, Lines, Polygons, cells, chords_in
from udl_core.regions.exact.stack import ROWS, Maps, Stack, pieces_at
from udl_core.regions.exact.window import Window

Int = npt.NDArray[np.integer[Any]]
Pieces = npt.NDArray[np.int8]


@dataclass(frozen=True, eq=False)
class Cuts:
    """The cuts of one layer or of all, by number: on the line where `unit` of `layer` is at a break."""

    layers: Int  # (C,) from 1
    units: Int  # (C,) within the layer
    breaks: Int  # (C,) which of the activation's breaks
    normals: Complex  # (C,)


@dataclass(frozen=True, eq=False)
class Layer:
    """A hidden layer: its pre-activations on the regions that the layers before leave, and those regions' parts."""

    z: Maps  # R_parents regions
    parents: Int  # (R,)
    pieces: Pieces | None  # (R, D) that the units are on; None for the last layer, where few need it


@dataclass(frozen=True, eq=False)
class Subdivision:
    """The window cut by all layers."""

    polygons: Polygons
    cuts: Cuts
    layers: tuple[Layer, ...]
    inputs: Maps

    def pieces(self, stack: Stack) -> Pieces:
        """(R, D_1 + … + D_K) that the units are on in each region."""
        pieces = np.empty((len(self.polygons.sizes), sum(stack.widths)), dtype=np.int8)
        rows: Int = np.arange(len(pieces))
        end = pieces.shape[1]
        for k in range(stack.K, 0, -1):
            layer = self.layers[k - 1]
            part = slice(end - stack.widths[k - 1], end)
            if layer.pieces is None:
                pieces[:, part] = pieces_of_parts(self.polygons, layer.z, layer.parents, self.cuts, k, stack)
            else:
                pieces[:, part] = layer.pieces[rows]
            rows, end = layer.parents[rows], part.start
        return pieces

    def outputs(self, stack: Stack, last_pieces: Pieces) -> Array:
        """(3, R, D_o) value and slopes of the outputs in the window's coordinates."""
        beta, omega = stack.beta[-1], stack.omega[-1]
        if not self.layers:
            return self.inputs.through(beta, omega).a
        z, parents = self.layers[-1].z, self.layers[-1].parents
        slopes, offsets = np.array(stack.pieces.slopes), np.array(stack.pieces.offsets)
        products = z.a[:, 0, None] * omega  # (3, D_o, D): where all regions have the same lines, nothing to gather
        a = np.empty((3, len(parents), len(beta)))
        for start in range(0, len(parents), ROWS):
            rows = slice(start, start + ROWS)
            slope = slopes[last_pieces[rows]]
            if z.a.shape[1] == 1:
                a[:, rows] = slope @ products.transpose(0, 2, 1)
            else:
                a[:, rows] = (slope * z.a[:, parents[rows]]) @ omega.T
            if offsets.any():
                a[0, rows] += offsets[last_pieces[rows]] @ omega.T
        a[0] += beta
        return a

    def rounding(self, stack: Stack, last_pieces: Pieces) -> Array:
        """(R, D_o) how much of the outputs and their slopes may be rounding."""
        if not self.layers:
            return self.inputs.through(stack.beta[-1], stack.omega[-1]).noise()
        layer = self.layers[-1]
        parts = []
        for start in range(0, len(layer.parents), ROWS):
            rows = slice(start, start + ROWS)
            h = layer.z.activated(last_pieces[rows], layer.parents[rows], stack.pieces)
            parts.append(h.through(stack.beta[-1], stack.omega[-1]).noise())
        return np.concatenate(parts)


def subdivide(stack: Stack, window: Window, inputs: Maps) -> Subdivision:
    """Cuts the window by every layer in turn."""
    polygons, h = window.polygon(), inputs
    layers, tables, count = [], [], 0
    for k in range(stack.K):
        z = h.through(stack.beta[k], stack.omega[k]).settled(stack.pieces.breaks)
        owners, units, breaks, lines = _crossing(polygons, z, stack.pieces.breaks)
        whole = Polygons(polygons.vertices, polygons.labels, polygons.sizes, np.arange(len(polygons.sizes)))
        polygons, knives = cells(whole, chords_in(whole, owners, lines), lines, first_cut=count)
        tables.append(Cuts(np.full(len(knives), k + 1), units[knives], breaks[knives], lines.normals[knives]))
        count += len(knives)
        pieces = None
        if k + 1 < stack.K:
            pieces = pieces_of_parts(polygons, z, polygons.roots, _join(tables), k + 1, stack)
            h = z.activated(pieces, polygons.roots, stack.pieces)
        layers.append(Layer(z, polygons.roots, pieces))
    return Subdivision(polygons, _join(tables), tuple(layers), inputs)


def pieces_of_parts(polygons: Polygons, z: Maps, parents: Int, cuts: Cuts, layer: int, stack: Stack) -> Pieces:
    """(R, D) the piece of each unit of a layer on parts of the regions, judged at their middles and by their edges."""
    breaks = stack.pieces.breaks
    centres = polygons.centres()
    pieces = np.empty((len(centres), z.a.shape[2]), dtype=np.int8)
    for start in range(0, len(centres), ROWS):
        rows = slice(start, start + ROWS)
        here = centres[rows]
        pieces[rows] = pieces_at(z.at(np.stack((here.real, here.imag)), parents[rows]), breaks)
    inner = np.flatnonzero(polygons.labels != SIDE)
    inner = inner[cuts.layers[polygons.labels[inner] // 2] == layer]  # on an edge's side no rounding can be wrong
    owners, labels = polygons.owners[inner], polygons.labels[inner]
    units, which = cuts.units[labels // 2], cuts.breaks[labels // 2]
    for k in range(len(breaks)):
        above, below = ((which == k) & (labels % 2 == side) for side in (1, 0))
        at = owners[above], units[above]
        pieces[at] = np.maximum(pieces[at], k + 1)
        at = owners[below], units[below]
        pieces[at] = np.minimum(pieces[at], k)
    return pieces


def _crossing(polygons: Polygons, z: Maps, breaks: tuple[float, ...]) -> tuple[Int, Int, Int, Lines]:
    """(polygon, unit, break) and the line, for all units that may be at a break inside of a polygon."""
    centres = polygons.centres()
    arms = np.abs(polygons.vertices - np.repeat(centres, polygons.sizes))
    radii = np.maximum.reduceat(arms, polygons.starts)
    found: list[tuple[Int, Int, Int]] = []
    none: Int = np.empty(0, dtype=np.intp)
    for start in range(0, len(centres), ROWS):
        rows = slice(start, start + ROWS)
        here = centres[rows]
        part = Maps(z.a[:, rows], z.rounding[rows])
        values = part.at(np.stack((here.real, here.imag)))
        reach = part.lengths() * radii[rows, None]
        for k, at in enumerate(breaks):
            owners, units = np.nonzero(np.abs(values - at) < reach)
            found.append((owners + start, units, np.full(len(units), k)))
    owners, units, which = (np.concatenate([none, *(part[k] for part in found)]) for k in range(3))
    return owners, units, which, _lines(z, owners, units, np.array([*breaks, 0.0])[which])


def _lines(z: Maps, owners: Int, units: Int, levels: Array) -> Lines:
    """The lines on which those units, on those regions, are at those levels."""
    coefficients = z.a[:, owners, units]
    coefficients[0] -= levels
    sizes = np.abs(coefficients).max(axis=0, initial=0)
    with np.errstate(over="ignore", under="ignore"):
        coefficients = coefficients / sizes  # neither overflow nor underflow below
        lengths = np.hypot(coefficients[1], coefficients[2])
        tolerances = z.tolerances(lengths, (owners, units), sizes)
    return Lines((coefficients[1] + 1j * coefficients[2]) / lengths, coefficients[0] / lengths, tolerances)


def _join(tables: list[Cuts]) -> Cuts:
    none = np.empty(0, dtype=np.intp)
    parts = tables or [Cuts(none, none, none, none.astype(complex))]
    return Cuts(
        np.concatenate([part.layers for part in parts]),
        np.concatenate([part.units for part in parts]),
        np.concatenate([part.breaks for part in parts]),
        np.concatenate([part.normals for part in parts]),
    )
