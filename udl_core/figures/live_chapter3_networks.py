"""What the live figure of ridges shows before it comes to life, and on paper."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from udl_core._validate import Array
from udl_core.approximation import Ridges
from udl_core.figures.style import UNIT_DASHES, UNIT_MARKERS, Picture, colour, picture, unit_colour

_LEVELS = (0.1, 0.3, 0.5, 0.7, 0.9)
"""Of a map; what is nearer to zero than the first stays white."""


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
