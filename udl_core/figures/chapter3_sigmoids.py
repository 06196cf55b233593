"""Chapter 3's pictures of sigmoids: two make a bump, and many bumps make a curve."""

from collections.abc import Sequence

import numpy as np

from udl_core.activations import sigmoid
from udl_core.approximation import Target, sigmoid_bumps
from udl_core.figures.style import UNIT_DASHES, Picture, colour, label_line, picture, unit_colour
from udl_core.models import Shallow


def bump(centre: float, width: float, steepnesses: Sequence[float]) -> Picture:
    """Two sigmoids a width apart and their difference, one panel for each steepness."""
    fig, axes = picture(1, len(steepnesses), height=2.9, sharey=True, squeeze=False)
    x = np.linspace(0, 1, 401)
    tops = []
    for ax, s in zip(axes[0], steepnesses, strict=True):
        for d, edge in enumerate((centre - width / 2, centre + width / 2), start=1):
            ax.plot(x, sigmoid(s * (x - edge)), color=unit_colour(d), linestyle=UNIT_DASHES[d], linewidth=1.4)
        y = Shallow(1, 2, 1, "sigmoid")(x[:, None], sigmoid_bumps([centre], [width], [1.0], s))[:, 0]
        ax.plot(x, y, color=colour("model"), linewidth=2.6)
        ax.axhline(0, color=colour("grid"), linewidth=1, zorder=0)
        ax.set(title=f"steepness {s:g}", xlabel="x", xlim=(0, 1))
        ax.tick_params(labelleft=True)
        tops.append(f"{y.max():.2f} for {s:g}")
    label_line(axes[0, -1], centre, 0.5, "bump", "model", ha="center", fontsize=10)
    fig.alt = (
        f"Two sigmoids, one a width of {width:g} to the right of the other, and their difference, a bump. Its top "
        f"reaches, by steepness, {', '.join(tops)}."
    )
    return fig


def staircases(target: Target, N: int, steepnesses: Sequence[float]) -> Picture:
    """The sum of N bumps side by side for each steepness, in units of one over a bump's width."""
    fig, axes = picture(1, len(steepnesses), height=2.9, sharey=True, squeeze=False)
    x = np.linspace(target.lo, target.hi, 401)
    width = (target.hi - target.lo) / N
    centres = target.lo + width * (np.arange(N) + 0.5)
    said = []
    for ax, s in zip(axes[0], steepnesses, strict=True):
        phi = sigmoid_bumps(centres, np.full(N, width), target(centres), s / width)
        y = Shallow(1, 2 * N, 1, "sigmoid")(x[:, None], phi)[:, 0]
        ax.plot(x, target(x), color=colour("reference"), linewidth=1.2)
        ax.plot(x, y, color=colour("model"))
        ax.axhline(0, color=colour("grid"), linewidth=1, zorder=0)
        ax.set(title=f"steepness {s:g}", xlabel="x", xlim=(target.lo, target.hi))
        ax.tick_params(labelleft=True)
        said.append(f"{np.abs(y - target(x)).max():.3f} at steepness {s:g}")
    fig.alt = f"A curve and the sum of {N} sigmoid bumps beside it, off by up to {', '.join(said)}."
    return fig
