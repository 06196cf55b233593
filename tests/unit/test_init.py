"""Each rule keeps what it promises: the size of hidden units, or of derivatives; and PyTorch agrees."""

import numpy as np
import pytest
import torch

from udl_core import Deep, init
from udl_core.layers import BatchNorm, Dense, Sequential

RNG = np.random.default_rng(0)


def deep(widths, variance, activation="relu", seed=0):
    net = Deep(widths, activation)
    return net, net.init(np.random.default_rng(seed), variance=variance)


def through(net, phi):
    """Mean squares of the output for inputs of mean square 1, and of ∂L/∂x for ∂L/∂y of mean square 1."""
    y, pullback = net.vjp(RNG.standard_normal((200, net.D_i)), phi)
    dx, _ = pullback(RNG.standard_normal(y.shape))
    return np.mean(y**2), np.mean(dx**2)


def test_he_keeps_hidden_units_at_their_size_through_fifty_relu_layers():
    # Doubled once, by the first layer: its inputs have not passed a ReLU. Chance moves 50 layers by a factor of 2.5.
    assert 0.2 < through(*deep([300] * 51, init.he))[0] / 2 < 5
    for wrong, side in ((1.5, -1), (3.0, 1)):  # (wrong / 2)^50 is 6e-7, and 6e8
        assert side * np.log10(through(*deep([300] * 51, init.given(wrong / 300)))[0]) > 4


def test_he_backward_keeps_derivatives_at_their_size_where_widths_differ():
    widths = [400, 200, 100, 50, 25]
    forward, backward = (through(*deep(widths, rule)) for rule in (init.he, init.he_backward))
    # A derivative passes three ReLUs and four weight matrices, so one factor of 2 is left over.
    assert 0.5 < backward[1] / 2 < 2
    assert 0.5 < forward[0] / 2 < 2
    assert forward[1] < 0.25 * backward[1]
    assert backward[0] > 4 * forward[0]


def test_lecun_keeps_linear_layers_at_their_size():
    size, derivative = through(*deep([200] * 11, init.lecun, "identity"))
    assert 0.5 < size < 2
    assert 0.5 < derivative < 2


def test_the_compromises_lie_between_forward_and_backward():
    for D_h, D_next in [(50, 100), (100, 50), (30, 30), (1, 1)]:
        both = init.he_both(D_h, D_next)
        assert min(init.he(D_h, D_next), init.he_backward(D_h, D_next)) <= both
        assert both <= max(init.he(D_h, D_next), init.he_backward(D_h, D_next))
        assert both == pytest.approx(2 / np.mean([2 / init.he(D_h, D_next), 2 / init.he_backward(D_h, D_next)]))


@pytest.mark.parametrize(
    ("rule", "theirs"),
    [
        (init.he, lambda w: torch.nn.init.kaiming_normal_(w, nonlinearity="relu")),
        (init.he_backward, lambda w: torch.nn.init.kaiming_normal_(w, mode="fan_out", nonlinearity="relu")),
        (init.xavier, torch.nn.init.xavier_normal_),
        (init.xavier, torch.nn.init.xavier_uniform_),  # Glorot and Bengio's own form: another shape, the same variance
        (init.lecun, lambda w: torch.nn.init.kaiming_normal_(w, nonlinearity="linear")),
    ],
)
def test_variances_are_pytorchs(rule, theirs):
    torch.manual_seed(0)
    weights = theirs(torch.empty(500, 200, dtype=torch.float64))  # D_h′ × D_h
    assert rule(200, 500) == pytest.approx(weights.var().item(), rel=0.03)


def test_weights_are_drawn_at_random_and_everything_else_starts_where_it_should():
    net = Sequential([Dense(80, 60), BatchNorm(60)])
    dense, norm = net.unpack(net.init(np.random.default_rng(1), variance=init.given(0.09)))
    assert np.std(dense["omega"]) == pytest.approx(0.3, rel=0.05)
    assert abs(np.mean(dense["omega"])) < 0.02
    assert not dense["beta"].any()
    assert [set(norm[name]) for name in ("gamma", "delta", "mean", "variance")] == [{1.0}, {0.0}, {0.0}, {1.0}]
    assert len(set(dense["omega"].ravel())) == dense["omega"].size


def test_variance_zero_is_allowed_and_gives_zeros():
    assert not Deep([2, 3, 1]).init(np.random.default_rng(0), variance=init.given(0)).any()


def start(variance):
    return Deep([2, 3, 1]).init(np.random.default_rng(0), variance=variance)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: init.he(0, 3), ValueError, "D_h must be at least 1"),
        (lambda: init.he_backward(3, 0), ValueError, "D_h_next must be at least 1"),
        (lambda: init.he_both(3, 2.5), TypeError, "D_h_next must be a whole number"),
        (lambda: init.given(-1), ValueError, "variance must not be negative, got -1"),
        (lambda: init.given(np.inf), ValueError, "variance must be finite"),
        (lambda: start(0.1), TypeError, "variance must be a function such as init.xavier or init.given(0.1), got 0.1"),
        (lambda: start(lambda D_h, D_h_next: -1.0), ValueError, "variance must not be negative, got -1.0"),
        (lambda: start(lambda D_h, D_h_next: np.nan), ValueError, "variance must be finite, got nan"),
    ],
)
def test_a_wrong_argument_is_named(call, error, message):
    with pytest.raises(error) as caught:
        call()
    assert message in str(caught.value)
