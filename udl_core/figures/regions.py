"""A drawing of a network's regions in the plane, quick also for a hundred thousand of them."""

from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from udl_core._validate import Array
from udl_core.figures.style import Picture, colour, picture, unit_colour
from udl_core.regions import Regions

FEW = 2000
"""Up to this many regions are drawn as shapes; more become pixels inside the drawing, which then stays small."""

_SHADES = 32


def region_map(
    found: Regions,
    fill: str | npt.ArrayLike = "pattern",
    *,
    output: int = 0,
    edges: bool = True,
    ax: Axes | None = None,
) -> Picture:
    """The regions, filled, with the edges in the colour of the layer that makes them.

    `fill`: "pattern", a tint that grows with the share of active units and alternates between neighbours, since the
    number of active units changes by one across an edge; "output", the output in the middle of each region on one scale
    from dark to light; or R numbers for that scale. Draws into `ax` if given and returns its figure.
    """
    fig = ax.figure if ax is not None else None
    if ax is None:
        fig, ax = picture(width=4.6, height=4.5)
    assert isinstance(fig, Picture)
    (x_lo, x_hi), (y_lo, y_hi) = found.box
    ax.set(xlim=(x_lo, x_hi), ylim=(y_lo, y_hi), xlabel="$x_1$", ylabel="$x_2$", aspect="equal")
    for shade, alpha, rows in _shades(found, fill, output):
        _add(ax, _outlines(found, rows), len(found), facecolor=shade, alpha=alpha, linewidth=0, zorder=1)
    if edges:
        _add_edges(ax, found, plain=not (isinstance(fill, str) and fill == "pattern"))
    fig.alt = (
        f"{len(found):,} convex regions with x₁ from {x_lo:g} to {x_hi:g} and x₂ from {y_lo:g} to {y_hi:g}; the "
        f"largest takes up {100 * found.areas.max() / found.areas.sum():.2g} % of the area."
    )
    return fig


def _add_edges(ax: Axes, found: Regions, plain: bool) -> None:
    """In each layer's colour, the first layer's on top; plain ones, over a scale of colours, in ink."""
    layers = found.neighbours.layers
    width = float(np.clip(30 / np.sqrt(len(found)), 0.06, 1.6))
    present = np.unique(layers).tolist()
    for layer in reversed(present):
        ends = found.neighbours.edges[layers == layer].reshape(-1, 2)
        codes = np.tile(np.array([Path.MOVETO, Path.LINETO], dtype=np.uint8), len(ends) // 2)
        look = {"edgecolor": colour("ink") if plain else unit_colour(layer), "zorder": 3 - 0.01 * layer}
        look["linewidth"] = width * (0.5 if plain else 1.0 if layer == 1 else 0.75)
        _add(ax, Path(ends, codes), len(found), fill=False, capstyle="round", **look)
    if len(present) > 1 and not plain:
        for place, layer in enumerate(present):
            ax.text(0.19 * place, 1.02, f"layer {layer}", transform=ax.transAxes, color=unit_colour(layer), fontsize=10)


def _shades(found: Regions, fill: Any, output: int) -> list[tuple[str, float, npt.NDArray[np.bool_]]]:
    """Some dozen colours with their opacity, each with the regions (R,) that have it.

    A tint is the model's colour, partly clear: a blended colour could not follow a dark page.
    """
    if isinstance(fill, str) and fill not in ("pattern", "output"):
        raise ValueError(f'fill must be "pattern", "output" or R numbers, got {fill!r}')
    if isinstance(fill, str) and fill == "pattern":
        patterns = found.patterns.astype(np.int64)
        total = patterns.sum(axis=1)
        most = max(int(patterns.max(initial=1)), 1) * max(patterns.shape[1], 1)
        strength = 0.06 + 0.34 * _quantised(total / most) + 0.10 * (total % 2)
        keys, which = np.unique(strength.round(6), return_inverse=True)
        return [(colour("model"), key, which == k) for k, key in enumerate(keys.tolist())]
    values: Array
    if isinstance(fill, str):
        centres = np.array([polygon.mean(axis=0) for polygon in found.polygons])
        maps = found.maps[:, output]
        values = maps[:, 0] + (maps[:, 1:] * centres).sum(axis=1)
    else:
        values = np.asarray(fill, dtype=np.float64)
        if values.shape != (len(found),):
            raise ValueError(f"fill must have shape (R,) = ({len(found)},), got {values.shape}")
    levels = _quantised(values, _SHADES)
    return [(to_hex(colormaps["cividis"](level)), 1.0, levels == level) for level in np.unique(levels).tolist()]


def _quantised(values: Array, count: int = _SHADES // 2) -> Array:
    """Values as shares of their range, from 0 to 1 in `count` steps."""
    lo, hi = values.min(), values.max()
    shares: Array = np.round((values - lo) / (hi - lo if hi > lo else 1.0) * (count - 1)) / (count - 1)
    return shares


def _outlines(found: Regions, rows: npt.NDArray[np.bool_]) -> Path:
    """All those regions as one path, which is drawn many times as fast as a path for each."""
    sizes = np.array([len(polygon) for polygon in found.polygons])[rows]
    corners = np.concatenate([polygon for polygon, row in zip(found.polygons, rows.tolist(), strict=True) if row])
    ends = np.cumsum(sizes)
    points = np.insert(corners, ends, 0.0, axis=0)
    codes = np.full(len(points), Path.LINETO, dtype=np.uint8)
    codes[ends - sizes + np.arange(len(sizes))] = Path.MOVETO
    codes[ends + np.arange(len(sizes))] = Path.CLOSEPOLY
    return Path(points, codes)


def _add(ax: Axes, path: Path, count: int, **look: Any) -> None:
    """Without asking for the path's extent, which takes matplotlib longer than drawing it."""
    patch = PathPatch(path, rasterized=count > FEW, antialiased=look.get("fill") is False or count <= FEW, **look)
    ax.add_artist(patch)
