"""The interface of the regions module: counts, shapes, laziness, and what a bad argument is told."""

from math import comb

import numpy as np
import pytest

from udl_core import Linear, Shallow, regions

BOX = ((-1, 1), (-1, 1))


@pytest.mark.parametrize(
    ("D_i", "D", "count"),
    [(1, 0, 1), (1, 3, 4), (2, 3, 7), (2, 4, 11), (3, 2, 4), (3, 3, 8), (10, 10, 1024), (100, 7, 128), (0, 5, 1)],
)
def test_max_regions_by_hand(D_i, D, count):
    assert regions.max_regions(D_i, D) == count


def test_max_regions_satisfies_the_cutting_recursion():
    """A new hyperplane is itself cut into as many pieces as it adds regions."""
    for D_i in range(1, 7):
        for D in range(1, 12):
            below = regions.max_regions(D_i, D - 1) + regions.max_regions(D_i - 1, D - 1)
            assert regions.max_regions(D_i, D) == below


def test_max_regions_is_exact_beyond_floats():
    count = regions.max_regions(50, 1000)
    assert isinstance(count, int)
    assert count == sum(comb(1000, j) for j in range(51)) > 10**80
    assert regions.max_regions(np.int64(200), np.int64(200)) == 2**200


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ((-1, 3), ValueError, "D_i must not be negative, got -1"),
        ((2, -3), ValueError, "D must not be negative, got -3"),
        ((2.0, 3), TypeError, "D_i must be a whole number, got 2.0"),
        ((2, "3"), TypeError, "D must be a whole number, got '3'"),
        ((2, True), TypeError, "D must be a whole number, got True"),
    ],
)
def test_max_regions_refuses(arguments, error, message):
    with pytest.raises(error, match=message):
        regions.max_regions(*arguments)


NET1, NET2 = Shallow(1, 3, 2), Shallow(2, 4, 2)
PHI1, PHI2 = NET1.init(np.random.default_rng(0)), NET2.init(np.random.default_rng(0))


def test_joints_has_the_promised_shapes():
    exact = regions.joints(NET1, PHI1, -10, 10)
    assert exact.joints.shape == (3,)
    assert exact.slopes.shape == (4, 2)
    assert exact.values.shape == (5, 2)
    assert exact.patterns.shape == (4, 3)
    assert exact.patterns.dtype == bool
    assert len(exact.units) == 3


def test_joints_cannot_be_changed():
    exact = regions.joints(NET1, PHI1, -10, 10)
    for part in (exact.joints, exact.slopes, exact.values, exact.patterns):
        with pytest.raises(ValueError, match="read-only"):
            part[0] = 0
    with pytest.raises(AttributeError):
        exact.joints = np.zeros(3)


def test_linear_regions_has_the_promised_shapes():
    found = regions.linear_regions(NET2, PHI2, BOX)
    R = len(found)
    assert len(found.polygons) == R
    assert all(polygon.shape[1:] == (2,) and len(polygon) >= 3 for polygon in found.polygons)
    assert found.areas.shape == (R,)
    assert found.patterns.shape == (R, 4)
    assert found.patterns.dtype == bool
    assert found.maps.shape == (R, 2, 3)
    assert found.neighbours.pairs.shape == (len(found.neighbours), 2)
    i, j, units = next(iter(found.neighbours))
    assert (found.patterns[i] != found.patterns[j]).sum() == len(units)


def test_linear_regions_computes_what_is_asked_for_once():
    found = regions.linear_regions(NET2, PHI2, BOX)
    assert not {"polygons", "areas", "patterns", "maps", "neighbours"} & vars(found).keys()
    assert found.maps is found.maps
    assert found.neighbours is found.neighbours


def test_arguments_stay_as_they_were_and_the_answer_is_the_same_again():
    before = PHI2.copy()
    first, again = (regions.linear_regions(NET2, PHI2, BOX) for _ in range(2))
    np.testing.assert_array_equal(PHI2, before)
    for one, other in zip(first.polygons, again.polygons, strict=True):
        np.testing.assert_array_equal(one, other)
    lists = regions.linear_regions(NET2, PHI2.tolist(), np.array(BOX))
    assert len(lists) == len(first)


def test_single_precision_parameters_are_taken_as_they_are():
    single = PHI2.astype(np.float32)
    np.testing.assert_array_equal(
        regions.linear_regions(NET2, single, BOX).maps, regions.linear_regions(NET2, single.astype(float), BOX).maps
    )
    assert regions.joints(NET1, PHI1.astype(np.float32), -1, 1).values.dtype == np.float64


def test_an_identity_network_is_one_region_on_which_every_unit_is_active():
    net = Shallow(2, 4, 2, activation="identity")
    found = regions.linear_regions(net, PHI2, BOX)
    assert len(found) == 1
    assert found.patterns.all()
    assert len(found.neighbours) == 0
    x = np.array([[0.3, -0.8]])
    np.testing.assert_allclose(found.maps[0] @ [1, 0.3, -0.8], net(x, PHI2)[0], rtol=1e-12)
    assert regions.regions_in_plane(net, PHI2) == 1


def bad(phi, value):
    phi = phi.copy()
    phi[1] = value
    return phi


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ((Linear(1, 1), np.zeros(2), 0, 1), TypeError, "net must be a Shallow or Deep network, got Linear"),
        ((NET2, PHI2, 0, 1), ValueError, "net must have D_i = 1, got D_i = 2"),
        ((NET1, PHI1[1:], 0, 1), ValueError, r"phi must have shape \(P,\) = \(14,\), got \(13,\)"),
        ((NET1, bad(PHI1, np.nan), 0, 1), ValueError, "phi must be finite"),
        ((NET1, bad(PHI1, np.inf), 0, 1), ValueError, "phi must be finite"),
        ((NET1, PHI1, 1, 1), ValueError, "lo must be below hi, got lo = 1.0 and hi = 1.0"),
        ((NET1, PHI1, 2, 1), ValueError, "lo must be below hi"),
        ((NET1, PHI1, np.nan, 1), ValueError, "lo must be finite"),
        ((NET1, PHI1, 0, np.inf), ValueError, "hi must be finite"),
        ((NET1, PHI1, "a", 1), TypeError, "lo must be a number, got 'a'"),
        ((NET1, PHI1, -1e308, 1e308), ValueError, "hi - lo must be finite"),
    ],
)
def test_joints_refuses(arguments, error, message):
    with pytest.raises(error, match=message):
        regions.joints(*arguments)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ((Linear(2, 1), np.zeros(3), BOX), TypeError, "net must be a Shallow or Deep network, got Linear"),
        ((NET1, PHI1, BOX), ValueError, "net must have D_i = 2, got D_i = 1"),
        ((NET2, PHI2[1:], BOX), ValueError, r"phi must have shape \(P,\) = \(22,\), got \(21,\)"),
        ((NET2, bad(PHI2, np.nan), BOX), ValueError, "phi must be finite"),
        ((NET2, PHI2, (-1, 1)), ValueError, r"box must be \(\(x_lo, x_hi\), \(y_lo, y_hi\)\), got shape \(2,\)"),
        ((NET2, PHI2, ((-1, 1), (1, -1))), ValueError, "with x_lo < x_hi and y_lo < y_hi, got"),
        ((NET2, PHI2, ((1, 1), (-1, 1))), ValueError, "with x_lo < x_hi and y_lo < y_hi, got"),
        ((NET2, PHI2, ((-1, np.nan), (-1, 1))), ValueError, "with finite numbers, got"),
        ((NET2, PHI2, ((-1e308, 1e308), (-1, 1))), ValueError, "with finite numbers, got"),
        ((NET2, PHI2, "box"), ValueError, "box must be .*, got 'box'"),
        ((NET2, PHI2, ((-1, 1), (1,))), ValueError, "box must be"),
    ],
)
def test_linear_regions_refuses(arguments, error, message):
    with pytest.raises(error, match=message):
        regions.linear_regions(*arguments)


@pytest.mark.parametrize("activation", ["heaviside", "rect", "tanh", "gelu", "sine", "hard_swish"])
def test_other_activations_are_named_in_the_error(activation):
    one, two = Shallow(1, 3, 2, activation=activation), Shallow(2, 4, 2, activation=activation)
    for call in (
        lambda: regions.joints(one, PHI1, -1, 1),
        lambda: regions.linear_regions(two, PHI2, BOX),
        lambda: regions.regions_in_plane(two, PHI2),
    ):
        with pytest.raises(ValueError, match=f"activation must be .*straight pieces .*relu, .*, got '{activation}'"):
            call()


@pytest.mark.parametrize("size", [1e-300, 1e-320, 1e300])
def test_parameters_near_the_ends_of_floating_point(size):
    net = Shallow(2, 3, 1)
    theta = np.array([[0, 1, 0], [0, 0, 1], [-0.5, 1, 1]])
    theta[2] *= size
    found = regions.linear_regions(net, net.pack(theta=theta, phi=[[0, 1, 1, 0]]), BOX)
    assert len(found) == 7
    line = Shallow(1, 2, 1)
    exact = regions.joints(line, line.pack(theta=[[size, size], [1, size]], phi=[[0, 0, 1]]), -2, 2)
    np.testing.assert_allclose(exact.joints, [-1, 0] if size > 1 else [-1], atol=1e-299)


def test_printed_forms_stay_short():
    found = regions.linear_regions(NET2, PHI2, BOX)
    assert repr(found) == f"<{len(found)} regions in box=((-1.0, 1.0), (-1.0, 1.0))>"
    assert repr(found.neighbours) == f"<{len(found.neighbours)} pairs of neighbours>"
    assert "_" not in repr(regions.joints(NET1, PHI1, -1, 1))
