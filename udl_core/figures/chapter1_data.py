"""Pictures of chapter 1 about data: polynomials between training and test set, and the two regressions."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from udl_core.figures.chapter1_surface import column, draw_data, span
from udl_core.figures.style import Picture, colour, label_line, picture

Data = tuple[npt.ArrayLike, npt.ArrayLike]


def polynomials(train: Data, test: Data, curves: Mapping[int, Data]) -> Picture:
    """One panel for each degree: training points, test points and the curve (x, y) fitted to the training points."""
    rows = (len(curves) + 1) // 2
    fig, axes = picture(rows, 2, width=6.8, height=2.5 * rows + 0.2, sharex=True, sharey=True, squeeze=False)
    limits = span(train[1], test[1], margin=0.25)
    leaves = []
    for ax, (degree, (grid, values)) in zip(axes.flat, curves.items(), strict=False):
        draw_data(ax, *test, test=True)
        draw_data(ax, *train)
        ax.plot(column(grid), column(values), color=colour("model"), zorder=6)
        ax.set_title(f"degree {degree}")
        ax.set(ylim=limits, xlim=span(train[0], test[0], margin=0.05))
        ax.label_outer()
        if ax is axes[0, 0]:
            for at, name, face in [(0.3, "training", "data"), (0.7, "test", "paper")]:  # the key, below the curve
                ax.plot(at, 0.1, "o", transform=ax.transAxes, color=colour("data"), markerfacecolor=colour(face))
                ax.text(at + 0.04, 0.1, name, transform=ax.transAxes, color=colour("data"), va="center", fontsize=10)
        if np.any((column(values) < limits[0]) | (column(values) > limits[1])):
            leaves.append(str(degree))
    out = f" The curve of degree {' and that of degree '.join(leaves)} leaves the picture." if leaves else ""
    fig.alt = (
        f"{column(train[0]).size} training points (filled) and {column(test[0]).size} test points (open), with "
        f"the fitted polynomials of degree {', '.join(map(str, curves))}.{out}"
    )
    return fig


def errors_by_degree(train: npt.ArrayLike, test: npt.ArrayLike) -> Picture:
    """Mean squared error (degrees 0, 1, 2, …) on the training set and on the test set, on a logarithmic axis."""
    train, test = column(train), column(test)
    degree = np.arange(train.size)
    floor = 2e-4  # an error of rounding size has no place on a logarithmic axis: an arrow stands for it
    shown = np.where(train < floor, floor, train)
    fig, ax = picture(width=5.6, height=3.5)
    data = colour("data")
    ax.plot(
        degree, test, "o", linestyle=(0, (5, 2.5)), color=data, markerfacecolor=colour("paper"), markeredgewidth=1.4
    )
    inside = train >= floor
    ax.plot(degree[inside], train[inside], color=data, marker="o")
    if not inside.all():
        first = int(np.argmin(inside))
        ax.plot(degree[first - 1 : first + 1], shown[first - 1 : first + 1], color=data, marker="v",
                markevery=[1], markersize=8)  # fmt: skip
        label_line(ax, degree[first] - 0.25, floor, "rounding error", "data", ha="right", va="center", fontsize=10)
    ax.set_yscale("log")
    ax.set(xlabel="degree of the polynomial", ylabel="mean squared error", xlim=(-0.3, train.size + 0.6))
    ax.set_xticks(degree)
    ax.set_yticks([1e-3, 1e-2, 1e-1, 1, 10])
    ax.minorticks_off()
    label_line(ax, degree[-1] + 0.2, test[-1], "test", "data", va="center")
    label_line(ax, degree[-3] + 0.1, train[-3] * 1.35, "training", "data", va="bottom", ha="left")
    best = int(np.argmin(test))
    fig.alt = (
        f"Mean squared error against the degree, 0 to {degree[-1]}, on a logarithmic axis. Training error: "
        f"{train[0]:.3f} at degree 0, {train[best]:.3f} at degree {best}, "
        f"{'none' if train[-1] < floor else f'{train[-1]:.3f}'} at degree {degree[-1]}. Test error: {test[0]:.3f} at "
        f"degree 0, lowest with {test[best]:.3f} at degree {best}, {test[-1]:.1f} at degree {degree[-1]}."
    )
    return fig


def two_regressions(
    x: npt.ArrayLike, y: npt.ArrayLike, discriminative: npt.ArrayLike, generative: npt.ArrayLike
) -> Picture:
    """Left: y on x with vertical residuals. Right: x on y with horizontal residuals, beside the first line.

    `discriminative` is (φ0, φ1) of y = φ0 + φ1 x; `generative` is (φ0, φ1) of x = φ0 + φ1 y.
    """
    x, y, dis, gen = column(x), column(y), column(discriminative), column(generative)
    inverse = np.array([-gen[0] / gen[1], 1 / gen[1]])
    fig, (left, right) = picture(1, 2, width=6.8, height=3.6, sharex=True, sharey=True)
    xlim, ylim = span(x, margin=0.12), span(y, margin=0.18)
    ends = np.array(xlim)
    for ax, phi, title in [(left, dis, "predict y from x"), (right, inverse, "model x from y")]:
        other = inverse if ax is left else dis
        ax.plot(ends, other[0] + other[1] * ends, color=colour("reference"), linewidth=1.2)
        ax.plot(ends, phi[0] + phi[1] * ends, color=colour("model"))
        draw_data(ax, x, y)
        ax.plot(x.mean(), y.mean(), "D", color=colour("ink"), markersize=5, zorder=7)
        ax.set_title(f"{title}: slope {phi[1]:.2f}")
        ax.set(xlim=xlim, ylim=ylim)
    left.vlines(x, y, dis[0] + dis[1] * x, color=colour("data"), linewidth=1.2)
    right.hlines(y, x, gen[0] + gen[1] * y, color=colour("data"), linewidth=1.2)
    right.set_ylabel("")
    fig.alt = (
        f"Two lines through the mean point ({x.mean():.2f}, {y.mean():.2f}) of {x.size} data points. Left: the line "
        f"that keeps vertical residuals small has slope {dis[1]:.2f}. Right: the line that keeps horizontal residuals "
        f"small is steeper, slope {inverse[1]:.2f}. The ratio of the slopes is {dis[1] / inverse[1]:.2f}."
    )
    return fig
