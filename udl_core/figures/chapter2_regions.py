"""Chapter 2's pictures of networks with two inputs, and of how many regions there can be."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MultipleLocator
from mpl_toolkits.mplot3d.art3d import Poly3DCollection  # type: ignore[import-untyped]

from udl_core import regions
from udl_core._validate import Array
from udl_core.figures.style import UNIT_DASHES, Picture, colour, picture, unit_colour
from udl_core.models import Shallow

Box = tuple[tuple[float, float], tuple[float, float]]


def half_planes(net: Shallow, phi: Array, box: Box = ((-1, 1), (-1, 1))) -> Picture:
    """The three units of a network with two inputs, each on over a half plane, and the output they add up to."""
    theta = net.unpack(phi)["theta"]
    x1, x2, points = _plane(box)
    fig, axes = picture(2, 2, height=6.4, sharex=True, sharey=True)
    on = []
    for d, ax in enumerate(axes.T.flat[:3], start=1):
        z = (theta[d - 1, 0] + points @ theta[d - 1, 1:]).reshape(x1.shape)
        top = float(z.max())
        ax.contourf(x1, x2, z, levels=[0, max(top, 1e-9)], colors=[unit_colour(d)], alpha=0.22)
        ax.contour(x1, x2, z, levels=np.linspace(0, top, 5)[1:4], colors=[unit_colour(d)], linewidths=0.8)
        ax.contour(x1, x2, z, levels=[0], colors=[unit_colour(d)], linestyles=[UNIT_DASHES[d]], linewidths=2)
        ax.set_title(f"unit {d}")
        _square(ax, box)
        on.append(f"unit {d} in {100 * (z > 0).mean():.0f} %")
    ax = axes[1, 1]
    drawn = ax.contourf(x1, x2, net(points, phi).reshape(x1.shape), levels=12)
    ax.contour(drawn, colors=colour("paper"), linewidths=0.6, linestyles="-")
    _lines(ax, theta, box)
    ax.set_title("output $y$")
    _square(ax, box)
    fig.alt = (
        f"Three hidden units over a square of inputs, each rising from its own line into the half plane where it is "
        f"on ({', '.join(on)} of the square), and the output, whose level lines are straight and bend at the lines."
    )
    return fig


def pieces_in_the_plane(net: Shallow, phi: Array, box: Box = ((-1, 1), (-1, 1))) -> Picture:
    """The exact regions of a network with two inputs with their activation patterns, and its output as a surface."""
    found = regions.linear_regions(net, phi, box)
    fig = picture(width=6.8, height=3.5)[0]
    fig.clear()
    grid = fig.add_gridspec(1, 2)
    flat, solid = fig.add_subplot(grid[0, 0]), fig.add_subplot(grid[0, 1], projection="3d")
    for polygon, pattern, area in zip(found.polygons, found.patterns, found.areas, strict=True):
        for d in np.flatnonzero(pattern):
            flat.fill(*polygon.T, color=unit_colour(int(d) + 1), alpha=0.25, linewidth=0)
        if area > 0.02 * found.areas.sum():
            x1, x2 = polygon.mean(axis=0)
            flat.text(x1, x2, _digits(pattern), ha="center", va="center", fontsize=10)
    _lines(flat, net.unpack(phi)["theta"], box)
    _square(flat, box)
    flat.locator_params(nbins=4)
    lifted = [np.column_stack([corners, net(corners, phi)[:, 0]]) for corners in found.polygons]
    heights = np.concatenate([corners[:, 2] for corners in lifted])
    solid.set(xlim=box[0], ylim=box[1], zlim=(heights.min(), heights.max()))
    solid.view_init(elev=30, azim=-60)
    solid.set_box_aspect((1, 1, 0.75), zoom=0.82)
    for axis, name in [(solid.xaxis, "$x_1$"), (solid.yaxis, "$x_2$"), (solid.zaxis, "$y$")]:
        axis.set_pane_color((0, 0, 0, 0))
        axis._axinfo["grid"]["color"] = colour("grid")
        axis.set_label_text(name)
        axis.labelpad = -3 if axis is solid.zaxis else 1
    solid.zaxis.set_major_locator(MultipleLocator(1))
    solid.set_xticks([box[0][0], sum(box[0]) / 2, box[0][1]])
    solid.set_yticks([sum(box[1]) / 2, box[1][1]])  # its low end would touch the high end of x_1
    solid.tick_params(pad=0)
    _draw_facets(solid, lifted, found.patterns)
    fig.alt = (
        f"{len(found)} convex polygons tile the square, with activation patterns "
        f"{', '.join(sorted(_digits(p) for p in found.patterns))}; beside them the output as a surface with one flat "
        f"facet over each polygon, between y = {heights.min():.2f} and {heights.max():.2f}."
    )
    return fig


def region_counts(D_is: Sequence[int], D_max: int = 500, mark: tuple[int, int] = (100, 500)) -> Picture:
    """The largest possible number of regions against hidden units and against parameters, one curve for each D_i.

    The dot marks `mark` = (D_i, D). The shape of Prince's figure 3.9.
    """
    fig, (left, right) = picture(1, 2, height=3.5, sharey=True)
    widths = np.unique(np.round(np.geomspace(1, D_max, 60)).astype(int))
    for k, D_i in enumerate(D_is):
        logs = [math.log10(regions.max_regions(D_i, int(D))) for D in widths]
        params = [Shallow(D_i, int(D), 1).n_params for D in widths]
        look = {"color": unit_colour(k) if k % 4 else colour("model"), "linestyle": UNIT_DASHES[k % 4]}
        left.plot(widths, logs, **look)
        right.plot(params, logs, **look)
        left.annotate(
            f"$D_i={D_i}$",
            (D_max, logs[-1]),
            xytext=(-4, 5),
            textcoords="offset points",
            ha="right",
            fontsize=10,
            color=look["color"],
        )
    D_i, D = mark
    top = math.log10(regions.max_regions(D_i, D))
    size = Shallow(D_i, D, 1).n_params
    left.plot([D], [top], "o", color=colour("ink"), clip_on=False)
    right.plot([size], [top], "o", color=colour("ink"))
    right.tick_params(labelleft=True)  # a phone shows it below, on its own
    left.set(xlabel="hidden units $D$", ylabel="largest number of regions", xlim=(0, D_max))
    left.yaxis.set_major_formatter(FuncFormatter(lambda log, _: f"$10^{{{log:g}}}$"))
    right.set(xlabel="parameters", xscale="log")
    fig.alt = (
        f"Largest possible numbers of regions on a logarithmic axis, for {', '.join(map(str, D_is))} inputs: against "
        f"hidden units, more inputs lie far above fewer; against parameters, fewer inputs lead at first. With {D_i} "
        f"inputs, {D} units and {size} parameters, 10 to the power {top:.1f}."
    )
    return fig


def _digits(pattern: npt.NDArray[np.bool_]) -> str:
    return "".join("1" if on else "0" for on in pattern)


def _draw_facets(ax: Any, facets: Sequence[Array], patterns: npt.NDArray[np.bool_]) -> None:
    """Facets (n, 3) from the farthest to the nearest, each opaque and tinted by its active units like the flat map.

    A tint is paper below and the units' own colours, half clear, above: a blended colour could not follow a dark page.
    """
    ax.computed_zorder = False
    azimuth = np.radians(ax.azim)
    nearness = [corners[:, :2].mean(axis=0) @ [np.cos(azimuth), np.sin(azimuth)] for corners in facets]
    for place, k in enumerate(np.argsort(nearness)):
        tints = [(colour("paper"), 1.0)] + [(unit_colour(int(d) + 1), 0.25) for d in np.flatnonzero(patterns[k])]
        for tint in tints:
            ax.add_collection3d(Poly3DCollection([facets[k]], facecolors=[tint], linewidths=0, zorder=10 + place))
        # a clear face, not "none": matplotlib 3.10, which runs in the browser, can't draw 3-D polygons without one
        edge = Poly3DCollection([facets[k]], facecolors=[(0, 0, 0, 0)], edgecolors=colour("ink"), linewidths=0.8)
        edge.set_zorder(10.5 + place)
        ax.add_collection3d(edge)


def _plane(box: Box, n: int = 121) -> tuple[Array, Array, Array]:
    x1, x2 = np.meshgrid(np.linspace(*box[0], n), np.linspace(*box[1], n))
    return x1, x2, np.column_stack([x1.ravel(), x2.ravel()])


def _lines(ax: Axes, theta: Array, box: Box) -> None:
    """Each unit's line, in its colour and dashes, numbered just inside the box."""
    x1, x2, points = _plane(box, 41)
    for d, row in enumerate(theta, start=1):
        z = (row[0] + points @ row[1:]).reshape(x1.shape)
        ax.contour(
            x1, x2, z, levels=[0], colors=[unit_colour(d)], linestyles=[UNIT_DASHES[(d - 1) % 3 + 1]], linewidths=2
        )


def _square(ax: Axes, box: Box) -> None:
    ax.set(xlim=box[0], ylim=box[1], xlabel="$x_1$", ylabel="$x_2$", aspect="equal")
    ax.label_outer()
    ax.set_ylabel("$x_2$")  # again, and its ticks: a phone shows the right column below the left
    ax.tick_params(labelleft=True)
