"""Deep networks that break naive code, each by name, with the number of regions known by hand."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from udl_core import Deep, regions
from udl_core.activations import get

SQUARE = ((-1, 1), (-1, 1))
CROSS = [[0, 1, 0], [0, 0, 1]]  # rows of offset, then weights, as everywhere below


def deep(*layers, activation="relu", sizes=None):
    layers = [np.asarray(rows, dtype=float) for rows in layers]
    widths = [layers[0].shape[1] - 1, *(len(rows) for rows in layers), 1]
    net = Deep(widths, activation)
    sizes = [1.0] * len(layers) if sizes is None else sizes
    beta = [rows[:, 0] * size for rows, size in zip(layers, sizes, strict=True)]
    before = [1.0, *sizes[:-1]]
    omega = [rows[:, 1:] * (a / b) for rows, a, b in zip(layers, sizes, before, strict=True)]
    return net, net.pack(beta=[*beta, [0]], omega=[*omega, np.ones((1, widths[-2]))])


# layers, number of regions, and all sets of units that switch together somewhere
HAND_COUNTED = {
    "the second layer repeats the first": ([CROSS, [[0, 1, 0], [0, 0, 1]]], 4, {(0, 2), (1, 3)}),
    "the second layer repeats one unit three times": (
        [CROSS, [[-1, 2, 0], [-1, 2, 0], [-2, 4, 0]]],
        6,
        {(0,), (1,), (2, 3, 4)},
    ),
    "two units of the second layer are each other's negative": (
        [CROSS, [[-1, 2, 0], [1, -2, 0]]],
        6,
        {(0,), (1,), (2, 3)},
    ),
    "two lines of the second layer are parallel": ([CROSS, [[-1, 2, 0], [-1, 4, 0]]], 8, {(0,), (1,), (2,), (3,)}),
    "the first layer is dead": ([[[-9, 1, 0], [-9, 0, 1]], [[1, 1, 1], [-1, 1, 1]]], 1, set()),
    "later layers are dead": ([CROSS, [[-1, -1, -1]], [[0, 1], [-3, 1]]], 4, {(0,), (1,)}),
    "all weights of the second layer are zero": ([CROSS, [[0, 0, 0], [1, 0, 0], [-1, 0, 0]]], 4, {(0,), (1,)}),
    "no offsets anywhere": ([CROSS, [[0, 1, -1]], [[0, 1]]], 5, {(0,), (0, 2, 3), (1,), (2, 3)}),
    "bent lines through one corner": (
        [CROSS, [[0, 1, -1], [0, 2, -1], [0, 1, -2]]],
        7,
        {(0,), (0, 2, 3, 4), (1,), (2,), (3,), (4,)},
    ),
    "a bent line on the box's side": ([CROSS, [[-1, 1, 0], [1, -1, 0]]], 4, {(0,), (1,)}),
    "a bent line through corners of the box and of regions": ([CROSS, [[-1, 1, 1]]], 5, {(0,), (1,), (2,)}),
    "off on one side, and its line on the other": ([[[0, 1, 0]], [[0, 1], [-1, 2]]], 3, {(0, 1), (2,)}),
    "ten layers that do nothing": (
        [CROSS, *[[[0, 1, 0], [0, 0, 1]]] * 9],
        4,
        {tuple(range(0, 20, 2)), tuple(range(1, 20, 2))},
    ),
}


@pytest.mark.parametrize("name", HAND_COUNTED)
@pytest.mark.parametrize("size", [1, 1e-9, 1e9, 1 / 3])
def test_counted_by_hand(name, size):
    layers, count, switching = HAND_COUNTED[name]
    sizes = [size if k % 2 else 1 for k in range(len(layers))]
    net, phi = deep(*layers, sizes=sizes)
    found = regions.linear_regions(net, phi, SQUARE)
    assert len(found) == count
    assert np.isclose(found.areas.sum(), 4, rtol=1e-13)
    assert {tuple(units.tolist()) for units in found.neighbours.units} == switching
    for polygon, affine in zip(found.polygons, found.maps, strict=True):
        y = net(polygon, phi)
        np.testing.assert_allclose(affine[:, 0] + polygon @ affine[:, 1:].T, y, atol=1e-12 * max(1, np.abs(y).max()))


@pytest.mark.parametrize(("width", "count"), [(1e-14, 3), (9e-14, 3), (2e-11, 4), (1e-9, 4)])
@pytest.mark.parametrize("size", [1, 1e-9, 1e9])
def test_a_slab_between_two_lines_of_the_second_layer_counts_from_its_width_on(width, count, size):
    net, phi = deep([[0, 1, 0]], [[-0.25, 1], [-0.25 - width, 1]], sizes=[1, size])
    found = regions.linear_regions(net, phi, ((-0.5, 0.5), (-0.5, 0.5)))
    assert len(found) == count
    assert len(regions.joints(net, phi, -0.5, 0.5, line=([0, 0], [1, 0])).joints) == count - 1


def test_a_unit_that_is_only_rounding_is_constant():
    """h₂ is h₁ but for rounding; their difference has a gradient of 1e-17 that must not make lines."""
    first = [[0.1, 0.3, 0.7], [0.1 * 3, 0.3 * 3, 0.7 * 3]]
    net, phi = deep(first, [[0, 3, -1], [0, -3, 1]], [[0, 1, 1]])
    found = regions.linear_regions(net, phi, SQUARE)
    assert len(found) == 2
    assert not found.patterns[:, 2:].any()
    assert len(regions.joints(net, phi, -1, 1, line=([0, 0], [1, 0.1])).joints) == 1


def test_units_that_are_only_rounding_do_not_flicker_between_regions():
    """Differences of equal units, computed as different sums, in hundreds of regions."""
    rng = np.random.default_rng(0)
    rows = rng.standard_normal((30, 3)) * [0.3, 1, 1]
    sums = rng.standard_normal((5, 30))
    layers = [rows, np.column_stack((np.zeros(10), np.vstack((sums, 3 * sums))))]
    differences = np.column_stack((np.zeros(5), 3 * np.eye(5), -np.eye(5)))
    net, phi = deep(*layers, np.vstack((differences, -differences)))
    found = regions.linear_regions(net, phi, SQUARE)
    assert len(found) > 400
    assert not found.patterns[:, 40:].any()
    exact = regions.joints(net, phi, -1, 1, line=([0, 0.1], [1, 0.3]))
    assert len(exact.joints) > 20
    assert not exact.patterns[:, 40:].any()


def test_breaks_of_hard_tanh_that_coincide():
    """Unit 2's lower break lies on unit 1's upper one, so both pass to another piece there."""
    net, phi = deep([[0, 2, 0], [-2, 2, 0], [0, 0, 4]], activation="hard_tanh")
    found = regions.linear_regions(net, phi, ((-2, 2), (-1, 1)))
    assert len(found) == 4 * 3
    assert found.patterns.dtype == np.int8
    assert {tuple(units.tolist()) for units in found.neighbours.units} == {(0,), (0, 1), (1,), (2,)}
    assert set(map(tuple, found.patterns[:, :2].tolist())) == {(0, 0), (1, 0), (2, 1), (2, 2)}


def test_the_absolute_value_folds_the_square():
    """Each layer halves the pieces of the one before: |x| − ½, then its absolute value − ¼, and so on."""
    halves = [[[-0.5, 1, 0], [-0.5, 0, 1]], [[-0.25, 1, 0], [-0.25, 0, 1]]]
    net, phi = deep(CROSS, *halves, activation="absolute")
    found = regions.linear_regions(net, phi, SQUARE)
    assert len(found) == 64
    np.testing.assert_allclose(found.areas, 1 / 16)
    assert found.patterns.dtype == np.int8


@pytest.mark.parametrize("name", ["leaky_relu", "parametric_relu"])
def test_a_leaky_unit_with_slope_one_still_switches_but_bends_nothing(name):
    net, phi = deep(CROSS, [[-0.5, 1, 0]], activation=get(name, slope=1.0))
    found = regions.linear_regions(net, phi, SQUARE)
    assert len(found) == 6
    assert len(found.linear()) == 1


def test_a_box_far_from_the_origin():
    net, phi = deep([[-1e6 - 0.25, 1, 0], [-0.5, 0, 1]], [[-0.25, 1, 0]])
    found = regions.linear_regions(net, phi, ((1e6, 1e6 + 1), (0, 1)))
    assert len(found) == 6
    assert np.isclose(found.areas.sum(), 1)


def test_rounding_far_from_the_origin_makes_no_slivers():
    """Seven lines through one point, behind a layer of units that are all active: offsets are rounded to 1e-10."""
    angle = np.pi * (np.arange(7) + 0.3) / 7
    a, b = np.cos(angle), np.sin(angle)
    lines = np.column_stack((-a * (1e6 + 0.3) - b * 0.2, a, b))
    net, phi = deep(CROSS, lines)
    assert len(regions.linear_regions(net, phi, ((1e6, 1e6 + 1), (0.1, 1)))) == 14


@pytest.mark.parametrize("box", [((0, 1e-6), (-1e3, 1e3)), ((-1e9, 1e9), (-1e-9, 1e-9))])
def test_boxes_of_any_shape(box):
    (x_lo, x_hi), (y_lo, y_hi) = box
    x, y = (x_lo + x_hi) / 2, (y_lo + y_hi) / 2
    net, phi = deep([[-x / (x_hi - x_lo), 1 / (x_hi - x_lo), 0], [-y / (y_hi - y_lo), 0, 1 / (y_hi - y_lo)]],
                    [[-0.25, 1, 0], [0, 1, -1]])  # fmt: skip
    found = regions.linear_regions(net, phi, box)
    # four quarters; where x is above its middle one line more, and in one quarter a diagonal that crosses it
    assert len(found) == 8
    assert np.isclose(found.areas.sum(), (x_hi - x_lo) * (y_hi - y_lo))


@example(638, 1e-15)  # a point's pattern, but for rounding, is another region's
@given(st.integers(0, 10**6), st.sampled_from([0.0, 1e-15, 1e-13, 3e-13, 1e-12, 4e-12, 1e-11, 1e-10]))
def test_nearly_degenerate_networks_stay_valid(seed, noise):
    """Between the promised 1e-13 and 1e-11 either count will do, but never a broken set of regions."""
    rng = np.random.default_rng(seed)
    widths = [2, *rng.integers(1, 6, rng.integers(1, 4)).tolist(), 1]
    net = Deep(widths, str(rng.choice(["relu", "leaky_relu", "hard_tanh", "absolute"])))
    phi = rng.integers(-2, 3, net.n_params) + noise * rng.standard_normal(net.n_params)
    found = regions.linear_regions(net, phi, SQUARE)
    assert np.isclose(found.areas.sum(), 4, rtol=1e-12)
    assert (found.areas > 0).all()
    assert len({pattern.tobytes() for pattern in found.patterns}) == len(found)
    assert all(len(units) for units in found.neighbours.units)
    reached = {0}
    for _ in range(len(found)):  # every region is reached from the first one, from neighbour to neighbour
        reached |= {k for pair in found.neighbours.pairs.tolist() if reached & set(pair) for k in pair}
    assert len(reached) == len(found)
    joined = found.linear()
    for rings, area in zip(joined.polygons, joined.areas, strict=True):
        signed = sum((x * np.roll(y, -1) - np.roll(x, -1) * y).sum() / 2 for x, y in (ring.T for ring in rings))
        assert np.isclose(signed, area, atol=1e-9)
    wide = found.areas > 1e-8
    centres = np.array([polygon.mean(axis=0) for polygon in found.polygons])
    assert (found.locate(centres) == np.arange(len(found)))[wide].all()
