"""The picture on paper of any live figure: its layout's panels with the marks of a scene."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke
from matplotlib.ticker import FixedLocator, NullLocator

from udl_core.figures.style import UNIT_DASHES, UNIT_MARKERS, Picture, colour, picture

SHAPES = dict(zip(("circle", "square", "diamond", "triangle"), UNIT_MARKERS, strict=True))
SHAPES |= dict(zip(("unit1", "unit2", "unit3"), UNIT_MARKERS[1:], strict=True))
Scene = Mapping[str, Any]


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
            if not mark.paper or mark.ghost:
                continue
            places = scene[mark.name] if "#" in mark.name else [scene[mark.name]]
            for k, (x, y, *text) in enumerate(places):
                one = replace(mark, role=mark.role.replace("#", str(k % 3 + 1)))
                text = text or [mark.text.replace("#", str(k + 1))] if _kind(mark) == "label" else []
                if np.size(x):
                    _draw(ax, panel, one, np.ravel(x), np.ravel(y), *text)
    fig.alt = alt
    return fig


def _kind(part: Any) -> str:
    return type(part).__name__.lower()


def _axes(ax: Axes, panel: Any) -> None:
    ax.set_title(panel.title, fontsize=min(11.5, 360 / len(panel.title)))  # a long one must fit too
    ax.set(xlabel=_symbol(panel.xlabel), ylabel=_symbol(panel.ylabel))
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
        width = 3.0 if mark.role == "model" else 2
        unit = UNIT_DASHES[int(mark.role[4:])] if mark.role.startswith("unit") else "-"
        style: Any = (0, (5, 3)) if mark.look.split()[-1:] in (["dashed"], ["second"]) else unit
        faint = mark.look in ("part", "guide", "probe")
        width *= 0.4 if faint else 0.5 if "thin" in mark.look else 1
        ax.plot(x, y, color=ink, linewidth=width, linestyle=style, alpha=0.6 if faint else 1)
    elif kind == "dots":
        face, edge = (colour("paper"), ink) if mark.look == "off" else (ink, colour("paper"))
        ax.plot(x, y, "o", markersize=1.3 * mark.size, markerfacecolor=face, markeredgecolor=edge)
    elif kind == "area":
        ax.fill(x, y, color=colour("grid") if mark.role == "ink" else ink, alpha=0.6, linewidth=0, zorder=0)
    elif kind == "handle":
        ax.plot(
            x, y, SHAPES.get(mark.shape or mark.role, "o"), color=ink, markersize=8, markeredgecolor=colour("paper")
        )
    elif kind == "invitation":
        ax.text(x[0], y[0], mark.printed, ha="center", fontsize=10)
    elif kind == "label":
        halo = [withStroke(linewidth=3, foreground=colour("paper"))]
        side: Any = {"below": ((0, -6), "top"), "left": ((-6, 0), "center"), "right": ((6, 0), "center")}
        offset, up = side.get(mark.side, ((0, 6), "bottom"))
        share = ax.transAxes.inverted().transform(ax.transData.transform((x[0], y[0])))[0]
        across = "right" if mark.side == "left" else "left" if mark.side == "right" else "center"
        if across == "center":
            across = "left" if share < 0.2 else "right" if share > 0.8 else "center"
        look: Any = {"color": ink, "fontsize": 10, "path_effects": halo, "ha": across, "va": up}
        ax.annotate(text, (x[0], y[0]), offset, textcoords="offset points", **look)
