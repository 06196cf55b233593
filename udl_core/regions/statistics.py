"""What a set of regions looks like in numbers."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from udl_core._validate import Array
from udl_core.regions.neighbours import Neighbours
from udl_core.regions.stack import Stack

Int = npt.NDArray[np.integer[Any]]


@dataclass(frozen=True, eq=False)
class Statistics:
    """Numbers about the regions in a window. Units are numbered through all layers, as the columns of `patterns`."""

    count: int
    areas: Array  # (5,) smallest, lower quartile, median, upper quartile, largest
    effective_count: float  # how many regions of equal area would meet as often: (Σ area)² / Σ area²
    mean_neighbours: float
    edges: tuple[int, ...]  # K: edges between regions that each layer makes
    dead: Int  # units that are constant all over the window, since they are always on a piece with slope 0
    always_on: Int  # units that never bend in the window and are not dead: always on one piece with another slope
    share_on: Array  # (D_1 + … + D_K,) share of the window's area where each unit is on a piece with slope not 0


def statistics(pieces: npt.NDArray[np.int8], stack: Stack, areas: Array, neighbours: Neighbours) -> Statistics:
    """Counts, areas, edges by layer, dead and always-on units."""
    alive = np.array(stack.pieces.slopes)[pieces] != 0
    steady = (pieces == pieces[0]).all(axis=0)
    layers = np.bincount(neighbours.layers, minlength=stack.K + 1)[1:]
    return Statistics(
        count=len(areas),
        areas=np.quantile(areas, [0, 0.25, 0.5, 0.75, 1]),
        effective_count=float(areas.sum() ** 2 / np.square(areas).sum()),
        mean_neighbours=2 * len(neighbours) / len(areas),
        edges=tuple(layers.tolist()),
        dead=np.flatnonzero(~alive.any(axis=0)),
        always_on=np.flatnonzero(steady & alive.any(axis=0)),
        share_on=areas @ alive / areas.sum(),
    )
