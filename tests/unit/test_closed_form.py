"""Closed forms: the minimum of the loss they name, which no other φ passes."""

from functools import partial

import numpy as np
import pytest

from udl_core import Linear, closed_form, losses
from udl_core.objective import objective

RNG = np.random.default_rng(0)
X, Y = 3 + RNG.standard_normal((9, 3)), RNG.standard_normal((9, 2))


def test_least_squares_is_where_the_gradient_vanishes():
    net = Linear(3, 2)
    phi = closed_form.least_squares(X, Y)
    value, grad = objective(net, X, Y, losses.least_squares)(phi)
    assert phi.shape == (net.n_params,)
    assert np.abs(grad).max() < 1e-12
    assert value < objective(net, X, Y, losses.least_squares).value(phi + 1e-3)


@pytest.mark.parametrize("strength", [0.5, 20.0])
def test_ridge_is_the_minimum_of_loss_and_penalty_with_free_offsets(strength):
    net = Linear(3, 2)
    phi = closed_form.ridge(X, Y, strength)
    weights = np.tile([False, True, True, True], 2)
    _, grad = objective(net, X, Y, losses.least_squares)(phi)
    penalty = partial(losses.l2_penalty, strength=strength, mask=weights)(phi)[1]
    assert np.abs(grad + penalty).max() < 1e-12
    shorter, plain = (np.linalg.norm(p[weights]) for p in (phi, closed_form.least_squares(X, Y)))
    assert shorter < plain


def test_where_the_data_leave_phi_open_it_is_the_shortest():
    x, y = np.array([[1.0, 2.0]]), np.array([[6.0]])
    phi = closed_form.least_squares(x, y)
    np.testing.assert_allclose(phi, [1, 1, 2], atol=1e-14)  # in the direction of [1 x]
    twice = np.c_[X, X[:, :1]]
    np.testing.assert_allclose(Linear(4, 2)(twice, closed_form.least_squares(twice, Y)), Linear(3, 2)(
        X, closed_form.least_squares(X, Y)), atol=1e-12)  # fmt: skip


def test_a_line_and_a_polynomial_are_least_squares_too():
    x, y = X[:, 0], Y[:, 0]
    np.testing.assert_allclose(closed_form.line(x, y), closed_form.least_squares(x[:, None], y[:, None]), atol=1e-13)
    powers = x[:, None] ** np.arange(1, 4)
    np.testing.assert_allclose(
        closed_form.polynomial(x, y, 3), closed_form.least_squares(powers, y[:, None]), rtol=1e-8, atol=1e-9
    )


def test_the_dtype_of_x_rules():
    assert closed_form.ridge(X.astype(np.float32), Y, 0.5).dtype == np.float32


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: closed_form.least_squares(X[:, 0], Y), "x must have shape (I, D_i)"),
        (lambda: closed_form.least_squares(X, Y[:3]), "y must have shape (I, D_o)"),
        (lambda: closed_form.least_squares(X[:0], Y[:0]), "at least one example, got I = 0"),
        (lambda: closed_form.ridge(X, Y, -1), "strength must not be negative, got -1"),
        (lambda: closed_form.line([], []), "at least one example"),
        (lambda: closed_form.line([1.0], [1.0, 2.0]), "y must have shape (I,) = (1,), got (2,)"),
    ],
)
def test_a_wrong_argument_is_named(call, message):
    with pytest.raises(ValueError) as caught:
        call()
    assert message in str(caught.value)
