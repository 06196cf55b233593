"""Finds the region that a point lies in."""

from typing import Any

import numpy as np
import numpy.typing as npt

from udl_core._validate import Array
from udl_core.regions.arrangement import Complex
from udl_core.regions.cutting import Pieces, Subdivision
from udl_core.regions.stack import ROWS, TOLERANCE, Maps, Stack, pieces_at

Int = npt.NDArray[np.integer[Any]]


def locate(z: Complex, corners: Complex, cut: Subdivision, stack: Stack, pieces: Pieces) -> Int:
    """(I,) the region of each point z in the window's coordinates, −1 outside of its corners.

    A region is known by its pattern, so the network finds it. Only where rounding gives a point a pattern that no
    region has, next to an edge, are its sides compared.
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
    inside = _depths(z, corners, np.roll(corners, -1), np.zeros(1, dtype=np.intp))[:, 0] >= -TOLERANCE
    found[~inside] = -1
    polygons = cut.polygons
    lost = np.flatnonzero(inside & (found < 0))
    for start in range(0, len(lost), 16):
        some = lost[start : start + 16]
        depths = _depths(z[some], polygons.vertices, polygons.vertices[polygons.next], polygons.starts)
        found[some] = np.argmax(depths, axis=1)
    return found


def _depths(z: Complex, start: Complex, end: Complex, starts: Int) -> Array:
    """(I, R) how far each point lies within each polygon: the distance from the nearest of its sides' lines."""
    inwards = 1j * (end - start) / np.abs(end - start)
    arms = z[:, None] - start
    distances = inwards.real * arms.real + inwards.imag * arms.imag
    return np.minimum.reduceat(distances, starts, axis=1)


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
