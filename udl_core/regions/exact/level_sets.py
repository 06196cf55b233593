"""Where an output takes one value: straight pieces in the regions and along their sides, joined to polylines."""

from typing import Any

import numpy as np
import numpy.typing as npt

from udl_core._validate import Array
from udl_core.regions.exact.arrangement import Complex, Lines, Polygons, chords_in
from udl_core.regions.exact.stack import TOLERANCE

Int = npt.NDArray[np.integer[Any]]


def level_set(polygons: Polygons, output: Array, level: float, noise: Array) -> list[Complex]:
    """Polylines on which the output, value and slopes (3, R), is at the level; a closed one ends where it starts.

    A line through a region counts once, and so does an edge at the level. Where the output is at the level throughout
    a region, the region's sides are taken. Single points, where the output only touches the level, are none.
    """
    value, slope = output[0] - level, output[1] + 1j * output[2]
    length = np.abs(slope)
    sloped = np.flatnonzero(length > noise)
    with np.errstate(over="ignore"):
        tolerances = np.maximum(TOLERANCE, noise[sloped] / length[sloped])
    lines = Lines(slope[sloped] / length[sloped], value[sloped] / length[sloped], tolerances)
    inner = chords_in(polygons, sloped, lines)

    line_of = np.full(len(value), -1)
    line_of[sloped] = np.arange(len(sloped))
    owners, following = polygons.owners, polygons.next
    mine = line_of[owners]
    on = np.zeros(len(owners), dtype=bool)
    has = np.flatnonzero(mine >= 0)
    on[has] = lines[mine[has]].sides(polygons.vertices[has]) == 0
    at_level = (length <= noise) & (np.abs(value) <= 2 * noise)
    on |= at_level[owners]
    edge = np.flatnonzero(on & on[following])
    a = np.concatenate((inner.a, polygons.vertices[edge]))
    b = np.concatenate((inner.b, polygons.vertices[following[edge]]))
    return polylines(a, b, np.concatenate((np.zeros(len(inner.a), dtype=bool), at_level[owners[edge]])))


def polylines(a: Complex, b: Complex, is_side: npt.NDArray[np.bool_]) -> list[Complex]:
    """Segments from a to b, joined where exactly two meet.

    Equal segments count once, those of no length not at all, nor those that are the side of two regions.
    """
    nodes, places = merged(np.concatenate((a, b)))
    ends = np.sort(nodes.reshape(2, -1), axis=0)
    ends, which = np.unique(ends, axis=1, return_inverse=True)
    sides = np.bincount(which.ravel(), weights=is_side, minlength=ends.shape[1])
    ends = ends[:, (ends[0] != ends[1]) & (sides < 2)]
    touching: list[list[int]] = [[] for _ in range(len(places))]
    pairs = ends.T.tolist()
    for segment, (start, stop) in enumerate(pairs):
        touching[start].append(segment)
        touching[stop].append(segment)
    used = [False] * len(pairs)

    def follow(node: int) -> list[int]:
        path = [node]
        while free := [segment for segment in touching[node] if not used[segment]]:
            used[free[0]] = True
            start, stop = pairs[free[0]]
            node = stop if node == start else start
            path.append(node)
            if len(touching[node]) != 2:
                break
        return path

    found = []
    ends_first = sorted(range(len(places)), key=lambda node: len(touching[node]) == 2)
    for node in ends_first:
        while len(path := follow(node)) > 1:
            found.append(places[path])
    return found


def merged(points: Complex, within: float = 10 * TOLERANCE) -> tuple[Int, Complex]:
    """(V,) for each point the number of its place, and the places: points closer than `within` share one.

    Points are sorted along a direction in which only equal ones come close, and compared with those just behind.
    """
    along = (points * np.exp(-0.7548776662466927j)).real
    order = np.argsort(along)
    along, z = along[order], points[order]
    first = np.arange(len(z))
    for step in range(1, len(z)):
        near = np.flatnonzero(along[step:] - along[:-step] <= within)
        if not len(near):
            break
        same = near[np.abs(z[near + step] - z[near]) <= within]
        first[same + step] = np.minimum(first[same + step], first[same])
    while not np.array_equal(first, first[first]):
        first = first[first]
    kept, place = np.unique(first, return_inverse=True)
    places = np.empty(len(z), dtype=np.intp)
    places[order] = place
    return places, z[kept]
