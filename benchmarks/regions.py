"""Exact linear regions of a network of two inputs, against hashing the activation patterns of a grid of points."""

from collections.abc import Callable, Iterator

import numpy as np

from benchmarks.measure import Line, alternate
from udl_core import Shallow, regions

BOX = ((-1.0, 1.0), (-1.0, 1.0))
GRID = 1000
ROWS = 10  # of the grid at a time: of the order of what the cache holds

Words = np.ndarray  # (points, words) of 64 bits each: activation patterns


def lines() -> Iterator[Line]:
    """A grid of a million points is slower and finds only the regions that are large enough to hold a point.

    The first grid evaluates pre-activations at its points, as for any network. The second knows that the network is
    shallow and its points are on a grid, shares what it can and drops half the digits; it only informs.
    """
    grids = (("grid", patterns, 10), ("tuned grid", patterns_shared, None))
    for D, rounds in ((100, 5), (500, 5)):
        net = Shallow(2, D, 1)
        phi = _network(net)
        theta = net.unpack(phi)["theta"]

        def exact(net: Shallow = net, phi: np.ndarray = phi) -> int:
            found = regions.linear_regions(net, phi, BOX)
            assert np.isclose(found.areas.sum(), 4)
            return len(found.polygons)

        for name, words_of_rows, goal in grids:

            def by_grid(
                theta: np.ndarray = theta, words_of_rows: Callable[..., Iterator[Words]] = words_of_rows
            ) -> int:
                return len(np.unique(np.concatenate([_hashes(words) for words in words_of_rows(theta)])))

            share = by_grid() / exact()
            assert 0.5 < share < 1
            ours, peer = alternate(exact, by_grid, rounds)
            what = f"{exact():,} linear regions, Shallow(2, {D}, 1)"
            yield Line(what, ours, f"{name}, finds {share:.0%}", peer, goal if D == 500 else None)


def _network(net: Shallow) -> np.ndarray:
    """Lines of random direction that all come near the middle of the box."""
    rng = np.random.default_rng(0)
    theta = rng.standard_normal((net.D, 3))
    theta[:, 0] *= 0.3 * np.hypot(theta[:, 1], theta[:, 2])
    return net.pack(theta=theta, phi=rng.standard_normal((net.D_o, net.D + 1)))


def patterns(theta: np.ndarray) -> Iterator[Words]:
    """The patterns at the grid's points, from z = θ_0 + θ x in the parameters' precision, a few rows at a time."""
    x, y = (np.linspace(lo, hi, GRID) for lo, hi in BOX)
    for start in range(0, GRID, ROWS):
        points = np.stack(np.meshgrid(x, y[start : start + ROWS]), axis=-1).reshape(-1, 2)
        z = points @ theta[:, 1:].T + theta[:, 0]
        yield _packed(z > 0)


def patterns_shared(theta: np.ndarray) -> Iterator[Words]:
    """The same in single precision, θ_1 x computed once for all rows: a unit at a point costs one comparison."""
    theta = theta.astype(np.float32)
    x, y = (np.linspace(lo, hi, GRID, dtype=np.float32) for lo, hi in BOX)
    across = np.outer(x, theta[:, 1])
    for level in y:
        yield _packed(across > -(theta[:, 0] + level * theta[:, 2]))


def _packed(active: np.ndarray) -> Words:
    bits = np.packbits(active, axis=1)
    words = np.zeros((len(bits), -(-bits.shape[1] // 8) * 8), dtype=np.uint8)
    words[:, : bits.shape[1]] = bits
    return words.view(np.uint64)


def _hashes(words: Words) -> np.ndarray:
    """One number a pattern (the mixing step of SplitMix64 after each word)."""
    hashes = np.zeros(len(words), dtype=np.uint64)
    for word in words.T:
        hashes = (hashes ^ word) * np.uint64(0x9E3779B97F4A7C15)
        hashes ^= hashes >> np.uint64(31)
        hashes *= np.uint64(0xBF58476D1CE4E5B9)
        hashes ^= hashes >> np.uint64(29)
    return hashes
