"""What the live figures of chapter 2 show before they come to life, and on paper."""

from __future__ import annotations

import numpy as np

from udl_core.figures.style import UNIT_DASHES, Picture, colour, picture, unit_colour
from udl_core.models import Shallow


def ten_parameters(phi: np.ndarray) -> Picture:
    """The four stages of Shallow(1, 3, 1) on [0, 2]: lines, clipped, weighted, summed. ``phi`` (10,)."""
    net = Shallow(D_i=1, D=3, D_o=1)
    parts = net.unpack(np.asarray(phi, dtype=float))
    theta, weights = parts["theta"], parts["phi"][0]
    x = np.linspace(0, 2, 401)
    lines = theta[:, :1] + theta[:, 1:] * x
    hidden = np.maximum(lines, 0)
    titles = ["1  lines θ•[x]", "2  clipped: a[line]", "3  weighted: φ · h", "4  summed, plus φ₀"]
    fig, axes = picture(2, 2, height=4.4, sharex=True)
    stages = axes.T.ravel()
    for ax, title, curves in zip(stages, titles, (lines, hidden, weights[1:, None] * hidden, None), strict=True):
        ax.set(title=title, xlim=(0, 2), ylim=(-2, 2))
        ax.axhline(0, color=colour("ink-2"), linewidth=0.8)
        if curves is not None:
            for d, z in enumerate(curves, start=1):
                ax.plot(x, z, color=unit_colour(d), linestyle=UNIT_DASHES[d])
    stages[3].plot(x, net(x[:, None], phi)[:, 0], color=colour("model"), linewidth=3)
    stages[3].set(ylabel="$y$")
    for ax in axes[1]:
        ax.set_xlabel("$x$")
    joints = sorted(float(-t0 / t1) for t0, t1 in theta if t1 and 0 < -t0 / t1 < 2)
    for ax in stages:
        for joint in joints:
            ax.axvline(joint, color=colour("ink-2"), linewidth=0.8, linestyle=":")
    where = ", ".join(f"{joint:.2f}" for joint in joints)
    fig.alt = (
        "A network with three hidden units in four stages: three lines, the lines clipped at zero, the clipped lines "
        f"weighted, and their sum, a piecewise linear function with joints at x = {where}."
    )
    return fig
