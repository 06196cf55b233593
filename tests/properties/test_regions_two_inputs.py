"""Linear regions against counts in rational arithmetic and against the network, degenerate networks included."""

from collections import defaultdict
from fractions import Fraction
from itertools import combinations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from udl_core import Shallow, regions
from udl_core.activations import get

small = st.integers(-3, 3)  # so small that lines are often parallel, coincident, concurrent, or on the box's side
scales = st.sampled_from([1e-9, 1.0, 1e9])
boxes = st.tuples(*[st.tuples(st.integers(-2, 0), st.integers(1, 2))] * 2)


@st.composite
def networks(draw, most=9):
    D, D_o = draw(st.integers(1, most)), draw(st.integers(1, 2))
    activation = draw(st.sampled_from([get("relu"), get("leaky_relu"), get("parametric_relu", slope=-0.5)]))
    theta = draw(arrays(int, (D, 3), elements=small))
    phi = draw(arrays(int, (D_o, D + 1), elements=small))
    return Shallow(2, D, D_o, activation), theta, phi


def packed(net, theta, phi):
    return net.pack(theta=theta.astype(float), phi=phi.astype(float))


def regions_of(network, box):
    net, theta, phi = network
    return regions.linear_regions(net, packed(net, theta, phi), box)


def euler_count(theta, box=None):
    """Independent: edges − vertices + 1 of the arrangement inside the box (or the whole plane), in fractions.

    Every line inside an open convex set consists of one edge more than it has vertices there, so summing over lines,
    regions = 1 + edges − vertices = 1 + Σ_lines (1 + its vertices) − vertices.
    """
    lines = set()
    for c, a, b in theta.tolist():
        corners = [c + a * x + b * y for x in box[0] for y in box[1]] if box else [-1, 1]
        if (a or b) and min(corners) < 0 < max(corners):
            lines.add(tuple(Fraction(v, a or b) for v in (c, a, b)))
    vertices, on_line = set(), defaultdict(set)
    for one, other in combinations(lines, 2):
        (c, a, b), (f, d, e) = one, other
        det = a * e - b * d
        if not det:
            continue
        x, y = (b * f - c * e) / det, (c * d - a * f) / det
        if box is None or (box[0][0] < x < box[0][1] and box[1][0] < y < box[1][1]):
            vertices.add((x, y))
            on_line[one].add((x, y))
            on_line[other].add((x, y))
    return 1 + sum(1 + len(on_line[line]) for line in lines) - len(vertices)


def sides(polygon):
    return np.roll(polygon, -1, axis=0) - polygon


def rounded(polygon):
    return [tuple(corner) for corner in np.round(polygon, 9) + 0.0]


@given(networks(), boxes)
def test_count_equals_eulers_in_rational_arithmetic(network, box):
    assert len(regions_of(network, box)) == euler_count(network[1], box)


@given(networks())
def test_count_in_the_plane_equals_eulers_in_rational_arithmetic(network):
    net, theta, phi = network
    assert regions.regions_in_plane(net, packed(net, theta, phi)) == euler_count(theta)


@given(networks(), boxes, st.data())
def test_the_size_of_a_units_theta_does_not_matter(network, box, data):
    net, theta, phi = network
    a = np.array(data.draw(st.lists(scales, min_size=net.D, max_size=net.D)))[:, None]
    as_it_is = regions_of(network, box)
    scaled_phi = net.pack(theta=theta * a, phi=phi.astype(float))
    scaled = regions.linear_regions(net, scaled_phi, box)
    assert len(scaled) == len(as_it_is)
    by_pattern = {p.tobytes(): k for k, p in enumerate(as_it_is.patterns)}
    for pattern, polygon in zip(scaled.patterns, scaled.polygons, strict=True):
        before = as_it_is.polygons[by_pattern[pattern.tobytes()]]
        assert sorted(rounded(polygon)) == sorted(rounded(before))
    assert regions.regions_in_plane(net, scaled_phi) == euler_count(theta)


@given(networks(), boxes)
def test_polygons_are_convex_and_counter_clockwise_and_fill_the_box(network, box):
    found = regions_of(network, box)
    (x_lo, x_hi), (y_lo, y_hi) = box
    assert np.isclose(found.areas.sum(), (x_hi - x_lo) * (y_hi - y_lo), rtol=1e-13)
    assert (found.areas > 0).all()
    for polygon, area in zip(found.polygons, found.areas, strict=True):
        along = sides(polygon)
        after = np.roll(along, -1, axis=0)
        assert (along[:, 0] * after[:, 1] - along[:, 1] * after[:, 0] > 1e-9).all()  # each corner turns left
        assert np.isclose(
            np.arctan2(*np.array([_turn(a, b) for a, b in zip(along, after, strict=True)]).T).sum(), 2 * np.pi
        )
        x, y = (polygon - polygon[0]).T
        assert np.isclose((x * np.roll(y, -1) - np.roll(x, -1) * y).sum() / 2, area, rtol=1e-9)
        assert (polygon >= (x_lo, y_lo)).all()
        assert (polygon <= (x_hi, y_hi)).all()


def _turn(a, b):
    return a[0] * b[1] - a[1] * b[0], a @ b


@given(networks(), boxes)
def test_polygons_meet_corner_to_corner_as_eulers_formula_demands(network, box):
    """Vertices − edges + regions = 1 once equal corners and edges are counted once: no gap, no T-junction."""
    found = regions_of(network, box)
    corners = [rounded(polygon) for polygon in found.polygons]
    vertices = {corner for polygon in corners for corner in polygon}
    edges = {frozenset(edge) for polygon in corners for edge in zip(polygon, polygon[1:] + polygon[:1], strict=True)}
    assert len(vertices) - len(edges) + len(found) == 1


@given(networks(), boxes)
def test_each_region_has_one_pattern_and_no_other_region_has_it(network, box):
    _, theta, _ = network
    found = regions_of(network, box)
    assert len({pattern.tobytes() for pattern in found.patterns}) == len(found)
    rng = np.random.default_rng(0)
    for polygon, pattern in zip(found.polygons, found.patterns, strict=True):
        x = rng.dirichlet(np.ones(len(polygon)), size=5) @ polygon
        z = theta[:, 0] + x @ theta[:, 1:].T
        certain = np.abs(z) > 1e-9
        assert ((z > 0) == pattern)[certain].all()


@given(networks(), boxes)
def test_maps_equal_the_network_inside_and_agree_across_edges(network, box):
    net, theta, phi = network
    found = regions_of(network, box)
    flat = packed(net, theta, phi)
    rng = np.random.default_rng(0)
    for polygon, affine in zip(found.polygons, found.maps, strict=True):
        x = rng.dirichlet(np.ones(len(polygon)), size=4) @ polygon
        np.testing.assert_allclose(net(x, flat), affine[:, 0] + x @ affine[:, 1:].T, atol=1e-11)
    for i, j, _ in found.neighbours:
        shared = sorted(set(rounded(found.polygons[i])) & set(rounded(found.polygons[j])))
        assert len(shared) == 2
        ends = np.array([[1, *corner] for corner in shared])
        np.testing.assert_allclose(ends @ found.maps[i].T, ends @ found.maps[j].T, atol=1e-7)


@given(networks(), boxes)
def test_neighbours_differ_exactly_in_the_units_whose_line_holds_their_edge(network, box):
    _, theta, _ = network
    found = regions_of(network, box)
    for i, j, units in found.neighbours:
        assert i < j
        assert np.flatnonzero(found.patterns[i] != found.patterns[j]).tolist() == units.tolist()
        (x1, y1), (x2, y2) = sorted(set(rounded(found.polygons[i])) & set(rounded(found.polygons[j])))
        ends = np.array([[1, x1, y1], [1, x2, y2]])
        on_edge = (np.abs(ends @ theta.T) < 1e-6).all(axis=0) & (theta[:, 1:] != 0).any(axis=1)
        assert np.flatnonzero(on_edge).tolist() == units.tolist()


@given(networks(), boxes)
def test_every_inner_edge_makes_one_pair_of_neighbours(network, box):
    found = regions_of(network, box)
    owners = defaultdict(set)
    for k, polygon in enumerate(map(rounded, found.polygons)):
        for edge in zip(polygon, polygon[1:] + polygon[:1], strict=True):
            owners[frozenset(edge)].add(k)
    expected = sorted(tuple(sorted(pair)) for pair in owners.values() if len(pair) == 2)
    assert [tuple(pair) for pair in found.neighbours.pairs.tolist()] == expected
    assert len(found.neighbours) == len(found.neighbours.units) == len(expected)


noise = st.sampled_from([0.0, 1e-15, 1e-13, 3e-13, 1e-12, 2e-12, 4e-12, 1e-11, 1e-10])


@given(networks(most=6), st.data())
def test_nearly_degenerate_networks_stay_valid(network, data):
    """Between the promised 1e-13 and 1e-11 either count will do, but never a broken set of regions."""
    net, theta, phi = network
    rng = np.random.default_rng(data.draw(st.integers(0, 99)))
    sizes = data.draw(arrays(float, theta.shape, elements=noise))
    theta = theta[rng.integers(0, net.D, net.D)] + sizes * rng.standard_normal(theta.shape)
    found = regions.linear_regions(net, packed(net, theta, phi), ((-1, 1), (-1, 1)))
    assert np.isclose(found.areas.sum(), 4, rtol=1e-13)
    assert (found.areas > 0).all()
    assert len({pattern.tobytes() for pattern in found.patterns}) == len(found)
    for i, j, units in found.neighbours:
        assert np.flatnonzero(found.patterns[i] != found.patterns[j]).tolist() == units.tolist()
    for polygon in found.polygons:
        along = sides(polygon)
        after = np.roll(along, -1, axis=0)
        assert (along[:, 0] * after[:, 1] - along[:, 1] * after[:, 0] > -1e-14).all()
