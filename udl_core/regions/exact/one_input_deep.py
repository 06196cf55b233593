"""The exact form of a network of any number of layers on a line: each layer adds joints inside the pieces so far."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from udl_core._validate import Array
from udl_core.regions.exact.stack import Maps, Stack, pieces_at

Int = npt.NDArray[np.integer[Any]]


@dataclass(frozen=True, eq=False)
class PiecesOfLine:
    """The pieces of a line, in the line's coordinate from −½ to ½."""

    ends: Array  # (J+2,) ascending, from −½ to ½
    layers: Int  # (J,) which layer makes each joint, from 1 on
    pieces: npt.NDArray[np.int8]  # (J+1, D_1 + … + D_K) of the activation
    outputs: Maps  # of the output


def pieces_of_line(stack: Stack, inputs: Maps) -> PiecesOfLine:
    """Cuts the line at the joints of every layer in turn."""
    ends, layers = np.array([-0.5, 0.5]), np.empty(0, dtype=np.int8)
    h, patterns = inputs, np.empty((1, 0), dtype=np.int8)
    for k in range(stack.K):
        z = h.through(stack.beta[k], stack.omega[k]).settled(stack.pieces.breaks)
        places = _inside(z, ends, stack.pieces.breaks)
        parents = np.searchsorted(ends, _middles(np.insert(ends, np.searchsorted(ends, places), places))) - 1
        new = np.searchsorted(ends[1:-1], places)
        layers = np.insert(layers, new, k + 1)
        ends = np.insert(ends, new + 1, places)
        pieces = _pieces(z, _middles(ends), parents, stack.pieces.breaks)
        patterns = np.concatenate((patterns[parents], pieces), axis=1)
        h = z.activated(pieces, parents, stack.pieces)
    return PiecesOfLine(ends, layers, patterns, h.through(stack.beta[-1], stack.omega[-1]))


def first_of_each_cluster(at: Array, margin: Any) -> npt.NDArray[np.bool_]:
    """Marks the ascending places that are farther than `margin` from the first of the cluster before them."""
    margin = np.broadcast_to(margin, at.shape)
    first = np.diff(at, prepend=-np.inf) > margin
    start = 0
    for k in np.flatnonzero(~first).tolist():  # usually none; a chain of close places must not grow into one cluster
        if first[k - 1]:
            start = k - 1
        first[k] = at[k] - at[start] > margin[k]
    return first


def _inside(z: Maps, ends: Array, breaks: tuple[float, ...]) -> Array:
    """The new joints, ascending: where a unit is at a break, farther from the joints so far than its tolerance."""
    places, margins = [np.empty(0)], [np.empty(0)]
    for level in breaks:
        with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
            at = (level - z.a[0]) / z.a[1]
            piece, unit = np.nonzero((at > ends[:-1, None]) & (at < ends[1:, None]))
        margin = z.tolerances(np.abs(z.a[1][piece, unit]), (piece, unit))
        at = at[piece, unit]
        new = (at - ends[piece] > margin) & (ends[piece + 1] - at > margin)
        places.append(at[new])
        margins.append(margin[new])
    at, margin = np.concatenate(places), np.concatenate(margins)
    order = np.argsort(at, kind="stable")
    at, margin = at[order], margin[order]
    return at[first_of_each_cluster(at, margin)]


def _pieces(z: Maps, middles: Array, parents: Int, breaks: tuple[float, ...]) -> npt.NDArray[np.int8]:
    return pieces_at(z.at(middles[None], parents), breaks)


def _middles(ends: Array) -> Array:
    return (ends[:-1] + ends[1:]) / 2
