"""What must hold for every loss: gradients, PyTorch's numbers, probabilities that add up, minimisers, dtype, purity."""

# ruff: noqa: E741 - I, the number of examples, is the book's symbol

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, localcontext
from functools import partial

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import distributions as D
from torch.nn import functional as F

from tests.gradients import assert_close, differences
from udl_core import losses

seeds = st.integers(0, 2**32 - 1)
sizes = st.integers(1, 4)
reductions = st.sampled_from(["sum", "mean"])


@dataclass(frozen=True)
class Case:
    """A loss, how to draw (rng, I, D_o) -> (y_pred, y) for it, and its sum in PyTorch's words."""

    loss: Callable
    draw: Callable
    torch: Callable


def real(rng, I, D_o, per_output=1):
    return rng.standard_normal((I, per_output * D_o)), 2 * rng.standard_normal((I, D_o))


def apart(rng, I, D_o):
    """Predictions at least 0.1 from their targets: away from the Laplace distribution's kink."""
    y_pred, residual = real(rng, I, D_o)
    return y_pred, y_pred + residual + np.copysign(0.1, residual)


def with_labels(rng, I, D_o):
    return 3 * rng.standard_normal((I, D_o)), rng.integers(0, 2, (I, D_o))


def with_chances(rng, I, D_o):
    return 3 * rng.standard_normal((I, D_o)), rng.random((I, D_o))


def with_classes(rng, I, K):
    return 3 * rng.standard_normal((I, K)), rng.integers(0, K, I)


def with_probabilities(rng, I, K):
    return 3 * rng.standard_normal((I, K)), rng.dirichlet(np.ones(K), I)


def with_tokens(rng, I, K):
    return 3 * rng.standard_normal((I, 3, K)), rng.integers(0, K, (I, 3))


def with_counts(rng, I, D_o):
    return rng.standard_normal((I, D_o)), rng.poisson(rng.choice([1, 20, 1000]), (I, D_o))


def with_components(rng, I, D_o):
    return rng.standard_normal((I, int(rng.integers(1, 4)) * (1 + 2 * D_o))), rng.standard_normal((I, D_o))


def nll(distribution, y):
    return -distribution.log_prob(y).sum()


def halves(f):
    return f.chunk(2, dim=1)


def shared_by_torch(f, y):
    return nll(D.Normal(f, ((y - f) ** 2).mean().sqrt()), y)  # differentiates through σ too


def von_mises_by_torch(mean, kappa, y):
    return (np.log(2 * np.pi) + torch.special.i0e(kappa).log() + kappa - kappa * torch.cos(y - mean)).sum()


def mixture_by_torch(f, y):
    I, D_o = y.shape
    K = f.shape[1] // (1 + 2 * D_o)
    logits, mean, log_sigma = f.split([K, K * D_o, K * D_o], dim=1)
    normals = D.Normal(mean.reshape(I, K, D_o), log_sigma.exp().reshape(I, K, D_o))
    return nll(D.MixtureSameFamily(D.Categorical(logits=logits), D.Independent(normals, 1)), y)


def bernoulli_by_torch(f, y):
    return F.binary_cross_entropy_with_logits(f, y.to(f.dtype), reduction="sum")


CASES = {
    "least squares": Case(losses.least_squares, real, lambda f, y: F.mse_loss(f, y, reduction="sum")),
    "normal": Case(partial(losses.gaussian_nll, sigma=0.7), real, lambda f, y: nll(D.Normal(f, 0.7), y)),
    "normal, shared sigma": Case(partial(losses.gaussian_nll, sigma="shared"), real, shared_by_torch),
    "normal, predicted sigma": Case(
        partial(losses.gaussian_nll, sigma="predicted"),
        partial(real, per_output=2),
        lambda f, y: nll(D.Normal(halves(f)[0], halves(f)[1].exp()), y),
    ),
    "Laplace": Case(partial(losses.laplace_nll, spread=0.7), apart, lambda f, y: nll(D.Laplace(f, 0.7), y)),
    "mixture": Case(losses.mixture_nll, with_components, mixture_by_torch),
    "Bernoulli": Case(losses.bernoulli_nll, with_labels, bernoulli_by_torch),
    "Bernoulli, soft": Case(losses.bernoulli_nll, with_chances, bernoulli_by_torch),
    "categorical": Case(losses.categorical_nll, with_classes, lambda f, y: F.cross_entropy(f, y, reduction="sum")),
    "categorical, soft": Case(
        losses.categorical_nll, with_probabilities, lambda f, y: F.cross_entropy(f, y, reduction="sum")
    ),
    "categorical, tokens": Case(
        losses.categorical_nll, with_tokens, lambda f, y: F.cross_entropy(f.mT, y, reduction="sum")
    ),
    "Poisson": Case(losses.poisson_nll, with_counts, lambda f, y: nll(D.Poisson(f.exp()), y.double())),
    "von Mises": Case(
        partial(losses.von_mises_nll, kappa=3.0),
        real,
        lambda f, y: von_mises_by_torch(f, torch.tensor(3.0).double(), y),
    ),
    "von Mises, predicted kappa": Case(
        partial(losses.von_mises_nll, kappa="predicted"),
        lambda rng, I, D_o: (rng.choice([0.5, 4]) * rng.standard_normal((I, 2 * D_o)), rng.standard_normal((I, D_o))),
        lambda f, y: von_mises_by_torch(halves(f)[0], halves(f)[1].exp(), y),
    ),
}
# A shared σ depends on all the examples there are.
ADDITIVE = {name: case for name, case in CASES.items() if name != "normal, shared sigma"}
every_case = pytest.mark.parametrize("case", CASES.values(), ids=CASES)


def example(case, I, D_o, seed):
    return case.draw(np.random.default_rng(seed), I, D_o)


@every_case
@given(sizes, sizes, seeds)
def test_value_and_derivative_are_pytorchs(case, I, D_o, seed):
    y_pred, y = example(case, I, D_o, seed)
    prediction = torch.tensor(y_pred, requires_grad=True)
    expected = case.torch(prediction, torch.tensor(y))
    expected.backward()
    value, dy = case.loss(y_pred, y)
    assert value == pytest.approx(expected.item(), rel=1e-10, abs=1e-12)
    np.testing.assert_allclose(dy, prediction.grad.numpy(), rtol=1e-10, atol=1e-12)


@every_case
@given(sizes, sizes, reductions, seeds)
def test_derivative_matches_central_differences(case, I, D_o, reduction, seed):
    y_pred, y = example(case, I, D_o, seed)
    dy = case.loss(y_pred, y, reduction=reduction)[1]
    approximate = differences(lambda f: case.loss(f, y, reduction=reduction)[0], y_pred)
    assert_close(dy, approximate)


@every_case
@given(sizes, sizes, seeds)
def test_the_mean_is_the_sum_over_the_number_of_examples(case, I, D_o, seed):
    y_pred, y = example(case, I, D_o, seed)
    n = I * 3 if y_pred.ndim == 3 else I  # every token is an example
    for total, mean in zip(case.loss(y_pred, y), case.loss(y_pred, y, reduction="mean"), strict=True):
        np.testing.assert_allclose(mean, total / n, rtol=1e-13, atol=1e-15)


@pytest.mark.parametrize("case", ADDITIVE.values(), ids=ADDITIVE)
@given(sizes, sizes, seeds)
def test_examples_add_up(case, I, D_o, seed):
    y_pred, y = example(case, I, D_o, seed)
    values, slopes = zip(*(case.loss(y_pred[i : i + 1], y[i : i + 1]) for i in range(I)), strict=True)
    value, dy = case.loss(y_pred, y)
    assert value == pytest.approx(sum(values), rel=1e-12, abs=1e-12)
    np.testing.assert_allclose(dy, np.concatenate(slopes), rtol=1e-12, atol=1e-14)


@every_case
@given(sizes, sizes, reductions, seeds)
def test_the_predictions_dtype_rules_and_no_argument_changes(case, I, D_o, reduction, seed):
    y_pred, y = example(case, I, D_o, seed)
    for dtype, tolerance in ((np.float32, 2e-4), (np.float64, 0)):
        given_pred, given_y = y_pred.astype(dtype), y.copy()
        given_pred.flags.writeable = given_y.flags.writeable = False
        value, dy = case.loss(given_pred, given_y, reduction=reduction)
        assert type(value) is float
        assert (dy.dtype, dy.shape) == (dtype, y_pred.shape)
        expected, slopes = case.loss(y_pred, y, reduction=reduction)
        assert value == pytest.approx(expected, rel=tolerance, abs=tolerance)
        assert np.linalg.norm(dy - slopes) <= tolerance * max(1.0, np.linalg.norm(slopes))
        np.testing.assert_array_equal(given_y, y)


# Each distribution: loss, one prediction, all the targets there are, and what each of them weighs in the total.
LINE, STEP = np.linspace(-20, 20, 2001, retstep=True)
PEAK = [1.2]  # where the Laplace density has its kink, which costs the sum some digits
CIRCLE = np.linspace(0, 2 * np.pi, 200, endpoint=False)
ADD_UP = {
    "normal": (partial(losses.gaussian_nll, sigma=0.7), [1.2], LINE, STEP),
    "normal, predicted sigma": (partial(losses.gaussian_nll, sigma="predicted"), [1.2, 0.3], LINE, STEP),
    "Laplace": (partial(losses.laplace_nll, spread=1.3), PEAK, LINE, STEP),
    "mixture": (losses.mixture_nll, [0.5, -1, 2, 3, -4, 0, 0.1, -0.5, 0.4], LINE, STEP),
    "Bernoulli": (losses.bernoulli_nll, [0.8], [0, 1], 1),
    "categorical": (losses.categorical_nll, [0.5, -1, 2], [0, 1, 2], 1),
    "Poisson": (losses.poisson_nll, [2.5], range(100), 1),
    "Poisson, beyond the table": (losses.poisson_nll, [np.log(300)], range(700), 1),
    "von Mises": (partial(losses.von_mises_nll, kappa=5.0), [1.2], CIRCLE, CIRCLE[1]),
    "von Mises, predicted kappa": (partial(losses.von_mises_nll, kappa="predicted"), [1, 4], CIRCLE, CIRCLE[1]),
}


@pytest.mark.parametrize(("loss", "prediction", "targets", "width"), ADD_UP.values(), ids=ADD_UP)
def test_the_probabilities_of_all_targets_add_up_to_one(loss, prediction, targets, width):
    shape = (1,) if loss is losses.categorical_nll else (1, 1)
    total = sum(np.exp(-loss([prediction], np.full(shape, y))[0]) for y in targets) * width
    assert total == pytest.approx(1, rel=1e-4 if prediction is PEAK else 1e-10)


def log_odds(y):
    return np.log(y.mean() / (1 - y.mean()))


MINIMISERS = {
    "normal, the mean": (losses.gaussian_nll, lambda rng: rng.standard_normal(9), np.mean),
    "normal with shared sigma, the mean": (
        partial(losses.gaussian_nll, sigma="shared"),
        lambda rng: rng.standard_normal(9),
        np.mean,
    ),
    "normal with predicted sigma, mean and log standard deviation": (
        partial(losses.gaussian_nll, sigma="predicted"),
        lambda rng: rng.standard_normal(9),
        lambda y: [y.mean(), np.log(y.std())],
    ),
    "Laplace, the median": (losses.laplace_nll, lambda rng: rng.standard_normal(9), np.median),
    "Bernoulli, the log odds": (losses.bernoulli_nll, lambda rng: rng.permutation([0, 0, 1, 1, 1]), log_odds),
    "categorical, the log frequencies": (
        losses.categorical_nll,
        lambda rng: rng.permutation([0, 0, 1, 2, 2, 2]),
        lambda y: np.log(np.bincount(y)),
    ),
    "Poisson, the log mean": (losses.poisson_nll, lambda rng: 1 + rng.poisson(4, 9), lambda y: np.log(y.mean())),
    "von Mises, the mean direction": (
        losses.von_mises_nll,
        lambda rng: rng.uniform(-4, 4, 9),
        lambda y: np.angle(np.exp(1j * y).sum()),
    ),
}


@pytest.mark.parametrize(("loss", "draw", "statistic"), MINIMISERS.values(), ids=MINIMISERS)
@given(seeds)
def test_the_best_constant_prediction_is_the_right_statistic(loss, draw, statistic, seed):
    rng = np.random.default_rng(seed)
    y = draw(rng)
    best = np.atleast_1d(statistic(y))
    targets = y if loss is losses.categorical_nll else y[:, None]
    lowest, dy = loss(np.tile(best, (len(y), 1)), targets)
    np.testing.assert_allclose(dy.sum(axis=0), 0, atol=1e-11)
    for _ in range(5):
        elsewhere = best + rng.standard_normal(best.shape)
        assert loss(np.tile(elsewhere, (len(y), 1)), targets)[0] >= lowest


@given(sizes, sizes, seeds)
def test_variance_one_half_is_least_squares_but_for_a_constant(I, D_o, seed):
    y_pred, y = example(CASES["normal"], I, D_o, seed)
    value, dy = losses.gaussian_nll(y_pred, y, sigma=np.sqrt(0.5))
    squares, slopes = losses.least_squares(y_pred, y)
    assert value == pytest.approx(squares + y.size * 0.5 * np.log(np.pi), rel=1e-12)
    np.testing.assert_allclose(dy, slopes, rtol=1e-12)


@given(sizes, sizes, seeds, st.floats(-0.5, 0.5))
def test_a_shared_sigma_is_the_best_of_all_and_one_learned_by_descent_meets_it(I, D_o, seed, off):
    y_pred, y = example(CASES["normal"], I, D_o, seed)
    value, dy = losses.gaussian_nll(y_pred, y, sigma="shared")
    sigma = np.sqrt(np.mean((y - y_pred) ** 2))
    fixed, slopes = losses.gaussian_nll(y_pred, y, sigma=sigma)
    assert value == pytest.approx(fixed, rel=1e-12, abs=1e-12)
    np.testing.assert_allclose(dy, slopes, rtol=1e-10)
    assert losses.gaussian_nll(y_pred, y, sigma=sigma * np.exp(off))[0] >= value - 1e-9
    repeated = np.full_like(y_pred, np.log(sigma))
    learned, both = losses.gaussian_nll(np.concatenate((y_pred, repeated), axis=1), y, sigma="predicted")
    assert learned == pytest.approx(value, rel=1e-12, abs=1e-12)
    np.testing.assert_allclose(both[:, :D_o], dy, rtol=1e-10)
    assert both[:, D_o:].sum() == pytest.approx(0, abs=1e-9)


@given(sizes, sizes, seeds, st.floats(-50, 50))
def test_a_mixture_of_one_is_a_normal_with_predicted_sigma(I, D_o, seed, logit):
    y_pred, y = example(CASES["normal, predicted sigma"], I, D_o, seed)
    value, dy = losses.mixture_nll(np.concatenate((np.full((I, 1), logit), y_pred), axis=1), y)
    expected, slopes = losses.gaussian_nll(y_pred, y, sigma="predicted")
    assert value == pytest.approx(expected, rel=1e-12)
    np.testing.assert_allclose(dy[:, 1:], slopes, rtol=1e-12)
    np.testing.assert_array_equal(dy[:, 0], 0)


@given(sizes, st.integers(1, 3), st.integers(1, 3), seeds)
def test_the_order_of_a_mixtures_components_does_not_matter(I, K, D_o, seed):
    rng = np.random.default_rng(seed)
    y, order = rng.standard_normal((I, D_o)), rng.permutation(K)
    layout = np.arange(K * (1 + 2 * D_o))
    components = layout[K:].reshape(2, K, D_o)[:, order]
    shuffled = np.concatenate((order, components.ravel()))
    y_pred = rng.standard_normal((I, len(layout)))
    (one, dy), (two, dy_shuffled) = (losses.mixture_nll(f, y) for f in (y_pred, y_pred[:, shuffled]))
    assert one == pytest.approx(two, rel=1e-12)
    np.testing.assert_allclose(dy[:, shuffled], dy_shuffled, rtol=1e-11, atol=1e-13)


@given(sizes, seeds)
def test_bernoulli_is_categorical_with_two_classes(I, seed):
    y_pred, y = example(CASES["Bernoulli"], I, 1, seed)
    value, dy = losses.bernoulli_nll(y_pred, y)
    expected, slopes = losses.categorical_nll(np.concatenate((np.zeros_like(y_pred), y_pred), axis=1), y[:, 0])
    assert value == pytest.approx(expected, rel=1e-12)
    np.testing.assert_allclose(dy, slopes[:, 1:], rtol=1e-12)
    np.testing.assert_allclose(dy, -slopes[:, :1], rtol=1e-12)


@given(sizes, sizes, seeds, st.floats(-100, 100))
def test_a_constant_added_to_the_logits_changes_nothing(I, K, seed, constant):
    y_pred, y = example(CASES["categorical"], I, K, seed)
    for targets in (y, example(CASES["categorical, soft"], I, K, seed)[1]):
        for before, after in zip(
            losses.categorical_nll(y_pred, targets), losses.categorical_nll(y_pred + constant, targets), strict=True
        ):
            np.testing.assert_allclose(after, before, rtol=1e-10, atol=1e-11)
    np.testing.assert_allclose(losses.softmax(y_pred + constant), losses.softmax(y_pred), rtol=1e-11)
    np.testing.assert_allclose(losses.log_softmax(y_pred + constant), losses.log_softmax(y_pred), rtol=1e-9, atol=1e-11)


@given(sizes, sizes, seeds)
def test_softmax_is_pytorchs(I, K, seed):
    logits = 5 * np.random.default_rng(seed).standard_normal((I, 2, K))
    np.testing.assert_allclose(losses.softmax(logits), torch.softmax(torch.tensor(logits), -1), rtol=1e-12)
    np.testing.assert_allclose(losses.log_softmax(logits), torch.log_softmax(torch.tensor(logits), -1), atol=1e-12)
    assert losses.softmax(logits.astype(np.float32)).dtype == losses.log_softmax(np.float32([1, 2])).dtype == np.float32


@given(sizes, sizes, reductions, seeds)
def test_one_hot_targets_are_classes(I, K, reduction, seed):
    y_pred, y = example(CASES["categorical, tokens"], I, K, seed)
    for one, two in zip(
        losses.categorical_nll(y_pred, y, reduction),
        losses.categorical_nll(y_pred, np.eye(K)[y], reduction),
        strict=True,
    ):
        np.testing.assert_array_equal(one, two)


@given(sizes, sizes, reductions, seeds, st.booleans())
def test_padding_does_not_count(I, K, reduction, seed, soft):
    rng = np.random.default_rng(seed)
    y_pred, y = example(CASES["categorical, tokens"], I, K, seed)
    mask = np.arange(3) < rng.integers(1, 4, I)[:, None]
    targets = np.where(mask, y, -1)  # no class at all, where nobody looks
    if soft:
        targets = rng.dirichlet(np.ones(K), (I, 3)) * mask[:, :, None]
        y = targets
    value, dy = losses.categorical_nll(y_pred, targets, reduction, mask=mask)
    expected, slopes = losses.categorical_nll(y_pred[mask], y[mask], reduction)
    assert value == expected
    np.testing.assert_array_equal(dy[mask], slopes)
    assert not dy[~mask].any()


def in_decimals(logits, y):
    """−log softmax_y and its derivative with 900 digits, so that exp[−2000] counts beside 1."""
    with localcontext() as context:
        context.prec = 900
        e = [Decimal(float(f)).exp() for f in logits]
        total = sum(e)
        slopes = [float(e_k / total - (k == y)) for k, e_k in enumerate(e)]
        return float((total / e[y]).ln()), slopes


@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float32, 1e-6), (np.float64, 1e-13)])
@pytest.mark.parametrize("logits", [[1000, -1000], [1000, 960, -1000], [-1000, -1000, -999], [7], [30, -30], [0, 60.5]])
def test_logits_of_any_size_keep_all_digits(logits, dtype, tolerance):
    for y in range(len(logits)):
        value, slopes = in_decimals(logits, y)
        smallest = float(np.finfo(dtype).tiny)  # below it a float has fewer digits, then none
        ours, dy = losses.categorical_nll(np.array([logits], dtype), [y])
        assert ours == pytest.approx(value, rel=tolerance, abs=smallest)
        np.testing.assert_allclose(dy[0], slopes, rtol=tolerance, atol=smallest)
        if len(logits) == 2:
            ours, dy = losses.bernoulli_nll(np.array([[logits[1] - logits[0]]], dtype), [[y]])
            assert ours == pytest.approx(value, rel=tolerance, abs=smallest)
            np.testing.assert_allclose(dy[0, 0], slopes[1], rtol=tolerance, atol=smallest)
        soft, dy = losses.categorical_nll(np.array([logits], dtype), np.full((1, len(logits)), 1 / len(logits)))
        assert soft == pytest.approx(np.max(logits) - np.mean(logits), abs=2, rel=1e-6)
        assert np.isfinite(dy).all()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_mixture_weights_of_any_size(dtype):
    for near, far in ((0, 1), (1, 0)):  # the component with all the weight sits on the target, or the other one
        y_pred = np.array([[1000, -1000, near, far, 0, 0]], dtype)
        value, dy = losses.mixture_nll(y_pred, [[0.0]])
        assert value == pytest.approx(0.5 * near + 0.5 * np.log(2 * np.pi), rel=1e-6)
        np.testing.assert_allclose(dy, [[0, 0, near, 0, 1 - near, 0]], atol=1e-6)


def bessel_in_decimals(kappa):
    """log Bessel₀[κ] − κ and Bessel₁[κ] / Bessel₀[κ] by their power series, with 60 digits."""
    with localcontext() as context:
        context.prec = 60
        half = Decimal(kappa) / 2
        zeroth = first = Decimal(0)
        term, k = Decimal(1), 0
        while k < half or term > zeroth * Decimal("1e-40"):
            zeroth += term
            first += term * half / (k + 1)
            k += 1
            term *= half * half / (k * k)
        return float(zeroth.ln() - Decimal(kappa)), float(first / zeroth)


@pytest.mark.parametrize("kappa", [1e-6, 0.1, 1.0, 7.3, 29.999, 30.0, 30.001, 100.0, 700.0])
def test_the_bessel_functions_are_exact(kappa):
    log_bessel, ratio = bessel_in_decimals(kappa)
    value, dy = losses.von_mises_nll([[0.0, np.log(kappa)]], [[0.0]], kappa="predicted")
    assert value == pytest.approx(log_bessel + np.log(2 * np.pi), abs=1e-12)
    assert dy[0, 1] == pytest.approx(kappa * (ratio - 1), rel=1e-11)  # the reference loses digits for large κ
    assert losses.von_mises_nll([[0.0]], [[0.0]], kappa=kappa)[0] == pytest.approx(value, abs=1e-14)


@given(st.floats(1e4, 1e12), st.floats(-3, 3))
def test_a_concentrated_von_mises_is_a_normal(kappa, z):
    y = z / np.sqrt(kappa)
    circular = losses.von_mises_nll([[0.0]], [[y]], kappa=kappa)
    straight = losses.gaussian_nll([[0.0]], [[y]], sigma=kappa**-0.5)
    assert circular[0] == pytest.approx(straight[0], abs=10 / kappa)
    assert circular[1][0, 0] == pytest.approx(straight[1][0, 0], rel=10 / kappa, abs=1e-9)


@given(sizes, sizes, st.integers(-3, 3), seeds)
def test_whole_turns_do_not_matter(I, D_o, turns, seed):
    y_pred, y = example(CASES["von Mises"], I, D_o, seed)
    for before, after in zip(
        losses.von_mises_nll(y_pred, y), losses.von_mises_nll(y_pred, y + 2 * np.pi * turns), strict=True
    ):
        np.testing.assert_allclose(after, before, rtol=1e-11, atol=1e-12)


PENALTIES = {
    losses.l1_penalty: lambda phi: phi.abs().sum(),
    losses.l2_penalty: lambda phi: (phi**2).sum(),
}


@pytest.mark.parametrize("penalty", PENALTIES)
@given(st.integers(1, 8), st.floats(0, 10), seeds)
def test_penalties_are_pytorchs_and_skip_what_is_masked(penalty, P, strength, seed):
    rng = np.random.default_rng(seed)
    phi, mask = rng.standard_normal(P), rng.random(P) < 0.5
    phi.flags.writeable = False
    parameters = torch.tensor(phi, requires_grad=True)
    expected = strength * PENALTIES[penalty](parameters * torch.tensor(mask))
    expected.backward()
    value, dphi = penalty(phi, strength, mask)
    assert type(value) is float
    assert value == pytest.approx(expected.item(), rel=1e-12)
    np.testing.assert_allclose(dphi, parameters.grad.numpy(), rtol=1e-12)
    assert not dphi[~mask].any()
    everything = penalty(phi, strength, np.ones(P, bool))
    assert penalty(phi, strength)[0] == everything[0]
    np.testing.assert_array_equal(penalty(phi, strength)[1], everything[1])
    np.testing.assert_allclose(
        penalty(phi, strength)[1], differences(lambda p: penalty(p, strength)[0], phi, 1e-6), rtol=1e-5, atol=1e-6
    )
    assert penalty(phi.astype(np.float32), strength)[1].dtype == np.float32
