"""What the live figures of drawn curves and joints show before they come to life, and on paper."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from matplotlib.ticker import FixedLocator, NullLocator

from udl_core.approximation import Target, best_values, equal, error
from udl_core.figures.style import Picture, colour, label_line, picture

Curve = tuple[np.ndarray, np.ndarray]
_SIZES = np.unique(np.geomspace(1, 200, 40).round().astype(int))


def draw_any_curve(target: Target, places: np.ndarray, values: np.ndarray, method: str = "interpolate") -> Picture:
    """Left: a target on [0, 1] and the network through (places, values), (D+1,) each. Right: its errors, and those of
    evenly spaced joints against D."""
    D = len(places) - 1
    x = np.linspace(0, 1, 401)
    now = error(target, places, values)
    fig, (left, right) = picture(1, 2, height=3.1, width_ratios=[34, 29])
    left.plot(x, target(x), color=colour("reference"), linewidth=2)
    left.plot(places, values, color=colour("model"), linewidth=3)
    if D <= 40:
        left.plot(places[:-1], values[:-1], "o", color=colour("model"), markersize=5.5, markeredgecolor=colour("paper"))
    left.set(title="The curve", xlim=(0, 1), ylim=(-1.6, 1.6), xlabel="$x$", ylabel="$y$")
    errors = []
    for d in _SIZES:
        at = equal(int(d))
        errors.append(error(target, at, best_values(target, at, "l2") if method == "best" else target(at)))
    sup, l2 = np.maximum(np.array(errors).T, 1e-6)
    right.plot(_SIZES, sup, color=colour("model"))
    right.plot(_SIZES, l2, color=colour("model"), linewidth=1.3, linestyle="--")
    right.plot([D], [max(now.sup, 1e-6)], "o", color=colour("model"), markersize=8, markeredgecolor=colour("paper"))
    right.set(xscale="log", yscale="log", xlim=(1, 200), ylim=(1e-6, 5), xlabel="units $D$")
    right.set_title("Error with evenly spaced joints")
    right.xaxis.set_major_locator(FixedLocator([1, 10, 100]))
    right.set_xticklabels(["1", "10", "100"])
    right.yaxis.set_major_locator(FixedLocator([1, 1e-2, 1e-4, 1e-6]))
    for axis in (right.xaxis, right.yaxis):
        axis.set_minor_locator(NullLocator())
    right.grid(color=colour("grid"), linewidth=0.8)
    label_line(right, 14, float(np.interp(12, _SIZES, sup)) * 1.5, "largest", "model", fontsize=10)
    label_line(right, 5, float(np.interp(5, _SIZES, l2)) / 4, "L2", "model", fontsize=10, ha="right")
    fig.alt = (
        f"A curve and the network of {D} units that imitates it by straight pieces: largest error {now.sup:.4f}, L2 "
        f"error {now.l2:.4f}. Beside it both errors against the number of units on logarithmic scales, for evenly "
        f"spaced joints: with 200 units the largest is {errors[-1].sup:.2g}."
    )
    return fig


def move_the_joints(
    name: str, target: Target, network: Curve, best: Curve, norm: str = "sup", shown: bool = False
) -> Picture:
    """Left: target and network above their difference. Right: the error of each piece above that of the whole.

    ``network`` and ``best`` are places and values, (D+1,) each, of the network and of the one with the best joints for
    this ``norm``, which is drawn if ``shown``.
    """
    places, values = network
    D = len(places) - 1
    x = np.linspace(0, 1, 401)
    y, e = target(x), target(x) - np.interp(x, places, values)
    now, least = error(target, *network), error(target, *best)
    fig, ((curves, bars), (below, compared)) = picture(2, 2, height=4.2, height_ratios=[4, 3])
    lowest, highest = y.min() - 0.15 * np.ptp(y), y.max() + 0.15 * np.ptp(y)
    curves.plot(x, y, color=colour("reference"), linewidth=2)
    if shown:
        curves.plot(*best, color=colour("ink"), linewidth=1.3, linestyle="--")
        curves.plot(
            best[0][1:-1], np.full(D - 1, lowest + 0.04 * (highest - lowest)), "o", color=colour("paper"),
            markeredgecolor=colour("ink"), clip_on=False, zorder=5,
        )  # fmt: skip
    curves.plot(places, values, color=colour("model"), linewidth=3)
    curves.plot(places[1:-1], values[1:-1], "o", color=colour("model"), markersize=8, markeredgecolor=colour("paper"))
    curves.set(title="Target and network", xlim=(0, 1), ylim=(lowest, highest), xlabel="$x$")
    below.fill_between(x, e, color=colour("data"), alpha=0.25, linewidth=0)
    below.plot(x, e, color=colour("data"))
    below.set(title="Target − network", xlim=(0, 1), ylim=np.array([-1, 1]) * max(now.sup, 1e-4) * 1.2, xlabel="$x$")
    for ax in (curves, below):
        ax.axhline(0, color=colour("ink-2"), linewidth=0.8, zorder=0)
        for joint in places[1:-1]:
            ax.axvline(joint, color=colour("grid"), linewidth=1, zorder=0)
    largest = [np.abs(e[(x >= a) & (x <= b)]).max() for a, b in pairwise(places)]
    bars.bar(np.arange(1, D + 1), largest, width=0.68, color=colour("data"))
    bars.set(title="Largest error on each piece", xlabel="piece, from left to right")
    bars.xaxis.set_major_locator(FixedLocator(range(1, D + 1)))
    both = [getattr(now, norm), getattr(least, norm)]
    compared.barh([1, 0], both, height=0.6, color=[colour("model"), colour("paper")], edgecolor=colour("model"))
    compared.set(title="Largest error" if norm == "sup" else "L2 error", xlim=(0, max(*both, 1e-9) * 1.35))
    compared.set_yticks([1, 0], ["yours", "optimum"])
    for at, value in zip((1, 0), both, strict=True):
        compared.annotate(f"{value:.4f}", (value, at), xytext=(5, 0), textcoords="offset points", va="center")
    worst = int(np.argmax(np.round(largest, 9))) + 1
    where = ", ".join(f"{joint:.4g}" for joint in places[1:-1])
    fig.alt = (
        f"The {name} curve and the network of {D} units that meets it at its joints, x = {where}, above their "
        f"difference. The largest error is {now.sup:.4f}, on piece {worst}; the L2 error is {now.l2:.4f}. With the "
        f"best joints the {'largest' if norm == 'sup' else 'L2'} error is {both[1]:.4f}."
    )
    return fig
