"""Regions of deep networks against rational arithmetic and against the network, degenerate networks included."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tests.exact_regions import cut_line, cut_plane
from udl_core import Deep, Shallow, activations, regions

small = st.integers(-2, 2)  # so small that units are often dead, doubled, negated, parallel or concurrent
scales = st.sampled_from([1.0, 0.1, 1 / 3, 1e-9, 1e9])
bends = st.sampled_from(["relu", "leaky_relu", "parametric_relu", "hard_tanh", "absolute"])
BOX = ((-1, 1), (-1, 2))
CORNERS = [(-1, -1), (1, -1), (1, 2), (-1, 2)]


@st.composite
def networks(draw, D_i=2, most=3, names=bends):
    hidden = draw(st.lists(st.integers(1, most), min_size=0, max_size=3))
    widths = [D_i, *hidden, draw(st.integers(1, 2))]
    beta = [draw(arrays(int, D, elements=small)) for D in widths[1:]]
    omega = [draw(arrays(int, (D, D_in), elements=small)) for D_in, D in itertools.pairwise(widths)]
    name = draw(names)
    activation = activations.get(name, slope=0.25) if name == "leaky_relu" else activations.get(name)
    return Deep(widths, activation), beta, omega


def packed(network, sizes=None):
    """Layers whose pre-activations are `sizes` times as large, which the next layer takes back."""
    net, beta, omega = network
    sizes = [1.0] * net.K if sizes is None else sizes
    after, before = [*sizes, 1.0], [1.0, *sizes]
    return net.pack(
        beta=[b * a for b, a in zip(beta, after, strict=True)],
        omega=[w * (a / c) for w, a, c in zip(omega, after, before, strict=True)],
    )


def regions_of(network, box=BOX, sizes=None):
    return regions.linear_regions(network[0], packed(network, sizes), box)


def inside(polygon, count=3):
    rng = np.random.default_rng(0)
    return rng.dirichlet(np.ones(len(polygon)), size=count) @ polygon


def rounded(points):
    return [tuple(point) for point in np.round(points, 9) + 0.0]


def labels(pattern):
    return tuple(int(v) for v in pattern)


@given(networks(), st.data())
def test_patterns_and_areas_equal_rational_arithmetics(network, data):
    net, beta, omega = network
    exact = cut_plane(beta, omega, net.activation.pieces, CORNERS)
    homogeneous = net.activation.name != "hard_tanh"
    sizes = data.draw(st.lists(scales, min_size=net.K, max_size=net.K)) if homogeneous else None
    found = regions_of(network, sizes=sizes)
    assert {labels(pattern) for pattern in found.patterns} == set(exact)
    assert len(found) == len(exact)
    for pattern, area in zip(found.patterns, found.areas, strict=True):
        assert np.isclose(area, float(exact[labels(pattern)]), rtol=1e-9)


@given(networks())
def test_a_convex_polygon_is_cut_as_rational_arithmetic_says(network):
    net, beta, omega = network
    corners = [(-1, 0), (0, -1), (2, 0), (1, 2), (0, 2)]
    exact = cut_plane(beta, omega, net.activation.pieces, corners)
    for given_corners in (corners, corners[::-1]):
        found = regions_of(network, box=given_corners)
        assert {labels(pattern) for pattern in found.patterns} == set(exact)
        assert np.isclose(found.areas.sum(), 5.5, rtol=1e-13)


@given(networks())
def test_polygons_are_convex_fill_the_box_and_meet_as_eulers_formula_demands(network):
    found = regions_of(network)
    assert np.isclose(found.areas.sum(), 6, rtol=1e-13)
    assert (found.areas > 0).all()
    for polygon in found.polygons:
        along = np.roll(polygon, -1, axis=0) - polygon
        after = np.roll(along, -1, axis=0)
        assert (along[:, 0] * after[:, 1] - along[:, 1] * after[:, 0] > 1e-9).all()
    corners = [rounded(polygon) for polygon in found.polygons]
    vertices = {corner for polygon in corners for corner in polygon}
    edges = {frozenset(edge) for polygon in corners for edge in zip(polygon, polygon[1:] + polygon[:1], strict=True)}
    assert len(vertices) - len(edges) + len(found) == 1


@given(networks())
def test_maps_and_the_surface_are_the_network(network):
    net, phi = network[0], packed(network)
    found = regions_of(network)
    for polygon, affine, lifted in zip(found.polygons, found.maps, found.surface(net.D_o - 1), strict=True):
        x = inside(polygon)
        np.testing.assert_allclose(affine[:, 0] + x @ affine[:, 1:].T, net(x, phi), atol=1e-10)
        np.testing.assert_array_equal(lifted[:, :2], polygon)
        np.testing.assert_allclose(lifted[:, 2], net(polygon, phi)[:, -1], atol=1e-10)


@given(networks())
def test_every_inner_edge_makes_one_pair_and_exactly_its_units_switch(network):
    found = regions_of(network)
    owners, layers = {}, {}
    for k, (polygon, layer) in enumerate(zip(map(rounded, found.polygons), found.layer, strict=True)):
        assert len(polygon) == len(layer)
        for edge, of in zip(zip(polygon, polygon[1:] + polygon[:1], strict=True), layer.tolist(), strict=True):
            owners.setdefault(frozenset(edge), []).append(k)
            assert layers.setdefault(frozenset(edge), of) == of
    expected = sorted(tuple(sorted(pair)) for pair in owners.values() if len(pair) == 2)
    assert [tuple(pair) for pair in found.neighbours.pairs.tolist()] == expected
    assert all((len(pair) == 1) == (layers[edge] == 0) for edge, pair in owners.items())
    for (i, j, units), switches, layer, ends in zip(
        found.neighbours, found.neighbours.switches, found.neighbours.layers, found.neighbours.edges, strict=True
    ):
        assert np.flatnonzero(found.patterns[i] != found.patterns[j]).tolist() == units.tolist()
        assert len(units) > 0
        assert switches[0, 0] == layer == layers[frozenset(rounded(ends))]
        assert owners[frozenset(rounded(ends))] == [i, j]
        widths = network[0].widths[1:-1]
        assert [sum(widths[: k - 1]) + d for k, d in switches.tolist()] == units.tolist()


@given(networks())
def test_points_are_located_where_they_lie(network):
    found = regions_of(network)
    for k, polygon in enumerate(found.polygons):
        assert (found.locate(inside(polygon)) == k).all()
    assert (found.locate([[1.1, 0], [-1.1, 0], [0, 2.5], [0, -7]]) == -1).all()
    grid = np.stack(np.meshgrid(np.linspace(-1, 1, 9), np.linspace(-1, 2, 13)), axis=-1).reshape(-1, 2)
    for point, k in zip(grid, found.locate(grid), strict=True):  # many of them on edges and corners
        polygon = found.polygons[k]
        along = np.roll(polygon, -1, axis=0) - polygon
        arms = point - polygon
        assert (along[:, 0] * arms[:, 1] - along[:, 1] * arms[:, 0] >= -1e-11).all()


@given(networks(), st.sampled_from([0, 0.5, 1, -1]))
def test_the_network_is_at_the_level_on_its_boundary_and_nowhere_else(network, level):
    net, phi = network[0], packed(network)
    found = regions_of(network)
    lines = found.boundary(level)
    length = 0.0
    for line in lines:
        assert len(line) > 1
        at = np.concatenate((line, (line[1:] + line[:-1]) / 2))
        np.testing.assert_allclose(net(at, phi)[:, 0], level, atol=1e-9)
        length += np.hypot(*np.diff(line, axis=0).T).sum()
    # independent: where the sign differs at the ends of an edge, a line crosses the edge
    pieces = [(a, b) for line in lines for a, b in itertools.pairwise(line)]
    for polygon in found.polygons:
        y = net(polygon, phi)[:, 0] - level
        for k in range(len(y)):
            if y[k] * y[k - 1] < -1e-9:
                crossing = polygon[k] + y[k] / (y[k] - y[k - 1]) * (polygon[k - 1] - polygon[k])
                assert min(_distance(crossing, a, b) for a, b in pieces) < 1e-9


def _distance(point, a, b):
    t = np.clip((point - a) @ (b - a) / ((b - a) @ (b - a)), 0, 1)
    return np.hypot(*(a + t * (b - a) - point))


@given(networks(names=st.just("relu")))
def test_linear_regions_are_what_neighbours_with_equal_maps_make_together(network):
    found = regions_of(network)
    joined = found.linear()
    np.testing.assert_allclose(found.maps, joined.maps[joined.members], atol=1e-10)
    for i, j, _ in found.neighbours:
        same = np.allclose(found.maps[i], found.maps[j], atol=1e-9)
        assert same == (joined.members[i] == joined.members[j]) or not same
        if same:
            assert joined.members[i] == joined.members[j]
    assert np.isclose(joined.areas.sum(), 6, rtol=1e-12)
    for rings, area in zip(joined.polygons, joined.areas, strict=True):
        sizes = [_signed(ring) for ring in rings]
        assert sizes[0] > 0
        assert all(size < 0 for size in sizes[1:])
        assert np.isclose(sum(sizes), area, rtol=1e-9)


def _signed(ring):
    x, y = ring.T
    return (x * np.roll(y, -1) - np.roll(x, -1) * y).sum() / 2


@given(networks())
def test_one_hidden_layer_is_the_shallow_network(network):
    net, beta, omega = network
    if net.K != 1:
        net = Deep([2, net.widths[1], 1], net.activation) if net.K else Deep([2, 3, 1], net.activation)
        rng = np.random.default_rng(len(beta))
        beta = [rng.integers(-2, 3, D) for D in net.widths[1:]]
        omega = [rng.integers(-2, 3, shape) for shape in zip(net.widths[1:], net.widths, strict=False)]
    shallow = Shallow(2, net.widths[1], net.D_o, net.activation)
    theta, phi = (np.column_stack((b, w)).astype(float) for b, w in zip(beta, omega, strict=True))
    one = regions_of((net, beta, omega))
    other = regions.linear_regions(shallow, shallow.pack(theta=theta, phi=phi), BOX)
    np.testing.assert_array_equal(one.patterns, other.patterns)
    np.testing.assert_array_equal(one.maps, other.maps)
    np.testing.assert_array_equal(one.areas, other.areas)


@given(networks(D_i=1), st.data())
def test_joints_equal_rational_arithmetics(network, data):
    net, beta, omega = network
    homogeneous = net.activation.name != "hard_tanh"
    sizes = data.draw(st.lists(scales, min_size=net.K, max_size=net.K)) if homogeneous else None
    exact = cut_line(beta, omega, net.activation.pieces, -1, 2)
    phi = packed(network, sizes)
    found = regions.joints(net, phi, -1, 2)
    np.testing.assert_allclose(found.joints, [float(start) for start, _, _ in exact[1:]], atol=1e-12)
    assert [labels(pattern) for pattern in found.patterns] == [pattern for _, _, pattern in exact]
    ends = np.concatenate(([-1], found.joints, [2]))
    np.testing.assert_allclose(found.values, net(ends[:, None], phi), atol=1e-10)
    np.testing.assert_allclose(np.diff(found.values, axis=0), found.slopes * np.diff(ends)[:, None], atol=1e-10)
    for k, units in enumerate(found.units):
        assert np.flatnonzero(found.patterns[k] != found.patterns[k + 1]).tolist() == units.tolist()
        assert len(units) > 0
        assert found.layers[k] == 1 + np.searchsorted(np.cumsum(net.widths[1:-1]), units[0], side="right")


@given(networks(D_i=3))
def test_a_slice_through_more_inputs_is_a_network_of_its_own(network):
    """Restricting the inputs to a plane changes only the first layer."""
    net, beta, omega = network
    origin, directions = np.array([1, 0, -1]), np.array([[1, 1, 0], [0, -1, 2]])
    flat = Deep([2, *net.widths[1:]], net.activation)
    folded = (flat, [beta[0] + omega[0] @ origin, *beta[1:]], [omega[0] @ directions.T, *omega[1:]])
    found = regions.linear_regions(net, packed(network), BOX, plane=(origin, *directions))
    assert sorted(map(labels, found.patterns)) == sorted(map(labels, regions_of(folded).patterns))
    for polygon, affine in zip(found.polygons, found.maps, strict=True):
        s = inside(polygon)
        y = net(origin + s @ directions, packed(network))
        np.testing.assert_allclose(affine[:, 0] + s @ affine[:, 1:].T, y, atol=1e-10)
    on_line = regions.joints(net, packed(network), -1, 1, line=(origin, directions[0]))
    t = np.concatenate(([-1], on_line.joints, [1]))
    np.testing.assert_allclose(on_line.values, net(origin + t[:, None] * directions[0], packed(network)), atol=1e-10)


@pytest.mark.parametrize("seed", range(3))
def test_random_networks_of_one_input_against_dense_sampling(seed):
    net = Deep([1, 12, 12, 1])
    rng = np.random.default_rng(seed)
    phi = net.pack(beta=[rng.normal(size=D) for D in (12, 12, 1)],
                   omega=[rng.normal(size=s) for s in ((12, 1), (12, 12), (1, 12))])  # fmt: skip
    found = regions.joints(net, phi, -2, 2)
    x = np.linspace(-2, 2, 200_001)
    parts = net.unpack(phi)
    h, seen = x[:, None], []
    for k in range(2):
        z = h @ parts["omega"][k].T + parts["beta"][k]
        seen.append(z > 0)
        h = np.maximum(z, 0)
    changes = x[1:][(np.diff(np.concatenate(seen, axis=1).astype(int), axis=0) != 0).any(axis=1)]
    assert len(changes) == len(found.joints) - (np.diff(found.joints) < 2e-5).sum()
    np.testing.assert_array_equal(found.patterns[np.searchsorted(found.joints, x[::500])],
                                  np.concatenate(seen, axis=1)[::500])  # fmt: skip
