"""The pictures of chapter 4, deep networks: one function a picture."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np
from matplotlib.axes import Axes

from udl_core import regions
from udl_core._validate import Array
from udl_core.figures.chapter4_counts import counts, largest, size_of_layers, training
from udl_core.figures.chapter4_plane import folded_plane, merged, pyramid, same_budget
from udl_core.figures.style import UNIT_DASHES, Picture, colour, label_line, picture, unit_colour
from udl_core.models import Deep, Shallow

__all__ = [
    "copies",
    "counts",
    "folded_plane",
    "largest",
    "learned",
    "merged",
    "pyramid",
    "same_budget",
    "sawtooth",
    "second_layer",
    "size_of_layers",
    "stages",
    "training",
]

_PHONE = {"labelleft": True}
"""A phone shows the right column below the left, so its ticks need their own numbers."""


def copies(f1: tuple[Shallow, Array], f2: tuple[Shallow, Array], both: tuple[Deep, Array], reach: float = 1) -> Picture:
    """Two networks (net, φ) of one input and output, the line as the first folds it, and their composition.

    Each piece of the first has its own colour and dashes, and so has the copy of the second that it makes.
    """
    fig, axes = picture(2, 2, height=5.6)
    (first, second), (folded, composed) = axes
    edges, heights = _vertices(*f1, -reach, reach)
    total = 0
    for k, (x0, x1) in enumerate(pairwise(edges), start=1):
        look = {"color": unit_colour(k), "linestyle": UNIT_DASHES[(k - 1) % 3 + 1], "linewidth": 2.4}
        first.plot([x0, x1], heights[k - 1 : k + 1], **look)
        places, values = _vertices(*both, x0, x1)
        composed.plot(places, values, **look)
        total += len(places) - 1
        folded.plot(heights[k - 1 : k + 1], [-k, -k], **look)
        label_line(folded, heights[k - 1 : k + 1].mean(), -k + 0.13, f"piece {k}", f"unit{(k - 1) % 3 + 1}",
                   ha="center", fontsize=10)  # fmt: skip
        if k < len(edges) - 1:
            _turn(folded, heights[k], -k, outward=heights[k] > heights[k - 1])
            for ax in (first, composed):
                ax.axvline(x1, color=colour("ink-2"), linewidth=0.9, alpha=0.7)
    second.plot(*_vertices(*f2, -reach, reach), color=colour("model"), linewidth=2.6)
    first.set(title="first network", xlabel="$x$", ylabel="$y$")
    composed.set(title="one after the other", xlabel="$x$", ylabel="$y'$")
    second.set(title="second network", xlabel="$y$", ylabel="$y'$", ylim=composed.get_ylim())
    folded.set(title="the line, folded", xlabel="$y$", yticks=[], ylim=(-len(edges) + 0.4, -0.4))
    folded.spines["left"].set_visible(False)
    for ax in axes.flat:
        ax.set_xlim(-1.12 * reach, 1.12 * reach)
        ax.set_xticks([-reach, 0, reach])
    n, m = len(edges) - 1, len(_vertices(*f2, -reach, reach)[0]) - 1
    fig.alt = (
        f"A first network with {n} straight pieces up and down; the line of inputs, folded into {n} strands that lie "
        f"beside each other along y; a second network with {m} pieces; and the composition with {total} pieces: "
        f"{n} copies of the second, every other one reversed."
    )
    return fig


def second_layer(networks: Mapping[str, tuple[Deep, Array]], lo: float = -1, hi: float = 1) -> Picture:
    """What arrives at each unit of the second hidden layer, against x, for up to two networks by title."""
    fig, axes = picture(1, len(networks), width=6.8, height=3.2, squeeze=False)
    said = []
    for ax, (title, (net, phi)) in zip(axes[0], networks.items(), strict=True):
        x, _, z = _through(net, phi, lo, hi)
        _units(ax, x, z[1])
        for joint in _joints_of(net, phi, lo, hi, layer=1):
            ax.axvline(joint, color=colour("ink-2"), linewidth=0.9, alpha=0.7)
        ax.set_title(title)
        ax.tick_params(**_PHONE)
        _axes(ax, "$x$", "$z'_d$", lo, hi)
        said.append(f"{title}: rank {np.linalg.matrix_rank(net.unpack(phi)['omega'][1])}")
    fig.alt = (
        "Pre-activations of the units of a second hidden layer, all with corners at the same inputs. With rank one "
        f"they are one curve, stretched and shifted; otherwise they differ. {'; '.join(said)}."
    )
    return fig


def stages(net: Deep, phi: Array, lo: float = -1, hi: float = 1) -> Picture:
    """How a network of two hidden layers makes its curve. Read down the left column, then down the right.

    Thin lines stand at the joints: those of the first layer in ink, those of the second in the colour of their unit.
    """
    x, h, z = _through(net, phi, lo, hi)
    fig, axes = picture(2, 2, height=5.0, sharex=True)
    for ax, curves, title, name in [
        (axes[0, 0], h[0], "1  First layer", "$h_d$"),
        (axes[1, 0], z[1], "2  Weighted, summed", "$z'_d$"),
        (axes[0, 1], h[1], "3  Clipped again", "$h'_d$"),
    ]:
        _units(ax, x, curves)
        ax.set_title(title)
        _axes(ax, "", name, lo, hi)
    axes[1, 1].plot(x, net(x[:, None], phi)[:, 0], color=colour("model"), linewidth=2.6)
    axes[1, 1].set_title("4  Summed")
    _axes(axes[1, 1], "$x$", "$y'$", lo, hi)
    axes[1, 0].set_xlabel("$x$")
    form = regions.joints(net, phi, lo, hi)
    for joint, layer, units in zip(form.joints, form.layers, form.units, strict=True):
        tint = colour("ink-2") if layer == 1 else unit_colour(int(units[-1]) - net.widths[1] + 1)
        for ax in axes.flat if layer == 1 else axes.flat[1:]:
            ax.axvline(joint, color=tint, linewidth=0.9, alpha=0.7)
    first = int((form.layers == 1).sum())
    fig.alt = (
        f"Four panels: {net.widths[1]} hidden units of the first layer; the {net.widths[2]} weighted sums of them that "
        f"go into the second, with {first} corners; the same after clipping; and the output, which bends at these "
        f"{first} inputs and at {len(form.joints) - first} more, where a unit of the second layer switches."
    )
    return fig


def sawtooth(networks: Sequence[tuple[Deep, Array]]) -> Picture:
    """Networks (net, φ) of one, two, … hidden layers on the interval from 0 to 1, a panel each."""
    fig, axes = picture((len(networks) + 1) // 2, 2, height=2.1 * ((len(networks) + 1) // 2), sharex=True, sharey=True)
    pieces = []
    for ax, (net, phi) in zip(axes.T.flat, networks, strict=False):  # a phone shows a column at a time
        places, heights = _vertices(net, phi, 0, 1)
        ax.plot(places, heights, color=colour("model"), linewidth=1.8)
        ax.set_title(f"$K = {net.K}$: {len(places) - 1} pieces")
        ax.tick_params(**_PHONE)
        _axes(ax, "$x$", "$y$", 0, 1, zero=False)
        pieces.append(str(len(places) - 1))
    for ax in axes[:-1].flat:
        ax.set_xlabel("")
    fig.alt = f"Saws between 0 and 1, made by networks of one hidden layer and more: {', '.join(pieces)} equal pieces."
    return fig


def learned(x: Array, y: Array, curves: Mapping[str, Array]) -> Picture:
    """A target y (I,) at inputs x (I,), and below each other what networks made of it, by title (I,)."""
    fig, axes = picture(len(curves), 1, height=1.4 * len(curves), sharex=True, sharey=True)
    said = []
    for ax, (title, curve) in zip(np.atleast_1d(axes), curves.items(), strict=True):
        ax.plot(x, y, color=colour("reference"), linewidth=1.2)
        ax.plot(x, curve, color=colour("model"), linewidth=2)
        ax.set_title(title)
        _axes(ax, "", "$y$", x[0], x[-1], zero=False)
        said.append(f"{title}, off by {np.sqrt(np.mean((curve - y) ** 2)):.2f} (root of the mean square)")
    ax.set_xlabel("$x$")
    fig.alt = f"A saw and what networks make of it: {'; '.join(said)}."
    return fig


def _through(net: Deep, phi: Array, lo: float, hi: float) -> tuple[Array, list[Array], list[Array]]:
    """Inputs (n,) with all joints among them, and (n, D_k) activations and pre-activations of every hidden layer."""
    parts = net.unpack(phi)
    x = np.union1d(np.linspace(lo, hi, 61), regions.joints(net, phi, lo, hi).joints)
    h: list[Array] = [x[:, None]]
    z: list[Array] = []
    for beta, omega in zip(parts["beta"][:-1], parts["omega"][:-1], strict=True):
        z.append(beta + h[-1] @ omega.T)
        h.append(np.maximum(0, z[-1]))
    return x, h[1:], z


def _joints_of(net: Deep, phi: Array, lo: float, hi: float, layer: int) -> Array:
    form = regions.joints(net, phi, lo, hi)
    return form.joints[form.layers == layer]


def _vertices(net: Shallow | Deep, phi: Array, lo: float, hi: float) -> tuple[Array, Array]:
    """Both ends and every joint, and the output there; a unit that switches at an end itself has no joint inside."""
    form = regions.joints(net, phi, lo, hi)
    return np.concatenate(([lo], form.joints, [hi])), form.values[:, 0]


def _units(ax: Axes, x: Array, curves: Array) -> None:
    for d, curve in enumerate(curves.T, start=1):
        ax.plot(x, curve, color=unit_colour(d), linestyle=UNIT_DASHES[(d - 1) % 3 + 1])


def _turn(ax: Axes, at: float, height: float, outward: bool) -> None:
    """Half an ellipse from one strand down to the next, at the right if `outward`."""
    angle = np.linspace(0, np.pi, 25)
    bulge = 0.09 * (1 if outward else -1)
    ax.plot(at + bulge * np.sin(angle), height - 0.5 + 0.5 * np.cos(angle), color=colour("ink-2"), linewidth=1.2)


def _axes(ax: Axes, x_name: str, y_name: str, lo: float, hi: float, zero: bool = True) -> None:
    if zero:
        ax.axhline(0, color=colour("grid"), linewidth=1, zorder=0)
    ax.set(xlabel=x_name, ylabel=y_name, xlim=(lo, hi))
