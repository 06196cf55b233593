"""fit: what a run returns, when it stops, how it takes its batches, and that it changes nothing it was given."""

import itertools
from functools import partial

import numpy as np
import pytest

from udl_core import Linear, Shallow, datasets, losses, optim
from udl_core.layers import Activation, BatchNorm, Dense, Dropout, Embedding, Residual, SelfAttention, Sequential
from udl_core.training import Diverged, Validation, accuracy, evaluate, fit, predict

NET = Linear(1, 1)
X, Y = datasets.line_data()
START = np.array([0.0, 0.0])


def descend(lr=0.01, steps=50, phi=START, optimiser=None, **options):
    optimiser = optimiser or optim.GradientDescent(lr)
    return fit(NET, phi, X, Y, losses.least_squares, optimiser, steps, progress=False, **options)


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
         "y must have shape (I, D_o) = (12, 1), got (12,)"),
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


# Mini-batches


class Recorder:
    """A loss that remembers the targets it was asked about."""

    def __init__(self):
        self.batches = []

    def __call__(self, y_pred, y):
        self.batches.append(y[:, 0].tolist())
        return losses.least_squares(y_pred, y, "mean")


def stochastic(steps=7, seed=0, batch_size=5, net=NET, **options):
    options = {"reduction": "mean", "progress": False} | options
    rng = np.random.default_rng(seed)
    descent = optim.GradientDescent(0.02)
    return fit(
        net,
        np.zeros(net.n_params),
        X,
        Y,
        losses.least_squares,
        descent,
        steps,
        batch_size=batch_size,
        rng=rng,
        **options,
    )


def test_every_epoch_sees_every_example_once_in_a_new_order():
    seen, rng = Recorder(), np.random.default_rng(0)
    y = np.arange(12.0)[:, None]
    fit(NET, START, X, y, seen, optim.GradientDescent(0.01), 8, batch_size=5, rng=rng, progress=False)
    assert [len(batch) for batch in seen.batches] == [5, 5, 2] * 3  # the 9th is the batch of the final loss
    epochs = [list(itertools.chain(*seen.batches[k : k + 3])) for k in (0, 3, 6)]
    assert all(sorted(epoch) == list(range(12)) for epoch in epochs)
    assert epochs[0] != epochs[1] != epochs[2]


def test_history_counts_epochs():
    history = stochastic(steps=7)
    assert history.steps_per_epoch == 3
    np.testing.assert_allclose(history.epochs, np.arange(8) / 3)
    np.testing.assert_array_equal(descend(steps=4).epochs, np.arange(5))


def test_equal_seeds_give_equal_runs_and_others_do_not():
    one, two, other = stochastic(seed=1), stochastic(seed=1), stochastic(seed=2)
    np.testing.assert_array_equal(one.loss, two.loss)
    np.testing.assert_array_equal(one.phi, two.phi)
    assert (one.phi != other.phi).any()


def test_a_batch_of_everything_is_the_full_batch():
    for size in (12, 100):
        np.testing.assert_array_equal(stochastic(batch_size=size).phi, stochastic(batch_size=None).phi)
    full = descend(lr=0.02, steps=7, reduction="mean")
    np.testing.assert_allclose(stochastic(batch_size=12).phi, full.phi, rtol=1e-13)


def test_each_batch_moves_the_parameters_as_a_step_by_hand_would():
    seen = Recorder()
    y = Y + 1000 * np.arange(12)[:, None]  # the target tells the example
    history = fit(NET, START, X, y, seen, optim.GradientDescent(1e-4), 6, batch_size=5, rng=np.random.default_rng(3),
                  keep_path=True, progress=False)  # fmt: skip
    for phi, after, targets in zip(history.path, history.path[1:], seen.batches, strict=False):
        batch = [int(np.flatnonzero(y[:, 0] == target)[0]) for target in targets]
        y_pred, pullback = NET.vjp(X[batch], phi)
        grad = pullback(losses.least_squares(y_pred, y[batch], "mean")[1])[1]
        np.testing.assert_allclose(after, phi - 1e-4 * grad, rtol=1e-12)


def noisy(*extra):
    return Sequential([Dense(1, 8), Activation("relu"), *extra, Dense(8, 1)])


def test_what_the_network_draws_does_not_change_the_order_of_the_examples():
    batches = []
    for net in (noisy(), noisy(Dropout(0.5))):
        seen = Recorder()
        phi = net.init(np.random.default_rng(0))
        fit(net, phi, X, Y, seen, optim.GradientDescent(0.01), 8, batch_size=5, rng=np.random.default_rng(0),
            progress=False)  # fmt: skip
        batches.append(seen.batches)
    assert batches[0] == batches[1]


def test_dropout_is_on_with_a_generator_and_off_without():
    net = noisy(Dropout(0.5))
    phi = net.init(np.random.default_rng(0))
    settings = {"loss": losses.least_squares, "optimiser": optim.GradientDescent(1e-9), "steps": 3, "progress": False}
    plain, _ = losses.least_squares(net(X, phi), Y)
    np.testing.assert_allclose(fit(net, phi, X, Y, **settings).loss, plain, rtol=1e-5)
    dropped = fit(net, phi, X, Y, rng=np.random.default_rng(0), **settings).loss
    assert len(set(dropped.round(3))) == 4
    np.testing.assert_array_equal(dropped, fit(net, phi, X, Y, rng=np.random.default_rng(0), **settings).loss)


@pytest.mark.parametrize("patience", [None, 50])
def test_statistics_are_frozen_at_the_end_from_all_training_data(patience):
    net = noisy(BatchNorm(8))
    phi = net.init(np.random.default_rng(0))
    history = fit(net, phi, X, Y, losses.least_squares, optim.Adam(0.01), 60, batch_size=4, reduction="mean",
                  rng=np.random.default_rng(0), validation=Validation(X, Y, patience=patience),
                  progress=False)  # fmt: skip
    np.testing.assert_array_equal(net.freeze_statistics(X, history.phi), history.phi)
    best = min(history.validation) if patience else history.validation[-1]
    assert evaluate(net, history.phi, X, Y, losses.least_squares, reduction="mean") == best
    assert best < 0.1 * history.validation[0]


def test_networks_without_statistics_are_not_asked_for_them(monkeypatch):
    def never(*_):
        raise AssertionError("a pass through all data for nothing")

    monkeypatch.setattr(Sequential, "freeze_rule", never)
    net = Sequential([Residual(Sequential([Dense(1, 1)])), Dense(1, 1)])
    fit(net, np.zeros(4), X, Y, losses.least_squares, optim.Adam(), 2, rng=np.random.default_rng(0), progress=False)


# Targets and inputs of other kinds


def test_classes_stay_integers_and_tokens_too():
    tokens = np.array([[0, 1, 2], [2, 1, 0], [1, 1, 0], [2, 2, 2]])
    net = Sequential([Embedding(3, 4), Dense(4, 3)])
    phi = net.init(np.random.default_rng(0), dtype=np.float32)
    history = fit(net, phi, tokens, tokens, losses.categorical_nll, optim.Adam(0.1), 150, reduction="mean",
                  batch_size=3, rng=np.random.default_rng(0), validation=Validation(tokens, tokens, metric=accuracy),
                  progress=False)  # fmt: skip
    assert history.phi.dtype == np.float32
    assert history.metric[-1] == 1.0
    assert history.validation[-1] < 0.1 < history.validation[0]

    net = Sequential([Dense(1, 2)])
    history = fit(net, net.init(np.random.default_rng(0)), X - X.mean(), (X[:, 0] > X.mean()).astype(int),
                  losses.categorical_nll, optim.Adam(0.1), 200, progress=False)  # fmt: skip
    assert accuracy(net(X - X.mean(), history.phi), (X[:, 0] > X.mean()).astype(int)) == 1.0


def test_padding_reaches_the_network_and_the_loss():
    x = np.array([[0, 1, 2], [2, 1, 0]])
    mask = np.array([[True, True, False], [True, False, False]])
    net = Sequential([Embedding(3, 4), SelfAttention(4), Dense(4, 3)])
    phi = net.init(np.random.default_rng(0))
    other = np.where(mask, x, 1)  # other tokens where there is only padding

    def run(x, **options):
        return fit(net, phi, x, x, losses.categorical_nll, optim.Adam(0.1), 20, mask=mask,
                   validation=Validation(x, x, mask, accuracy), progress=False, **options)  # fmt: skip

    for options in ({}, {"batch_size": 1, "rng": np.random.default_rng(0)}):
        again = options | ({"rng": np.random.default_rng(0)} if options else {})
        one, two = run(x, **options), run(other, **again)
        np.testing.assert_array_equal(one.loss, two.loss)
        np.testing.assert_array_equal(one.validation, two.validation)
        np.testing.assert_array_equal(one.metric, two.metric)


# Validation and early stopping


def rising_validation(every=None, patience=None, **options):
    """A fit whose loss on other targets, 0, falls at first and then rises: the line passes 0 on its way."""
    return fit(NET, [-5.0, 0.0], X, Y, losses.least_squares, optim.GradientDescent(1e-3), 200, keep_path=True,
               validation=Validation(X, 0 * Y, every=every, patience=patience), progress=False, **options)  # fmt: skip


def test_validation_is_the_loss_of_the_parameters_on_the_way():
    history = rising_validation(every=30, reduction="mean")
    np.testing.assert_array_equal(history.validation_steps, [0, 30, 60, 90, 120, 150, 180, 200])
    for value, step in zip(history.validation, history.validation_steps, strict=True):
        assert value == evaluate(NET, history.path[step], X, 0 * Y, losses.least_squares, reduction="mean")
    np.testing.assert_array_equal(history.phi, history.path[-1])
    assert history.metric is None
    np.testing.assert_array_equal(history.validation_epochs, history.validation_steps)
    assert descend().validation is descend().validation_epochs is descend().best_step is None


def test_validation_comes_once_an_epoch_unless_asked():
    history = stochastic(steps=7, validation=(X, Y))
    np.testing.assert_array_equal(history.validation_steps, [0, 3, 6, 7])
    np.testing.assert_array_equal(stochastic(steps=7).phi, history.phi)  # looking changes nothing


def test_early_stopping_stops_after_its_patience_and_keeps_the_best():
    whole = rising_validation()
    best = int(np.argmin(whole.validation))
    assert 0 < best < 150
    history = rising_validation(patience=10)
    assert history.best_step == best
    assert len(history.loss) == best + 10 + 1
    np.testing.assert_array_equal(history.phi, whole.path[best])
    np.testing.assert_array_equal(history.loss, whole.loss[: best + 11])
    patient = rising_validation(patience=1000)  # never stops, and still gives the best
    assert len(patient.loss) == 201
    np.testing.assert_array_equal(patient.phi, whole.path[best])
    np.testing.assert_array_equal(whole.phi, whole.path[-1])


def test_as_good_as_before_is_no_progress():
    def flat(y_pred, y):
        return 1.0, np.ones_like(y_pred)

    history = fit(NET, START, X, Y, flat, optim.GradientDescent(0.01), 50, validation=Validation(X, Y, patience=3),
                  progress=False)  # fmt: skip
    assert history.best_step == 0
    assert len(history.loss) == 4
    np.testing.assert_array_equal(history.phi, START)


def test_an_interrupt_with_early_stopping_gives_the_best_so_far():
    class Interrupted(optim.GradientDescent):
        def step(self, phi, grad, state):
            if state == 150:
                raise KeyboardInterrupt
            return super().step(phi, grad, state)

    history = fit(NET, [-5.0, 0.0], X, Y, losses.least_squares, Interrupted(1e-3), 200,
                  validation=Validation(X, 0 * Y, patience=500), progress=False)  # fmt: skip
    assert len(history.loss) == 151
    np.testing.assert_array_equal(history.phi, rising_validation(patience=500).phi)


# Penalty and clipping


def test_a_penalty_adds_to_loss_and_gradient_but_not_to_validation():
    penalty = partial(losses.l2_penalty, strength=3.0)
    history = fit(NET, START, X, Y, losses.least_squares, optim.GradientDescent(0.01), 2000, penalty=penalty,
                  validation=Validation(X, Y, every=2000), progress=False)  # fmt: skip
    inputs = np.c_[np.ones_like(X), X]
    value, grad = penalty(history.phi)
    weight = np.linalg.norm(grad) / np.linalg.norm(history.phi) / 2  # the penalty is this times |φ|²
    ridge = np.linalg.solve(inputs.T @ inputs + weight * np.eye(2), inputs.T @ Y[:, 0])
    np.testing.assert_allclose(history.phi, ridge, atol=1e-10)
    assert history.loss[-1] == pytest.approx(history.validation[-1] + value)


def test_clipping_bounds_every_step():
    history = descend(optimiser=optim.Clipped(optim.GradientDescent(1.0), 0.1), steps=30, keep_path=True)
    lengths = np.linalg.norm(np.diff(history.path, axis=0), axis=1)
    assert (lengths <= 0.1 + 1e-12).all()
    assert lengths[0] == pytest.approx(0.1)
    with pytest.raises(Diverged):
        descend(lr=1.0, steps=1000)


def test_what_is_fixed_stays_and_the_rest_is_trained_as_if_it_were_alone():
    net = Shallow(1, 4, 1, activation="tanh")
    phi = net.init(np.random.default_rng(0))
    fixed = np.arange(net.n_params) < 8  # θ: what is left is linear least squares
    for inner in (optim.AdamW(0.05, weight_decay=0.5), optim.Clipped(optim.Momentum(0.05), 0.3)):
        history = fit(net, phi, X, Y, losses.least_squares, optim.Fixed(inner, fixed), 50, progress=False)
        np.testing.assert_array_equal(history.phi[fixed], phi[fixed])
        assert (history.phi[~fixed] != phi[~fixed]).all()
    h = net.trace(X, phi)["h"]
    exact, *_ = np.linalg.lstsq(np.c_[np.ones_like(X), h], Y[:, 0])
    alone = fit(Linear(4, 1), phi[8:], h, Y, losses.least_squares, inner, 50, progress=False)
    np.testing.assert_allclose(history.phi[8:], alone.phi, rtol=1e-12)
    assert history.loss[-1] > np.sum((exact[0] + h @ exact[1:] - Y[:, 0]) ** 2)


def test_batches_are_taken_as_given_in_their_order():
    batches = [[0, 1, 2], np.array([11]), (5, 5)]
    history = descend(steps=7, batches=batches, keep_path=True)
    assert history.steps_per_epoch == 3
    for k, (value, phi) in enumerate(zip(history.loss, history.path, strict=True)):
        seen = list(batches[k % 3])
        y_pred, pullback = NET.vjp(X[seen], phi)
        expected, dy = losses.least_squares(y_pred, Y[seen])
        assert value == expected
        if k < 7:
            np.testing.assert_allclose(history.path[k + 1], phi - 0.01 * pullback(dy)[1], rtol=1e-13)
    generated = descend(steps=7, batches=(batches[k % 3] for k in range(8)))
    np.testing.assert_array_equal(generated.phi, history.phi)


@pytest.mark.parametrize(
    "optimiser", [optim.GradientDescent(optim.cosine(0.02, 40)), optim.Momentum(0.01), optim.Adam(0.1)]
)
def test_a_run_goes_on_from_the_state_of_another(optimiser):
    whole = descend(optimiser=optimiser, steps=30)
    first = descend(optimiser=optimiser, steps=12)
    second = descend(optimiser=optimiser, steps=18, phi=first.phi, state=first.state)
    np.testing.assert_array_equal(second.phi, whole.phi)
    np.testing.assert_array_equal(np.r_[first.loss[:-1], second.loss], whole.loss)
    assert not np.array_equal(descend(optimiser=optimiser, steps=18, phi=first.phi).phi, whole.phi)


def test_early_stopping_keeps_the_state_that_belongs_to_its_phi():
    history = rising_validation(patience=10)
    assert history.state == history.best_step


def test_under_nesterov_the_books_phi_follows_from_the_state():
    alpha, beta = 0.02, 0.8
    history = descend(optimiser=optim.Momentum(alpha, beta, nesterov=True), steps=25)
    phi, m = START, np.zeros(2)
    for _ in range(25):  # Prince, equation 6.12
        y_pred, pullback = NET.vjp(X, phi - alpha * beta * m)
        m = beta * m + (1 - beta) * pullback(losses.least_squares(y_pred, Y)[1])[1]
        phi = phi - alpha * m
    np.testing.assert_allclose(history.phi + alpha * beta * history.state.m, phi, rtol=1e-12)


def test_adam_whose_squares_overflow_has_diverged():
    """In float32: the gradient is finite, its square is not, and m / √∞ would leave φ where it is without a word."""
    x, y = np.float32([[1e12]]), np.float32([[1e12]])
    with pytest.raises(Diverged, match="phi became NaN or infinite at step 1"):
        fit(NET, np.zeros(2, np.float32), x, y, losses.least_squares, optim.Adam(), 5, progress=False)
    fit(NET, np.zeros(2), x, y, losses.least_squares, optim.Adam(), 5, progress=False)


@pytest.mark.parametrize("batch_size", [None, 5])
def test_divergence_is_found_wherever_it_comes_from(batch_size):
    def infinite_gradient(y_pred, y):
        return 1.0, np.full_like(y_pred, np.inf) if batch_size else np.full_like(y_pred, 1e308)

    def infinite_loss(y_pred, y):
        return np.inf, np.zeros_like(y_pred)

    settings = {"batch_size": batch_size, "rng": np.random.default_rng(0) if batch_size else None, "progress": False}
    for loss, what in ((infinite_gradient, "the gradient"), (infinite_loss, "the loss")):
        with pytest.raises(Diverged, match=f"{what} became NaN or infinite at step 0: start from smaller parameters"):
            fit(NET, START, X, Y, loss, optim.GradientDescent(1.0), 3, **settings)
    with pytest.raises(Diverged, match=r"at step [1-9]\d*: try a smaller learning rate") as caught:
        fit(NET, START, X, Y, losses.least_squares, optim.GradientDescent(1e3), 999, **settings)
    assert np.isfinite(caught.value.history.phi).all()


@pytest.mark.parametrize("options", [{}, {"rng": 0}, {"rng": 0, "batch_size": 5}])
def test_a_loss_that_overflows_ends_a_run_as_diverged_with_its_history(options):
    """Some losses say it with an OverflowError: as the loss, as the penalty, or on the validation set alone."""

    def from_call(n, loss):
        calls = itertools.count(1)

        def overflowing(*arguments):
            if next(calls) >= n:
                raise OverflowError("too large")
            return loss(*arguments)

        return overflowing

    def run(loss=losses.least_squares, **more):
        rng = {"rng": np.random.default_rng(options["rng"])} if options else {}
        fit(NET, START, X, Y, loss, optim.GradientDescent(0.01), 9, progress=False, **(options | rng), **more)

    for what, settings in (
        ("the loss", {"loss": from_call(4, losses.least_squares)}),
        ("the loss", {"penalty": from_call(4, partial(losses.l2_penalty, strength=1.0))}),
        (
            "the validation loss",
            {"loss": from_call(6, losses.least_squares), "validation": Validation(X, Y, every=3)},
        ),
    ):
        with pytest.raises(Diverged, match=f"{what} became NaN or infinite at step 3: try") as caught:
            run(**settings)
        assert len(caught.value.history.loss) == (4 if "validation" in settings else 3)


def test_a_validation_set_beyond_the_dtype_is_divergence():
    far = np.array([[3e38]], np.float32)
    with pytest.raises(Diverged, match="the validation loss became NaN or infinite at step 0"):
        fit(NET, np.float32([0, 2]), X, Y, losses.least_squares, optim.GradientDescent(0.1), 3, validation=(far, [[1]]),
            progress=False)  # fmt: skip


def test_a_run_that_diverges_keeps_the_best_that_early_stopping_had_seen():
    class Stumbling(optim.GradientDescent):
        def step(self, phi, grad, state):
            phi, state = super().step(phi, grad, state)
            return phi * (1e200 if state == 160 else 1), state

    with pytest.raises(Diverged, match="at step 160") as caught:
        fit(NET, [-5.0, 0.0], X, Y, losses.least_squares, Stumbling(1e-3), 200,
            validation=Validation(X, 0 * Y, patience=500), progress=False)  # fmt: skip
    np.testing.assert_array_equal(caught.value.history.phi, rising_validation(patience=500).phi)


def test_the_optimiser_is_asked_for_as_many_steps_as_were_wanted():
    class Counted(optim.GradientDescent):
        asked = 0

        def step(self, phi, grad, state):
            Counted.asked += 1
            return super().step(phi, grad, state)

    descend(optimiser=Counted(0.01), steps=7)
    assert Counted.asked == 7


def test_a_penalty_for_other_parameters_is_refused():
    with pytest.raises(ValueError, match=r"the penalty's gradient must have shape \(P,\) = \(2,\), got \(1,\)"):
        descend(penalty=lambda phi: (0.0, np.zeros(1)))


def test_statistics_are_frozen_as_the_network_is_used_with_padding_out_of_sight():
    x = np.array([[0, 1, 2], [2, 1, 0]])
    mask = np.array([[True, True, False], [True, False, False]])
    net = Sequential([Embedding(3, 4), SelfAttention(4), BatchNorm(4), Dense(4, 3)])
    history = fit(net, net.init(np.random.default_rng(0)), x, x, losses.categorical_nll, optim.Adam(0.1), 3, mask=mask,
                  rng=np.random.default_rng(0), progress=False)  # fmt: skip
    np.testing.assert_array_equal(net.freeze_statistics(x, history.phi, mask=mask), history.phi)
    assert not np.array_equal(net.freeze_statistics(x, history.phi), history.phi)


def test_weight_decay_leaves_no_trace_in_frozen_statistics():
    net = noisy(BatchNorm(8))
    phi = net.freeze_statistics(X, net.init(np.random.default_rng(0)))
    for decay in (
        {"optimiser": optim.AdamW(0.01, weight_decay=5.0)},
        {"penalty": partial(losses.l2_penalty, strength=1)},
    ):
        settings = {"optimiser": optim.GradientDescent(0.01), "rng": np.random.default_rng(0), "batch_size": 4} | decay
        history = fit(net, phi, X, Y, losses.least_squares, steps=20, reduction="mean", progress=False, **settings)
        np.testing.assert_array_equal(net.freeze_statistics(X, history.phi), history.phi)


# Judging


def test_evaluate_in_batches_is_evaluate_at_once():
    net = Shallow(1, 5, 1)
    phi = net.init(np.random.default_rng(0))
    for reduction in ("sum", "mean"):
        whole = losses.least_squares(net(X, phi), Y, reduction)[0]
        for size in (None, 1, 5, 12, 99):
            value = evaluate(net, phi, X, Y, losses.least_squares, reduction=reduction, batch_size=size)
            assert value == pytest.approx(whole, rel=1e-14)
    np.testing.assert_allclose(predict(net, phi, X, batch_size=5), net(X, phi), rtol=1e-14)
    assert evaluate(Linear(1, 2), [0, 1, 0, -1], [[3.0], [-3.0]], [0, 0], accuracy) == 0.5


def test_accuracy_counts_right_answers():
    logits = np.array([[3.0, 1.0, 2.0], [0.0, 5.0, 4.0], [1.0, 2.0, 9.0], [2.0, 1.0, 0.0]])
    classes = np.array([0, 2, 2, 1])
    assert accuracy(logits, classes) == accuracy(logits, np.eye(3)[classes]) == 0.5
    assert accuracy([[2.0], [-1.0], [0.5]], [[1], [1], [0]]) == accuracy([[2.0], [-1.0], [0.5]], [1, 1, 0]) == 1 / 3
    sequences = np.stack([logits, logits])
    targets = np.stack([classes, [0, 1, 2, 0]])
    assert accuracy(sequences, targets) == 0.75
    mask = np.array([[True, True, True, False], [False, False, False, False]])
    assert accuracy(sequences, targets, mask=mask) == pytest.approx(2 / 3)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: stochastic(batch_size=0), ValueError, "batch_size must be at least 1"),
        (lambda: descend(batch_size=5), ValueError, "batch_size needs rng"),
        (lambda: descend(rng=0), TypeError, "rng must be a numpy.random.Generator"),
        (lambda: descend(validation=Validation(X, Y, patience=0)), ValueError, "patience must be at least 1"),
        (lambda: descend(validation=Validation(X, Y, every=0.5)), TypeError, "every must be a whole number, got 0.5"),
        (lambda: descend(batches=[]), ValueError, "batches must hold at least one batch, got none"),
        (lambda: descend(batches=[[]]), ValueError, "a batch must be the indices (n,) of its examples"),
        (lambda: descend(batches=[[0.0]]), ValueError, "whole numbers, got [0.0]"),
        (lambda: descend(batches=[[0, 12]]), ValueError, "a batch must hold indices from 0 to I − 1 = 11"),
        (lambda: descend(batches=iter([[0], [1]]), steps=2), ValueError, "must give steps + 1 = 3 batches, got 2"),
        (lambda: stochastic(batches=[[0]]), ValueError, "give batch_size or batches, not both"),
        (lambda: descend(optimiser=optim.Fixed(optim.Adam(), [True])), ValueError, "fixed must have shape (P,)"),
        (lambda: optim.Fixed(optim.Adam(), [1, 0]), TypeError, "fixed must be True or False for each of P parameters"),
        (lambda: optim.Clipped(optim.Adam, 1.0), TypeError, "optimiser must be one of udl_core.optim"),
        (lambda: descend(validation=X), ValueError, "validation must be a pair (x, y), or (x, y, mask)"),
        (lambda: descend(validation=(X, Y[:3])), ValueError, "validation: y must have shape (I, D_o) = (12, 1)"),
        (lambda: descend(validation=(X[:, 0], Y)), ValueError, "validation: x must have shape (I, D_i)"),
        (lambda: optim.Clipped(optim.Adam(), 0), ValueError, "max_norm must be above 0"),
        (lambda: stochastic(mask=np.ones((12, 1))), TypeError, "mask must hold True and False"),
        (lambda: fit(NET, START, X[:0], Y[:0], losses.least_squares, optim.Adam(), 1), ValueError,
         "x must hold at least one example, got I = 0"),
        (lambda: fit(NET, START, X, 3.0, losses.least_squares, optim.Adam(), 1), ValueError,
         "y must have shape (I, …) = (12, …), got ()"),
        (lambda: fit(NET, START, X, [[1], [2, 3]], losses.least_squares, optim.Adam(), 1), ValueError,
         "y must have shape (I, …) = (12, …), got rows of different lengths"),
        (lambda: fit(NET, START, X, np.arange(11), losses.categorical_nll, optim.Adam(), 1), ValueError,
         "y must have shape (I, …) = (12, …), got (11,)"),
        (lambda: evaluate(NET, START, X, Y[:3], losses.least_squares), ValueError, "(12, 1), got (3, 1)"),
        (lambda: predict(NET, START, X, batch_size=0), ValueError, "batch_size must be at least 1"),
        (lambda: accuracy([1.0, 2.0], [0, 1]), ValueError, "y_pred must have shape (I, K) or (I, T, K), got (2,)"),
        (lambda: accuracy(np.eye(3), [0, 1]), ValueError, "y must have shape (3,) or (3, 3) for those y_pred"),
        (lambda: accuracy(np.eye(2), [[1, 1], [0, 1]]), ValueError, "y must hold one-hot vectors"),
        (lambda: accuracy(np.zeros((0, 2)), np.zeros(0)), ValueError, "accuracy needs at least one answer"),
        (lambda: accuracy([[np.nan, 1.0]], [0]), ValueError, "y_pred must be finite"),
        (lambda: accuracy(np.eye(2), [0, 1], mask=[True, True]), ValueError, "mask is for sequences"),
        (lambda: accuracy(np.eye(2), [0, 0.5]), ValueError, "y must hold classes from 0 to 1 as whole numbers"),
        (lambda: accuracy(np.eye(2), [0, 2]), ValueError, "y must hold classes from 0 to 1 as whole numbers"),
        (lambda: fit(NET, START, X, Y, losses.least_squares, optim.Adam, 1), TypeError, "such as optim.Adam(), got"),
        (lambda: fit(NET, START, X, Y, losses.least_squares, 0.1, 1), TypeError, "such as optim.Adam(), got 0.1"),
        (lambda: fit(NET, START, X, Y, "mse", optim.Adam(), 1), TypeError, "loss must be a function such as"),
        (lambda: fit(None, START, X, Y, losses.least_squares, optim.Adam(), 1), TypeError, "net must be a network"),
    ],
)  # fmt: skip
def test_a_wrong_option_is_named(call, error, message):
    with pytest.raises(error) as caught:
        call()
    assert message in str(caught.value)
