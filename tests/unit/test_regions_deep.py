"""The interface of the regions of deep networks: shapes, laziness, errors."""

import numpy as np
import pytest

from udl_core import Deep, Shallow, regions

BOX = ((-1, 1), (-1, 2))
NET = Deep([2, 4, 3, 2])
RNG = np.random.default_rng(0)
PHI = NET.pack(beta=[0.3 * RNG.standard_normal(D) for D in (4, 3, 2)],
               omega=[RNG.standard_normal(s) for s in ((4, 2), (3, 4), (2, 3))])  # fmt: skip
FOUND = regions.linear_regions(NET, PHI, BOX)


def deep(widths, beta, omega, activation="relu"):
    net = Deep(widths, activation)
    return net, net.pack(beta=[np.asarray(b, dtype=float) for b in beta],
                         omega=[np.asarray(w, dtype=float) for w in omega])  # fmt: skip


def test_linear_regions_has_the_promised_shapes():
    R = len(FOUND)
    assert len(FOUND.polygons) == len(FOUND.layer) == R > 10
    assert FOUND.patterns.shape == (R, 7)
    assert FOUND.patterns.dtype == bool
    assert FOUND.maps.shape == (R, 2, 3)
    neighbours = FOUND.neighbours
    N = len(neighbours)
    assert neighbours.pairs.shape == (N, 2)
    assert neighbours.edges.shape == (N, 2, 2)
    assert neighbours.layers.shape == (N,)
    assert set(neighbours.layers.tolist()) == {1, 2}
    assert len(neighbours.units) == len(neighbours.switches) == N
    assert {tuple(s.shape[1:]) for s in neighbours.switches} == {(2,)}
    assert FOUND.surface(1)[0].shape == (len(FOUND.polygons[0]), 3)
    assert FOUND.locate([[0, 0], [9, 9]]).shape == (2,)


def test_what_is_not_asked_for_is_not_computed():
    found = regions.linear_regions(NET, PHI, BOX)
    lazy = {"polygons", "layer", "areas", "patterns", "maps", "neighbours", "_pieces", "_outputs"}
    assert not lazy & vars(found).keys()
    assert len(found) == len(FOUND)
    assert not lazy & vars(found).keys()
    assert found.neighbours is found.neighbours
    assert not {"patterns", "maps", "_pieces"} & vars(found).keys()


def test_without_a_hidden_layer_there_is_one_region():
    net = Deep([2, 1])
    found = regions.linear_regions(net, [3.0, 1.0, 2.0], BOX)
    assert len(found) == len(found.linear()) == 1
    assert found.patterns.shape == (1, 0)
    np.testing.assert_allclose(found.maps, [[[3, 1, 2]]])
    assert found.locate([[0, 0], [0, 5]]).tolist() == [0, -1]
    np.testing.assert_allclose(np.sort(found.boundary(3)[0][:, 0]), [-1, 1])
    line = regions.joints(Deep([1, 1]), [1.0, 2.0], 0, 1)
    assert line.joints.tolist() == []
    assert line.values.ravel().tolist() == [1, 3]


def test_a_triangle_cuts_what_a_box_would():
    triangle = [(-1, -1), (1, -1), (-1, 2)]
    found = regions.linear_regions(NET, PHI, triangle)
    assert found.box == ((-1.0, 1.0), (-1.0, 2.0))
    assert np.isclose(found.areas.sum(), 3)
    assert {p.tobytes() for p in found.patterns} <= {p.tobytes() for p in FOUND.patterns}
    assert found.locate([[0.9, 1.9]]).tolist() == [-1]
    same = regions.linear_regions(NET, PHI, [(-1, -1), (0, -1), (0, -1), (1, -1), (-1, 2)])
    np.testing.assert_array_equal(same.areas, found.areas)


def test_the_boundary_of_a_pyramid_is_one_closed_polyline():
    """y = ½ − |x₁| − |x₂| is 0 on a square that stands on its corner."""
    net, phi = deep([2, 2, 1], [[0, 0], [0.5]], [[[1, 0], [0, 1]], [[-1, -1]]], "absolute")
    found = regions.linear_regions(net, phi, ((-1, 1), (-1, 1)))
    (line,) = found.boundary()
    np.testing.assert_array_equal(line[0], line[-1])
    assert sorted(map(tuple, np.round(line[1:], 12) + 0.0)) == [(-0.5, 0), (0, -0.5), (0, 0.5), (0.5, 0)]
    assert found.boundary(1) == []
    assert found.boundary(0.5) == []  # only the tip


def test_a_boundary_along_a_bend_is_found():
    """y = h₁ − h₂ with h₁ = [x]₊, h₂ = [−x]₊ changes sign exactly where the units switch."""
    net, phi = deep([2, 2, 1], [[0, 0], [0]], [[[1, 0], [-1, 0]], [[1, -1]]])
    (line,) = regions.linear_regions(net, phi, BOX).boundary()
    np.testing.assert_allclose(line[:, 0], 0, atol=1e-15)
    assert sorted(line[:, 1].tolist()) == [-1, 2]


def test_where_the_output_is_at_the_level_all_over_the_outline_is_taken():
    net, phi = deep([2, 2, 1], [[0, 0], [0]], [[[1, 0], [0, 1]], [[1, 1]]])
    (line,) = regions.linear_regions(net, phi, ((-1, 1), (-1, 1))).boundary()
    assert len(line) == 5
    assert {tuple(point) for point in line.tolist()} == {(-1, -1), (0, -1), (0, 0), (-1, 0)}


def test_linear_regions_may_have_holes():
    """[[½ − |x₁| − |x₂|]₊ is 0 around a square, which is a hole in that region."""
    net, phi = deep(
        [2, 4, 1, 1],
        [[0, 0, 0, 0], [0.5], [0]],
        [[[1, 0], [-1, 0], [0, 1], [0, -1]], [[-1, -1, -1, -1]], [[1]]],
    )
    found = regions.linear_regions(net, phi, ((-1, 1), (-1, 1)))
    joined = found.linear()
    assert (len(found), len(joined)) == (8, 5)
    (around,) = np.flatnonzero(joined.areas > 1)
    outer, hole = joined.polygons[around]
    assert sorted(map(tuple, outer.tolist())) == [(-1, -1), (-1, 1), (1, -1), (1, 1)]
    assert {tuple(p) for p in np.round(hole, 12) + 0.0} == {(-0.5, 0), (0, -0.5), (0, 0.5), (0.5, 0)}
    np.testing.assert_allclose(joined.maps[around], 0, atol=1e-15)
    assert np.isclose(joined.areas[around], 3.5)
    assert repr(joined) == "<5 linear regions made of 8 activation regions>"


def test_a_ring_that_touches_itself_does_not_cross_itself():
    """The same square touches the box's left side: the region around it goes on past that corner, without a hole."""
    net, phi = deep(
        [2, 4, 1, 1],
        [[0, 0, 0, 0], [0.5], [0]],
        [[[1, 0], [-1, 0], [0, 1], [0, -1]], [[-1, -1, -1, -1]], [[1]]],
    )
    joined = regions.linear_regions(net, phi, ((-0.5, 1), (-1, 1))).linear()
    (ring,) = joined.polygons[int(np.argmax(joined.areas))]
    assert len(ring) == 9
    assert (np.abs(ring - [-0.5, 0]).max(axis=1) < 1e-12).sum() == 2


def test_single_precision_is_taken_as_it_is():
    single = PHI.astype(np.float32)
    one, other = (regions.linear_regions(NET, phi, BOX) for phi in (single, single.astype(float)))
    np.testing.assert_array_equal(one.maps, other.maps)


def cut(*arguments, **slices):
    return lambda: regions.linear_regions(*arguments, **slices)


def line(*arguments, **slices):
    return lambda: regions.joints(*arguments, **slices)


STAR = [(0, 3), (2, -3), (-3, 1), (3, 1), (-2, -3)]
THREE = Deep([3, 2, 1]), np.zeros(11)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (cut(*THREE, BOX), r"D_i = 2, got D_i = 3; .*plane=\(origin, u, v\)"),
        (line(*THREE, 0, 1), r"D_i = 1, got D_i = 3; .*line=\(origin, u\)"),
        (cut(NET, PHI, BOX, plane=(0, 1)), r"plane must be \(origin, u, v\)"),
        (cut(NET, PHI, BOX, plane=([0, 0], [1, 1], [2, 2])), "plane must have directions that span"),
        (cut(NET, PHI, BOX, plane=([0, 0], [1, 1], [1, 2, 3])), r"v of plane must have shape \(D_i,\)"),
        (line(NET, PHI, 0, 1, line=([0, 0], [0, 0])), "line must have a direction u"),
        (cut(NET, PHI, [(0, 0), (1, 1), (2, 2)]), "convex polygon .* in order around it"),
        (cut(NET, PHI, [(0, 0), (1, 0), (1, 0)]), "that encloses an area"),
        (cut(NET, PHI, [(0, 0), (2, 0), (1, 0.5), (0, 2)]), "convex polygon"),
        (cut(NET, PHI, STAR), "in order around it"),
        (cut(NET, PHI, [(0, 0), (1, 0), (0, np.nan)]), "finite numbers"),
        (cut(Deep([2, 3, 1], "tanh"), np.zeros(13), BOX), "straight pieces without jumps .*hard_tanh.*, got 'tanh'"),
        (line(Deep([1, 3, 1], "heaviside"), np.zeros(10), 0, 1), "without jumps .*got 'heaviside'"),
        (lambda: FOUND.boundary(output=2), "output must be a whole number from 0 to D_o − 1 = 1, got 2"),
        (lambda: FOUND.boundary(level=np.nan), "level must be finite"),
        (lambda: FOUND.surface(output=True), "output must be a whole number"),
        (lambda: FOUND.locate([1, 2]), "points must have shape"),
    ],
)
def test_refuses(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_joints_of_a_shallow_network_of_many_inputs_along_a_line():
    net = Shallow(3, 5, 2)
    phi = net.init(np.random.default_rng(1))
    origin, u = np.array([0.1, -0.2, 0.3]), np.array([1.0, 2.0, -1.0])
    exact = regions.joints(net, phi, -2, 2, line=(origin, u))
    theta = net.unpack(phi)["theta"]
    at = -(theta[:, 0] + theta[:, 1:] @ origin) / (theta[:, 1:] @ u)
    np.testing.assert_allclose(exact.joints, np.sort(at[np.abs(at) < 2]))
    assert exact.patterns.dtype == bool
    assert exact.layers.tolist() == [1] * len(exact.joints)
