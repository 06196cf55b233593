"""Chapter 4's pictures of numbers: parameters of the layers, regions at most, at random and after training."""

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from matplotlib.ticker import FuncFormatter, MaxNLocator

from udl_core import regions
from udl_core.figures.style import UNIT_DASHES, UNIT_MARKERS, Picture, colour, label_line, picture
from udl_core.models import Deep
from udl_core.regions import budget

Counts = Mapping[tuple[int, ...], npt.NDArray[Any]]
"""Numbers of regions of several networks, by their widths."""


def size_of_layers(widths: Sequence[int]) -> Picture:
    """The offsets β_k and weights Ω_k of a network, a rectangle each, all on one scale."""
    fig, ax = picture(width=6.8, height=2.6)
    x, gap, tall = 0.0, 0.16 * max(widths), max(widths[1:])
    for k, (D, D_next) in enumerate(pairwise(widths)):
        for wide, name, role in [(1, "beta", "unit1"), (D, "Omega", "model")]:
            ax.add_patch(Rectangle((x, -D_next / 2), wide, D_next, color=colour(role), alpha=0.3, linewidth=0))
            ax.add_patch(Rectangle((x, -D_next / 2), wide, D_next, fill=False, edgecolor=colour(role), linewidth=1.2))
            ax.text(x + wide / 2, D_next / 2 + 0.6, rf"$\{name}_{k}$", ha="center", color=colour("ink"))
            if name == "Omega":
                ax.text(x + wide / 2, -D_next / 2 - 0.8, f"{D_next} × {D}", ha="center", va="top", fontsize=10)
            x += wide + gap / 3
        x += gap
    ax.set(xlim=(-0.5, x - gap), ylim=(-tall / 2 - 3.2, tall / 2 + 3), aspect="equal")
    ax.axis("off")
    sizes = ", ".join(f"{D_next} by {D}" for D, D_next in pairwise(widths))
    fig.alt = f"The parameters of a network as rectangles to scale: columns of offsets beside weights of {sizes}."
    return fig


def largest(D_is: Sequence[int], Ks: Sequence[int], marks: Mapping[int, tuple[int, ...]], top: int = 30_000) -> Picture:
    """The most regions known to be reached against parameters, a panel for each D_i and a curve for each depth K.

    `marks` holds the widths of a network for the dot in the panel of its D_i. The shape of Prince's figure 4.7.
    """
    fig, axes = picture(1, len(D_is), height=3.6)
    said = []
    for ax, D_i in zip(axes, D_is, strict=True):
        ends = []
        for place, K in enumerate(Ks):
            sizes, logs = [], []
            for D in np.unique(np.geomspace(1 if K == 1 else 3 * D_i, top, 40).astype(int)).tolist():
                widths = (D_i, *K * [D], 1)
                if Deep(widths).n_params <= top:
                    sizes.append(Deep(widths).n_params)
                    logs.append(math.log10(budget.best_known(widths) or 1))
            role = "model" if K == 1 else f"unit{(place - 1) % 3 + 1}"
            ax.plot(sizes, logs, color=colour(role), linestyle=UNIT_DASHES[place % 4])
            ends.append((sizes[-1], logs[-1], f"$K={K}$", role))
        clear, label_at = 0.075 * max(height for _, height, _, _ in ends), -math.inf
        for size, height, name, role in ends:
            label_at = max(height, label_at + clear)
            label_line(ax, 1.3 * size, label_at, name, role, fontsize=10, va="center")
        widths = marks[D_i]
        height = math.log10(budget.best_known(widths) or 1)
        ax.plot([Deep(widths).n_params], [height], "o", color=colour("ink"), zorder=5)
        ax.set(xlabel="parameters", xscale="log", title=f"$D_i = {D_i}$")
        ax.set_xlim(right=5 * top)
        ax.yaxis.set_major_locator(MaxNLocator(5, integer=True))
        ax.yaxis.set_major_formatter(FuncFormatter(_power))
        said.append(
            f"with {D_i} input{'s'[: D_i > 1]}, {Deep(widths).n_params} parameters and 10 to the power {height:.1f}"
        )
    axes[0].set_ylabel("regions, best known")
    fig.alt = (
        "The most regions that networks of different depths are known to reach, on logarithmic axes: the deeper, the "
        f"more, once there are parameters enough. Dots: {'; '.join(said)}."
    )
    return fig


def counts(random: Mapping[str, Counts]) -> Picture:
    """Regions of random networks, by title and widths, beside upper bound, best known and typical number."""
    fig, axes = picture(1, len(random), height=4.2)
    said = []
    for ax, (title, by_widths) in zip(np.atleast_1d(axes), random.items(), strict=True):
        for place, (widths, found) in enumerate(by_widths.items()):
            spread = np.linspace(-0.2, 0.2, len(found))
            shuffled = np.random.default_rng(0).permutation(spread)
            ax.plot(place + shuffled, found, "o", color=colour("data"), markersize=2.5, markeredgewidth=0, alpha=0.6)
            for value, role, dash in _marks(widths):
                ax.plot([place - 0.36, place + 0.36], [value, value], color=colour(role), linestyle=UNIT_DASHES[dash])
        _labels(ax, list(by_widths))
        ax.set(yscale="log", title=title, xlim=(-0.6, len(by_widths) - 0.4))
        ax.set_xticks(range(len(by_widths)), [_name(widths) for widths in by_widths])
        ax.tick_params(axis="x", labelsize=10, length=0)
        medians = ", ".join(f"{_name(widths)} {np.median(found):g}" for widths, found in by_widths.items())
        said.append(f"{title}: {medians}")
    np.atleast_1d(axes)[0].set_ylabel("activation regions")
    fig.alt = (
        "Regions of random networks of about equal size, on a logarithmic axis. Upper bounds climb with depth; random "
        f"networks stay near the typical number or below it. Medians, {'; '.join(said)}."
    )
    return fig


def training(before: Counts, after: Counts) -> Picture:
    """Regions after training against regions before, a mark a run, by widths."""
    fig, ax = picture(width=4.6, height=3.9)
    most = max(max(found) for found in (*before.values(), *after.values()))
    ax.plot([1, 1.1 * most], [1, 1.1 * most], color=colour("reference"), linewidth=1.2, zorder=1)
    said = []
    for k, widths in enumerate(before):
        role = "model" if k == 0 else f"unit{k}"
        ax.plot(before[widths], after[widths], UNIT_MARKERS[k % 4], color=colour(role), alpha=0.85)
        ax.text(
            0.7, 0.4 - 0.085 * k, f"{'●■◆▲'[k % 4]} {_name(widths)}", color=colour(role), transform=ax.transAxes,
            va="top", fontsize=10,
        )  # fmt: skip
        said.append(f"{_name(widths)} {np.median(before[widths]):g} and {np.median(after[widths]):g}")
    ax.set(xlabel="regions before training", ylabel="after", xlim=(0, 1.1 * most), ylim=(0, 1.1 * most), aspect="equal")
    fig.alt = f"Regions before and after training lie near the diagonal. Medians before and after: {'; '.join(said)}."
    return fig


def _marks(widths: tuple[int, ...]) -> list[tuple[float, str, int]]:
    """(number, colour role, dashes) of the upper bound, the best known and the typical number."""
    marks = [
        (float(regions.upper_bound(widths)), "ink", 0),
        (regions.typical(widths[0], sum(widths[1:-1])), "unit3", 2),
    ]
    best = budget.best_known(widths)
    return marks if best is None else [*marks, (float(best), "model", 1)]


def _labels(ax: Axes, all_widths: list[tuple[int, ...]]) -> None:
    """Names at the marks: of the bounds at the deepest network, of the typical number at the second."""
    last = len(all_widths) - 1
    upper, _, *best = [value for value, _, _ in _marks(all_widths[-1])]
    same = "best known, the same" if best == [upper] else "best known"
    named = [("upper bound", upper, last, "ink", 4), *[(same, value, last, "model", -4) for value in best]]
    typical = _marks(all_widths[1])[1][0]
    for name, value, place, role, up in [*named, ("typical", typical, 1, "unit3", 12)]:
        ax.annotate(
            name, (place + 0.36, value), xytext=(0, up), textcoords="offset points", ha="right",
            va="bottom" if up > 0 else "top", fontsize=10, color=colour(role),
        )  # fmt: skip


def _name(widths: tuple[int, ...]) -> str:
    """[10]·3 for (1, 10, 10, 10, 1)."""
    return f"[{widths[1]}]·{len(widths) - 2}" if len(widths) > 3 else f"[{widths[1]}]"


def _power(log: float, _: Any) -> str:
    return f"$10^{{{log:g}}}$"
