"""The drawing of regions: what it shows, in what colours, and that size does not change how it is drawn."""

import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.path import Path

from udl_core import Deep, regions
from udl_core.figures import regions as drawing
from udl_core.figures.style import Picture, colour, picture, unit_colour

NET = Deep([2, 5, 5, 1])
RNG = np.random.default_rng(0)
PHI = NET.pack(beta=[0.3 * RNG.standard_normal(D) for D in (5, 5, 1)],
               omega=[RNG.standard_normal(s) for s in ((5, 2), (5, 5), (1, 5))])  # fmt: skip
FOUND = regions.linear_regions(NET, PHI, ((-1, 1), (-1, 1)))


def fills(fig):
    return [patch for patch in fig.axes[0].patches if patch.get_fill()]


def lines(fig):
    return [patch for patch in fig.axes[0].patches if not patch.get_fill()]


def rings(path):
    starts = np.flatnonzero(path.codes == Path.MOVETO)
    return [ring[:-1] for ring in np.split(path.vertices, starts[1:])]


@pytest.mark.parametrize("fill", ["pattern", "output", np.arange(len(FOUND))])
def test_every_region_is_filled_once(fill):
    fig = drawing.region_map(FOUND, fill)
    assert isinstance(fig, Picture)
    drawn = [ring for patch in fills(fig) for ring in rings(patch.get_path())]
    key = lambda polygon: tuple(np.round(polygon, 12).ravel())  # noqa: E731
    assert sorted(map(key, drawn)) == sorted(map(key, FOUND.polygons))


def test_neighbours_that_differ_in_one_unit_never_share_a_tint():
    tint = {}
    for patch in fills(drawing.region_map(FOUND)):
        for ring in rings(patch.get_path()):
            tint[int(FOUND.locate(ring.mean(axis=0)[None])[0])] = patch.get_alpha()
    assert all(tint[i] != tint[j] for i, j, units in FOUND.neighbours if len(units) == 1)


def test_edges_have_their_layers_colour_and_all_are_there():
    drawn = lines(drawing.region_map(FOUND))
    count = {to_hex(patch.get_edgecolor()): len(patch.get_path().vertices) // 2 for patch in drawn}
    layers = FOUND.neighbours.layers.tolist()
    assert count == {unit_colour(layer).lower(): layers.count(layer) for layer in (1, 2)}
    assert lines(drawing.region_map(FOUND, edges=False)) == []
    assert {to_hex(p.get_edgecolor()) for p in lines(drawing.region_map(FOUND, "output"))} == {colour("ink").lower()}


def test_it_draws_into_given_axes_and_says_what_it_shows():
    fig, (left, right) = picture(1, 2)
    assert drawing.region_map(FOUND, ax=right) is fig
    assert not left.patches
    assert f"{len(FOUND)} convex regions" in fig.alt


def test_a_hundred_thousand_regions_are_a_few_shapes_of_pixels():
    net = Deep([2, 300, 1])
    rng = np.random.default_rng(1)
    phi = net.pack(beta=[0.3 * rng.standard_normal(300), [0]],
                   omega=[rng.standard_normal((300, 2)), rng.standard_normal((1, 300))])  # fmt: skip
    many = regions.linear_regions(net, phi, ((-1, 1), (-1, 1)))
    assert len(many) > 10_000
    fig = drawing.region_map(many)
    assert len(fig.axes[0].patches) < 100
    assert all(patch.get_rasterized() for patch in fig.axes[0].patches)
    assert len(fig.svg()) < 1_000_000


@pytest.mark.parametrize("fill", ["colour", [1, 2], np.zeros((len(FOUND), 3))])
def test_it_refuses_other_fills(fill):
    with pytest.raises(ValueError, match="fill must "):
        drawing.region_map(FOUND, fill)


def test_one_region_alone():
    net = Deep([2, 1])
    alone = regions.linear_regions(net, [0.0, 1.0, 2.0], ((0, 1), (0, 1)))
    assert len(fills(drawing.region_map(alone))) == len(fills(drawing.region_map(alone, "output"))) == 1
