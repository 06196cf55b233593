"""What each live figure should draw in a given state, computed by udl_core: {mark: (x, y)}."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from udl_core import Shallow, regions

Drawn = dict[str, tuple[Sequence[float], Sequence[float]]]
EXPECTED: dict[str, Callable[[dict[str, Any]], Drawn]] = {}


def draws(name: str) -> Callable[[Callable[[dict[str, Any]], Drawn]], Callable[[dict[str, Any]], Drawn]]:
    def register(function: Callable[[dict[str, Any]], Drawn]) -> Callable[[dict[str, Any]], Drawn]:
        EXPECTED[name] = function
        return function

    return register


@draws("ten-parameters")
def ten_parameters(state: dict[str, Any]) -> Drawn:
    net, phi = Shallow(D_i=1, D=3, D_o=1), np.array(state["phi"])
    form = regions.joints(net, phi, 0, 2)
    theta = net.unpack(phi)["theta"]
    drawn: Drawn = {"output": ([0, *form.joints, 2], form.values[:, 0])}
    for d, (offset, slope) in enumerate(theta, start=1):
        drawn[f"line {d}"] = ([0, 2], [offset, offset + 2 * slope])
    return drawn


@draws("polygons")
def polygons(state: dict[str, Any]) -> Drawn:
    phi = np.array(state["phi"])
    net = Shallow(D_i=2, D=len(phi) // 4, D_o=1)
    found = regions.linear_regions(net, phi, box=((-1, 1), (-1, 1)))
    # the order of regions and their first corners are free, so compare what doesn't depend on it
    x = np.array([state["x"]])
    here = net(x, phi)[0, 0]
    azimuth, elevation = np.radians(state["view"])
    away = np.cos(azimuth) * x[0, 0] + np.sin(azimuth) * x[0, 1]
    return {
        "input on the surface": (
            [-np.sin(azimuth) * x[0, 0] + np.cos(azimuth) * x[0, 1]],
            [np.cos(elevation) * here - np.sin(elevation) * away],
        ),
    }
