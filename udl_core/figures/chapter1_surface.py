"""The loss of a line as a surface over (φ0, φ1), drawn by its exact contours: the base of chapter 1's pictures."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba
from matplotlib.patches import Ellipse

from udl_core import closed_form
from udl_core.figures.style import colour, label_line

Array = npt.NDArray[np.float64]
Limits = tuple[tuple[float, float], tuple[float, float]]


def column(values: npt.ArrayLike) -> Array:
    """One column (I, 1) or a plain list as a flat array (I,)."""
    return np.asarray(values, dtype=float).reshape(-1)


def bowl(x: npt.ArrayLike, y: npt.ArrayLike) -> tuple[Array, float, Array]:
    """The lowest point (2,), the loss there, and XᵀX (2, 2) of the summed squared loss of lines on x, y (I,)."""
    x, y = column(x), column(y)
    X = np.stack([np.ones_like(x), x], axis=1)
    best = closed_form.least_squares(x[:, None], y[:, None]).astype(float)
    return best, float(np.sum((X @ best - y) ** 2)), X.T @ X


def draw_surface(ax: Axes, x: npt.ArrayLike, y: npt.ArrayLike, limits: Limits, rings: int = 7) -> None:
    """Contours of L[φ] = Σ(φ0 + φ1 x − y)² inside limits ((φ0 lo, hi), (φ1 lo, hi)); stronger shading is lower.

    The contours are ellipses, so they are drawn as such: L = lowest + (step · k)² for k = 1, 2, …
    """
    best, _, G = bowl(x, y)
    corners = np.array([[a, b] for a in limits[0] for b in limits[1]]) - best
    farthest = np.sqrt(np.einsum("ij,jk,ik->i", corners, G, corners).max())
    curvature, direction = np.linalg.eigh(G)
    width, height = 2 / np.sqrt(curvature)  # of the ellipse where the loss is 1 above the lowest
    tilt = np.degrees(np.arctan2(direction[1, 0], direction[0, 0]))
    for k in range(rings, 0, -1):
        scale = farthest * k / (rings + 1)
        ring = Ellipse((best[0], best[1]), scale * width, scale * height, angle=tilt, linewidth=0.7)
        ring.set_facecolor(to_rgba(colour("ink"), 0.3 / rings))
        ring.set_edgecolor(colour("reference"))
        ax.add_patch(ring)
    ax.plot(*best, marker="+", markersize=9, markeredgewidth=1.6, color=colour("ink"), zorder=6)
    ax.set(xlim=limits[0], ylim=limits[1], xlabel="offset $\\phi_0$", ylabel="slope $\\phi_1$")
    ax.yaxis.label.set_rotation(90)


def draw_path(ax: Axes, path: npt.ArrayLike, label: str = "start") -> None:
    """A run of descent, φ (T, 2), as dots joined by a line; an open circle at its start."""
    path = np.asarray(path, dtype=float)
    ax.plot(*path.T, color=colour("model"), linewidth=1.4, marker="o", markersize=3.2, zorder=5)
    ax.plot(*path[0], marker="o", markersize=8, markerfacecolor=colour("paper"), color=colour("model"), zorder=6)
    if label:
        label_line(ax, path[0, 0], path[0, 1], f"  {label}", "model", ha="left", va="bottom", fontsize=10, zorder=7)


def draw_data(ax: Axes, x: npt.ArrayLike, y: npt.ArrayLike, test: bool = False) -> None:
    """Points: filled when they are training data, open when they are test data."""
    face = colour("paper") if test else colour("data")
    ax.plot(
        column(x), column(y), "o", markersize=6, markerfacecolor=face, markeredgecolor=colour("data"),
        markeredgewidth=1.4, zorder=4 if test else 5,
    )  # fmt: skip
    ax.set(xlabel="input $x$", ylabel="output $y$")


def span(*values: npt.ArrayLike, margin: float = 0.08) -> tuple[float, float]:
    """Limits that hold all values with a margin."""
    joined = np.concatenate([column(v) for v in values])
    lo, hi = float(joined.min()), float(joined.max())
    room = margin * (hi - lo or 1.0)
    return lo - room, hi + room
