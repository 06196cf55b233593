"""Linear regions proper: activation regions joined with those neighbours on which the network is the same map."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from udl_core._validate import Array
from udl_core.regions.exact.arrangement import Complex, Polygons
from udl_core.regions.exact.level_sets import merged

Int = npt.NDArray[np.integer[Any]]


@dataclass(frozen=True, eq=False, repr=False)
class LinearRegions:
    """L connected parts of the window on each of which the network is one affine map; they need not be convex."""

    members: Int  # (R,) the linear region that each activation region is a part of
    areas: Array  # (L,)
    maps: Array  # (L, D_o, 3) as in Regions
    _polygons: Polygons
    _points: Array  # (V, 2)

    def __len__(self) -> int:
        return len(self.areas)

    def __repr__(self) -> str:
        return f"<{len(self)} linear regions made of {len(self.members)} activation regions>"

    @cached_property
    def polygons(self) -> list[list[Array]]:
        """L lists of rings (n, 2), each without its first corner again at its end.

        The first ring is the outer one, counter-clockwise; the others are holes, clockwise. A ring may pass a corner
        twice, but never crosses itself. Corners on a straight side are left out.
        """
        polygons = self._polygons
        corner, places = merged(polygons.vertices)
        first = np.zeros(len(places), dtype=np.intp)
        first[corner] = np.arange(len(corner))  # of the corners at one place, any will do
        member, stop = self.members[polygons.owners], corner[polygons.next]
        forward = corner < stop
        low, high = np.where(forward, corner, stop), np.where(forward, stop, corner)
        edges, which = np.unique(np.stack((member, low, high)), axis=1, return_inverse=True)
        # an edge inside is passed once each way; what is left over makes closed rings, whatever rounding did to corners
        surplus = np.bincount(which.ravel(), weights=np.where(forward, 1, -1)).astype(np.intp)
        surplus[edges[1] == edges[2]] = 0
        member, low, high = np.repeat(edges, np.abs(surplus), axis=1)
        forward = np.repeat(surplus > 0, np.abs(surplus))
        rings: list[list[Array]] = [[] for _ in range(len(self))]
        for owner, ring in _rings(member, np.where(forward, low, high), np.where(forward, high, low), places):
            rings[owner].append(self._points[first[ring]])
        for k in (k for k, parts in enumerate(rings) if not parts):  # thinner than what tells corners apart
            widest = int(np.argmax(np.where(self.members == k, polygons.areas(), 0)))
            rings[k].append(self._points[polygons.owners == widest])
        return [sorted(parts, key=_area, reverse=True) for parts in rings]


def joined(pairs: Int, same: npt.NDArray[np.bool_], count: int) -> Int:
    """(count,) the number of each item's group, when the pairs for which `same` holds are joined."""
    i, j = pairs[same].T
    label = np.arange(count)
    while True:
        low = np.minimum(label[i], label[j])
        before = label.copy()
        np.minimum.at(label, label[i], low)
        np.minimum.at(label, label[j], low)
        while not np.array_equal(label, label[label]):
            label = label[label]
        if np.array_equal(label, before):
            group: Int = np.unique(label, return_inverse=True)[1]
            return group


def _rings(member: Int, start: Int, stop: Int, places: Complex) -> list[tuple[int, Int]]:
    """The directed edges chained to rings that keep their region on the left: (member, corners) each.

    Where several edges leave a corner, the one that follows clockwise on the way back bounds the same inside.
    """
    leaving: dict[tuple[int, int], list[int]] = {}
    for edge, at in enumerate(zip(member.tolist(), start.tolist(), strict=True)):
        leaving.setdefault(at, []).append(edge)
    direction = places[stop] - places[start]
    found = []
    used = [False] * len(start)
    for first in range(len(start)):
        if used[first]:
            continue
        ring: list[int] = []
        edge = first
        while not used[edge]:
            used[edge] = True
            ring.append(edge)
            free = [e for e in leaving[int(member[edge]), int(stop[edge])] if not used[e]]
            if not free:
                break
            back = -direction[edge]
            edge = min(free, key=lambda e: -np.angle(direction[e] / back) % (2 * np.pi)) if len(free) > 1 else free[0]
            if stop[ring[-1]] == start[first] and _turns_sooner(direction[first], direction[edge], back):
                break
        corners = _without_straight(start[ring], places)
        if len(corners) > 2:
            found.append((int(member[first]), corners))
    return found


def _turns_sooner(one: complex, other: complex, back: complex) -> bool:
    angles = [-np.angle(d / back) % (2 * np.pi) for d in (one, other)]
    return bool(angles[0] <= angles[1])


def _without_straight(ring: Int, places: Complex) -> Int:
    z = places[ring]
    after, before = np.roll(z, -1) - z, z - np.roll(z, 1)
    return ring[np.abs((before.conj() * after).imag) > 1e-12 * np.abs(before) * np.abs(after)]


def _area(ring: Array) -> float:
    x, y = (ring - ring[0]).T
    return float((x * np.roll(y, -1) - np.roll(x, -1) * y).sum()) / 2
