"""The exact form of a network of one input agrees with the network itself, whatever its parameters."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from udl_core import Shallow, regions
from udl_core.activations import get

small = st.integers(-4, 4)
scales = st.sampled_from([1e-9, 1.0, 1e9])
activations = st.sampled_from([get("relu"), get("leaky_relu"), get("parametric_relu", slope=-0.5), get("identity")])


@st.composite
def networks(draw):
    D, D_o = draw(st.integers(1, 8)), draw(st.integers(1, 3))
    net = Shallow(1, D, D_o, draw(activations))
    theta = draw(arrays(int, (D, 2), elements=small))
    phi = draw(arrays(int, (D_o, D + 1), elements=small))
    return net, theta, phi


def packed(net, theta, phi):
    return net.pack(theta=theta.astype(float), phi=phi.astype(float))


def inside(net, theta, lo, hi):
    """Independent: the places strictly inside (lo, hi) where some pre-activation changes sign, as fractions."""
    if net.activation.name == "identity":
        return []
    places = {Fraction(-int(offset), int(slope)) for offset, slope in theta if slope}
    return sorted(place for place in places if lo < place < hi)


@given(networks(), st.integers(-3, 0), st.integers(1, 3))
def test_joints_are_where_units_switch_by_rational_arithmetic(network, lo, hi):
    net, theta, phi = network
    exact = regions.joints(net, packed(net, theta, phi), lo, hi)
    expected = inside(net, theta, lo, hi)
    assert len(exact.joints) == len(expected)
    np.testing.assert_allclose(exact.joints, [float(place) for place in expected], rtol=1e-15, atol=1e-15)
    for place, units in zip(expected, exact.units, strict=True):
        switching = [d for d, (offset, slope) in enumerate(theta.tolist()) if slope and offset + slope * place == 0]
        assert units.tolist() == switching


@given(networks())
def test_every_piece_is_the_network_itself(network):
    net, theta, phi = network
    flat = packed(net, theta, phi)
    exact = regions.joints(net, flat, -2, 2)
    ends = np.concatenate(([-2], exact.joints, [2]))
    np.testing.assert_allclose(exact.values, net(ends[:, None], flat), atol=1e-12)
    for share in (0.1, 0.5, 0.9):  # dense enough: a line is known by its ends
        x = ends[:-1] + share * np.diff(ends)
        y = exact.values[:-1] + exact.slopes * (x - ends[:-1])[:, None]
        np.testing.assert_allclose(y, net(x[:, None], flat), atol=1e-12)
        if net.activation.name == "identity":
            assert exact.patterns.all()
        else:
            np.testing.assert_array_equal(exact.patterns, theta[:, 0] + x[:, None] * theta[:, 1] > 0)
    np.testing.assert_allclose(np.diff(exact.values, axis=0), exact.slopes * np.diff(ends)[:, None], atol=1e-11)


@given(networks())
def test_patterns_change_exactly_in_the_units_of_the_joint(network):
    net, theta, phi = network
    exact = regions.joints(net, packed(net, theta, phi), -2, 2)
    for k, units in enumerate(exact.units):
        assert np.flatnonzero(exact.patterns[k] != exact.patterns[k + 1]).tolist() == units.tolist()
    assert len({row.tobytes() for row in exact.patterns}) == len(exact.joints) + 1


@given(networks(), st.data())
def test_the_size_of_a_units_theta_does_not_matter(network, data):
    net, theta, phi = network
    a = np.array(data.draw(st.lists(scales, min_size=net.D, max_size=net.D)))
    as_it_is = regions.joints(net, packed(net, theta, phi), -2, 2)
    scaled_phi = phi.astype(float)
    scaled_phi[:, 1:] /= a
    scaled = regions.joints(net, net.pack(theta=theta * a[:, None], phi=scaled_phi), -2, 2)
    np.testing.assert_allclose(scaled.joints, as_it_is.joints, rtol=1e-15, atol=1e-15)
    np.testing.assert_array_equal(scaled.patterns, as_it_is.patterns)
    np.testing.assert_allclose(scaled.slopes, as_it_is.slopes, atol=1e-12)


@given(networks())
def test_slopes_of_relu_units_telescope(network):
    """Leftmost slope plus the slope changes at left-facing units is 0: the fourth slope is not free."""
    net, theta, phi = network
    net = Shallow(1, net.D, net.D_o)
    leftmost = regions.joints(net, packed(net, theta, phi), -9, 9).slopes[0]
    left_facing = theta[:, 1] < 0
    changes = (phi[:, 1:] * np.abs(theta[:, 1]))[:, left_facing].sum(axis=1)
    np.testing.assert_allclose(leftmost + changes, 0, atol=1e-12)


@pytest.mark.parametrize("offset", [0.0, 1e-14, 9e-14])
def test_joints_closer_than_rounding_are_one(offset):
    net = Shallow(1, 2, 1)
    exact = regions.joints(net, net.pack(theta=[[-0.5, 1], [-0.5 - offset, 1]], phi=[[0, 1, 1]]), 0, 1)
    assert len(exact.joints) == 1
    assert exact.units[0].tolist() == [0, 1]
    assert exact.patterns.tolist() == [[False, False], [True, True]]


@pytest.mark.parametrize("offset", [1.1e-11, 1e-10, 1e-9, 1e-3])
def test_joints_farther_apart_than_rounding_are_two(offset):
    net = Shallow(1, 2, 1)
    exact = regions.joints(net, net.pack(theta=[[-0.5, 1], [-0.5 - offset, 1]], phi=[[0, 1, 1]]), 0, 1)
    assert [units.tolist() for units in exact.units] == [[0], [1]]


def test_a_chain_of_close_joints_does_not_become_one():
    """Neighbours 6e-13 apart would merge into one cluster if each were compared with the one before it only."""
    D = 100
    net = Shallow(1, D, 1)
    theta = np.column_stack((-0.5 - 6e-13 * np.arange(D), np.ones(D)))
    exact = regions.joints(net, net.pack(theta=theta, phi=np.ones((1, D + 1))), 0, 1)
    assert 1 < len(exact.joints) < D
    assert np.diff(exact.joints).min() > 1e-13


def test_a_joint_at_the_interval_s_end_is_not_inside():
    net = Shallow(1, 3, 1)
    phi = net.pack(theta=[[0, 1], [1, -1], [-0.5, 1]], phi=[[0, 1, 1, 1]])
    exact = regions.joints(net, phi, 0, 1)
    assert exact.joints.tolist() == [0.5]
    assert exact.patterns.tolist() == [[True, True, False], [True, True, True]]


def test_a_joint_stays_where_bends_cancel():
    net = Shallow(1, 2, 1)
    exact = regions.joints(net, net.pack(theta=[[0, 1], [0, 1]], phi=[[2, 1, -1]]), -1, 1)
    assert exact.joints.tolist() == [0]
    assert exact.slopes.tolist() == [[0], [0]]
    assert exact.values.tolist() == [[2], [2], [2]]


def test_constant_units_have_no_joint():
    net = Shallow(1, 3, 2)
    exact = regions.joints(net, net.pack(theta=[[2, 0], [-1, 0], [0, 0]], phi=[[1, 1, 5, 5], [0, 3, 0, 0]]), -1, 1)
    assert exact.patterns.tolist() == [[True, False, False]]
    assert exact.values.tolist() == [[3, 6], [3, 6]]
    assert exact.units == ()


def test_far_away_interval_keeps_its_digits():
    net = Shallow(1, 3, 1)
    phi = net.pack(theta=[[-1e6 - 0.25, 1], [-1e6 - 0.5, 1], [-1e6 - 0.75, 1]], phi=[[0, 1, -2, 3]])
    exact = regions.joints(net, phi, 1e6, 1e6 + 1)
    assert exact.joints.tolist() == [1e6 + 0.25, 1e6 + 0.5, 1e6 + 0.75]
    np.testing.assert_allclose(exact.values.ravel(), [0, 0, 0.25, 0, 0.5], atol=1e-9)
