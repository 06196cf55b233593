"""The pictures of chapter 1, linear regression. x and y are (I, 1) or (I,); a line is φ = (φ0, φ1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from udl_core.figures.chapter1_data import errors_by_degree, polynomials, two_regressions
from udl_core.figures.chapter1_surface import Limits, bowl, column, draw_data, draw_path, draw_surface, span
from udl_core.figures.style import Picture, colour, label_line, picture

__all__ = [
    "centring",
    "descent",
    "errors_by_degree",
    "family",
    "lines_and_points",
    "oblique",
    "polynomials",
    "squares",
    "step_sizes",
    "two_regressions",
]

Lines = Mapping[str, npt.ArrayLike]
Run = tuple[npt.ArrayLike, npt.ArrayLike, npt.ArrayLike]
DASHES = ["-", (0, (6, 2.5)), (0, (1.2, 2)), (0, (6, 2, 1.2, 2))]


def family(x: npt.ArrayLike, y: npt.ArrayLike, lines: Lines) -> Picture:
    """Data and several members of the family f[x, φ] = φ0 + φ1 x; `lines` maps a short name to φ."""
    fig, ax = picture(width=5.2, height=3.4)
    _draw_lines(ax, x, y, lines)
    draw_data(ax, x, y)
    fig.alt = f"{column(x).size} data points and {len(lines)} straight lines: " + (
        _list(f"{name} with offset {p[0]:g} and slope {p[1]:g}" for name, p in _items(lines)) + "."
    )
    return fig


def squares(x: npt.ArrayLike, y: npt.ArrayLike, lines: Lines) -> Picture:
    """Each line with the square of each residual drawn on it; the loss is the squares' total area."""
    x, y = column(x), column(y)
    fig, axes = picture(1, len(lines), width=6.8, height=3.7, sharex=True, sharey=True, squeeze=False)
    losses = []
    for ax, (name, phi) in zip(axes[0], _items(lines), strict=True):
        predicted = phi[0] + phi[1] * x
        losses.append(float(np.sum((predicted - y) ** 2)))
        ends = np.array([-0.1, 2.1])
        ax.plot(ends, phi[0] + phi[1] * ends, color=colour("model"))
        for x_i, y_i, p_i in zip(x, y, predicted, strict=True):
            side = abs(p_i - y_i)
            left = x_i if x_i < x.mean() else x_i - side  # towards the middle, so that none is cut off
            ax.add_patch(Rectangle((left, min(p_i, y_i)), side, side, facecolor=colour("model"), alpha=0.16))
            ax.plot([x_i, x_i], [y_i, p_i], color=colour("data"), linewidth=1.2)
        draw_data(ax, x, y)
        ax.set_title(f"{name}: total area {losses[-1]:.2f}")
        ax.set_aspect("equal", adjustable="box")
        ax.set(xlim=(-0.1, 2.1), ylim=(0, max(2.0, float(y.max()) + 0.15)))
    for ax in axes[0, 1:]:
        ax.set_ylabel("")
    fig.alt = "The same data with a square on each vertical distance between point and line: " + _list(
        f"for line {name} the squares cover {value:.2f}" for (name, _), value in zip(_items(lines), losses, strict=True)
    ) + "."  # fmt: skip
    return fig


def lines_and_points(x: npt.ArrayLike, y: npt.ArrayLike, lines: Lines, limits: Limits) -> Picture:
    """Left: lines on the data. Right: the same lines as points on the loss surface."""
    fig, (left, right) = picture(1, 2, width=6.8, height=3.4)
    _draw_lines(left, x, y, lines)
    draw_data(left, x, y)
    draw_surface(right, x, y, limits)
    best, lowest, _ = bowl(x, y)
    losses = []
    for i, (name, phi) in enumerate(_items(lines)):
        losses.append(_loss(x, y, phi))
        right.plot(*phi, "so^D"[i % 4], markersize=7, color=colour("model"), zorder=7)
        side = "right" if phi[0] < best[0] else "left"
        text = f"  {name}: {losses[-1]:.2f}  "
        label_line(right, phi[0], phi[1], text, "model", ha=side, va="center", fontsize=10, zorder=8)
    fig.alt = (
        "Left: "
        + _list(f"line {name}" for name in lines)
        + " on the data. Right: the same lines as points over offset "
        "and slope, on nested elliptical contours of the loss; "
        + _list(f"{name} has loss {value:.2f}" for name, value in zip(lines, losses, strict=True))
        + f". The lowest point, loss {lowest:.2f}, lies at offset {best[0]:.2f} and slope {best[1]:.2f}."
    )
    return fig


def descent(x: npt.ArrayLike, y: npt.ArrayLike, path: npt.ArrayLike, losses: npt.ArrayLike, limits: Limits) -> Picture:
    """Left: a run of gradient descent, φ (T, 2), on the loss surface. Right: the loss (T,) after each step."""
    route, losses = np.asarray(path, dtype=float), column(losses)
    _, lowest, _ = bowl(x, y)
    fig, (left, right) = picture(1, 2, width=6.8, height=3.4)
    draw_surface(left, x, y, limits)
    draw_path(left, route)
    right.plot(losses, color=colour("model"), marker="o", markersize=3.2)
    right.axhline(lowest, color=colour("reference"), linewidth=1)
    label_line(right, 0, lowest, f"lowest: {lowest:.2f}", "ink-2", va="bottom", fontsize=10)
    right.set(xlabel="step", ylabel="loss $L$", ylim=(0, 1.08 * losses.max()))
    fig.alt = (
        f"Left: a path of {len(losses) - 1} steps over the contours of the loss, from offset {route[0, 0]:.2f}, slope "
        f"{route[0, 1]:.2f} to offset {route[-1, 0]:.2f}, slope {route[-1, 1]:.2f}. Right: the loss goes from "
        f"{losses[0]:.2f} to {losses[-1]:.2f}; the lowest possible is {lowest:.2f}."
    )
    return fig


def step_sizes(excess: Mapping[str, npt.ArrayLike]) -> Picture:
    """Loss above its minimum after each step, on a logarithmic axis, one line for each named learning rate."""
    fig, ax = picture(width=6.0, height=3.5)
    ends = []
    for i, (name, values) in enumerate(_items(excess)):
        role = "data" if values[-1] > values[0] else "model"
        ax.plot(values, color=colour(role), linestyle=DASHES[i % 4])
        label_line(ax, len(values) - 1, values[-1], f" {name}", role, va="center", fontsize=10.5)
        ends.append(f"{name}: from {values[0]:.2g} to {values[-1]:.2g}")
    ax.set_yscale("log")
    ax.set_yticks([1e-4, 1e-2, 1, 100])
    ax.minorticks_off()
    ax.set(xlabel="step", ylabel="loss above the minimum", xlim=(0, 1.28 * (len(values) - 1)))
    ax.set_xticks([t for t in ax.get_xticks() if 0 <= t <= len(values)])
    fig.alt = (
        f"Loss above its minimum over {len(values) - 1} steps on a logarithmic axis, for {len(ends)} learning rates. "
        + "; ".join(ends)
        + "."
    )
    return fig


def centring(plain: Run, centred: Run) -> Picture:
    """The loss surface and a run of descent before and after centring; each argument is (x, y, path (T, 2))."""
    fig, axes = picture(1, 2, width=6.8, height=3.5)
    lengths, misses = [], []
    for ax, title, (x, y, path) in zip(axes, ["x as measured", "x centred"], [plain, centred], strict=True):
        path = np.asarray(path, dtype=float)
        best, _, G = bowl(x, y)
        lengths.append(float(np.sqrt(np.linalg.cond(G))))
        misses.append(float(np.linalg.norm(path[-1] - best)))
        draw_surface(ax, x, y, ((best[0] - 1, best[0] + 1), (best[1] - 1, best[1] + 1)))
        draw_path(ax, path, "")
        ax.set_title(title)
        ax.set_aspect("equal")
    fig.alt = (
        f"Contours of the loss with {len(np.asarray(plain[2])) - 1} steps of descent. Left, x as measured: tilted "
        f"ellipses, {lengths[0]:.1f} times as long as wide; the path creeps along the valley and ends {misses[0]:.2f} "
        f"from the minimum. Right, x centred: upright ellipses, {lengths[1]:.1f} times as long as wide; the path ends "
        f"{misses[1]:.2f} from the minimum."
    )
    return fig


def oblique(x: npt.ArrayLike, y: npt.ArrayLike, start: npt.ArrayLike, limits: Limits) -> Picture:
    """One descent direction on the same surface, on equal axes and on axes of different scale."""
    start = np.asarray(start, dtype=float)
    best, _, G = bowl(x, y)
    downhill = -G @ (start - best)
    along = np.array([-downhill[1], downhill[0]])
    fig, axes = picture(1, 2, width=6.8, height=3.5)
    for ax, title, equal in zip(axes, ["equal scales", "slope axis squeezed"], [True, False], strict=True):
        (a, b), (c, d) = limits
        middle, half = (c + d) / 2, (d - c) / 2 * (1 if equal else 3)
        draw_surface(ax, x, y, ((a, b), (middle - half, middle + half)), rings=7 if equal else 14)
        tip = start + 0.45 * downhill / np.linalg.norm(downhill)
        ax.annotate("", tip, start, arrowprops={"arrowstyle": "-|>", "color": colour("model"), "linewidth": 2.2,
                                                "shrinkA": 0, "shrinkB": 0}, zorder=7)  # fmt: skip
        tangent = 0.35 * along / np.linalg.norm(along)
        ax.plot(*np.stack([start - tangent, start + tangent]).T, color=colour("ink"), linewidth=1.2, zorder=6)
        ax.plot(*start, "o", color=colour("model"), zorder=7)
        ax.set_title(title)
        ax.set_box_aspect(1)
    fig.alt = (
        "The same downhill step drawn twice with the tangent of the contour at its start. On axes of equal scale the "
        "step is at a right angle to the contour; with the slope axis squeezed to a third it looks oblique."
    )
    return fig


def _draw_lines(ax: Axes, x: npt.ArrayLike, y: npt.ArrayLike, lines: Lines) -> None:
    lo, hi = span(x, margin=0.06)
    right = hi + 0.16 * (hi - lo)
    for i, (name, phi) in enumerate(_items(lines)):
        ax.plot([lo, hi], phi[0] + phi[1] * np.array([lo, hi]), color=colour("model"), linestyle=DASHES[i % 4])
        label_line(ax, hi, phi[0] + phi[1] * hi, f" {name}", "model", va="center", fontsize=10.5)
    ax.set(xlim=(lo, right), ylim=(0, max(2.0, 1.1 * float(column(y).max()))))


def _loss(x: npt.ArrayLike, y: npt.ArrayLike, phi: npt.NDArray[np.float64]) -> float:
    return float(np.sum((phi[0] + phi[1] * column(x) - column(y)) ** 2))


def _items(lines: Lines) -> list[tuple[str, npt.NDArray[np.float64]]]:
    return [(name, column(phi)) for name, phi in lines.items()]


def _list(items: Iterable[str]) -> str:
    """a, b and c."""
    parts = list(items)
    return parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + " and " + parts[-1]
