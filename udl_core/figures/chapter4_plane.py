"""Chapter 4's pictures of the plane of inputs: folded, cut into regions, and a bump that ends."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from udl_core import regions
from udl_core._validate import Array
from udl_core.figures.regions import region_map
from udl_core.figures.style import UNIT_DASHES, Picture, colour, picture, unit_colour
from udl_core.models import Deep, Shallow
from udl_core.regions import Regions

SQUARE = ((-1.0, 1.0), (-1.0, 1.0))


def folded_plane(sheet: tuple[Shallow, Array], unfolded: tuple[Deep, Array]) -> Picture:
    """The regions of a network (net, φ) on the plane folded along both axes, and those of the deep one that unfolds it.

    The first hidden layer of the deep network has to make |x_1| and |x_2|, the second is the shallow one's.
    """
    cut = regions.linear_regions(*sheet, ((0, 1), (0, 1)))
    found = regions.linear_regions(*unfolded, SQUARE)
    fig, (left, right) = picture(1, 2, height=3.8)
    _edges(left, cut, before=0)
    _edges(right, found, before=unfolded[0].widths[1])
    for ax, half, name in [(left, 0, "$|x_{}|$"), (right, 1, "$x_{}$")]:
        ax.set(xlim=(-half, 1), ylim=(-half, 1), aspect="equal", xlabel=name.format(1), ylabel=name.format(2))
        ax.locator_params(nbins=3)
    left.set_title(f"folded: {len(cut)} regions")
    right.set_title(f"unfolded: {len(found)} regions")
    fig.alt = (
        f"{sheet[0].D} lines cut the square of |x₁| and |x₂| into {len(cut)} regions. Unfolded along both axes, the "
        f"square of x₁ and x₂ shows the same lines four times, mirrored, and {len(found)} regions."
    )
    return fig


def same_budget(found: Mapping[str, Regions]) -> Picture:
    """The regions of two networks, by title, beside each other."""
    fig, axes = picture(1, len(found), width=6.8, height=4.0)
    for ax, (title, regions_found) in zip(np.atleast_1d(axes), found.items(), strict=True):
        region_map(regions_found, ax=ax)
        ax.set_title(f"{title}: {len(regions_found)} regions", pad=18)
        ax.locator_params(nbins=3)
    counts = "; ".join(f"{title}: {len(regions_found)} convex regions" for title, regions_found in found.items())
    fig.alt = f"Squares of inputs, cut by networks of equal size. {counts}. The deep one's later edges are bent lines."
    return fig


def merged(found: Regions) -> Picture:
    """Activation regions, and the linear regions they join to; tinted where one is made of several."""
    joined = found.linear()
    fig, (left, right) = picture(1, 2, height=4.0)
    region_map(found, ax=left)
    parts = np.bincount(joined.members)
    for rings, several in zip(joined.polygons, parts > 1, strict=True):
        codes = [np.array([Path.MOVETO, *[Path.LINETO] * (len(ring) - 1), Path.CLOSEPOLY]) for ring in rings]
        outline = Path(np.concatenate([np.vstack([ring, ring[:1]]) for ring in rings]), np.concatenate(codes))
        right.add_patch(PathPatch(outline, facecolor=colour("model"), alpha=0.28 if several else 0.06, linewidth=0))
        right.add_patch(PathPatch(outline, fill=False, edgecolor=colour("ink"), linewidth=0.8))
    (x_lo, x_hi), (y_lo, y_hi) = found.box
    right.set(xlim=(x_lo, x_hi), ylim=(y_lo, y_hi), aspect="equal", xlabel="$x_1$", ylabel="$x_2$")
    left.set_title(f"{len(found)} activation regions", pad=18)
    right.set_title(f"{len(joined)} linear regions", pad=18)
    for ax in (left, right):
        ax.locator_params(nbins=3)
    fig.alt = (
        f"A square of inputs in {len(found)} activation regions, and the same square in {len(joined)} linear regions: "
        f"{(parts > 1).sum()} of them, tinted, join several; the largest joins {parts.max()} and is not convex."
    )
    return fig


def pyramid(net: Deep, phi: Array, reach: float = 1.6) -> Picture:
    """A bump over the plane that ends, as level lines, and its creases; those of the first layer dashed."""
    found = regions.linear_regions(net, phi, ((-reach, reach), (-reach, reach)))
    grid = np.linspace(-reach, reach, 161)
    y = net(np.array([(x1, x2) for x2 in grid for x1 in grid]), phi).reshape(161, 161)
    fig, ax = picture(width=4.6, height=4.3)
    for level in y.max() * np.arange(10) / 10:
        ax.contourf(grid, grid, y, levels=[level + 1e-9, 2 * y.max()], colors=[colour("model")], alpha=0.09)
    shared = found.neighbours
    for layer, bent, ends in zip(shared.layers, _bends(found), shared.edges, strict=True):
        if bent:
            ax.plot(*ends.T, color=colour("ink"), linewidth=1.2, linestyle=(0, (4, 2)) if layer == 1 else "-")
    ax.set(xlabel="$x_1$", ylabel="$x_2$", aspect="equal", xticks=[-1, 0, 1], yticks=[-1, 0, 1])
    fig.alt = (
        f"Level lines of a pyramid of height {y.max():g} on a square turned by 45 degrees; outside of it the network "
        "is zero. Its creases end: four at the base, and four that run from the corners to the top."
    )
    return fig


def _bends(found: Regions) -> list[bool]:
    """Whether the output's slope changes across each shared edge."""
    i, j = found.neighbours.pairs.T
    changes: list[bool] = (np.abs(found.maps[i] - found.maps[j]).max(axis=(1, 2)) > 1e-9).tolist()
    return changes


def _edges(ax: Axes, found: Regions, before: int) -> None:
    """Edges in the colour and dashes of the unit that switches there, counted after the first `before`.

    Those units have edges in ink.
    """
    shared = found.neighbours
    for units, ends in zip(shared.units, shared.edges, strict=True):
        d = int(units[0]) - before + 1
        look: dict[str, Any] = {"color": colour("ink-2"), "linewidth": 1.0}
        if d > 0:
            look = {"color": unit_colour(d), "linestyle": UNIT_DASHES[(d - 1) % 3 + 1]}
        ax.plot(*ends.T, **look)
