"""What the live figures of chapter 1 show before they come to life, and on paper. x, y are (I,)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from udl_core import closed_form
from udl_core.figures.style import Picture, colour, label_line, picture
from udl_core.losses import Reduction

Array = npt.NDArray[np.float64]
RINGS = 7


def line_and_loss(
    phi: Array, x: Array, y: Array, alpha: float, reduction: Reduction, centred: bool, path: Array
) -> Picture:
    """Left: the line with the square of each residual. Right: φ on the loss surface, with the next step of descent."""
    inputs = x - x.mean() if centred else x
    scale = 1 / len(x) if reduction == "mean" else 1.0
    X = np.stack([np.ones_like(inputs), inputs], axis=1)
    residuals = X @ phi - y
    loss, gradient = scale * float(residuals @ residuals), 2 * scale * X.T @ residuals
    hessian = 2 * scale * X.T @ X
    limit = 2 / float(np.linalg.eigvalsh(hessian)[-1])
    fig, (left, right) = picture(1, 2, width=6.8, height=3.6)
    _squares(left, x, y, X @ phi)
    best = closed_form.least_squares(inputs[:, None], y[:, None]).astype(float)
    track = path.reshape(-1, 2) if len(path) else phi[None]
    reach = 1.1 * max(1.0, *np.abs(np.clip(np.vstack([track, phi]) - best, -3, 3)).ravel())
    _bowl(right, best, hessian, reach)
    if len(path):
        right.plot(*track.T, color=colour("model"), linewidth=1.4, marker="o", markersize=3.2)
    arrow = {"arrowstyle": "-|>", "color": colour("model"), "linewidth": 1.6, "shrinkA": 0, "shrinkB": 0}
    right.annotate("", phi - alpha * gradient, phi, arrowprops=arrow)
    right.plot(*phi, "s", color=colour("model"), markersize=8, markeredgecolor=colour("paper"), zorder=7)
    side = "right" if phi[0] > best[0] else "left"
    label = {"ha": side, "va": "top" if gradient[1] < 0 else "bottom", "fontsize": 10, "zorder": 8}
    label_line(right, float(phi[0]), float(phi[1]), f"  L = {loss:.2f}  ", "model", **label)
    word = "below" if alpha < limit else "not below"
    fig.alt = (
        f"Left: the line with offset {phi[0]:.2f} and slope {phi[1]:.2f}{' over the centred input' if centred else ''} "
        f"on {len(x)} data points, with a square on each vertical distance. Right: the line as a point on the "
        f"elliptical contours of the loss, where the {reduction} of the squares is {loss:.2f}; the lowest point is "
        f"at offset {best[0]:.2f} and slope {best[1]:.2f}. The learning rate {alpha:.3g} is {word} the limit "
        f"{limit:.3g}."
    )
    return fig


def two_regressions(x: Array, y: Array, phi: Array) -> Picture:
    """Both lines through the data: y = φ0 + φ1 x solid, x = φ0′ + φ1′ y dashed, and their vertical residuals."""
    fig, ax = picture(width=5.2, height=3.8)
    xlim, ylim = _span(x), _span(y)
    ends, sides = np.array(xlim), np.array(ylim)
    ax.vlines(x, y, phi[0] + phi[1] * x, color=colour("data"), linewidth=1.2)
    ax.plot(ends, phi[0] + phi[1] * ends, color=colour("model"), linewidth=3)
    ax.plot(phi[2] + phi[3] * sides, sides, color=colour("model"), linewidth=3, linestyle=(0, (6, 2.5)))
    _name_ends(ax, phi, xlim, ylim)
    ax.plot(x, y, "o", color=colour("data"))
    ax.plot(x.mean(), y.mean(), "D", color=colour("ink"), markersize=6, zorder=7)
    ax.set(xlim=xlim, ylim=ylim, xlabel="input $x$", ylabel="output $y$")
    steep = f"has slope {1 / phi[3]:.2f}" if phi[3] else "is vertical"
    fig.alt = (
        f"{len(x)} data points and two lines. The solid line predicts y from x and has slope {phi[1]:.2f}; the dashed "
        f"line models x from y and {steep}. The ratio of the slopes is {phi[1] * phi[3]:.2f}. A diamond marks the mean "
        f"point ({x.mean():.2f}, {y.mean():.2f})."
    )
    return fig


def baskets(x: Array, y: Array, train: npt.NDArray[np.bool_], phi: Array) -> Picture:
    """Training points filled, test points open, the polynomial with coefficients φ, and both errors as bars."""
    fig, (left, right) = picture(1, 2, width=6.8, height=3.4, width_ratios=[3, 2])
    xlim, ylim = _span(x), _span(y, margin=0.25)
    grid = np.linspace(*xlim, 301)
    left.plot(grid, np.polynomial.polynomial.polyval(grid, phi), color=colour("model"), linewidth=3)
    for basket, face in ((train, colour("data")), (~train, colour("paper"))):
        left.plot(x[basket], y[basket], "o", markerfacecolor=face, markeredgecolor=colour("data"), zorder=5)
    left.set(xlim=xlim, ylim=ylim, xlabel="input $x$", ylabel="output $y$")
    squares = (np.polynomial.polynomial.polyval(x, phi) - y) ** 2
    errors = [float(squares[b].mean()) if b.any() else float("nan") for b in (train, ~train)]
    names = ["training", "test"]
    tops = np.nan_to_num(errors)
    right.bar(names, tops, color=[colour("data"), colour("paper")], edgecolor=colour("data"), linewidth=1.6, width=0.6)
    for k, error in enumerate(errors):
        label_line(right, k, tops[k], _show(error), "ink", ha="center", va="bottom", fontsize=10.5)
    right.set(ylabel="mean squared error", ylim=(0, 1.15 * max(*tops, 1e-3)))
    fig.alt = (
        f"{int(train.sum())} training points (filled) and {int((~train).sum())} test points (open) with a fitted "
        f"polynomial of degree {len(phi) - 1}. Mean squared error: {_show(errors[0])} on the training points, "
        f"{_show(errors[1])} on the test points."
    )
    return fig


def _squares(ax: Axes, x: Array, y: Array, predicted: Array) -> None:
    xlim, ylim = _span(x), _span(y, predicted)
    middle = (xlim[0] + xlim[1]) / 2
    for x_i, y_i, p_i in zip(x, y, predicted, strict=True):
        side = abs(p_i - y_i)
        left = x_i if x_i < middle else x_i - side
        ax.add_patch(Rectangle((left, min(p_i, y_i)), side, side, facecolor=colour("model"), alpha=0.16))
        ax.plot([x_i, x_i], [y_i, p_i], color=colour("data"), linewidth=1.2)
    order = np.argsort(x)[[0, -1]]
    (x0, x1), (p0, p1) = x[order], predicted[order]
    slope = (p1 - p0) / (x1 - x0) if x1 > x0 else 0.0
    ax.axline((x0, p0), slope=slope, color=colour("model"), linewidth=3)
    ax.plot(x, y, "o", color=colour("data"))
    width, height = xlim[1] - xlim[0], ylim[1] - ylim[0]
    if max(width, height) < 3 * min(width, height):  # ranges of like size: the squares can be seen to be squares
        half = max(width, height) / 2
        xlim, ylim = (sum(xlim) / 2 - half, sum(xlim) / 2 + half), (sum(ylim) / 2 - half, sum(ylim) / 2 + half)
        ax.set_box_aspect(1)
    ax.set(xlim=xlim, ylim=ylim, xlabel="input $x$", ylabel="output $y$")


def _name_ends(ax: Axes, phi: Array, xlim: tuple[float, float], ylim: tuple[float, float]) -> None:
    """Each line's name where it leaves the panel, at the right or at the top; none where two names would collide."""
    right = phi[0] + phi[1] * xlim[1]
    if ylim[0] <= right <= ylim[1]:
        label_line(ax, xlim[1], right, " y from x", "model", fontsize=10.5, ha="left", va="center")
    top = phi[2] + phi[3] * ylim[1]
    steep = (xlim[1] - phi[2]) / phi[3] if phi[3] else np.inf
    if xlim[0] <= top <= xlim[1]:
        label_line(ax, top, ylim[1], "x from y", "model", fontsize=10.5, ha="center", va="bottom")
    elif ylim[0] <= steep <= ylim[1] and abs(steep - right) > 0.06 * (ylim[1] - ylim[0]):
        label_line(ax, xlim[1], steep, " x from y", "model", fontsize=10.5, ha="left", va="center")


def _bowl(ax: Axes, best: Array, hessian: Array, reach: float) -> None:
    """Exact contours of the loss in a square of half width `reach` around its lowest point; darker is lower."""
    a, b, c = hessian[0, 0], hessian[0, 1], hessian[1, 1]
    farthest = np.sqrt(reach**2 * (a + c + 2 * abs(b)))
    slack = max(c - b * b / a, 0.0)  # curvature along the valley; 0 when all x are equal
    for k in range(RINGS, 0, -1):
        level = farthest * k / (RINGS + 1)
        top = min(1.1 * reach, level / np.sqrt(slack)) if slack > 1e-12 * c else 1.1 * reach
        lift = top * np.sin(np.linspace(-np.pi / 2, np.pi / 2, 61))
        width = np.sqrt(np.maximum(level**2 - slack * lift**2, 0) / a)
        middle = best[0] - b / a * lift
        outline = np.concatenate([middle - width, (middle + width)[::-1]]), best[1] + np.concatenate([lift, lift[::-1]])
        ax.fill(*outline, facecolor=colour("ink"), alpha=0.3 / RINGS, linewidth=0)
        ax.plot(*outline, color=colour("reference"), linewidth=0.7)
    ax.plot(*best, marker="+", markersize=9, markeredgewidth=1.6, color=colour("ink"), zorder=6)
    ax.set(xlim=(best[0] - reach, best[0] + reach), ylim=(best[1] - reach, best[1] + reach))
    ax.set(xlabel="offset $\\phi_0$", ylabel="slope $\\phi_1$")


def _show(error: float) -> str:
    if np.isnan(error):
        return "none"
    # below 1e-20 it is the rounding of a curve through every point
    return f"{error:.3f}" if error >= 5e-4 or error < 1e-20 else f"{error:.0e}"


def _span(*values: Array, margin: float = 0.12) -> tuple[float, float]:
    joined = np.concatenate(values)
    lo, hi = float(joined.min()), float(joined.max())
    room = margin * (hi - lo) or 1.0
    return lo - room, hi + room
