"""Linear and Shallow: the flat order of φ, how they start, and what a wrong argument is told."""

import dataclasses
import pickle

import numpy as np
import pytest

from udl_core import Linear, Shallow, activations

NET = Shallow(2, 3, 1)
PHI = np.arange(float(NET.n_params))


def test_the_ten_parameters_in_the_books_order():
    net = Shallow(1, 3, 1)
    assert net.n_params == 10
    phi = net.pack(theta=[[10, 11], [20, 21], [30, 31]], phi=[[0, 1, 2, 3]])
    np.testing.assert_array_equal(phi, [10, 11, 20, 21, 30, 31, 0, 1, 2, 3])


def test_a_linear_network_is_offset_plus_slopes():
    net = Linear(2, 2)
    phi = net.pack(phi=[[1, 2, 3], [4, 5, 6]])
    np.testing.assert_array_equal(net([[10, 100]], phi), [[1 + 20 + 300, 4 + 50 + 600]])


def test_an_identity_network_is_linear():
    """Problem 3.1: with a linear activation the network is a straight line."""
    net = Shallow(1, 3, 1, activation="identity")
    y = net(np.linspace(-3, 3, 7)[:, None], net.init(np.random.default_rng(0)))
    np.testing.assert_allclose(np.diff(y[:, 0], 2), 0, atol=1e-12)


def test_a_network_is_an_immutable_value():
    assert Shallow(2, 3, 1) == NET
    assert hash(Shallow(2, 3, 1)) == hash(NET)
    assert Shallow(2, 3, 1, activation="tanh") != NET
    assert Shallow(2, 3, 1, activation=activations.get("relu")) == NET
    assert pickle.loads(pickle.dumps(NET)) == NET
    with pytest.raises(dataclasses.FrozenInstanceError):
        NET.D = 4


def test_initial_weights_have_the_variance_that_is_promised():
    net = Shallow(50, 400, 50)
    theta, phi = net.unpack(net.init(np.random.default_rng(0))).values()
    assert theta.var() == pytest.approx(2 / 50, rel=0.05)
    assert phi[:, 1:].var() == pytest.approx(2 / 400, rel=0.05)
    np.testing.assert_array_equal(phi[:, 0], 0)
    linear = Linear(50, 400)
    assert linear.unpack(linear.init(np.random.default_rng(0)))["phi"][:, 1:].var() == pytest.approx(1 / 50, rel=0.05)


def test_no_examples_give_no_outputs():
    y, pullback = NET.vjp(np.empty((0, 2)), PHI)
    dx, dphi = pullback(np.empty((0, 1)))
    assert (y.shape, dx.shape) == ((0, 1), (0, 2))
    np.testing.assert_array_equal(dphi, np.zeros(NET.n_params))


X = np.zeros((5, 2))
BAD_PHI = np.where(PHI == 4, np.nan, PHI)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: NET(np.zeros(5), PHI), ValueError, "x must have shape (I, D_i) = (I, 2), got (5,)"),
        (lambda: NET(np.zeros((5, 1)), PHI), ValueError, "x must have shape (I, D_i) = (I, 2), got (5, 1)"),
        (lambda: NET([[1], [1, 2]], PHI), ValueError, "x must have shape (I, D_i) = (I, 2), got rows of different"),
        (lambda: NET(X, PHI[:9]), ValueError, "phi must have shape (P,) = (13,), got (9,)"),
        (lambda: NET(X, PHI[None]), ValueError, "phi must have shape (P,) = (13,), got (1, 13)"),
        (lambda: NET(X, BAD_PHI), ValueError, "phi must be finite, got NaN or infinity"),
        (lambda: NET(X + np.inf, PHI), ValueError, "x must be finite"),
        (lambda: NET(X + 1e300, PHI.astype(np.float32)), ValueError, "x must be finite"),
        (lambda: NET(X + 1j, PHI), TypeError, "x must hold real numbers (float32, float64 or integers), got dtype"),
        (lambda: NET([["1", "2"]], PHI), TypeError, "x must hold real numbers"),
        (lambda: NET(X.astype(object), PHI), TypeError, "x must hold real numbers (float32, float64 or integers), got"),
        (lambda: NET(X), TypeError, "phi is needed: the network has P = 13 parameters"),
        (lambda: NET(X, PHI.astype(np.float16)), TypeError, "phi must hold real numbers"),
        (lambda: NET.vjp(X, PHI)[1](np.zeros(5)), ValueError, "dy must have the shape of y, (5, 1), got (5,)"),
        (lambda: NET.vjp(X, PHI)[1](np.zeros((4, 1))), ValueError, "dy must have the shape of y, (5, 1), got (4, 1)"),
        (lambda: NET.unpack(list(PHI)), TypeError, "phi must be a float32 or float64 array, got list"),
        (lambda: NET.unpack(PHI.astype(int)), TypeError, "phi must be a float32 or float64 array, got dtype int64"),
        (lambda: NET.unpack(PHI[1:]), ValueError, "phi must have shape (P,) = (13,), got (12,)"),
        (lambda: NET.pack(theta=np.ones((3, 3))), TypeError, "pack needs exactly the parts theta, phi, got theta"),
        (lambda: NET.pack(), TypeError, "got none"),
        (lambda: NET.pack(theta=np.ones((3, 2)), phi=np.ones((1, 4))), ValueError,
         "theta must have shape (D, D_i+1) = (3, 3), got (3, 2)"),
        (lambda: NET.pack(theta=np.ones((3, 3), np.float32), phi=np.ones((1, 4))), TypeError,
         "the parts must share one dtype, got float32 and float64"),
        (lambda: Shallow(1, 0, 1), ValueError, "D must be at least 1, got 0"),
        (lambda: Shallow(1, 3, True), ValueError, "D_o must be at least 1, got True"),
        (lambda: Linear(1.0, 1), TypeError, "D_i must be a whole number, got 1.0"),
        (lambda: Shallow(1, 3, 1, activation="rellu"), ValueError, "activation must be one of relu"),
        (lambda: Shallow(1, 3, 1, activation="concatenated_relu"), ValueError, "two outputs of every unit"),
        (lambda: NET.init(0), TypeError, "rng must be a numpy.random.Generator such as np.random"),
        (lambda: NET.init(np.random.default_rng(0), dtype=int), TypeError, "dtype must be float32 or float64"),
    ],
)  # fmt: skip
def test_a_wrong_argument_is_named_with_what_was_expected(call, error, message):
    with pytest.raises(error) as caught:
        call()
    assert message in str(caught.value)
