"""Least squares against the book's sum, PyTorch and differences; and how every loss refuses what it cannot use."""

from functools import partial

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from udl_core import Linear, losses, optim
from udl_core.losses import (
    bernoulli_nll,
    categorical_nll,
    gaussian_nll,
    l1_penalty,
    l2_penalty,
    laplace_nll,
    least_squares,
    log_softmax,
    mixture_nll,
    poisson_nll,
    softmax,
    von_mises_nll,
)
from udl_core.training import fit

Y_PRED, Y = np.random.default_rng(0).standard_normal((2, 6, 3))


def test_value_and_derivative_are_pytorchs():
    prediction = torch.tensor(Y_PRED, requires_grad=True)
    expected = torch.nn.functional.mse_loss(prediction, torch.tensor(Y), reduction="sum")
    expected.backward()
    value, dy = least_squares(Y_PRED, Y)
    assert value == pytest.approx(expected.item(), rel=1e-12)
    np.testing.assert_allclose(dy, prediction.grad.numpy(), rtol=1e-12)


def test_the_mean_is_over_examples_not_outputs():
    for total, mean in zip(least_squares(Y_PRED, Y), least_squares(Y_PRED, Y, reduction="mean"), strict=True):
        np.testing.assert_allclose(mean, total / 6, rtol=1e-14)


@given(st.integers(1, 5), st.integers(1, 4), st.sampled_from(["sum", "mean"]), st.integers(0, 1000))
def test_derivative_matches_central_differences(I, D_o, reduction, seed):  # noqa: E741
    y_pred, y, direction = np.random.default_rng(seed).standard_normal((3, I, D_o))
    ahead, behind = (least_squares(y_pred + t * direction, y, reduction)[0] for t in (1e-5, -1e-5))
    assert np.sum(least_squares(y_pred, y, reduction)[1] * direction) == pytest.approx(
        (ahead - behind) / 2e-5, rel=1e-7, abs=1e-8
    )


def test_the_predictions_dtype_rules():
    value, dy = least_squares(Y_PRED.astype(np.float32), Y, reduction="mean")
    assert isinstance(value, float)
    assert dy.dtype == np.float32


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((Y_PRED, Y[:, :1]), "y must have shape (I, D_o) = (6, 3), got (6, 1)"),
        ((Y_PRED, Y[:, 0]), "y must have shape (I, D_o) = (6, 3), got (6,)"),
        ((Y_PRED[0], Y[0]), "y_pred must have shape (I, D_o), got (3,)"),
        ((Y_PRED * np.nan, Y), "y_pred must be finite"),
        ((Y_PRED, Y, "average"), 'reduction must be "sum" or "mean", got \'average\''),
        ((Y_PRED[:0], Y[:0]), "a loss needs at least one example, got I = 0"),
    ],
)
def test_a_wrong_argument_is_named(arguments, message):
    with pytest.raises(ValueError) as caught:
        least_squares(*arguments)
    assert message in str(caught.value)


LOGITS, TOKENS = np.zeros((2, 3)), np.zeros((2, 4, 3))
PADDED = np.array([[True] * 4, [True, False, False, False]])


@pytest.mark.parametrize(
    ("loss", "arguments", "message"),
    [
        (gaussian_nll, ([[1.0, 2.0]], [[1.0]]), "y must have shape (I, D_o) = (1, 2), got (1, 1)"),
        (partial(gaussian_nll, sigma=0), ([[1.0]], [[1.0]]), "sigma must be above 0, got 0"),
        (
            partial(gaussian_nll, sigma="learned"),
            ([[1.0]], [[1.0]]),
            'above 0, "shared" or "predicted", got \'learned\'',
        ),
        (
            partial(gaussian_nll, sigma="predicted"),
            ([[1.0]], [[1.0]]),
            "y_pred must have shape (I, 2 D_o) = (1, 2), got (1, 1)",
        ),
        (partial(gaussian_nll, sigma="predicted"), ([[1.0, 0.0]], [1.0]), "y must have shape (I, D_o)"),
        (partial(laplace_nll, spread=-1), ([[1.0]], [[1.0]]), "spread must be above 0, got -1"),
        (mixture_nll, (np.zeros((4, 7)), np.zeros((4, 1))), "(I, K + 2 K D_o) = (4, 3 K) for D_o = 1, got (4, 7)"),
        (mixture_nll, (np.zeros((4, 0)), np.zeros((4, 1))), "(4, 3 K) for D_o = 1, got (4, 0)"),
        (bernoulli_nll, ([[0.0]], [[2]]), "y must hold labels 0 and 1, or probabilities between them, got 2.0"),
        (bernoulli_nll, ([[0.0], [0.0]], [[1], [-0.1]]), "or probabilities between them, got -0.1"),
        (bernoulli_nll, ([[0.0], [0.0]], [0, 1]), "y must have shape (I, D_o) = (2, 1), got (2,)"),
        (categorical_nll, (LOGITS, [0, 3]), "y must hold classes from 0 to K − 1 = 2, got 3"),
        (categorical_nll, (LOGITS, [-1, 0]), "y must hold classes from 0 to K − 1 = 2, got -1"),
        (categorical_nll, (LOGITS, [0]), "y must have shape (I,) = (2,), got (1,)"),
        (categorical_nll, (LOGITS, [[0], [1]]), "y must have shape (I, K) = (2, 3), got (2, 1)"),
        (categorical_nll, (LOGITS, [[0.5, 0.5, 0.0], [0.5, 0.5, 0.1]]), "must sum to 1, got a sum of 1.1"),
        (categorical_nll, (LOGITS, [[0, 0, 1], [0, 0, 0]]), "must sum to 1, got a sum of 0.0"),
        (categorical_nll, (LOGITS, [[0, 2, -1], [0, 0, 1]]), "y must hold probabilities, got -1.0"),
        (categorical_nll, (LOGITS[0], [0]), "y_pred must have shape (I, K), got (3,)"),
        (categorical_nll, (TOKENS, [0, 1]), "y must have shape (I, T) = (2, 4), got (2,)"),
        (categorical_nll, (LOGITS + np.inf, [0, 1]), "y_pred must be finite"),
        (partial(categorical_nll, mask=[True, True]), (LOGITS, [0, 1]), "mask is for sequences"),
        (partial(categorical_nll, mask=PADDED[:1]), (TOKENS, PADDED * 1), "mask must have shape (I, T) = (2, 4)"),
        (
            partial(categorical_nll, mask=PADDED & False),
            (TOKENS, PADDED * 1),
            "mask must be True for at least one token",
        ),
        (poisson_nll, ([[0.0], [0.0]], [[1], [2.5]]), "y must hold counts 0, 1, 2, …, got 2.5"),
        (poisson_nll, ([[0.0], [0.0]], [[1], [-2]]), "y must hold counts 0, 1, 2, …, got -2.0"),
        (partial(von_mises_nll, kappa=0), ([[0.0]], [[0.0]]), "kappa must be above 0, got 0"),
        (partial(von_mises_nll, kappa="learned"), ([[0.0]], [[0.0]]), "above 0, \"predicted\", got 'learned'"),
        (partial(von_mises_nll, kappa="predicted"), ([[0.0]], [[0.0]]), "(I, 2 D_o) = (1, 2), got (1, 1)"),
        (l2_penalty, ([[1.0]], 1), "phi must have shape (P,), got (1, 1)"),
        (l2_penalty, ([1.0], -1), "strength must not be negative, got -1"),
        (l1_penalty, ([1.0], 1, [True, True]), "mask must have shape (P,) = (1,), got (2,)"),
        (least_squares, (np.zeros((2, 0)), np.zeros((2, 0))), "a loss needs at least one output, got none"),
        (bernoulli_nll, (np.zeros((2, 0)), np.zeros((2, 0))), "a loss needs at least one output, got none"),
        (categorical_nll, (np.zeros((2, 0)), [0, 0]), "a loss needs at least one output, got none"),
        (categorical_nll, ([[1.0, 2.0], [3.0]], [0, 0]), "y_pred must have shape (I, K), got rows of different"),
        (categorical_nll, (LOGITS, [[0, 1], [0]]), "y must have shape (I, K) = (2, 3), got rows of different lengths"),
        (bernoulli_nll, ([[0.0], [0.0]], [[1], [1, 0]]), "y must have shape (I, D_o) = (2, 1), got rows of different"),
        (softmax, (0.0,), "logits must have shape (…, K), got"),
        (log_softmax, ([np.nan],), "logits must be finite"),
    ],
)
def test_what_no_distribution_can_use_is_named(loss, arguments, message):
    with pytest.raises(ValueError) as caught:
        loss(*arguments)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    "loss", [gaussian_nll, laplace_nll, mixture_nll, bernoulli_nll, categorical_nll, poisson_nll, von_mises_nll]
)
def test_every_loss_wants_examples_and_a_known_reduction(loss):
    width = 3 if loss is mixture_nll else 1
    y = np.zeros(2, int) if loss is categorical_nll else np.zeros((2, 1))
    with pytest.raises(ValueError, match="needs at least one example"):
        loss(np.zeros((0, width)), y[:0])
    with pytest.raises(ValueError, match='reduction must be "sum" or "mean"'):
        loss(np.zeros((2, width)), y, "average")


@pytest.mark.parametrize(
    ("loss", "arguments", "message"),
    [
        (categorical_nll, (LOGITS, [0.0, 1.0]), "y must hold classes as integers"),
        (categorical_nll, (LOGITS, [True, False]), "y must hold classes as integers"),
        (partial(categorical_nll, mask=PADDED * 1), (TOKENS, PADDED * 1), "mask must hold True and False"),
        (l2_penalty, ([1.0, 2.0], 1, [0, 1]), "mask must hold True and False"),
        (bernoulli_nll, ([[0.0]], [["yes"]]), "y must hold real numbers"),
    ],
)
def test_the_wrong_kind_of_target_is_a_type_error(loss, arguments, message):
    with pytest.raises(TypeError, match=message):
        loss(*arguments)


@pytest.mark.parametrize(
    ("loss", "y_pred", "y", "message"),
    [
        (partial(gaussian_nll, sigma="shared"), [[1.0], [2.0]], [[1.0], [2.0]], "all are 0"),
        (partial(gaussian_nll, sigma="predicted"), [[1.0, -1000.0]], [[0.0]], "too large for float64"),
        (partial(gaussian_nll, sigma="predicted"), np.float32([[1.0, -60.0]]), [[0.0]], "too large for float32"),
        (partial(gaussian_nll, sigma=1e-160), [[1.0]], [[0.0]], "too large for float64"),
        (partial(laplace_nll, spread=1e-300), [[1e10]], [[0.0]], "too large for float64"),
        (mixture_nll, [[0.0, 1.0, -1000.0]], [[0.0]], "too large for float64"),
        (poisson_nll, [[709.9]], [[1]], "must be at most 709.78, got 709.9"),
        (poisson_nll, np.float32([[89.0]]), [[1]], "must be at most 88.72, got 89.0"),
        (partial(von_mises_nll, kappa="predicted"), [[0.0, 710.0]], [[1.0]], "too large for float64"),
        (categorical_nll, [[1e308, -1e308]], [1], "further apart than float64 can say"),
        (categorical_nll, [[1e308, -1e308]], [[0.5, 0.5]], "further apart than float64 can say"),
        (least_squares, [[1e200]], [[0.0]], "too large for float64"),
        (least_squares, np.float32([[1e20]]), [[0.0]], "too large for float32"),
        (lambda y_pred, y: l2_penalty(y_pred, y), [1e200], 1.0, "too large for float64"),
    ],
)
def test_a_loss_without_a_finite_value_says_so(loss, y_pred, y, message):
    with pytest.raises(OverflowError, match=message):
        loss(y_pred, y)


def test_a_setting_for_each_output_is_refused_by_name():
    for loss, name in ((gaussian_nll, "sigma"), (von_mises_nll, "kappa"), (laplace_nll, "spread")):
        with pytest.raises(TypeError, match=f"{name} must be a number"):
            loss([[1.0, 2.0]], [[0.0, 0.0]], **{name: np.array([1.0, 2.0])})


def test_the_largest_rates_and_counts_are_still_exact():
    value, dy = poisson_nll([[709.7]], [[0]])
    assert value == dy[0, 0] == pytest.approx(np.exp(709.7), rel=1e-14)
    counts = torch.tensor([255.0, 256.0, 257.0, 1e5, 2**24 + 1], dtype=torch.float64)
    for y in counts:
        assert poisson_nll(np.float32([[0]]), [[y.item()]])[0] == pytest.approx(
            1 + torch.lgamma(y + 1).item(), rel=1e-14
        )


def test_labels_may_be_booleans_and_classes_of_any_integer_kind():
    assert bernoulli_nll([[2.0], [1.0]], [[True], [False]])[0] == bernoulli_nll([[2.0], [1.0]], [[1], [0]])[0]
    for kind in (np.uint8, np.int32, np.uint64):
        assert categorical_nll([[2.0, 1.0]], np.array([1], kind))[0] == categorical_nll([[2.0, 1.0]], [1])[0]


def test_a_confident_mistake_costs_what_the_logits_say():
    value, dy = categorical_nll(np.float32([[1000, -1000], [0, 0]]), [1, 0], "mean")
    assert value == pytest.approx((2000 + np.log(2)) / 2)
    np.testing.assert_array_equal(dy, np.float32([[0.5, -0.5], [-0.25, 0.25]]))


def test_training_with_a_predicted_sigma_finds_line_and_noise():
    """On noise of ±0.5 about a line, σ is 0.5 and each parameter of the line its own."""
    x = np.repeat(np.linspace(-1, 1, 20), 2)[:, None]
    y = 3 - 2 * x + np.tile([0.5, -0.5], 20)[:, None]
    loss = partial(gaussian_nll, sigma="predicted")
    history = fit(
        Linear(1, 2), np.zeros(4), x, y, loss, optim.GradientDescent(0.05), 2000, reduction="mean", progress=False
    )
    np.testing.assert_allclose(history.phi, [3, -2, np.log(0.5), 0], atol=1e-4)
    learned = gaussian_nll(Linear(1, 1)(x, history.phi[:2]), y, "mean", sigma="shared")[0]
    assert history.loss[-1] == pytest.approx(learned, abs=1e-6)


def test_every_public_name_is_there_and_sorted():
    assert sorted(losses.__all__) == losses.__all__
    assert all(hasattr(losses, name) for name in losses.__all__)
