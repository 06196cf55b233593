"""The pictures of chapter 3, universal approximation: one function a picture."""

from collections.abc import Mapping, Sequence
from textwrap import fill

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from udl_core import regions
from udl_core._validate import Array
from udl_core.approximation import Target, equal, error, exponent, interpolant
from udl_core.figures.chapter3_plane import dead_ends, ridges
from udl_core.figures.chapter3_sigmoids import bump, staircases
from udl_core.figures.style import UNIT_DASHES, Picture, colour, label_line, picture, unit_colour
from udl_core.models import Shallow

__all__ = [
    "bump",
    "closer",
    "construction",
    "dead_ends",
    "errors",
    "laws",
    "many_inputs",
    "ridges",
    "runs",
    "staircases",
    "window",
]

_LOOKS = [("model", 0), ("unit2", 1), ("unit3", 3), ("data", 2), ("ink", 0)]
"""Colour role and dashes of up to five curves in one panel."""


def closer(target: Target, sizes: Sequence[int]) -> Picture:
    """One target and its interpolants with up to three numbers of units, joints equally spaced."""
    fig, ax = picture(height=3.0)
    x = np.linspace(target.lo, target.hi, 401)
    ax.plot(x, target(x), color=colour("reference"), linewidth=4, alpha=0.5)
    said = []
    for D, linestyle in zip(sizes, (UNIT_DASHES[2], UNIT_DASHES[1], UNIT_DASHES[0]), strict=False):
        places = equal(D, target.lo, target.hi)
        values = target(places)
        ax.plot(places, values, color=colour("model"), linestyle=linestyle)
        said.append(f"{D} units leave an error of {error(target, places, values).sup:.2f}")
    _axes(ax, "x", "y", target)
    fig.alt = f"A curve and networks that follow it more and more closely: {', '.join(said)}."
    return fig


def construction(target: Target, places: Array) -> Picture:
    """The network through points of the target at the places (D+1,), above the weighted units that add up to it."""
    places = np.asarray(places)
    values = target(places)
    D = len(places) - 1
    net, phi = Shallow(1, D, 1), interpolant(places, values)
    theta, weights = net.unpack(phi)["theta"], net.unpack(phi)["phi"][0]
    fig, (top, bottom) = picture(2, 1, width=4.8, height=5.0, sharex=True, height_ratios=[3, 3])
    x = np.linspace(target.lo, target.hi, 401)
    top.plot(x, target(x), color=colour("reference"), linewidth=1.2)
    top.plot(places, net(places[:, None], phi)[:, 0], color=colour("model"), linewidth=2.4)
    top.plot(places, values, "o", color=colour("model"), markersize=6, clip_on=False)
    for d in range(1, D + 1):
        curve = weights[d] * np.maximum(0, theta[d - 1, 0] + theta[d - 1, 1] * places)
        bottom.plot(places, curve, color=unit_colour(d), linestyle=UNIT_DASHES[(d - 1) % 3 + 1])
        bottom.annotate(
            str(d), (places[-1], curve[-1]), xytext=(4, 0), textcoords="offset points", color=unit_colour(d),
            va="center", fontsize=10,
        )  # fmt: skip
        for ax in (top, bottom):
            ax.axvline(
                places[d - 1], color=unit_colour(d), linewidth=0.9, linestyle=UNIT_DASHES[(d - 1) % 3 + 1], alpha=0.7
            )
    _axes(top, "", "y", target)
    _axes(bottom, "x", r"$\phi_d\,h_d$", target)
    found = error(target, places, values)
    fig.alt = (
        f"A curve and the network of {D} units that meets it at {D + 1} points, off by up to {found.sup:.2f} between. "
        f"Below, its weighted units: straight ramps that start at the left end and at each point inside."
    )
    return fig


def errors(target: Target, choices: Mapping[str, Array]) -> Picture:
    """Up to two choices of places, by title: the target with its interpolant, and the error below on a shared scale."""
    fig, axes = picture(
        2, len(choices), height=4.4, sharex=True, sharey="row", squeeze=False, height_ratios=[3, 2],
        width=4.8 if len(choices) == 1 else 6.8,
    )  # fmt: skip
    said = []
    x = np.linspace(target.lo, target.hi, 401)
    for (top, bottom), (title, places) in zip(axes.T, choices.items(), strict=True):
        values = target(places)
        top.plot(x, target(x), color=colour("reference"), linewidth=1.2)
        top.plot(places, values, color=colour("model"))
        top.plot(places, values, "o", color=colour("model"), markersize=4.5, clip_on=False)
        top.set_title(title)
        dense = np.unique(np.concatenate([a + (b - a) * np.linspace(0, 1, 33) for a, b in _pairs(places)]))
        e = target(dense) - np.interp(dense, places, values)
        bottom.fill_between(dense, e, color=colour("data"), alpha=0.3, linewidth=0)
        bottom.plot(dense, e, color=colour("data"), linewidth=1.2)
        worst = error(target, places, values).sup
        peak = np.abs(e).round(9).argmax()  # the first of equal ones
        at = dense[peak]
        bottom.margins(y=0.25)
        up, at_edge = e[peak] > 0, at < target.lo + 0.1 * (target.hi - target.lo)
        bottom.annotate(
            f"{worst:.3f}", (at, e[peak]), xytext=(0, 3 if up else -3), textcoords="offset points",
            color=colour("data"), ha="left" if at_edge else "center", va="bottom" if up else "top", fontsize=10,
        )  # fmt: skip
        for ax in (top, bottom):
            ax.tick_params(labelleft=True)  # a phone shows the right column below the left
        _axes(top, "", "y", target)
        _axes(bottom, "x", "target − network", target)
        said.append(f"{title}: largest error {worst:.3f} near x = {at:.2f}")
    fig.alt = f"A curve and networks that meet it at points, with the error below. {'; '.join(said)}."
    return fig


def laws(D: Sequence[int], measured: Mapping[str, Array], titles: Sequence[str] = ("sup norm", "L2 norm")) -> Picture:
    """Error against D on logarithmic scales: one line a name, its errors (len(D), 2) one column a panel.

    The fitted exponent stands at the end of each line.
    """
    fig, axes = picture(1, 2, height=3.7, sharey=True)
    said = []
    for column, (ax, title) in enumerate(zip(axes, titles, strict=True)):
        ends = []
        for (name, both), (role, dash) in zip(measured.items(), _LOOKS, strict=False):
            power = exponent(D, both[:, column])
            ax.plot(
                D, both[:, column], color=colour(role), linestyle=UNIT_DASHES[dash], marker="o", markersize=4,
                linewidth=1.6,
            )  # fmt: skip
            ends.append((both[-1, column], f"{name} {_signed(power)}", role))
            if column == 0:
                said.append(f"{name} {_signed(power)} and {_signed(exponent(D, both[:, 1]))}")
        _log_axes(ax, D)
        _label_ends(ax, D[-1], ends)
        ax.set(title=title, xlabel="$D$", xlim=(D[0] * 0.85, D[-1] * 7))
        ax.tick_params(labelleft=True)
    axes[0].set_ylabel("error")
    fig.alt = f"Error against the number of units, straight lines on logarithmic scales; exponents: {'; '.join(said)}."
    return fig


def many_inputs(D: Sequence[int], measured: Mapping[int, Array]) -> Picture:
    """Relative error (len(D),) against D for several numbers of inputs D_i, on logarithmic scales."""
    fig, ax = picture(width=4.8, height=3.5)
    ends = []
    for (D_i, err), (role, dash) in zip(measured.items(), _LOOKS, strict=False):
        ax.plot(D, err, color=colour(role), linestyle=UNIT_DASHES[dash], marker="o", markersize=4, linewidth=1.6)
        ends.append((err[-1], f"$D_i={D_i}$", role))
    _log_axes(ax, D)
    _label_ends(ax, D[-1], ends)
    ax.set(xlabel="$D$", ylabel="relative error", xlim=(D[0] * 0.85, D[-1] * 3))
    said = ", ".join(f"{err[-1]:.2g} for D_i = {D_i}" for D_i, err in measured.items())
    fig.alt = f"Error against the number of units up to {D[-1]}; at the end it is {said}."
    return fig


def runs(target: Target, net: Shallow, phis: Sequence[Array], constructed: Array, limit: float) -> Picture:
    """Trained networks, the interpolant at equally spaced `constructed` places, and the least L2 error, `limit`.

    Left the curves of the best and the worst run; right the L2 error of every run against its joints in the interval.
    """
    forms = [regions.joints(net, phi, target.lo, target.hi) for phi in phis]
    curves = [(np.concatenate(([f.lo], f.joints, [f.hi])), f.values[:, 0]) for f in forms]
    found = [error(target, *curve).l2 for curve in curves]
    inside = [len(f.joints) for f in forms]
    fig, (left, right) = picture(1, 2, height=3.3)
    x = np.linspace(target.lo, target.hi, 401)
    left.plot(x, target(x), color=colour("reference"), linewidth=1.2)
    for k, dash in [(int(np.argmin(found)), 0), (int(np.argmax(found)), 1)]:
        left.plot(*curves[k], color=colour("model"), linestyle=UNIT_DASHES[dash])
        left.plot(curves[k][0][1:-1], curves[k][1][1:-1], "o", color=colour("model"), markersize=5)
    _axes(left, "x", "y", target)
    left.set_title("best run, worst run dashed")
    right.plot(inside, found, "o", color=colour("model"), alpha=0.75)
    equal = error(target, constructed, target(constructed)).l2
    for name, level in [("equal spacing", equal), ("best", limit)]:
        right.axhline(level, color=colour("ink-2"), linewidth=1, linestyle=UNIT_DASHES[1])
        label_line(right, 0.2, level, name, "ink", va="bottom", fontsize=10)
    right.set_yscale("log")
    right.yaxis.set_major_locator(LogLocator(numticks=4))
    right.set(xlabel="joints inside", ylabel="L2 error", xlim=(0, net.D + 0.5), xticks=range(0, net.D + 1, 4))
    right.set_title(f"{len(phis)} runs of {net.D} units")
    above = sum(l2 > equal for l2 in found)
    fig.alt = (
        f"{len(phis)} trained networks of {net.D} units. The best ends with error {min(found):.3f}, the worst with "
        f"{max(found):.3f}; they keep {min(inside)} to {max(inside)} joints inside the interval. {above} of them "
        f"do worse than the construction with equally spaced joints."
    )
    return fig


def window(net: Shallow, phis: Mapping[str, Array], target: Target, lo: float, hi: float) -> Picture:
    """Networks made for the window [lo, hi] (up to three, by name), drawn over the target's whole interval."""
    fig, ax = picture(width=4.8, height=3.2)
    ax.axvspan(lo, hi, color=colour("grid"), alpha=0.6, linewidth=0)
    x = np.linspace(target.lo, target.hi, 801)
    ax.plot(x, target(x), color=colour("reference"), linewidth=1.2)
    said = []
    for k, (name, phi) in enumerate(phis.items()):
        y = net(x[:, None], phi)[:, 0]
        role, dash = [("model", 0), ("unit2", 1), ("unit3", 3)][k]
        ax.plot(x, y, color=colour(role), linestyle=UNIT_DASHES[dash])
        outside = (x < lo) | (x > hi)
        off = np.abs(y - target(x))
        said.append(f"{name}: off by up to {off[~outside].max():.2f} inside, {off[outside].max():.1f} outside")
        start = np.clip(y[0], -2.2, 2.2)
        ax.annotate(
            fill(name, 12), (x[0], start), xytext=(4, -5 if k == 0 else 5), textcoords="offset points",
            color=colour(role), fontsize=10, va="top" if k == 0 else "bottom",
        )  # fmt: skip
    _axes(ax, "x", "y", target)
    ax.set_ylim(-2.6, 2.6)
    ax.text((lo + hi) / 2, 2.55, "window", ha="center", va="top", fontsize=10)
    fig.alt = f"Networks made for a shaded window, straight on both sides of it. {'; '.join(said)}."
    return fig


def _pairs(places: Array) -> list[tuple[float, float]]:
    return list(zip(places[:-1].tolist(), places[1:].tolist(), strict=True))


def _axes(ax: Axes, x_name: str, y_name: str, target: Target) -> None:
    ax.axhline(0, color=colour("grid"), linewidth=1, zorder=0)
    ax.set(xlabel=x_name, ylabel=y_name, xlim=(target.lo, target.hi))


def _log_axes(ax: Axes, D: Sequence[int]) -> None:
    ax.set(xscale="log", yscale="log")
    ax.set_xticks(list(D))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda number, _: f"{number:.0f}"))
    ax.xaxis.set_minor_formatter(NullFormatter())
    ax.xaxis.set_tick_params(which="minor", size=0)
    ax.yaxis.set_tick_params(which="minor", size=0)


def _label_ends(ax: Axes, x: float, ends: list[tuple[float, str, str]]) -> None:
    """Labels (height, text, role) right of the lines' ends, moved up where two would overlap."""
    lowest = -np.inf
    for height, text, role in sorted(ends):
        lifted = max(np.log10(height), lowest + 0.17)
        ax.annotate(
            text,
            (x, 10**lifted),
            xytext=(6, 0),
            textcoords="offset points",
            color=colour(role),
            va="center",
            fontsize=10,
        )
        lowest = lifted


def _signed(number: float) -> str:
    return f"{round(number, 2) + 0.0:.2f}".replace("-", "−")
