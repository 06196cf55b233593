"""The objective on cases with a known answer, what it says about wrong arguments, and which way it takes."""

import pickle

import numpy as np
import pytest

from udl_core import Deep, Linear, Shallow, activations, losses
from udl_core.extras import shallow_gradient
from udl_core.layers import Dense, Embedding, SelfAttention, Sequential
from udl_core.objective import objective

NET = Shallow(1, 2, 1)
X, Y = np.array([[0.0], [1.0], [2.0]]), np.array([[1.0], [0.0], [0.0]])
PHI = NET.pack(theta=[[-1, 1], [1, -1]], phi=[[0, 1, 1]])  # both joints on the middle example


@pytest.fixture(params=[10_000, 0], ids=["buffers", "joints"])
def way(request, monkeypatch):
    """Either short way, whatever the size."""
    monkeypatch.setattr("udl_core.extras.shallow_gradient.SORT_FROM", request.param)


@pytest.mark.usefixtures("way")
def test_at_a_joint_the_left_piece_counts():
    """f is |x − 1|: right at 0 and 1, one too high at 2, where only the first unit is above 0."""
    value, grad = objective(NET, X, Y, losses.least_squares)(PHI)
    assert value == 1
    np.testing.assert_array_equal(grad, [2, 4, 0, 0, 2, 2, 0])


@pytest.mark.usefixtures("way")
def test_a_unit_of_slope_zero_is_above_for_all_examples_or_for_none():
    phi = NET.pack(theta=[[1, 0], [0, 0]], phi=[[0, 1, 5]])  # f is 1
    value, grad = objective(NET, X, Y, losses.least_squares)(phi)
    assert value == 2
    np.testing.assert_array_equal(grad, [4, 6, 0, 0, 4, 4, 0])


@pytest.mark.usefixtures("way")
def test_a_joint_follows_the_rounded_product_that_the_network_sees():
    """0.7 · 0.1 rounds down, so x = 0.1 is where θ_0 = −fl(0.7 · 0.1) gives z = 0, not a little more."""
    x = np.nextafter(0.1, [0, 0.1, 1])[:, None]
    phi = NET.pack(theta=[[-0.7 * 0.1, 0.7], [-0.3 * 0.1, 0.3]], phi=[[0, 1, 1]])
    L = objective(NET, x, np.ones((3, 1)), losses.least_squares)
    y_pred, pullback = NET.vjp(x, phi)
    grad = pullback(losses.least_squares(y_pred, np.ones((3, 1)))[1])[1]
    assert 0 < abs(grad[0]) < 3  # some examples, not all
    np.testing.assert_allclose(L(phi)[1], grad, rtol=1e-12, atol=1e-15)


@pytest.mark.usefixtures("way")
def test_numbers_at_the_end_of_the_range_are_like_the_networks():
    for theta in (
        [[-1e-320, 3e-322], [1e-320, -5e-324]],
        [[1e160, -1e160], [-1e300, 1e300]],
        [[-1e308, 1], [0, 1e-308]],
    ):
        phi = NET.pack(theta=theta, phi=[[0, 1e-160, 0]])
        y_pred, pullback = NET.vjp(X, phi)
        value, dy = losses.least_squares(y_pred, Y)
        found, grad = objective(NET, X, Y, losses.least_squares)(phi)
        assert found == pytest.approx(value, rel=1e-12)
        np.testing.assert_allclose(grad, pullback(dy)[1], rtol=1e-12, atol=1e-300)


def test_far_from_zero_the_joints_lose_no_digits():
    """At x = 10⁶ to 10⁶ + 1 the terms θ_d0 and θ_d1 x cancel to a millionth; the exact gradient is that of x − 10⁶."""
    rng = np.random.default_rng(0)
    x, y = rng.integers(0, 2**20, 200) / 2**20, rng.standard_normal(200)
    slopes, joints = rng.integers(-50, 50, 30) / 16, rng.integers(0, 2**10, 30) / 2**10  # all products exact
    output = rng.standard_normal(31)
    grads = []
    for far in (0.0, 1e6):
        theta = np.stack((-slopes * (far + joints), slopes), axis=1)
        form = shallow_gradient.by_joints(30, (0.0, 1.0), far + x, y, 1.0)
        grads.append(form(np.r_[theta.ravel(), output], True)[1])
    near, away = grads
    np.testing.assert_allclose(away[60:], near[60:], rtol=1e-11, atol=1e-12 * abs(near).max())  # φ
    np.testing.assert_allclose(away[0:60:2], near[0:60:2], rtol=1e-11, atol=1e-12 * abs(near).max())  # θ_d0


@pytest.mark.usefixtures("way")
def test_overflow_is_an_infinite_loss():
    value, grad = objective(NET, X, Y, losses.least_squares)(PHI * 1e155)
    assert value == np.inf
    assert np.isnan(grad).all()
    assert objective(NET, X, Y, losses.least_squares).value(PHI * 1e155) == np.inf


def test_overflow_of_any_network_is_an_infinite_loss():
    net = Deep([1, 2, 2, 1])
    assert objective(net, X, Y, losses.least_squares)(np.full(net.n_params, 1e150))[0] == np.inf


def test_a_loss_that_speaks_of_overflow_is_infinite_too():
    L = objective(Linear(1, 2), X, [0, 0, 0], losses.categorical_nll)
    assert L(np.array([-1e308, 1e308, 0, 0]))[0] == np.inf


def test_padding_reaches_the_network_and_the_loss():
    net = Sequential([Embedding(5, 4), SelfAttention(4), Dense(4, 3)])
    x, y, phi = np.array([[1, 4], [0, 2]]), np.array([[0, 1], [1, 1]]), net.init(np.random.default_rng(0))
    mask = np.array([[True, False], [True, True]])
    value, dy = losses.categorical_nll(net(x, phi, mask=mask), y, "mean", mask=mask)
    found, grad = objective(net, x, y, losses.categorical_nll, "mean", mask=mask)(phi)
    assert found == value
    np.testing.assert_array_equal(grad, net.vjp(x, phi, mask=mask)[1](dy, need_dx=False)[1])


def test_a_slope_that_is_not_finite_is_a_gradient_that_is_not():
    value, grad = objective(Linear(1, 1), X, Y, lambda y_pred, y: (1.0, np.full_like(y_pred, np.nan)))(np.zeros(2))
    assert value == 1.0
    assert np.isnan(grad).all()


def test_tokens_stay_whole_numbers():
    net = Sequential([Embedding(5, 3), Dense(3, 2)])
    x, y, phi = np.array([[1, 4], [0, 2]]), np.array([[0, 1], [1, 1]]), net.init(np.random.default_rng(0), np.float32)
    value, dy = losses.categorical_nll(net(x, phi), y)
    found, grad = objective(net, x, y, losses.categorical_nll)(phi)
    assert found == value
    np.testing.assert_array_equal(grad, net.vjp(x, phi)[1](dy, need_dx=False)[1])


def test_it_can_be_sent_to_another_process():
    L = objective(NET, X, Y, losses.least_squares, "mean")
    L(PHI)
    again = pickle.loads(pickle.dumps(L))
    assert again.value(PHI) == L.value(PHI) == pytest.approx(1 / 3)


def test_the_data_may_change_afterwards():
    x, y = X.copy(), Y.copy()
    L = objective(NET, x, y, losses.least_squares)
    before = L.value(PHI)
    x[:], y[:] = 7, 7
    assert L.value(PHI) == before
    assert L.value(PHI.astype(np.float32)) == before


def test_lists_and_integers_will_do():
    assert objective(NET, X.tolist(), Y.astype(int), losses.least_squares)(PHI.astype(int).tolist())[0] == 1


@pytest.mark.parametrize(
    ("net", "loss", "I", "expected"),
    [
        (Shallow(1, 100, 1), losses.least_squares, 59, "by_buffers"),
        (Shallow(1, 100, 1), losses.least_squares, 60, "by_joints"),
        (Shallow(1, 100, 1, activations.get("leaky_relu", slope=0.3)), losses.least_squares, 100, "by_joints"),
        (Shallow(1, 100, 1, "tanh"), losses.least_squares, 100, None),
        (Shallow(1, 100, 1, "heaviside"), losses.least_squares, 100, None),
        (Shallow(1, 100, 2), losses.least_squares, 100, None),
        (Shallow(2, 100, 1), losses.least_squares, 100, None),
        (Shallow(1, 100, 1), losses.laplace_nll, 100, None),
        (Linear(1, 1), losses.least_squares, 10_000, None),
    ],
)
def test_the_way_is_the_one_the_docstring_names(net, loss, I, expected, monkeypatch):  # noqa: E741
    taken = []
    for name in ("by_buffers", "by_joints"):
        real = getattr(shallow_gradient, name)
        monkeypatch.setattr(shallow_gradient, name, lambda *a, name=name, real=real: taken.append(name) or real(*a))
    rng = np.random.default_rng(0)
    L = objective(net, rng.standard_normal((I, net.D_i)), rng.standard_normal((I, net.D_o)), loss)
    L(net.init(rng))
    assert taken == ([expected] if expected else [])


def test_the_size_in_the_docstring_is_the_size_in_the_code():
    assert f"D · I < {shallow_gradient.SORT_FROM}" in shallow_gradient.short_form.__doc__


L = objective(NET, X, Y, losses.least_squares)
DEEP = Deep([1, 2, 1])


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: L(PHI[1:]), ValueError, "phi must have shape (P,) = (7,), got (6,)"),
        (lambda: L(PHI[None]), ValueError, "phi must have shape (P,) = (7,), got (1, 7)"),
        (lambda: L(np.where(PHI == 0, np.inf, PHI)), ValueError, "phi must be finite"),
        (lambda: L(np.where(PHI == 0, np.nan, PHI)), ValueError, "phi must be finite"),
        (lambda: L.value(PHI * np.nan), ValueError, "phi must be finite"),
        (lambda: L(PHI.astype(np.float16)), TypeError, "phi must hold real numbers"),
        (lambda: objective(NET, X[:, 0], Y, losses.least_squares), ValueError, "x must have shape (I, D_i) = (I, 1)"),
        (lambda: objective(NET, X * np.nan, Y, losses.least_squares), ValueError, "x must be finite"),
        (lambda: objective(NET, X[:0], Y[:0], losses.least_squares), ValueError, "at least one example"),
        (lambda: objective(NET, X, Y[:2], losses.least_squares), ValueError, "y must have one entry for each of the I"),
        (lambda: objective(NET, X, Y[:, 0], losses.least_squares)(PHI), ValueError, "y must have shape"),
        (lambda: objective(DEEP, X, Y[:, 0], losses.least_squares)(np.ones(7)), ValueError, "y must have shape"),
        (lambda: objective(NET, X, Y + np.inf, losses.least_squares)(PHI), ValueError, "y must be finite"),
        (lambda: objective(NET, X, Y, losses.least_squares, "max"), ValueError, 'reduction must be "sum" or "mean"'),
        (lambda: objective(NET.vjp, X, Y, losses.least_squares), TypeError, "net must be a network"),
        (lambda: objective(NET, X, Y, losses.least_squares, mask=[1]), TypeError, "mask must hold True and False"),
        (lambda: objective(DEEP, X, Y, lambda y_pred, y: (1.0, y[:1]))(np.ones(7)), ValueError,
         "the loss's derivative must have the shape of y_pred"),
    ],
)  # fmt: skip
def test_a_wrong_argument_is_named_with_what_was_expected(call, error, message):
    with pytest.raises(error) as caught:
        call()
    assert message in str(caught.value)
