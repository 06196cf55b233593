"""Finds the region that a point lies in."""

from typing import Any

import numpy as np
import numpy.typing as npt

from udl_core._validate import Array
from udl_core.regions.exact.arrangement import Complex, Polygons
from udl_core.regions.exact.cutting import Pieces, Subdivision
from udl_core.regions.exact.stack import ROWS, TOLERANCE, Maps, Stack, pieces_at

Int = npt.NDArray[np.integer[Any]]


def locate(z: Complex, corners: Complex, cut: Subdivision, stack: Stack, pieces: Pieces) -> Int:
    """(I,) the region of each point z in the window's coordinates, −1 outside of its corners.

    A region is known by its pattern, so the network finds it. Only where rounding gives a point another pattern, next
    to an edge, are the sides of all regions compared.
    """
    keys = np.random.default_rng(0).integers(2**63, size=(pieces.shape[1],), dtype=np.uint64)
    of_regions = _hashed(pieces, keys)
    order = np.argsort(of_regions)
    found = np.empty(len(z), dtype=np.intp)
    for start in range(0, len(z), ROWS):
        here = slice(start, start + ROWS)
        wanted = _hashed(_pieces_at_points(z[here], cut.inputs, stack), keys)
        place = order[np.minimum(np.searchsorted(of_regions, wanted, sorter=order), len(order) - 1)]
        found[here] = np.where(of_regions[place] == wanted, place, -1)
    inside = _depths(z, corners, np.roll(corners, -1)).min(axis=1) >= -TOLERANCE
    found[~inside] = -1
    polygons = cut.polygons
    lost = np.flatnonzero(inside & ~_holds(polygons, found, z))
    for start in range(0, len(lost), 16):
        some = lost[start : start + 16]
        depths = _depths(z[some], polygons.vertices, polygons.vertices[polygons.next])
        found[some] = np.argmax(np.minimum.reduceat(depths, polygons.starts, axis=1), axis=1)
    return found


def _holds(polygons: Polygons, found: Int, z: Complex) -> npt.NDArray[np.bool_]:
    """(I,) whether each point lies in the polygon found for it, but for rounding; −1 stands for none."""
    sizes = np.where(found >= 0, polygons.sizes[found], 0)
    of = np.repeat(np.arange(len(z)), sizes)
    corner = np.arange(len(of)) + (polygons.starts[found] - (np.cumsum(sizes) - sizes))[of]
    start, end = polygons.vertices[corner], polygons.vertices[polygons.next[corner]]
    outside = ((end - start).conj() * (z[of] - start)).imag < -10 * TOLERANCE * np.abs(end - start)
    return (found >= 0) & (np.bincount(of, weights=outside, minlength=len(z)) == 0)


def _depths(z: Complex, start: Complex, end: Complex) -> Array:
    """(I, V) how far each point lies on the left of each edge's line."""
    inwards = 1j * (end - start) / np.abs(end - start)
    arms = z[:, None] - start
    distances: Array = inwards.real * arms.real + inwards.imag * arms.imag
    return distances


def _pieces_at_points(z: Complex, inputs: Maps, stack: Stack) -> Pieces:
    slopes, offsets = np.array(stack.pieces.slopes), np.array(stack.pieces.offsets)
    h: Array = inputs.at(np.stack((z.real, z.imag)))
    pieces = []
    for k in range(stack.K):
        values = h @ stack.omega[k].T + stack.beta[k]
        pieces.append(pieces_at(values, stack.pieces.breaks))
        h = slopes[pieces[-1]] * values + offsets[pieces[-1]]
    return np.concatenate(pieces, axis=1) if pieces else np.zeros((len(z), 0), dtype=np.int8)


def _hashed(pieces: Pieces, keys: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """One number a pattern: the sum, modulo 2⁶⁴, of the units' keys times their pieces."""
    return np.concatenate(
        [pieces[start : start + ROWS].astype(np.uint64) @ keys for start in range(0, max(len(pieces), 1), ROWS)]
    )
