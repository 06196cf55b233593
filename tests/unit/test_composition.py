"""f₂[f₁[x]] as one network, and the inputs that share a value."""

import numpy as np
import pytest

from udl_core import Deep, Shallow, regions
from udl_core.approximation import interpolant
from udl_core.regions import compose, preimages

ZIGZAG = interpolant([-1, -1 / 3, 1 / 3, 1], [-1, 1, -1, 1])
NET = Shallow(1, 3, 1)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (Shallow(1, 3, 1), Shallow(1, 3, 1)),
        (Shallow(2, 4, 3, "tanh"), Shallow(3, 2, 2, "tanh")),
        (Deep([2, 3, 4, 2]), Shallow(2, 5, 1)),
        (Shallow(3, 2, 2), Deep([2, 4, 1])),
        (Deep([1, 2, 2], "gelu"), Deep([2, 3, 3, 2], "gelu")),
    ],
)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_composition_computes_one_network_after_the_other(first, second, dtype):
    rng = np.random.default_rng(1)
    phi1, phi2 = (net.init(rng, dtype=dtype) + rng.normal(size=net.n_params).astype(dtype) for net in (first, second))
    x = rng.normal(size=(20, first.D_i)).astype(dtype)
    net, phi = compose(first, phi1, second, phi2)
    y = net(x, phi)
    assert phi.dtype == y.dtype == dtype
    hidden = [w for one in (first, second) for w in (one.widths[1:-1] if isinstance(one, Deep) else [one.D])]
    assert net.widths == (first.D_i, *hidden, second.D_o)
    tolerance = 1e-12 if dtype == np.float64 else 1e-4
    np.testing.assert_allclose(y, second(first(x, phi1), phi2), rtol=tolerance, atol=tolerance)


def test_the_weights_between_two_shallow_networks_have_rank_one():
    rng = np.random.default_rng(2)
    phi1, phi2 = NET.init(rng), NET.init(rng)
    one, two = NET.unpack(phi1), NET.unpack(phi2)
    net, phi = compose(NET, phi1, NET, phi2)
    parts = net.unpack(phi)
    theta0, theta1 = two["theta"].T
    np.testing.assert_allclose(parts["omega"][1], np.outer(theta1, one["phi"][0, 1:]))
    np.testing.assert_allclose(parts["beta"][1], theta0 + theta1 * one["phi"][0, 0])
    assert np.linalg.matrix_rank(parts["omega"][1]) == 1


def test_two_zigzags_of_three_pieces_make_nine():
    net, phi = compose(NET, ZIGZAG, NET, ZIGZAG)
    form = regions.joints(net, phi, -1, 1)
    np.testing.assert_allclose(form.joints, np.arange(-7, 8, 2) / 9, atol=1e-14)
    np.testing.assert_allclose(form.slopes[:, 0], 9 * (-1.0) ** np.arange(9))


def test_networks_that_do_not_fit_are_refused():
    phi = np.zeros(NET.n_params)
    with pytest.raises(ValueError, match=r"net2 must take what net1 gives: D_i = 1, got 2"):
        compose(NET, phi, Shallow(2, 3, 1), np.zeros(13))
    with pytest.raises(ValueError, match="one activation"):
        compose(NET, phi, Shallow(1, 3, 1, "tanh"), phi)
    with pytest.raises(ValueError, match=r"phi2 must have shape \(P,\) = \(10,\), got \(9,\)"):
        compose(NET, phi, NET, phi[:9])
    with pytest.raises(TypeError, match="net1 must be a Shallow or a Deep network, got str"):
        compose("relu", phi, NET, phi)


def test_preimages_are_all_the_inputs_that_reach_y():
    np.testing.assert_allclose(preimages(NET, ZIGZAG, 0.5, -1, 1), [-0.5, -1 / 6, 5 / 6])
    rng = np.random.default_rng(3)
    deep = Deep([1, 6, 6, 1])
    for _ in range(5):
        phi = rng.normal(size=deep.n_params)
        grid = np.linspace(-3, 3, 20001)
        y = float(deep([[rng.uniform(-3, 3)]], phi)[0, 0])
        found = preimages(deep, phi, y, -3, 3)
        np.testing.assert_allclose(deep(found[:, None], phi)[:, 0], y, atol=1e-10)
        assert (np.diff(np.sign(deep(grid[:, None], phi)[:, 0] - y)) != 0).sum() <= len(found)


@pytest.mark.parametrize(
    ("values", "y", "expected"),
    [
        ([-1, 1, -1, 1], 1.0, [-1 / 3, 1]),  # the tip of a fold is one input, not two
        ([-1, 1, -1, 1], 1.5, []),
        ([0, 0.5, 0.5, 1], 0.5, [-1 / 3, 1 / 3]),  # a level piece is given by its ends
        ([-1, 0, 0.25, 1], 0.125, [0.0]),
    ],
)
def test_preimages_at_folds_and_level_pieces(values, y, expected):
    found = preimages(NET, interpolant([-1, -1 / 3, 1 / 3, 1], values), y, -1, 1)
    np.testing.assert_allclose(found, expected, atol=1e-14)


def test_preimages_need_one_output():
    net = Shallow(1, 3, 2)
    with pytest.raises(ValueError, match="D_o = 2"):
        preimages(net, np.zeros(net.n_params), 0.0, -1, 1)
