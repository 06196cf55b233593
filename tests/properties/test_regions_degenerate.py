"""Line arrangements that break naive code, each by name, with the number of regions known by hand."""

import numpy as np
import pytest

from udl_core import Shallow, regions

SQUARE = ((-1, 1), (-1, 1))


def regions_of(theta, box=SQUARE):
    theta = np.asarray(theta, dtype=float)
    net = Shallow(2, len(theta), 1)
    return regions.linear_regions(net, net.pack(theta=theta, phi=np.ones((1, len(theta) + 1))), box)


def pencil(k, x=0.0, y=0.0):
    """k lines through one point."""
    angle = np.pi * (np.arange(k) + 0.3) / k
    a, b = np.cos(angle), np.sin(angle)
    return np.column_stack((-a * x - b * y, a, b))


def tangents(k, radius=1.0):
    """k lines that touch a circle, no three through a point: for odd k, none parallel."""
    angle = 2 * np.pi * (np.arange(k) + 0.1) / k
    return np.column_stack((np.full(k, radius), np.cos(angle), np.sin(angle)))


HAND_COUNTED = {
    "all weights zero": ([[0, 0, 0], [1, 0, 0], [-1, 0, 0]], 1),
    "dead in the box": ([[-9, 1, 1]], 1),
    "always on in the box": ([[9, 1, 1]], 1),
    "one line": ([[0, 1, 2]], 2),
    "coincident": ([[0.5, 1, 1], [0.5, 1, 1], [1, 2, 2]], 2),
    "coincident and opposite": ([[0.5, 1, 1], [-0.5, -1, -1]], 2),
    "parallel": ([[0, 1, 1], [0.5, 1, 1], [-0.5, -1, -1], [1, -1, -1]], 4),
    "three through a point": (pencil(3), 6),
    "forty through a point": (pencil(40), 80),
    "forty through a corner": (pencil(40, 1, 1), 21),
    "forty through a point of the side": (pencil(40, 1, 0.25), 41),
    "diagonals": ([[0, 1, 1], [0, 1, -1]], 4),
    "diagonals and axes": ([[0, 1, 1], [0, 1, -1], [0, 1, 0], [0, 0, 1]], 8),
    "touches a corner": ([[-2, 1, 1], [2, 1, 1]], 1),
    "all four sides of the box": ([[1, 1, 0], [-1, 1, 0], [1, 0, 1], [1, 0, -1]], 1),
    "sides of the box and a cross": ([[1, 1, 0], [-1, 1, 0], [0, 1, 0], [0, 0, 1]], 4),
    "grid": ([[k / 5, 1, 0] for k in (-3, -1, 1, 3)] + [[k / 5, 0, 1] for k in (-3, -1, 1, 3)], 25),
    "grid and its diagonals": (
        [[k / 2, 1, 0] for k in (-1, 0, 1)] + [[k / 2, 0, 1] for k in (-1, 0, 1)] + [[0, 1, 1], [0, 1, -1]],
        24,
    ),
    "all crossings outside": ([[0, 1, 0.1], [0.5, 1, 0.2], [-0.5, 1, 0.15]], 4),
}


@pytest.mark.parametrize("name", HAND_COUNTED)
@pytest.mark.parametrize("size", [1e-9, 1, 1e9])
@pytest.mark.parametrize("order", [1, -1])
def test_counted_by_hand(name, size, order):
    theta, count = HAND_COUNTED[name]
    sizes = np.where(np.arange(len(theta)) % 2, size, 1)[:, None]
    found = regions_of((np.asarray(theta) * sizes)[::order])
    assert len(found) == count
    assert np.isclose(found.areas.sum(), 4, rtol=1e-13)


@pytest.mark.parametrize("direction", [(1, 0), (0, 1), (1, 1), (3, -7), (1e-9, 1)])
@pytest.mark.parametrize(("width", "count"), [(9e-14, 2), (1e-15, 2), (1.1e-11, 3), (1e-10, 3), (1e-9, 3), (1e-6, 3)])
@pytest.mark.parametrize("size", [1e-9, 1e9])
def test_a_slab_counts_from_its_width_on(direction, width, count, size):
    unit = np.array(direction) / np.hypot(*direction)
    theta = np.array([[0.1, *unit], [0.1 + width, *unit]]) * [[1], [size]]
    found = regions_of(theta, box=((-0.5, 0.5), (-0.5, 0.5)))
    assert len(found) == count
    if count == 3:
        chord = 1 / np.abs(unit).max()
        assert np.isclose(found.areas.min(), width * chord, rtol=1e-3, atol=width * 0.3)
        slab = found.patterns[found.areas.argmin()]
        assert slab.tolist() == [False, True]
        assert [units.tolist() for _, _, units in found.neighbours] == [[0], [1]] or len(found.neighbours) == 2
    else:
        assert [units.tolist() for _, _, units in found.neighbours] == [[0, 1]]


@pytest.mark.parametrize(("size", "count"), [(1e-14, 6), (1e-13, 6), (1e-10, 7), (1e-6, 7)])
def test_a_tiny_triangle_between_three_lines(size, count):
    found = regions_of(tangents(3, radius=size), box=((-0.5, 0.5), (-0.5, 0.5)))
    assert len(found) == count
    if count == 7:
        assert np.isclose(found.areas.min(), 3 * np.sqrt(3) * size**2, rtol=1e-4)


@pytest.mark.parametrize(("depth", "count"), [(1e-14, 1), (1e-10, 2), (1e-6, 2)])
def test_a_tiny_corner_of_the_box(depth, count):
    found = regions_of([[-np.sqrt(0.5) + depth, np.sqrt(0.5), np.sqrt(0.5)]], box=((-0.5, 0.5), (-0.5, 0.5)))
    assert len(found) == count


def test_a_hundred_slabs_one_part_in_ten_billion_wide():
    theta = np.column_stack((1e-10 * np.arange(101), np.full(101, 0.6), np.full(101, 0.8)))
    found = regions_of(theta, box=((-0.5, 0.5), (-0.5, 0.5)))
    assert len(found) == 102
    assert len(found.neighbours) == 101
    assert [len(units) for units in found.neighbours.units] == [1] * 101


@pytest.mark.parametrize("k", [3, 11, 51])
def test_lines_in_general_position_reach_zaslavskys_bound(k):
    wide = ((-1e4, 1e4), (-1e4, 1e4))
    theta = tangents(k) if k < 51 else tangents(k, 30)
    net = Shallow(2, k, 1)
    assert len(regions_of(theta, wide)) == regions.max_regions(2, k)
    assert regions.regions_in_plane(net, net.pack(theta=theta, phi=np.ones((1, k + 1)))) == regions.max_regions(2, k)


def test_six_in_view_seven_in_the_plane():
    theta = [[0, 1, 0], [0, 0, 1], [-1.2, 0.7, 0.1]]
    net = Shallow(2, 3, 1)
    phi = net.pack(theta=theta, phi=[[0, 1, 1, 1]])
    assert len(regions.linear_regions(net, phi, ((-1, 2), (-1, 2)))) == 6
    assert regions.regions_in_plane(net, phi) == 7


@pytest.mark.parametrize("size", [1e-9, 1, 1e9])
@pytest.mark.parametrize("x_scale", [1e-6, 1, 1e6])
def test_count_in_the_plane_knows_degenerate_lines_at_any_scale(size, x_scale):
    theta = np.vstack((pencil(7, 0.3, -0.2), [[0.5, 1, 1], [0.5, 1, 1], [0.7, -1, -1]], [[2, 0, 0]]))
    theta[::2] *= size
    theta[:, 1:] /= x_scale
    net = Shallow(2, len(theta), 1)
    # 14 of the pencil; each parallel crosses all 7 lines of it apart from their common point: 8 more each
    assert regions.regions_in_plane(net, net.pack(theta=theta, phi=np.ones((1, len(theta) + 1)))) == 30


@pytest.mark.parametrize("box", [((0, 1e-6), (-1e3, 1e3)), ((1e3, 1e3 + 1), (0, 1)), ((-1e-9, 1e-9), (-1e-9, 1e-9))])
def test_boxes_of_any_shape_and_place(box):
    """Two diagonals and the two middle lines of the box: eight triangles with equal areas."""
    (x_lo, x_hi), (y_lo, y_hi) = box
    x, y, w, h = (x_lo + x_hi) / 2, (y_lo + y_hi) / 2, x_hi - x_lo, y_hi - y_lo
    theta = [[-x / w - y / h, 1 / w, 1 / h], [-x / w + y / h, 1 / w, -1 / h], [-x, 1, 0], [-y, 0, 1]]
    found = regions_of(theta, box)
    assert len(found) == 8
    np.testing.assert_allclose(found.areas, w * h / 8, rtol=1e-9)
    corners = np.concatenate(found.polygons)
    np.testing.assert_array_equal(corners.min(axis=0), [x_lo, y_lo])
    np.testing.assert_array_equal(corners.max(axis=0), [x_hi, y_hi])


def test_many_units_at_random_meet_eulers_count():
    """The floating-point form of Euler's count is enough in general position."""
    rng = np.random.default_rng(3)
    theta = rng.standard_normal((200, 3)) * [0.3, 1, 1]
    found = regions_of(theta)
    c, a, b = theta[np.abs(theta[:, 1:]).sum(axis=1) > np.abs(theta[:, 0])].T
    i, j = np.triu_indices(len(c), 1)
    det = a[i] * b[j] - a[j] * b[i]
    x, y = (b[i] * c[j] - b[j] * c[i]) / det, (c[i] * a[j] - c[j] * a[i]) / det
    inner = ((np.abs(x) < 1) & (np.abs(y) < 1)).sum()
    assert len(found) == 1 + len(c) + inner
    assert len(found.neighbours) == len(c) + 2 * inner
    assert np.isclose(found.areas.sum(), 4, rtol=1e-13)


def test_a_chain_of_close_lines_does_not_become_one():
    """Lines 6e-13 apart would all merge if each were compared with the one before it only."""
    theta = np.column_stack((6e-13 * np.arange(100), np.full(100, 0.6), np.full(100, 0.8)))
    found = regions_of(theta, box=((-0.5, 0.5), (-0.5, 0.5)))
    assert 30 < len(found) < 90
    assert sum(len(units) for units in found.neighbours.units) == 100  # on the way across every unit switches once


NEARLY_DEGENERATE = {
    "a cut so short that its triangle has no area": [
        [0.9999999999989563, -2.000000000010254, 8.450589484484637e-15],
        [-8.401148173847023e-14, 2.000000000000044, 0.9999999999975165],
        [7.58899483356497e-11, -1.9999999999999993, -0.9999999999953705],
        [-3.409772341318382e-12, 2.000000000000016, 1.0000000000007476],
        [1.0, -1.9999999999997202, 4.593755741771516e-13],
    ],
    "a region whose middle lies beyond its own line": [
        [1.0000000000085418, -0.999999999996069, -2.0000000000001763],
        [-1.9999999999908897, 1.0, -1.999999999999015],
        [1.000000000000001, -1.0, -1.9999999999890772],
    ],
}


@pytest.mark.parametrize("name", NEARLY_DEGENERATE)
def test_regions_no_wider_than_the_tolerance_stay_valid(name):
    found = regions_of(NEARLY_DEGENERATE[name])
    assert (found.areas > 0).all()
    assert np.isclose(found.areas.sum(), 4, rtol=1e-13)
    assert len({pattern.tobytes() for pattern in found.patterns}) == len(found)


def test_lines_through_a_point_far_from_the_origin():
    """Their offsets are rounded to a ten-billionth of the box, so nothing finer can be told there."""
    assert len(regions_of(pencil(7, 1e6 + 0.3, 0.2), box=((1e6, 1e6 + 1), (0, 1)))) == 14


def test_count_in_the_plane_takes_rounding_for_rounding():
    net = Shallow(2, 23, 1)
    rng = np.random.default_rng(0)
    through_origin = pencil(4)
    through_origin[:, 0] = [0, 1e-17, -2e-17, 0]
    parallel = np.column_stack((np.linspace(1, 2, 19), np.full(19, 0.3), np.full(19, 0.7)))
    theta = np.vstack((through_origin, parallel)) * 10 ** rng.uniform(-9, 9, (23, 1))
    # 8 regions of the pencil; each of the parallels crosses its four lines: 5 more each
    assert regions.regions_in_plane(net, net.pack(theta=theta, phi=np.ones((1, 24)))) == 8 + 19 * 5
