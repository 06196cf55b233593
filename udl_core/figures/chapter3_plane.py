"""Chapter 3's pictures of networks with two inputs: sums of ridges, and bumps that end."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke

from udl_core import regions
from udl_core._validate import Array
from udl_core.approximation import Ridges, plane_bump
from udl_core.figures.style import UNIT_DASHES, Picture, colour, picture, unit_colour
from udl_core.models import Deep, Shallow


def ridges(x: Array, y: Array, fits: Mapping[str, Ridges]) -> Picture:
    """A target y (I,) on a square grid of inputs x (I, 2), and sums of ridges fitted to it, by title, as level maps.

    The maps are blue above zero, as in the live figure. The last panel holds the profiles of the last sum.
    """
    side = round(len(x) ** 0.5)
    rows = (len(fits) + 3) // 2
    fig, axes = picture(rows, 2, height=3.1 * rows, squeeze=False)
    reach = float(np.abs(y).max())
    grid = np.unique(x[:, 0])
    said = []
    halo = [withStroke(linewidth=5, foreground=colour("paper"))]
    panels = list(axes.T.flat)  # a phone shows one column below the other
    for ax, (title, z) in zip(panels, [("target", y), *((name, fit(x)) for name, fit in fits.items())], strict=False):
        _level_map(ax, grid, z.reshape(side, side).T, reach)
        ax.set_title(title)
        if title in fits:
            left = float(np.sqrt(np.mean((y - z) ** 2) / np.var(y)))
            said.append(f"{title}: {100 * left:.0f} % of the spread unexplained")
            for k, angle in enumerate(np.deg2rad(fits[title].angles), start=1):
                tip = (0.75 * np.cos(angle), 0.75 * np.sin(angle))
                look = {"arrowstyle": "->", "color": unit_colour(k), "linewidth": 2, "path_effects": halo}
                ax.annotate("", tip, (0, 0), arrowprops=look)
    last = fits[list(fits)[-1]]
    ax = panels[len(fits) + 1]
    for k, profile in enumerate(last.profiles, start=1):
        ax.plot(
            last.knots,
            profile - profile[len(profile) // 2],
            color=unit_colour(k),
            linestyle=UNIT_DASHES[(k - 1) % 3 + 1],
        )
    ax.axhline(0, color=colour("grid"), linewidth=1, zorder=0)
    ax.set(title=f"the profiles, {list(fits)[-1]}", xlabel="along the arrow")
    for ax in panels[len(fits) + 2 :]:
        ax.set_visible(False)
    fig.alt = f"Level maps of a function of two inputs and of sums of ridges fitted to it. {'; '.join(said)}."
    return fig


def dead_ends(net: Shallow, phi: Array, reach: float = 3.0, steepness: float = 20.0) -> Picture:
    """A shallow ReLU network's attempt at a bump with its creases, close and from afar, and how a second layer ends it.

    In the right column four sigmoids make two crossing walls, and below are the same walls after one more layer.
    """
    fig, axes = picture(2, 2, height=6.4)
    walls, bump = Deep([2, 4, 1, 1], "sigmoid"), plane_bump(steepness=steepness)
    omega, beta = walls.unpack(bump)["omega"], walls.unpack(bump)["beta"]
    first = Deep([2, 4, 1], "sigmoid")
    cross = first.pack(beta=[beta[0], [0.0]], omega=[omega[0], omega[1] / steepness])
    panels: list[tuple[str, Any, Array, float]] = [
        ("one layer of ReLUs", net, phi, 1.0),
        ("the same from afar", net, phi, reach),
        ("one layer of sigmoids", first, cross, 1.5),
        ("two layers", walls, bump, 1.5),
    ]
    for ax, (title, model, parameters, half) in zip(axes.T.flat, panels, strict=True):
        grid = np.linspace(-half, half, 81)
        x1, x2 = np.meshgrid(grid, grid)
        z = model(np.column_stack((x1.ravel(), x2.ravel())), parameters).reshape(x1.shape)
        levels = np.linspace(z.min(), z.max() + 1e-9, 12)  # none where the arms are flat
        ax.contourf(grid, grid, z, levels=levels)
        if model is net:
            _creases(ax, net, phi, half)
        _square(ax, half)
        ax.set_title(title)
    found = regions.regions_in_plane(net, phi)
    fig.alt = (
        f"Four level maps. A shallow ReLU network of {net.D} units heaps up in the middle; its creases are straight "
        f"lines that run on to the edge at every scale and cut the plane into {found} regions. Four sigmoids make two "
        f"crossing walls; a second layer keeps only the square where they cross."
    )
    return fig


def _creases(ax: Axes, net: Shallow, phi: Array, half: float) -> None:
    for offset, a, b in net.unpack(phi)["theta"]:
        along = np.array([-b, a]) / np.hypot(a, b)
        foot = -offset * np.array([a, b]) / (a * a + b * b)
        ends = foot + np.array([[-3.0], [3.0]]) * half * along
        ax.plot(*ends.T, color=colour("paper"), linewidth=0.8)


def _level_map(ax: Axes, grid: Array, z: Array, reach: float) -> None:
    ax.contourf(grid, grid, np.clip(z, -reach, reach), levels=np.linspace(-reach, reach, 18), cmap="RdBu")
    _square(ax, float(grid[-1]))


def _square(ax: Axes, half: float) -> None:
    ax.set(xlim=(-half, half), ylim=(-half, half), xlabel="$x_1$", ylabel="$x_2$", aspect="equal")
    ax.set_xticks([-half, 0, half])
    ax.set_yticks([-half, 0, half])
