"""What the live figure of two inputs shows before it comes to life, and on paper."""

from __future__ import annotations

import numpy as np
from matplotlib.collections import PolyCollection

from udl_core import regions
from udl_core.figures.style import UNIT_DASHES, Picture, colour, picture, unit_colour
from udl_core.models import Shallow

BOX = ((-1.0, 1.0), (-1.0, 1.0))


def polygons(phi: np.ndarray, view: tuple[float, float] = (-125.0, 30.0)) -> Picture:
    """Left: the units' lines and the regions between them. Right: the output as a surface over them.

    ``phi`` (4 D + 1,) belongs to Shallow(2, D, 1); ``view`` is azimuth and elevation in degrees.
    """
    D = len(phi) // 4
    net = Shallow(D_i=2, D=D, D_o=1)
    theta = net.unpack(np.asarray(phi, dtype=float))["theta"]
    found = regions.linear_regions(net, phi, box=BOX)
    fig, axes = picture(1, 2, height=3.3)
    plane, space = axes
    plane.set(xlim=(-1, 1), ylim=(-1, 1), xlabel="$x_1$", ylabel="$x_2$", title="The input plane", aspect="equal")
    for d in range(D):
        active = [p for p, on in zip(found.polygons, found.patterns, strict=True) if on[d]]
        tint = PolyCollection(active, facecolors=unit_colour(d + 1), alpha=0.13, edgecolors="none")
        plane.add_collection(tint)
        t0, t1, t2 = theta[d]
        if t1 or t2:
            foot = -t0 * np.array([t1, t2]) / (t1**2 + t2**2)
            ends = foot + np.array([[-t2, t1], [t2, -t1]]) * 4 / np.hypot(t1, t2)
            plane.plot(ends[:, 0], ends[:, 1], color=unit_colour(d + 1), linestyle=UNIT_DASHES[1 + d % 3])
    plane.add_collection(PolyCollection(found.polygons, facecolors="none", edgecolors=colour("ink"), linewidths=0.6))

    space.set(xlim=(-1.55, 1.55), ylim=(-1.95, 1.65), title="The output y above it", aspect="equal")
    space.axis("off")
    floor = [_project(np.column_stack((p, np.full(len(p), -1.3))), view) for p in found.polygons]
    tiles = PolyCollection(floor, facecolors=colour("grid"), edgecolors=colour("ink-2"), linewidths=0.6)
    space.add_collection(tiles)
    azimuth = np.radians(view[0])
    depth = [p.mean(axis=0) @ [np.cos(azimuth), np.sin(azimuth)] for p in found.polygons]
    for k in np.argsort(depth):
        corners, (offset, *slope) = found.polygons[k], found.maps[k, 0]
        facet = _project(np.column_stack((corners, offset + corners @ slope)), view)
        light = (0.75 + 0.45 * slope[0] - 0.35 * slope[1]) / np.sqrt(1 + np.dot(slope, slope))
        space.fill(*facet.T, facecolor=colour("paper"))
        space.fill(
            *facet.T,
            facecolor=(colour("model"), 0.22 + 0.4 * (1 - np.clip(light, 0, 1))),
            edgecolor=colour("ink"),
            linewidth=0.8,
        )
    fig.alt = (
        f"{D} lines cut the square into {len(found)} polygons; over each the output is a flat facet. "
        f"The whole plane has {regions.regions_in_plane(net, phi)} regions, at most {regions.max_regions(2, D)}."
    )
    return fig


def _project(points: np.ndarray, view: tuple[float, float]) -> np.ndarray:
    """Orthographic view of points (n, 3): to the right and up, as the live figure draws it."""
    azimuth, elevation = np.radians(view)
    x1, x2, y = points.T
    right = -np.sin(azimuth) * x1 + np.cos(azimuth) * x2
    away = np.cos(azimuth) * x1 + np.sin(azimuth) * x2
    return np.column_stack((right, np.cos(elevation) * y - np.sin(elevation) * away))
