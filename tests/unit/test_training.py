"""fit and gradient descent: what a run returns, when it stops, and that it changes nothing it was given."""

import itertools

import numpy as np
import pytest

from udl_core import Linear, Shallow, datasets, losses, optim
from udl_core.training import Diverged, fit

NET = Linear(1, 1)
X, Y = datasets.line_data()
START = np.array([0.0, 0.0])


def descend(lr=0.01, steps=50, phi=START, **options):
    return fit(NET, phi, X, Y, losses.least_squares, optim.GradientDescent(lr), steps, progress=False, **options)


def test_history_belongs_to_its_path():
    history = descend(keep_path=True)
    assert history.loss.shape == (51,)
    assert history.path.shape == (51, 2)
    np.testing.assert_array_equal(history.steps, np.arange(51))
    np.testing.assert_array_equal(history.path[0], START)
    np.testing.assert_array_equal(history.path[-1], history.phi)
    expected = [losses.least_squares(NET(X, phi), Y)[0] for phi in history.path]
    np.testing.assert_array_equal(history.loss, expected)
    assert descend().path is None


def test_descent_reaches_the_closed_form():
    exact, *_ = np.linalg.lstsq(np.c_[np.ones_like(X), X], Y[:, 0])
    np.testing.assert_allclose(descend(lr=0.02, steps=2000).phi, exact, atol=1e-10)


def test_each_step_is_against_the_gradient():
    history = descend(lr=0.03, steps=1, keep_path=True)
    y, pullback = NET.vjp(X, START)
    gradient = pullback(losses.least_squares(y, Y)[1])[1]
    np.testing.assert_allclose(history.phi, START - 0.03 * gradient, rtol=1e-14)


def test_the_limit_of_the_learning_rate_is_two_over_the_largest_curvature():
    inputs = np.c_[np.ones_like(X), X]
    limit = 2 / np.linalg.eigvalsh(2 * inputs.T @ inputs).max()
    below, above = (descend(lr=share * limit, steps=400).loss for share in (0.98, 1.02))
    assert below[-1] < below[0] < above[-1]


def test_mean_with_a_rate_times_I_is_sum():
    np.testing.assert_allclose(descend(lr=0.01 * len(X), reduction="mean").phi, descend(lr=0.01).phi, rtol=1e-12)


def test_runs_repeat_exactly_and_leave_their_arguments_alone():
    phi = START.copy()
    one, two = descend(phi=phi), descend(phi=phi)
    np.testing.assert_array_equal(one.loss, two.loss)
    np.testing.assert_array_equal(phi, START)
    assert not np.shares_memory(one.phi, phi)


def test_float32_stays_float32():
    history = descend(phi=START.astype(np.float32), keep_path=True)
    assert history.phi.dtype == history.path.dtype == np.float32
    np.testing.assert_allclose(history.phi, descend().phi, rtol=1e-5)


def test_the_ten_parameter_network_learns_its_data():
    net, (x, y) = Shallow(1, 3, 1), datasets.wave_data()
    start = net.pack(theta=[[-0.1, 1], [-0.6, 1], [-1.3, 1]], phi=[[0.5, 1, -2, 2]])
    descent = optim.GradientDescent(0.05)
    history = fit(net, start, x, y, losses.least_squares, descent, 3000, reduction="mean", progress=False)
    assert history.loss[-1] < 0.02 < history.loss[0]


def test_divergence_names_the_step_and_keeps_what_came_before():
    with pytest.raises(Diverged, match=r"became NaN or infinite at step \d+: try a smaller learning rate") as caught:
        descend(lr=10.0, steps=1000, keep_path=True)
    history = caught.value.history
    assert 1 < len(history.loss) < 1000
    assert np.isfinite(history.loss).all()
    assert len(history.path) == len(history.loss)
    assert f"at step {len(history.loss)}:" in str(caught.value)  # the first step without a loss


def test_parameters_that_overflow_belong_to_the_step_that_made_them():
    with pytest.raises(Diverged, match="phi became NaN or infinite at step 1: try a smaller learning rate") as caught:
        descend(lr=1e308)
    np.testing.assert_array_equal(caught.value.history.phi, START)


def test_a_start_without_a_finite_loss_is_not_blamed_on_the_learning_rate():
    with pytest.raises(Diverged, match="at step 0: start from smaller parameters"):
        descend(phi=[1e200, 0])


def test_an_interrupted_run_returns_what_it_reached():
    class Interrupted(optim.GradientDescent):
        def step(self, phi, grad, state):
            if state == 3:
                raise KeyboardInterrupt
            return super().step(phi, grad)[0], (state or 0) + 1

    history = fit(NET, START, X, Y, losses.least_squares, Interrupted(0.01), 50, progress=False)
    assert len(history.loss) == 4
    np.testing.assert_array_equal(history.phi, descend(steps=3).phi)


def test_a_short_run_shows_no_bar_and_a_long_one_does(capsys, monkeypatch):
    def run():
        fit(NET, START, X, Y, losses.least_squares, optim.GradientDescent(0.01), 20)

    run()
    assert capsys.readouterr().err == ""
    clock = itertools.count()
    monkeypatch.setattr("tqdm.std.time", lambda: float(next(clock)))  # now every look at the clock takes a second
    run()
    assert "fit:" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: descend(lr=0), ValueError, "lr must be above 0, got 0"),
        (lambda: descend(lr=np.nan), ValueError, "lr must be finite"),
        (lambda: descend(lr="fast"), TypeError, "lr must be a number, got 'fast'"),
        (lambda: descend(steps=0), ValueError, "steps must be at least 1"),
        (lambda: descend(phi=[0.0]), ValueError, "phi must have shape (P,) = (2,), got (1,)"),
        (lambda: descend(phi=[0.0, np.nan]), ValueError, "phi must be finite"),
        (lambda: descend(reduction="max"), ValueError, "reduction must be"),
        (lambda: fit(NET, START, X, Y[:3], losses.least_squares, optim.GradientDescent(1), 1), ValueError,
         "y must have shape (I, D_o) = (12, 1), got (3, 1)"),
        (lambda: fit(NET, START, X, Y[:, 0], losses.least_squares, optim.GradientDescent(1), 1), ValueError,
         "y must have shape (I, D_o), got (12,)"),
        (lambda: optim.GradientDescent(1).step(START, np.zeros(3)), ValueError, "grad must have shape (P,) = (2,)"),
    ],
)  # fmt: skip
def test_a_wrong_argument_is_named(call, error, message):
    with pytest.raises(error) as caught:
        call()
    assert message in str(caught.value)


def test_loss_signature_is_all_fit_asks_of_a_loss():
    def absolute(y_pred, y, reduction):
        assert reduction == "mean"
        return float(np.abs(y_pred - y).mean()), np.sign(y_pred - y) / len(y)

    descent = optim.GradientDescent(0.05)
    history = fit(NET, START, X, Y, absolute, descent, 300, reduction="mean", progress=False)
    assert history.loss[-1] < 0.3 * history.loss[0]


def test_a_loss_of_two_arguments_is_enough_and_keeps_its_own_reduction():
    def half_squares(y_pred, y):
        return float(((y_pred - y) ** 2).sum() / 2), y_pred - y

    def mean(y_pred, y, reduction="mean"):
        return losses.least_squares(y_pred, y, reduction)

    descent = optim.GradientDescent(0.01)
    by_default = fit(NET, START, X, Y, losses.least_squares, descent, 1, progress=False)
    assert fit(NET, START, X, Y, half_squares, descent, 1, progress=False).loss[0] == by_default.loss[0] / 2
    assert np.isclose(fit(NET, START, X, Y, mean, descent, 1, progress=False).loss[0], by_default.loss[0] / len(Y))
