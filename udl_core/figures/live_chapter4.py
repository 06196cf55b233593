"""What the live figures of chapter 4 show before they come to life, and on paper."""

from __future__ import annotations

import numpy as np

from udl_core import regions
from udl_core.composition import compose, preimages
from udl_core.figures.style import Picture, colour, picture
from udl_core.models import Shallow

_VIEW = (-1.3, 1.3)


def fold_the_line(net: Shallow, phi1: np.ndarray, phi2: np.ndarray, y: float) -> Picture:
    """Two networks of one input and output, their composition, and [−1, 1] as the first folds it.

    ``phi1`` and ``phi2`` are both for ``net``; ``y`` is the level between them whose inputs are marked.
    """
    deep, phi = compose(net, phi1, net, phi2)
    first, second, both = (regions.joints(f, p, -1, 1) for f, p in ((net, phi1), (net, phi2), (deep, phi)))
    x = preimages(net, phi1, y, -1, 1)
    out = float(net([[y]], phi2)[0, 0])
    fig, axes = picture(2, 2, height=5.2)
    (left, right), (whole, folded) = axes
    for ax in axes.flat:
        ax.set(xlim=_VIEW, ylim=_VIEW, xticks=(-1, 0, 1), yticks=(-1, 0, 1))
        ax.axhline(0, color=colour("grid"), linewidth=0.8, zorder=0)
        ax.axvline(0, color=colour("grid"), linewidth=0.8, zorder=0)
    line = {"color": colour("model"), "linewidth": 2.5}
    level = {"color": colour("data"), "linewidth": 1.2, "linestyle": (0, (4, 3))}
    lit = {"color": colour("data"), "markersize": 7, "markeredgecolor": colour("paper"), "zorder": 3}
    for ax, form in ((left, first), (right, second), (whole, both)):
        ax.plot([-1, *form.joints, 1], form.values[:, 0], **line)
    folded.plot(first.values[:, 0], [-1, *first.joints, 1], **line)
    for joint in first.joints:
        for ax in (left, whole):
            ax.axvline(joint, color=colour("ink-2"), linewidth=0.8, zorder=0)
    left.plot(_VIEW, [y, y], **level)
    right.plot([y, y, _VIEW[0]], [_VIEW[0], out, out], **level)
    whole.plot(_VIEW, [out, out], **level)
    folded.plot([y, y], _VIEW, **level)
    left.plot(x, np.full_like(x, y), "o", **lit)
    right.plot([y], [out], "o", **lit)
    whole.plot(x, np.full_like(x, out), "o", **lit)
    folded.plot(np.full_like(x, y), x, "o", **lit)
    left.set(title="First network: $y = f_1[x]$", xlabel="$x$", ylabel="$y$")
    right.set(title="Second network: $y' = f_2[y]$", xlabel="$y$", ylabel="$y'$")
    whole.set(title="One after the other: $y' = f_2[f_1[x]]$", xlabel="$x$", ylabel="$y'$")
    folded.set(title="The line of $x$, folded onto $y$", xlabel="$y$", ylabel="$x$")
    where = f": x = {', '.join(f'{v:.2f}' for v in x)}" if len(x) else ""
    pieces = [len(form.slopes) for form in (first, second, both)]
    fig.alt = (
        f"A first network of {pieces[0]} straight pieces on [-1, 1], a second of {pieces[1]}, and one after the other, "
        f"which has {pieces[2]}. The number of inputs that the first network sends to y = {y:.2f} is {len(x)}{where}; "
        "beside it the line of x is drawn folded, so that they lie above each other."
    )
    return fig
