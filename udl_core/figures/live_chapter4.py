"""What the live figures of chapter 4 show before they come to life, and on paper."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from udl_core import regions
from udl_core.figures.style import Picture, colour, label_line, picture
from udl_core.models import Deep, Shallow
from udl_core.regions import compose, preimages

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


def spend_a_budget(
    nets: Mapping[int, Deep],
    depth: int,
    counts: Mapping[int, Sequence[int]],
    construction: Callable[[Sequence[int]], int | None],
    largest: int = 1000,
) -> Picture:
    """Regions against parameters up to the ``largest`` budget, at one depth, and against depth, at one budget.

    ``nets`` and ``counts`` hold for each depth the network that the budget buys and the regions of random draws of it;
    ``construction`` says what networks of given widths are known to reach, or None.
    """
    D_i = nets[depth].D_i
    Ks = list(nets)

    def sweep(K: int) -> list[Deep]:
        all_widths = (Deep([D_i, *K * [D], 1]) for D in range(1, largest))
        return [net for net in all_widths if net.n_params <= 1.005 * largest]

    fig, (left, right) = picture(1, 2, height=3.2, sharey=True)
    wide, shallow = sweep(depth), sweep(1)
    left.plot([net.n_params for net in shallow], [regions.max_regions(D_i, net.widths[1]) for net in shallow],
              color=colour("reference"), linewidth=2)  # fmt: skip
    for ax, x, some in ((left, [net.n_params for net in wide], wide), (right, Ks, list(nets.values()))):
        reached = [construction(net.widths) or np.nan for net in some]
        ax.plot(x, reached, color=colour("model"), linewidth=3)
        ax.plot(x, [regions.upper_bound(net.widths) for net in some], color=colour("ink"), linestyle=(0, (5, 3)))
    jitter = (np.arange(len(counts[depth])) * 0.618034) % 1 - 0.5
    dots = {"color": colour("data"), "markersize": 3.5, "alpha": 0.8}
    left.plot(nets[depth].n_params + 40 * jitter, counts[depth], "o", **dots)
    for K in Ks:
        right.plot(K + 0.6 * jitter, counts[K], "o", **dots)
    right.axvspan(depth - 0.5, depth + 0.5, color=colour("model"), alpha=0.08, linewidth=0)
    left.axvline(nets[depth].n_params, color=colour("ink-2"), linewidth=0.8, zorder=0)
    left.set(title="For any budget, at this depth", xlabel="parameters", yscale="log", ylim=(0.7, None), xlim=(0, None))
    left.set_ylabel("regions")
    right.tick_params(labelleft=True)  # a phone shows this panel below the other
    right.set(title="At any depth, for this budget", xlabel="hidden layers $K$", xticks=Ks, xlim=(0.4, Ks[-1] + 0.6))
    bounds = {K: regions.upper_bound(net.widths) for K, net in nets.items()}
    reached_by_depth = {K: construction(net.widths) for K, net in nets.items()}
    name = "at most, and reached" if reached_by_depth == bounds else "at most"
    label_line(right, Ks[-2], 1.6 * bounds[Ks[-2]], name, "ink", ha="right", va="bottom")
    if reached_by_depth != bounds and (below := reached_by_depth[Ks[-2]]):
        label_line(right, Ks[-1] + 0.5, below / bounds[Ks[-1]] ** 0.08, "a construction", "model", ha="right", va="top")
    if depth > 1:
        most = regions.max_regions(D_i, shallow[-1].widths[1])
        label_line(left, largest, 1.5 * most, "one layer", "ink", ha="right", va="bottom")
    label_line(right, Ks[-1] + 0.5, 1.5 * max(counts[Ks[-1]]), "random", "data", ha="right", va="bottom")
    net, drawn = nets[depth], counts[depth]
    made = construction(net.widths)
    reach = f"a construction reaches {made:,}" if made else "no construction is shown for layers as narrow"
    fig.alt = (
        f"Regions of networks with about {net.n_params} parameters against their depth. With {depth} hidden layers of "
        f"{net.widths[1]} units and D_i = {D_i} no network has more than {bounds[depth]:,} and {reach}; {len(drawn)} "
        f"random networks have {min(drawn):,} to {max(drawn):,}. With one layer random networks have "
        f"{min(counts[1]):,} to {max(counts[1]):,}."
    )
    return fig
