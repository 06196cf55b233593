"""What the live figure of the folded plane shows before it comes to life, and on paper."""

from __future__ import annotations

import numpy as np

from udl_core import regions
from udl_core.figures.regions import region_map
from udl_core.figures.style import Picture, picture
from udl_core.models import Deep

BOX = ((-1.0, 1.0), (-1.0, 1.0))


def regions_after(net: Deep, phi: np.ndarray, k: int) -> regions.Regions:
    """The regions of the box that the first k hidden layers make; phi (P,) belongs to net."""
    first = Deep([*net.widths[: k + 1], 1])
    last = net.widths[k] + 1
    return regions.linear_regions(first, np.concatenate([phi[: first.n_params - last], np.zeros(last)]), BOX)


def fold_the_plane(net: Deep, phi: np.ndarray, fill: str = "pattern", x: np.ndarray | None = None) -> Picture:
    """One panel for each hidden layer: the regions that it and the layers before it make, each layer in its colour.

    ``fill`` is "pattern" (the more units are on, the darker), "output" (y in the middle of each region) or "distance"
    (how many units differ from their state at x, (2,)).
    """
    K = net.K
    fig, axes = picture(1, K, width=3.3 * K if K < 3 else 8.4, height=3.3, sharey=True)
    counts = []
    for k, ax in enumerate(np.atleast_1d(axes), start=1):
        found = regions_after(net, phi, k)
        region_map(found, _fill(found, net, phi, fill, x), ax=ax)
        for text in ax.texts:  # the titles name the layers
            text.remove()
        ax.set_title(f"After layer {k}: {len(found):,} region{'s' * (len(found) != 1)}")
        ax.set(xticks=[-1, 0, 1], yticks=[-1, 0, 1], ylabel="$x_2$" if k == 1 else "")
        counts.append(len(found))
    bound = regions.upper_bound(net.widths)
    each = [f"{count:,} region{'s' * (count != 1)} after layer {k}" for k, count in enumerate(counts, start=1)]
    bent = ", those of later layers bend where they cross lines before them" if K > 1 else ""
    fig.alt = (
        f"The square from −1 to 1 cut by a network's hidden layers one after the other: {', '.join(each)}; at most "
        f"{bound:,} with these widths. The lines of layer 1 are straight{bent}."
    )
    return fig


def _fill(found: regions.Regions, net: Deep, phi: np.ndarray, fill: str, x: np.ndarray | None) -> str | np.ndarray:
    if fill == "output":
        return net(np.array([polygon.mean(axis=0) for polygon in found.polygons]), phi)[:, 0]
    if fill == "distance":
        here = found.patterns[found.locate([np.zeros(2) if x is None else x])[0]]
        return (found.patterns != here).sum(axis=1).astype(float)
    return "pattern"
