"""Exact linear regions of deep and shallow networks against relucent, and the cost of a region as they get many.

relucent (Blake and others, on PyPI) finds the same regions by walking from each to its neighbours, with linear
programmes. It is no requirement of the project: `pip install -r benchmarks/requirements.txt` adds it. Without it, its
lines are left out and one line says so. With it, this takes up to ten minutes.
"""

from collections.abc import Iterator
from importlib.util import find_spec
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np

from benchmarks.measure import Line
from udl_core import Deep, regions

BOX = ((-1.0, 1.0), (-1.0, 1.0))
NETWORKS = ([20] * 3, [50] * 3, [100] * 2, [100], [500])
CAP = 120.0  # seconds for the peer on one network
GOAL = 500
WINDOWS = (0.041, 0.16, 0.42, 3.2)  # half as wide as the box, for about 1,000 to 100,000 regions of [160]·3


def lines() -> Iterator[Line]:
    """Time for one region, with its polygon and its pattern, on one thread."""
    for hidden in NETWORKS:
        net, phi = network(hidden)
        seconds, found = ours(net, phi, BOX)
        what = f"a region of {len(found):,}, {name(hidden)}"
        if hidden == [50] * 3:
            yield Line(what, seconds, "50,000 a second", 1 / 50_000, 1)
        if find_spec("relucent"):
            theirs, patterns, whole = relucent(net, phi, len(found))
            mine = {row.tobytes() for row in np.packbits(found.patterns, axis=1)}
            assert patterns == mine if whole else patterns <= mine
            yield Line(what, seconds, f"relucent, {len(patterns):,} of them", theirs, GOAL)
        elif hidden == NETWORKS[0]:
            yield Line(what, seconds, "relucent is not installed", seconds)
    net, phi = network([160] * 3)
    first = None
    for half in WINDOWS:
        seconds, found = ours(net, phi, ((-half, half), (-half, half)))
        first = first or (seconds, len(found))
        yield Line(f"a region of {len(found):,}, [160]·3", seconds, f"a region of {first[1]:,}", first[0], 0.9)


def network(hidden: list[int]) -> tuple[Deep, np.ndarray]:
    """Weights as He draws them, and random offsets that bring the bends near the middle of the box."""
    net = Deep([2, *hidden, 1])
    rng = np.random.default_rng(0)
    pairs = list(zip(net.widths, net.widths[1:], strict=False))
    beta = [0.3 * rng.standard_normal(D) for _, D in pairs]
    omega = [np.sqrt(2 / D_in) * rng.standard_normal((D, D_in)) for D_in, D in pairs]
    return net, net.pack(beta=beta, omega=omega)


def name(hidden: list[int]) -> str:
    """[50]·3 for three layers of 50."""
    return f"[{hidden[0]}]·{len(hidden)}"


def ours(net: Deep, phi: np.ndarray, box: Any, rounds: int = 5) -> tuple[float, regions.Regions]:
    """Median seconds for a region, and the regions."""
    times = []
    for _ in range(rounds + 1):
        start = perf_counter()
        found = regions.linear_regions(net, phi, box)
        count = len(found.polygons)
        _ = found.patterns
        times.append((perf_counter() - start) / count)
    width, height = (hi - lo for lo, hi in box)
    assert np.isclose(found.areas.sum(), width * height)
    return median(times[1:]), found


def relucent(net: Deep, phi: np.ndarray, count: int) -> tuple[float, set[bytes], bool]:
    """Seconds for a region, the patterns found (packed) and whether the search came to its end within CAP."""
    from relucent import Complex
    from relucent.model.model import LinearLayer, ReLULayer, ReLUNetwork

    parts = net.unpack(phi)
    layers: list[Any] = []
    for k, (beta, omega) in enumerate(zip(parts["beta"], parts["omega"], strict=True)):
        layers += [LinearLayer(weight=omega.copy(), bias=beta.copy())] + [ReLULayer()] * (k < net.K)

    def search(most: float) -> tuple[float, Any]:
        found = Complex(ReLUNetwork(layers, input_shape=(2,)))
        start = perf_counter()
        found.bfs(cube_radius=1, cube_mode="intersect", nworkers=1, max_polys=most, verbose=0)
        return perf_counter() - start, found

    seconds, some = search(40)  # also warms up
    most = int(CAP * len(some) / seconds)
    seconds, found = search(most if most < count else float("inf"))
    signs = np.array([np.asarray(cell.ss_np).ravel() for cell in found])
    assert signs.all()
    return seconds / len(found), {row.tobytes() for row in np.packbits(signs > 0, axis=1)}, most >= count
