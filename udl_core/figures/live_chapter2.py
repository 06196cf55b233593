"""What the live figures of chapter 2 show before they come to life, and on paper."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from udl_core import losses, regions
from udl_core.activations import ActivationFunction
from udl_core.figures.style import UNIT_DASHES, UNIT_MARKERS, Picture, colour, label_line, picture, unit_colour
from udl_core.models import Shallow


def symmetry_orbit(
    phi: np.ndarray, start: np.ndarray, order: Sequence[int], unit: int, x: np.ndarray, y: np.ndarray
) -> Picture:
    """The curves of ``phi`` and ``start`` (10,) with the data, and the chosen unit's factors on the curve s t = 1.

    ``order`` (3,) says which unit of the start each unit is, ``unit`` is chosen (1 to 3), x (I,) and y (I,) are data.
    """
    net = Shallow(D_i=1, D=3, D_o=1)
    grid = np.linspace(0, 2, 401)[:, None]
    now, then = (losses.least_squares(net(x[:, None], p), y[:, None])[0] for p in (phi, start))
    s, t = _factors(net, phi, start, order, unit)
    fig, (left, right) = picture(1, 2, height=3.4)
    left.plot(grid[:, 0], net(grid, start)[:, 0], color=colour("grid"), linewidth=7)
    left.plot(grid[:, 0], net(grid, phi)[:, 0], color=colour("model"), linewidth=3)
    left.plot(x, y, "o", color=colour("data"), markersize=4.5)
    left.set(
        title=f"$L[\\phi]$ = {now:.2f}, at the start {then:.2f}", xlim=(0, 2), ylim=(-2, 2), xlabel="$x$", ylabel="$y$"
    )
    branch = np.geomspace(0.3, 3.4, 200)
    right.axhline(0, color=colour("ink-2"), linewidth=0.8)
    right.axvline(0, color=colour("ink-2"), linewidth=0.8)
    right.plot(branch, 1 / branch, color=colour("model"), linewidth=3)
    right.plot(-branch, -1 / branch, color=colour("data"), linestyle="--")
    label_line(right, 1.2, 1.5, "same curve", "model", fontsize=10)
    label_line(right, -2.6, -1.8, "another curve", "data", fontsize=10)
    right.plot([s], [t], UNIT_MARKERS[unit], color=unit_colour(unit), markersize=9, markeredgecolor=colour("paper"))
    right.set(title=f"Factors of unit {unit}", xlim=(-2.75, 2.75), ylim=(-2.75, 2.75), aspect="equal")
    right.set(xlabel="$s$, factor of $\\theta$", ylabel="$t$, factor of $\\phi$")
    knots = np.concatenate([[0.0, 2.0], *(regions.joints(net, p, 0, 2).joints for p in (phi, start))])[:, None]
    gap = float(np.abs(net(knots, phi) - net(knots, start)).max())
    same = "the same curve" if gap < 1e-9 else f"a curve that differs by up to {gap:.2f}"
    where = (
        f"θ of unit {unit} is {s:.2f} times and its weight {t:.2f} times what it was at the start"
        if np.isfinite([s, t]).all()
        else f"unit {unit} was zero at the start, so it has no factors"
    )
    fig.alt = (
        f"A network's curve through {len(x)} data points with loss {now:.2f}, and the curve of the start with loss "
        f"{then:.2f}: {same}. Beside it the plane of factors with the hyperbola s t = 1; {where}."
    )
    return fig


def activation_gallery(phi: np.ndarray, activation: ActivationFunction, z: float) -> Picture:
    """a[z] over its derivative at the left, with a mark at ``z``; the ten-parameter network of it at the right."""
    net = Shallow(D_i=1, D=3, D_o=1, activation=activation)
    theta, weights = net.unpack(phi)["theta"], net.unpack(phi)["phi"][0]
    name = activation.name.replace("_", " ")
    at = np.linspace(-5, 5, 2001)
    x = np.linspace(0, 2, 1601)
    fig, axes = picture(2, 2, height=4.4, height_ratios=[4, 3])
    (shape, weighted), (slope, output) = axes
    _broken_at_jumps(shape, at, activation.f(at), color=colour("model"), linewidth=2.5)
    _broken_at_jumps(slope, at, activation.df(at), color=colour("model"), linewidth=2.5)
    shape.plot([z], activation.f([z]), "o", color=colour("ink"))
    slope.plot([z], activation.df([z]), "o", color=colour("ink"))
    for d in range(1, 4):
        h = weights[d] * activation.f(theta[d - 1, 0] + theta[d - 1, 1] * x)
        _broken_at_jumps(weighted, x, h, color=unit_colour(d), linestyle=UNIT_DASHES[d])
    _broken_at_jumps(output, x, net(x[:, None], phi)[:, 0], color=colour("model"), linewidth=3)
    shape.set(title=f"{name}: $a[z]$", xlim=(-5, 5), ylim=(-2, 4))
    slope.set(title="Its derivative $a'[z]$", xlim=(-5, 5), ylim=(-1.2, 1.8), xlabel="$z$")
    weighted.set(title="Weighted units $\\phi_d\\,a[z_d]$", xlim=(0, 2), ylim=(-2, 2))
    output.set(title="Output $y$", xlim=(0, 2), ylim=(-2, 2), xlabel="$x$")
    for ax in axes.flat:
        ax.axhline(0, color=colour("ink-2"), linewidth=0.8, zorder=0)
    y = net(np.array([[0.0], [1.0], [2.0]]), phi)[:, 0]
    fig.alt = (
        f"The activation {name} above its derivative; at z = {z:.2f} they are {float(activation.f(z)):.2f} and "
        f"{float(activation.df(z)):.2f}. Beside them three weighted units of it and their sum, the network's output, "
        f"which is {y[0]:.2f} at x = 0, {y[1]:.2f} at x = 1 and {y[2]:.2f} at x = 2."
    )
    return fig


def _factors(net: Shallow, phi: np.ndarray, start: np.ndarray, order: Sequence[int], unit: int) -> tuple[float, float]:
    """θ_d = s · start θ, φ_d = t · start φ: the factors s (the nearest, if θ_d has turned) and t; NaN for start 0."""
    now, then = net.unpack(phi), net.unpack(start)
    before, after = then["theta"][order[unit - 1] - 1], now["theta"][unit - 1]
    size, weight = float(before @ before), float(then["phi"][0, order[unit - 1]])
    s = float(before @ after) / size if size else float("nan")
    return s, float(now["phi"][0, unit]) / weight if weight else float("nan")


def _broken_at_jumps(ax: Axes, x: np.ndarray, y: np.ndarray, **look: Any) -> None:
    """A curve without the vertical line that plotting would draw across a jump."""
    y = y.copy()
    jumps = np.abs(np.diff(y)) > 0.05 * max(1.0, float(np.ptp(y)))
    y[1:][jumps] = np.nan
    ax.plot(x, y, **look)
