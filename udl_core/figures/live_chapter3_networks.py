"""What the live figures of windows, bumps and ridges show before they come to life, and on paper."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator

from udl_core._validate import Array
from udl_core.activations import sigmoid
from udl_core.approximation import Ridges
from udl_core.figures.style import UNIT_DASHES, UNIT_MARKERS, Picture, colour, label_line, picture, unit_colour
from udl_core.models import Shallow

_LEVELS = (0.1, 0.3, 0.5, 0.7, 0.9)
"""Of a map; what is nearer to zero than the first stays white."""


def sigmoid_bumps(one: Array, phi: Array, hill: Array) -> Picture:
    """Left: two sigmoids and the bump between them. Right: a hill, bumps side by side and their sum.

    ``one`` (7,) and ``phi`` (6 N + 1,) are parameters of ``approximation.sigmoid_bumps``, ``hill`` (I,) the target's
    values at equally spaced places from 0 to 1.
    """
    x = np.linspace(0, 1, len(hill))
    fig, (left, right) = picture(1, 2, height=3.1)
    up, down = _weighted(one, x).T
    left.plot(x, up + down, color=colour("model"), linewidth=3)
    for d, y in enumerate((up, -down), start=1):
        left.plot(x, y, color=unit_colour(d), linestyle=UNIT_DASHES[d])
    left.set(title="One bump: sigmoid 1 − sigmoid 2", xlim=(0, 1), ylim=(-1.2, 1.2), xlabel="$x$")
    units = _weighted(phi, x)
    total = units.sum(axis=1)
    off = float(np.abs(total - hill).max())
    right.plot(x, hill, color=colour("reference"), linewidth=2)
    right.plot(x, units[:, ::2] + units[:, 1::2], color=colour("model"), linewidth=0.9, alpha=0.6)
    right.plot(x, total, color=colour("model"), linewidth=3)
    for ax in (left, right):
        ax.xaxis.set_major_locator(FixedLocator([0, 0.5, 1]))
        ax.set_xticklabels(["0", "0.5", "1"])
        ax.axhline(0, color=colour("ink-2"), linewidth=0.8, zorder=0)
    right.set(title="Side by side: target and sum", xlim=(0, 1), ylim=(-0.1, 1.15), xlabel="$x$")
    label_line(right, 0.02, 1.02, f"off by up to {off:.3f}", "model", fontsize=10)
    top = (up + down)[np.abs(up + down).argmax()]
    fig.alt = (
        f"Two sigmoids and their difference, a bump whose top reaches {top:.2f}. Beside it a hill and the sum of "
        f"{units.shape[1] // 2} such bumps side by side, which is off by up to {off:.4f}."
    )
    return fig


def _weighted(phi: Array, x: Array) -> Array:
    """Each sigmoid at places x (I,) times its weight: (I, D)."""
    parts = Shallow(1, len(phi) // 3, 1, "sigmoid").unpack(phi)
    return sigmoid(parts["theta"][:, 0] + x[:, None] * parts["theta"][:, 1]) * parts["phi"][0, 1:]


def ridges(x: Array, y: Array, fit: Ridges, name: str, shown: int = 0) -> Picture:
    """Above: a target y (441,) at the grid's points x (441, 2) with the directions, and the fitted sum of ridges.

    Below: the profiles. ``shown`` = 1 … K shows that ridge alone in the sum's place.
    """
    fig, axes = picture(2, 2, height=5.4, height_ratios=[3, 2])
    (goal, result), (profiles, empty) = axes
    empty.remove()
    _map(goal, x, y)
    _map(result, x, fit.single(shown - 1, x) if shown else fit(x))
    goal.set_title("The target, and the directions")
    result.set_title(f"Ridge {shown} alone" if shown else "The best sum of ridges")
    profiles.axhline(0, color=colour("ink-2"), linewidth=0.8, zorder=0)
    for k, angle in enumerate(np.deg2rad(fit.angles), start=1):
        tip = 0.82 * np.array([np.cos(angle), np.sin(angle)])
        mark, dashes = UNIT_MARKERS[(k - 1) % 3 + 1], UNIT_DASHES[(k - 1) % 3 + 1]
        goal.plot(*np.array([-tip, tip]).T, color=colour("paper"), linewidth=6)
        goal.plot(*np.array([-tip, tip]).T, color=unit_colour(k), linestyle=dashes)
        goal.plot(*tip, mark, color=unit_colour(k), markersize=8, markeredgecolor=colour("paper"))
        profiles.plot(fit.knots, fit.profiles[k - 1], color=unit_colour(k), linestyle=dashes)
    reach = max(0.1, 1.1 * float(np.abs(fit.profiles).max()))
    profiles.set(title="The profile of each ridge", xlabel="$x_1\\cos\\alpha + x_2\\sin\\alpha$")
    profiles.set(xlim=(fit.knots[0], fit.knots[-1]), ylim=(-reach, reach))
    left = float(np.sqrt(np.mean((fit(x) - y) ** 2) / y.var()))
    where = ", ".join(f"{angle:g}" for angle in fit.angles)
    fig.alt = (
        f"Maps of the {name} over a square and of the best sum of ridges along the directions {where} degrees, which "
        f"leaves {100 * left:.1f} % of its spread unexplained, and the profile of each ridge."
    )
    return fig


def _map(ax: Axes, x: Array, z: Array) -> None:
    """Values at the grid's points as a map of levels: one colour above zero, another below, where lines are dashed."""
    axis = np.unique(x[:, 0])
    z = z.reshape(len(axis), len(axis)).T
    for role, dashes, signed in (("model", "-", z), ("data", "--", -z)):
        # a tint over another for each level passed, so that a dark page's own colours serve as well
        for level in (v for v in _LEVELS if v < signed.max()):
            ax.contourf(axis, axis, signed, levels=[level, np.inf], colors=[colour(role)], alpha=0.2)
            ax.contour(
                axis, axis, signed, [level], colors=[colour("ink")], linewidths=0.8, linestyles=dashes, alpha=0.7
            )
    ax.set(xlim=(-1, 1), ylim=(-1, 1), xlabel="$x_1$", ylabel="$x_2$", aspect="equal")
    ax.set_xticks([-1, 0, 1])
    ax.set_yticks([-1, 0, 1])
    if np.abs(z).max() < 1e-6:
        ax.text(0, 0.5, "zero everywhere", ha="center", va="center", fontsize=10)
