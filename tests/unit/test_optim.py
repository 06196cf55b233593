"""Optimisers against the book and PyTorch; schedules, line search and clipping against their definitions."""

import itertools
import pickle

import numpy as np
import pytest
import torch

from udl_core import Deep, Shallow, datasets, losses, optim
from udl_core.training import fit

P = 7
RNG = np.random.default_rng(0)
START = RNG.standard_normal(P)
CURVATURE = np.logspace(-1, 1, P)


def gradient(phi):
    """Of a bent bowl: the gradients of a run depend on the whole path."""
    return CURVATURE * np.sin(phi) + 0.1 * phi


def path(optimiser, steps=200, phi=START):
    state, points = optimiser.init(phi), [phi]
    for _ in range(steps):
        phi, state = optimiser.step(phi, gradient(phi).astype(phi.dtype), state)
        points.append(phi)
    return np.array(points)


def path_by_torch(make, steps=200, lr=None):
    phi = torch.tensor(START, requires_grad=True)
    optimiser, points = make([phi]), [START]
    for k in range(steps):
        if lr is not None:
            optimiser.param_groups[0]["lr"] = lr(k)
        phi.grad = torch.tensor(gradient(phi.detach().numpy()))
        optimiser.step()
        points.append(phi.detach().numpy().copy())
    return np.array(points)


PAIRS = {
    "GradientDescent": (optim.GradientDescent(0.05), lambda phi: torch.optim.SGD(phi, lr=0.05)),
    # PyTorch sums where the book averages: lr = α (1 − β)
    "Momentum": (optim.Momentum(0.5, beta=0.8), lambda phi: torch.optim.SGD(phi, lr=0.5 * 0.2, momentum=0.8)),
    "Nesterov": (
        optim.Momentum(0.5, beta=0.8, nesterov=True),
        lambda phi: torch.optim.SGD(phi, lr=0.5 * 0.2, momentum=0.8, nesterov=True),
    ),
    "Adam": (optim.Adam(0.02), lambda phi: torch.optim.Adam(phi, lr=0.02)),
    "Adam, all settings": (
        optim.Adam(0.02, beta=0.7, gamma=0.95, epsilon=1e-3),
        lambda phi: torch.optim.Adam(phi, lr=0.02, betas=(0.7, 0.95), eps=1e-3),
    ),
    "AdamW": (optim.AdamW(0.02, weight_decay=0.3), lambda phi: torch.optim.AdamW(phi, lr=0.02, weight_decay=0.3)),
}


@pytest.mark.parametrize("name", PAIRS)
def test_two_hundred_steps_are_pytorchs(name):
    ours, theirs = PAIRS[name]
    np.testing.assert_allclose(path(ours), path_by_torch(theirs), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("make", [optim.Adam, optim.AdamW])
def test_schedules_reach_every_step_and_the_decay(make):
    alpha = optim.warm_up(10, then=optim.cosine(0.05, steps=100, end=0.01))
    theirs = {optim.Adam: torch.optim.Adam, optim.AdamW: torch.optim.AdamW}[make]
    np.testing.assert_allclose(path(make(alpha)), path_by_torch(theirs, lr=alpha), rtol=1e-12, atol=1e-12)


def test_momentum_is_the_books_equation():
    momentum = optim.Momentum(lr=0.3, beta=0.6)
    phi, m = START, np.zeros(P)
    for expected in path(momentum, steps=20)[1:]:
        m = 0.6 * m + 0.4 * gradient(phi)
        phi = phi - 0.3 * m
        np.testing.assert_allclose(phi, expected, rtol=1e-13)


def test_nesterov_visits_the_points_where_the_book_takes_its_gradients():
    alpha, beta = 0.3, 0.6
    phi, m = START, np.zeros(P)
    for visited in path(optim.Momentum(alpha, beta, nesterov=True), steps=20):
        ahead = phi - alpha * beta * m
        np.testing.assert_allclose(visited, ahead, rtol=1e-12, atol=1e-13)
        m = beta * m + (1 - beta) * gradient(ahead)
        phi = phi - alpha * m


def test_momentum_without_memory_is_gradient_descent():
    np.testing.assert_allclose(path(optim.Momentum(0.05, beta=0.0)), path(optim.GradientDescent(0.05)), rtol=1e-14)


def test_only_marked_parameters_decay():
    decays = np.arange(P) % 2 == 0
    ours = optim.AdamW(0.1, weight_decay=0.5, decays=decays)
    plain, decayed = optim.Adam(0.1), optim.AdamW(0.1, weight_decay=0.5)
    step = ours.step(START, gradient(START), ours.init(START))[0]
    for mask, like in ((decays, decayed), (~decays, plain)):
        np.testing.assert_array_equal(step[mask], like.step(START, gradient(START), like.init(START))[0][mask])


def test_recipes_are_equal_when_their_settings_are():
    decays = [True] * P
    assert optim.AdamW(0.1, decays=decays) == optim.AdamW(0.1, decays=np.array(decays))
    assert optim.AdamW(0.1, decays=decays) != optim.AdamW(0.1)
    assert hash(optim.AdamW(0.1, decays=decays)) == hash(optim.AdamW(0.1, decays=np.array(decays)))


def test_every_recipe_survives_the_trip_to_another_process():
    for recipe in [ours for ours, _ in PAIRS.values()] + [optim.Adam(optim.warm_up(5, then=optim.step_decay(0.1, 3)))]:
        np.testing.assert_array_equal(path(pickle.loads(pickle.dumps(recipe)), 10), path(recipe, 10))


def test_schedules_keep_what_they_promise():
    assert [optim.constant(0.2)(k) for k in (0, 99)] == [0.2, 0.2]
    decay = optim.step_decay(1.0, every=3, factor=0.5)
    assert [decay(k) for k in range(7)] == [1, 1, 1, 0.5, 0.5, 0.5, 0.25]
    cosine = optim.cosine(1.0, steps=10, end=0.2)
    assert (cosine(0), cosine(10), cosine(11)) == (1.0, 0.2, 0.2)
    assert cosine(5) == pytest.approx(0.6)
    assert all(a > b for a, b in itertools.pairwise(cosine(k) for k in range(11)))
    warm = optim.warm_up(4, then=cosine)
    np.testing.assert_allclose([warm(k) for k in range(4)], [0.2, 0.4, 0.6, 0.8])
    assert [warm(k + 4) for k in range(11)] == [cosine(k) for k in range(11)]


def test_a_schedule_counts_steps_from_zero():
    seen = []
    descent = optim.GradientDescent(lambda k: seen.append(k) or np.float64(0.1))
    assert path(descent, steps=4, phi=START.astype(np.float32)).dtype == np.float32
    assert seen == [0, 1, 2, 3]


def bowl(phi):
    return float(phi @ (CURVATURE * phi)) / 2, CURVATURE * phi


def test_line_search_takes_the_first_step_that_falls_enough():
    value, grad = bowl(START)
    t = optim.line_search(bowl, START, -grad, lr=8.0, shrink=0.5, c=0.3)
    enough = {s: bowl(START - s * grad)[0] <= value - 0.3 * s * grad @ grad for s in 8.0 / 2 ** np.arange(10.0)}
    assert t == max(s for s, falls in enough.items() if falls)
    assert t < 8.0
    assert not enough[2 * t]


def test_line_search_stays_where_nothing_is_left_to_gain():
    assert optim.line_search(bowl, np.zeros(P), np.ones(P)) == 0.0
    assert optim.line_search(lambda phi: (1.0, np.ones(P)), START, -np.ones(P)) == 0.0  # it lies about its slope


def test_line_search_steps_back_from_the_edge_of_the_numbers():
    def logarithm(phi):
        with np.errstate(invalid="ignore"):
            return float(phi[0] - np.log(phi[0])), 1 - 1 / phi

    t = optim.line_search(logarithm, np.array([2.0]), np.array([-1.0]), lr=1e308)
    assert 0 < t < 2

    def square(phi):
        value, slope = losses.least_squares(phi[:, None], np.zeros((1, 1)))
        return value, slope[:, 0]

    assert 0 < optim.line_search(square, np.array([1.0]), np.array([-2.0]), lr=1e200) < 1


def test_backtracking_goes_down_all_the_way_without_a_learning_rate_to_choose():
    net, (x, y) = Shallow(1, 5, 1), datasets.wave_data()

    def L(phi):
        y_pred, pullback = net.vjp(x, phi)
        value, dy = losses.least_squares(y_pred, y)
        return value, pullback(dy, need_dx=False)[1]

    for lr in (1e-4, 1e4):
        start = net.init(np.random.default_rng(3))
        history = fit(net, start, x, y, losses.least_squares, optim.Backtracking(L, lr), 100, progress=False)
        assert (np.diff(history.loss) <= 0).all()
        assert history.loss[-1] < 0.2 * history.loss[0]


def test_a_search_starts_where_the_last_one_ended_and_may_grow():
    descent = optim.Backtracking(lambda phi: (float(phi @ phi), 2 * phi), lr=1e-3)
    phi, state = descent.step(START, 2 * START, descent.init(START))
    np.testing.assert_allclose(phi, START - 1e-3 * 2 * START)
    assert state == 2e-3


def test_clipping_keeps_direction_and_bounds_length():
    np.testing.assert_allclose(optim.clip_norm(np.array([3.0, 4.0]), 2.5), [1.5, 2.0], rtol=1e-15)
    assert np.array_equal(optim.clip_norm(START, 1e9), START)
    assert np.array_equal(optim.clip_norm(np.zeros(3), 1.0), np.zeros(3))
    np.testing.assert_allclose(optim.clip_norm(np.array([3e200, 4e200]), 1.0), [0.6, 0.8], rtol=1e-15)
    large = optim.clip_norm(np.array([3e30, 4e30], dtype=np.float32), 1.0)
    assert large.dtype == np.float32
    np.testing.assert_allclose(large, [0.6, 0.8], rtol=1e-6)


def test_adam_trains_a_deep_network_where_descent_of_the_same_rate_crawls():
    net, (x, y) = Deep([1, 20, 20, 1]), datasets.wave_data()
    start = net.init(np.random.default_rng(0))
    runs = [
        fit(net, start, x, y, losses.least_squares, optimiser, 300, reduction="mean", progress=False).loss[-1]
        for optimiser in (optim.Adam(0.005), optim.GradientDescent(0.005))
    ]
    assert 4 * runs[0] < runs[1]


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: optim.Momentum(0.1, beta=1), ValueError, "beta must be at least 0 and below 1, got 1"),
        (lambda: optim.Adam(0.1, gamma=-0.1), ValueError, "gamma must be at least 0 and below 1, got -0.1"),
        (lambda: optim.Adam(0.1, epsilon=0), ValueError, "epsilon must be above 0"),
        (lambda: optim.AdamW(0.1, weight_decay=-1), ValueError, "weight_decay must not be negative, got -1"),
        (lambda: optim.AdamW(0.1, decays=[0, 1]), TypeError, "decays must be True or False"),
        (lambda: path(optim.AdamW(0.1, decays=[True])), ValueError, "decays must have shape (P,) = (7,), got (1,)"),
        (lambda: path(optim.GradientDescent(lambda k: -0.1)), ValueError, "lr at step 0 must not be negative"),
        (lambda: path(optim.Adam(lambda k: np.nan)), ValueError, "lr at step 0 must be finite"),
        (lambda: optim.Adam("fast"), TypeError, "lr must be a number, got 'fast'"),
        (lambda: optim.cosine(0.1, steps=0), ValueError, "steps must be at least 1"),
        (lambda: optim.cosine(0.1, steps=5, end=-1), ValueError, "end must not be negative"),
        (lambda: optim.step_decay(0.1, every=2.5), TypeError, "every must be a whole number"),
        (lambda: optim.warm_up(3, then=0), ValueError, "then must be above 0, got 0"),
        (lambda: optim.clip_norm(START, 0), ValueError, "max_norm must be above 0"),
        (lambda: optim.clip_norm([np.nan], 1), ValueError, "grad must be finite"),
        (lambda: optim.line_search(bowl, START, START), ValueError, "direction must lead downhill"),
        (lambda: optim.line_search(bowl, START, START[:2]), ValueError, "direction must have the shape of phi"),
        (lambda: optim.line_search(bowl, START, -START, shrink=1), ValueError, "shrink must be between 0 and 1, got 1"),
        (lambda: optim.Backtracking(bowl, c=0), ValueError, "c must be between 0 and 1, got 0"),
        (lambda: optim.Adam().step(START, START[1:], optim.Adam().init(START)), ValueError, "grad must have shape"),
        (lambda: optim.GradientDescent(0.1).step(np.array([1, 2]), [0.5, 0.5]), TypeError, "phi must be a float32 or"),
        (lambda: optim.GradientDescent(0.1).step([1.0, 2.0], [0.5, 0.5]), TypeError, "phi must be a float32 or"),
    ],
)  # fmt: skip
def test_a_wrong_argument_is_named(call, error, message):
    with pytest.raises(error) as caught:
        call()
    assert message in str(caught.value)


@pytest.mark.parametrize("lr", [1e-6, 0.01, 1.0, 1e5])
def test_a_bracketing_search_finds_the_lowest_point_along_the_line(lr):
    rng = np.random.default_rng(0)
    A = rng.standard_normal((4, 4))
    H, phi = A @ A.T + np.eye(4), rng.standard_normal(4)

    def bowl(phi):
        return float(phi @ H @ phi) / 2 + 3, H @ phi

    g = H @ phi
    exact = (g @ g) / (g @ H @ g)
    assert optim.bracketing_search(bowl, phi, -g, lr=lr) == pytest.approx(exact, rel=1e-5)
    assert optim.bracketing_search(bowl, np.zeros(4), np.zeros(4), lr=lr) == 0.0
    with pytest.raises(ValueError, match="direction must lead downhill"):
        optim.bracketing_search(bowl, phi, g, lr=lr)


def test_a_bracketing_search_takes_what_overflows_as_too_high():
    def wall(phi):
        if phi[0] > 2:
            raise OverflowError
        return float((phi[0] - 1.9) ** 2), 2 * (phi - 1.9)

    assert optim.bracketing_search(wall, np.zeros(1), np.ones(1), lr=50.0) == pytest.approx(1.9, rel=1e-4)
    assert optim.bracketing_search(lambda phi: (-float(phi[0]), -np.ones(1)), np.zeros(1), np.ones(1)) > 0
