"""The picture on paper of any live figure: its layout's panels with the marks of a scene."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke
from matplotlib.ticker import FixedLocator, NullLocator

from udl_core.figures.style import UNIT_DASHES, UNIT_MARKERS, Picture, colour, picture

SHAPES = dict(zip(("circle", "square", "diamond", "triangle"), UNIT_MARKERS, strict=True))
Scene = Mapping[str, tuple[Any, ...]]


def draw(layout: Sequence[Any], scene: Scene, alt: str) -> Picture:
    """The layout's panels that go on paper, in two columns; ``scene`` is what `LiveFigure.scene` gives."""
    panels = [item for item in layout if _kind(item) == "panel" and item.paper]
    columns = min(2, len(panels))
    rows = -(-len(panels) // columns)
    heights = [max(panel.height for panel in panels[k * columns : (k + 1) * columns]) for k in range(rows)]
    fig, axes = picture(rows, columns, height=sum(heights) / 84, squeeze=False, height_ratios=heights)
    for ax in axes.flat[len(panels) :]:
        ax.remove()
    for ax, panel in zip(axes.flat, panels, strict=False):
        _axes(ax, panel)
        for mark in panel.marks:
            x, y, *text = scene[mark.name]
            if mark.paper and np.size(x):
                _draw(ax, panel, mark, np.ravel(x), np.ravel(y), *text)
    fig.alt = alt
    return fig


def _kind(part: Any) -> str:
    return type(part).__name__.lower()


def _axes(ax: Axes, panel: Any) -> None:
    ax.set(title=panel.title, xlabel=_symbol(panel.xlabel), ylabel=_symbol(panel.ylabel))
    ax.set(xscale="log" if panel.xlog else "linear", yscale="log" if panel.ylog else "linear")
    ax.set(xlim=panel.x, ylim=panel.y)
    sides: Any = (("x", ax.xaxis, panel.xticks), ("y", ax.yaxis, panel.yticks))
    for side, axis, ticks in sides:
        if ticks:
            axis.set_major_locator(FixedLocator(ticks))
            axis.set_ticklabels([f"{tick:g}" for tick in ticks])
            axis.set_minor_locator(NullLocator())
            ax.grid(axis=side, color=colour("grid"), linewidth=0.8)


def _symbol(text: str) -> str:
    return f"${text}$" if len(text) == 1 else text


def _draw(ax: Axes, panel: Any, mark: Any, x: Any, y: Any, text: str = "") -> None:
    kind, ink = _kind(mark), colour(mark.role)
    if panel.ylog:
        y = np.maximum(y, panel.y[0])
    if kind == "curve":
        width = 3 if mark.role == "model" else 2
        unit = UNIT_DASHES[int(mark.role[4:])] if mark.role.startswith("unit") else "-"
        style: Any = (0, (5, 3)) if "dashed" in mark.look else unit
        ax.plot(x, y, color=ink, linewidth=width / 2 if "thin" in mark.look else width, linestyle=style)
    elif kind == "dots":
        ax.plot(x, y, "o", color=ink, markersize=1.3 * mark.size, markeredgecolor=colour("paper"))
    elif kind == "area":
        ax.fill(x, y, color=colour("grid") if mark.role == "ink" else ink, alpha=0.6, linewidth=0, zorder=0)
    elif kind == "handle":
        ax.plot(x, y, SHAPES[mark.shape], color=ink, markersize=8, markeredgecolor=colour("paper"))
    elif kind == "invitation":
        ax.text(x[0], y[0], mark.printed, ha="center", fontsize=10)
    elif kind == "label":
        halo = [withStroke(linewidth=3, foreground=colour("paper"))]
        side: Any = {"xytext": (0, -6), "va": "top"} if mark.side == "below" else {"xytext": (0, 6), "va": "bottom"}
        share = ax.transAxes.inverted().transform(ax.transData.transform((x[0], y[0])))[0]
        side["ha"] = "left" if share < 0.2 else "right" if share > 0.8 else "center"
        ax.annotate(text, (x[0], y[0]), textcoords="offset points", color=ink, fontsize=10, path_effects=halo, **side)
