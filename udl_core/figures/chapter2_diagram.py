"""Nodes and arrows of a shallow network."""

import numpy as np
from matplotlib.axes import Axes

from udl_core._validate import Array
from udl_core.figures.style import Picture, colour, label_line, picture
from udl_core.models import Shallow

_BETWEEN_COLUMNS = 2.6


def diagram(net: Shallow, names: bool = True) -> Picture:
    """The network as nodes and arrows, inputs at the left; every arrow is one parameter.

    With `names` the arrows carry their parameters and the offsets come from nodes that hold a 1; without, the
    offsets are left out, as in most diagrams.
    """
    columns = [net.D_i, net.D, net.D_o]
    tallest = max(columns[0] + names, columns[1] + names, columns[2])
    width = 4.8 if names else 3.6
    fig, ax = picture(width=width, height=width * (tallest + 0.3) / (2 * _BETWEEN_COLUMNS + 0.9))
    ax.set(xlim=(-0.45, 2 * _BETWEEN_COLUMNS + 0.45), ylim=(-tallest + 0.35, 0.65))
    ax.set_aspect("equal")
    ax.axis("off")
    x_at, h_at, y_at = [_column(k, n, tallest) for k, n in enumerate(columns)]
    arrows = 0
    for sources, targets, symbol in [(x_at, h_at, r"\theta"), (h_at, y_at, r"\phi")]:
        one = np.array([sources[0, 0], min(sources[-1, 1], targets[-1, 1]) - 1])
        if names:
            _node(ax, one, "1", "ink-2")
        for t, target in enumerate(targets, start=1):
            for s, source in enumerate([one, *sources] if names else sources, start=0 if names else 1):
                index = str(s) if symbol == r"\phi" and net.D_o == 1 else f"{t}{s}"
                owner = t if symbol == r"\theta" else s
                _arrow(
                    ax,
                    source,
                    target,
                    "ink-2" if owner == 0 else f"unit{(owner - 1) % 3 + 1}",
                    f"${symbol}_{{{index}}}$" if names else "",
                    at=0.3 if symbol == r"\theta" else 0.62,
                )
                arrows += 1
    for symbol, places in [("x", x_at), ("h", h_at), ("y", y_at)]:
        for k, place in enumerate(places, start=1):
            role = {"x": "ink", "h": f"unit{(k - 1) % 3 + 1}", "y": "model"}[symbol]
            _node(ax, place, f"${symbol}$" if len(places) == 1 else f"${symbol}_{k}$", role)
    fig.alt = (
        f"A network drawn from left to right: inputs {net.D_i}, hidden units {net.D}, outputs {net.D_o}, joined by "
        f"{arrows} arrows, " + ("one for each parameter." if names else "one for each slope; offsets are not drawn.")
    )
    return fig


def _column(k: int, n: int, tallest: int) -> Array:
    top = -(tallest - n) / 2 if k != 1 else 0.0
    return np.array([[k * _BETWEEN_COLUMNS, top - i] for i in range(n)])


def _node(ax: Axes, place: Array, text: str, role: str) -> None:
    x, y = place
    ax.plot(x, y, "o", markersize=25, color=colour("paper"), markeredgecolor=colour(role), markeredgewidth=2, zorder=3)
    ax.text(x, y, text, ha="center", va="center", zorder=4)


def _arrow(ax: Axes, source: Array, target: Array, role: str, name: str, at: float) -> None:
    ax.annotate(
        "",
        tuple(target),
        tuple(source),
        zorder=1,
        arrowprops={"arrowstyle": "-|>", "color": colour(role), "linewidth": 1.2, "shrinkA": 13, "shrinkB": 14},
    )
    if name:
        x, y = source + at * (target - source)
        label_line(ax, x, y, name, "ink", ha="center", va="center", zorder=2)
