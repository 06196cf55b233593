"""The pictures of chapter 2, shallow networks: one function a picture."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from udl_core import activations, losses, regions
from udl_core._validate import Array
from udl_core.figures.chapter2_diagram import diagram
from udl_core.figures.chapter2_regions import half_planes, pieces_in_the_plane, region_counts
from udl_core.figures.style import UNIT_DASHES, Picture, colour, picture, unit_colour
from udl_core.models import Shallow
from udl_core.training import History

__all__ = [
    "diagram",
    "family",
    "fits",
    "gallery",
    "half_planes",
    "other_units",
    "pieces_in_the_plane",
    "region_counts",
    "slopes",
    "stages",
    "two_outputs",
    "valley",
]


def family(net: Shallow, phis: Sequence[Array], lo: float = 0, hi: float = 2) -> Picture:
    """Several members of one family: the curves of `net` with one input and one output, one for each φ in `phis`."""
    fig, ax = picture(height=3.0)
    bends = []
    for k, phi in enumerate(phis):
        x = _grid(net, phi, lo, hi)
        y = net(x[:, None], phi)[:, 0]
        ax.plot(x, y, color=colour("model"), linestyle=UNIT_DASHES[k % 4])
        ax.annotate("abc"[k], (hi, y[-1]), xytext=(5, -4), textcoords="offset points", color=colour("model"))
        bends.append(len(regions.joints(net, phi, lo, hi).joints))
    _axes(ax, "x", "y", lo, hi)
    counts = ", ".join(f"{name} has {n} joints" for name, n in zip("abc", bends, strict=False))
    fig.alt = f"Curves of the same network for {len(phis)} choices of its {net.n_params} parameters: {counts}."
    return fig


def stages(net: Shallow, phi: Array, lo: float = 0, hi: float = 2) -> Picture:
    """How a network with one input and one output makes its curve: lines, activation, weights, sum.

    φ (P,) are the parameters, [lo, hi] the inputs shown. Read down the left column, then down the right.
    """
    theta, weights = net.unpack(phi)["theta"], net.unpack(phi)["phi"][0]
    a = activations.get(net.activation)
    x = _grid(net, phi, lo, hi)
    z = theta[:, 0] + np.outer(x, theta[:, 1])
    h = a.f(z)
    clipped = "Clipped" if a.name == "relu" else f"Through {a.name}"
    fig, axes = picture(2, 2, height=5.0, sharex=True)
    for ax, curves, title, name in [
        (axes[0, 0], z, "1  Lines", "$z_d$"),
        (axes[1, 0], h, f"2  {clipped}", "$h_d$"),
        (axes[0, 1], weights[1:] * h, "3  Weighted", r"$\phi_d\,h_d$"),
    ]:
        _units(ax, x, curves)
        ax.set_title(title)
        _axes(ax, "", name, lo, hi)
    y = net(x[:, None], phi)[:, 0]
    axes[1, 1].plot(x, y, color=colour("model"), linewidth=2.6)
    axes[1, 1].set_title("4  Summed")
    _axes(axes[1, 1], "x", "y", lo, hi)
    axes[1, 0].set_xlabel("x")
    joints = -theta[:, 0] / np.where(theta[:, 1] == 0, np.nan, theta[:, 1])
    for d, joint in enumerate(joints, start=1):
        if lo < joint < hi:
            for ax in axes.flat:
                _guide(ax, d, joint)
    places = ", ".join(f"{joint:.2f}" for joint in np.sort(joints[(joints > lo) & (joints < hi)]))
    fig.alt = (
        f"Four panels from {net.D} lines to one curve: the lines, the lines through {a.name}, each times its weight, "
        f"and their sum, which starts at y = {y[0]:.2f} and ends at {y[-1]:.2f}. Lines cross zero at x = {places}."
    )
    return fig


def slopes(net: Shallow, phi: Array, lo: float = 0, hi: float = 2) -> Picture:
    """The slope of each piece above bars that show where each ReLU unit is on, and by how much it bends the curve."""
    form = regions.joints(net, phi, lo, hi)
    theta, weights = net.unpack(phi)["theta"], net.unpack(phi)["phi"][0]
    edges = np.concatenate(([lo], form.joints, [hi]))
    fig, (top, bars) = picture(2, 1, width=6.8, height=4.3, sharex=True, height_ratios=[3, 1.5])
    top.plot(edges, form.values[:, 0], color=colour("model"), linewidth=2.6)
    middle = (edges[1:] + edges[:-1]) / 2
    for x, y, slope in zip(middle, np.interp(middle, edges, form.values[:, 0]), form.slopes[:, 0], strict=True):
        below = -14 if slope > 0 else 4  # at the right of the piece in either case
        top.annotate(_signed(slope), (x, y), xytext=(7, below), textcoords="offset points", color=colour("model"))
    for d in range(1, net.D + 1):
        _on_bar(bars, d, theta[d - 1], weights[d], lo, hi)
    for joint, units in zip(form.joints, form.units, strict=True):
        for ax in (top, bars):
            _guide(ax, int(units[0]) + 1, joint)
    _axes(top, "", "y", lo, hi)
    bars.set(yticks=[], xlabel="x", ylim=(-net.D - 0.6, -0.4))
    bars.spines["left"].set_visible(False)
    facing = [
        f"at {joint:.2f} unit {d + 1}, which faces {'right' if theta[d, 1] > 0 else 'left'}"
        for joint, units in zip(form.joints, form.units, strict=True)
        for d in units
    ]
    fig.alt = (
        f"A curve of {len(form.slopes)} straight pieces with slopes "
        f"{', '.join(f'{s:.3f}' for s in form.slopes[:, 0])}; bars below it show who switches: {', '.join(facing)}."
    )
    return fig


def valley(net: Shallow, phi: Array, x: Array, y: Array, reach: float = 2.2) -> Picture:
    """The misfit when θ_1 is multiplied by s and φ_1 by t: the valley s t = 1 lies on the side s > 0 only.

    It is the root of the mean squared difference to the data x (I, 1), y (I, 1).
    """

    def rms(s: float, t: float) -> float:
        scaled = {name: part.copy() for name, part in net.unpack(phi).items()}
        scaled["theta"][0] *= s
        scaled["phi"][0, 1] *= t
        return float(np.sqrt(losses.least_squares(net(x, net.pack(**scaled)), y, reduction="mean")[0]))

    s = np.linspace(-reach, reach, 97)
    misfit = np.array([[rms(a, b) for a in s] for b in s])
    fig, ax = picture(height=4.0)
    levels = np.linspace(0, 0.8 * misfit.max(), 13)
    ax.contourf(s, s, misfit, levels=levels, extend="max")
    ax.contour(s, s, misfit, levels=levels, colors=colour("paper"), linewidths=0.4)
    curve = np.linspace(1 / reach, reach, 200)
    ax.plot(curve, 1 / curve, color=colour("paper"), linewidth=5)
    ax.plot(curve, 1 / curve, color=colour("model"))
    ax.plot([1], [1], "o", color=colour("model"), markeredgecolor=colour("paper"), markersize=9)
    plate = {"facecolor": colour("paper"), "edgecolor": "none", "boxstyle": "round,pad=0.2"}  # the field is dark there
    ax.text(0.95, 1.6, "$s\\,t=1$", color=colour("model"), va="center", bbox=plate)
    ax.plot([-1], [-1], "X", color=colour("ink"), markeredgecolor=colour("paper"), markersize=11)
    ax.text(-0.75, -1.0, "$(-1,-1)$", va="center", fontsize=10, bbox=plate)
    _axes(ax, "$s$: factor of $\\theta_{10}$, $\\theta_{11}$", "$t$: factor of $\\phi_1$", -reach, reach, zero=False)
    ax.set_aspect("equal")
    fig.alt = (
        f"Contours of the root mean squared misfit over two factors. A curved valley floor runs along s t = 1 for "
        f"positive s, where the misfit is {rms(1, 1):.2f}; at (−1, −1), also with s t = 1, it is {rms(-1, -1):.2f}."
    )
    return fig


def gallery(groups: Sequence[Sequence[str]], reach: float = 4) -> Picture:
    """Activation functions by name, one row for each group: a[z] at the left, its derivative at the right."""
    fig, axes = picture(len(groups), 2, height=2.05 * len(groups), sharex=True, squeeze=False)
    z = np.linspace(-reach, reach, 401)
    for row, names in zip(axes, groups, strict=True):
        for k, name in enumerate(names):
            a = activations.get(name)
            look = {"color": unit_colour(k) if k else colour("model"), "linestyle": UNIT_DASHES[k % 4]}
            row[0].plot(z, a.f(z), label=name.replace("_", " "), **look)
            slope = a.df(z)
            jumps = np.flatnonzero(np.abs(np.diff(slope)) > 0.08)
            slope[jumps] = np.nan  # a gap, not an upright line
            row[1].plot(z, slope, **look)
        row[0].legend(frameon=False, loc="upper left", fontsize=9.5, handlelength=2.4, borderaxespad=0)
        for ax, title in zip(row, ["$a[z]$", "$a'[z]$"], strict=True):
            _axes(ax, "", title, -reach, reach)
    axes[-1, 0].set_xlabel("z")
    axes[-1, 1].set_xlabel("z")
    listed = "; ".join(", ".join(name.replace("_", " ") for name in names) for names in groups)
    fig.alt = f"Activation functions at the left and their derivatives at the right, row by row: {listed}."
    return fig


def other_units(phi: Array, names: Sequence[str], lo: float = -4, hi: float = 6) -> Picture:
    """The ten-parameter network with other activations (four names): its weighted units and, thick, its output."""
    fig, axes = picture(2, 2, height=4.8, sharex=True, sharey=True)
    ranges = []
    for ax, name in zip(axes.T.flat, names, strict=True):
        net = Shallow(1, 3, 1, activation=name)
        theta, weights = net.unpack(phi)["theta"], net.unpack(phi)["phi"][0]
        x = np.linspace(lo, hi, 1201)
        h = activations.get(name).f(theta[:, 0] + np.outer(x, theta[:, 1]))
        for d in range(1, 4):
            ax.plot(x, weights[d] * h[:, d - 1], color=unit_colour(d), linewidth=1.2, linestyle=UNIT_DASHES[d])
        y = net(x[:, None], phi)[:, 0]
        ax.plot(x, y, color=colour("model"), linewidth=2.6)
        ax.set_title(name)
        ax.locator_params(integer=True)
        ax.tick_params(labelleft=True)  # a phone shows the right column below the left
        _axes(ax, "x" if ax in axes[1] else "", "y", lo, hi)
        ranges.append(f"{name} between {y.min():.2f} and {y.max():.2f}")
    fig.alt = f"One set of ten parameters under {len(names)} activations; the output is, for {'; for '.join(ranges)}."
    return fig


def two_outputs(net: Shallow, phi: Array, lo: float = 0, hi: float = 2) -> Picture:
    """Hidden units above, the outputs they share below: every output bends at the same places."""
    theta = net.unpack(phi)["theta"]
    x = _grid(net, phi, lo, hi)
    fig, (top, bottom) = picture(2, 1, width=4.8, height=4.2, sharex=True, height_ratios=[2, 3])
    _units(top, x, activations.get(net.activation).f(theta[:, 0] + np.outer(x, theta[:, 1])))
    _axes(top, "", "$h_d$", lo, hi)
    y = net(x[:, None], phi)
    for j in range(net.D_o):
        bottom.plot(x, y[:, j], color=colour("model"), linestyle=UNIT_DASHES[j % 4])
        bottom.annotate(
            f"$y_{j + 1}$", (hi, y[-1, j]), xytext=(5, -4), textcoords="offset points", color=colour("model")
        )
    _axes(bottom, "x", "y", lo, hi)
    shared = regions.joints(net, phi, lo, hi)
    for joint, units in zip(shared.joints, shared.units, strict=True):
        for ax in (top, bottom):
            _guide(ax, int(units[0]) + 1, joint)
    fig.alt = (
        f"{net.D} hidden units and below them {net.D_o} outputs made from them; both bend at x = "
        f"{', '.join(f'{joint:.2f}' for joint in shared.joints)}, by different amounts."
    )
    return fig


def fits(net: Shallow, histories: Sequence[History], x: Array, y: Array) -> Picture:
    """Runs of descent (up to four) on one data set, x (I, 1) and y (I, 1): the fitted curves, and the loss by step."""
    fig, (left, right) = picture(1, 2, height=3.2)
    left.plot(x[:, 0], y[:, 0], "o", color=colour("data"), markersize=5)
    lo, hi = float(x.min()), float(x.max())
    ends = []
    for k, history in enumerate(histories):
        look = {"color": colour("model"), "linestyle": UNIT_DASHES[k % 4]}
        grid = _grid(net, history.phi, lo, hi)
        left.plot(grid, net(grid[:, None], history.phi)[:, 0], **look)
        right.plot(history.loss, label=f"start {'abc'[k]}", **look)
        ends.append(f"{history.loss[-1]:.4f}")
    _axes(left, "x", "y", lo - 0.05, hi + 0.05)
    right.set_yscale("log")
    right.set(xlabel="step", ylabel=r"$L[\phi]$")
    right.legend(frameon=False, loc="upper right", fontsize=10)
    fig.alt = (
        f"{len(x)} data points with {len(histories)} fitted curves, and the loss of each run falling to "
        f"{', '.join(ends)} in {len(histories[0].loss) - 1} steps."
    )
    return fig


def _on_bar(ax: Axes, d: int, theta: Array, weight: float, lo: float, hi: float) -> None:
    """A bar where unit d with its line theta (2,) is on, a triangle that shows the side it faces, and its Δ_d."""
    offset, slope = theta
    joint = -offset / slope if slope else (lo if offset > 0 else hi)  # a flat line is on everywhere or nowhere
    start, end = (joint, hi) if slope >= 0 else (joint, lo)
    if lo < joint < hi:
        ax.plot([joint], [-d], ">" if slope > 0 else "<", color=unit_colour(d), markersize=9)
    start = min(max(start, lo), hi)
    ax.plot([start, end], [-d, -d], color=unit_colour(d), linewidth=9, alpha=0.3, solid_capstyle="butt")
    is_on = "is off" if start == end else "is on"
    text = f"unit {d} {is_on}, $\\Delta_{d}={_signed(weight * abs(slope))}$" if slope else f"unit {d} {is_on}"
    shift, side = (-4, "right") if slope >= 0 else (4, "left")
    ax.annotate(text, (end, -d), xytext=(shift, -0.5), textcoords="offset points", va="center", ha=side, fontsize=10)


def _guide(ax: Axes, d: int, joint: float) -> None:
    ax.axvline(joint, color=unit_colour(d), linewidth=0.9, linestyle=UNIT_DASHES[_dash(d)], alpha=0.7)


def _signed(number: float) -> str:
    return f"{number:+.3f}".replace("-", "−")


def _units(ax: Axes, x: Array, curves: Array) -> None:
    """One curve a unit, in its colour and dashes, numbered at the right end."""
    for d in range(1, curves.shape[1] + 1):
        y = curves[:, d - 1]
        ax.plot(x, y, color=unit_colour(d), linestyle=UNIT_DASHES[_dash(d)])
        ax.annotate(
            str(d),
            (x[-1], y[-1]),
            xytext=(4, 0),
            textcoords="offset points",
            color=unit_colour(d),
            va="center",
            fontsize=10,
        )


def _dash(d: int) -> int:
    return (d - 1) % 3 + 1


def _grid(net: Shallow, phi: Array, lo: float, hi: float) -> Array:
    """Inputs dense enough to draw, with every place where a unit switches among them."""
    theta = net.unpack(phi)["theta"]
    moving = theta[theta[:, 1] != 0]
    joints = -moving[:, 0] / moving[:, 1]
    return np.union1d(np.linspace(lo, hi, 241), joints[(joints > lo) & (joints < hi)])


def _axes(ax: Axes, x_name: str, y_name: str, lo: float, hi: float, zero: bool = True) -> None:
    if zero:
        ax.axhline(0, color=colour("grid"), linewidth=1, zorder=0)
    ax.set(xlabel=x_name, ylabel=y_name, xlim=(lo, hi))
