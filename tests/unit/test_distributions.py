"""Densities: their negative log is the loss of their name, they sum to 1, and their sums are the cumulative ones."""

import numpy as np
import pytest
import torch

from udl_core import distributions, losses

Y = np.linspace(-60, 60, 240_001)
STEP = Y[1] - Y[0]
DENSITIES = {
    "normal": (distributions.normal_density, distributions.normal_cumulative, (0.7, 1.3)),
    "laplace": (distributions.laplace_density, distributions.laplace_cumulative, (-0.4, 0.6)),
}


@pytest.mark.parametrize("name", DENSITIES)
def test_a_cumulative_distribution_is_the_sum_of_its_density(name):
    density, cumulative, settings = DENSITIES[name]
    heights = density(Y, *settings)
    sums = np.concatenate(([0], np.cumsum((heights[1:] + heights[:-1]) / 2))) * STEP
    assert sums[-1] == pytest.approx(1, abs=1e-7)
    np.testing.assert_allclose(cumulative(Y, *settings), sums, atol=1e-6)
    theirs = {"normal": torch.distributions.Normal, "laplace": torch.distributions.Laplace}[name](
        *torch.tensor(settings, dtype=torch.float64)
    )
    at = torch.linspace(-5, 5, 21, dtype=torch.float64)
    np.testing.assert_allclose(density(at.numpy(), *settings), theirs.log_prob(at).exp(), rtol=1e-12)
    np.testing.assert_allclose(cumulative(at.numpy(), *settings), theirs.cdf(at), atol=1e-15)


def test_counts_sum_up():
    counts = np.arange(60)
    each = distributions.poisson_probability(counts, 7.5)
    np.testing.assert_allclose(distributions.poisson_cumulative(counts, 7.5), np.cumsum(each), atol=1e-14)
    assert distributions.poisson_cumulative([-1.0, 2.5], 2.0) == pytest.approx([0, 5 * np.exp(-2)])


def test_the_negative_log_is_the_loss():
    rng = np.random.default_rng(0)
    mu, y = rng.standard_normal((5, 2)), rng.standard_normal((5, 2))
    counts, labels = rng.integers(0, 9, (5, 2)), rng.integers(0, 2, (5, 2))
    lam = 1 / (1 + np.exp(-mu))
    log_sigma, weights = np.array([0.1, -0.4, 0.3]), np.array([0.2, 0.5, 0.3])
    means = np.array([-1.0, 0.0, 2.0])
    mixture = np.tile(np.concatenate((np.log(weights), means, log_sigma)), (5, 1))
    for density, loss in (
        (distributions.normal_density(y, mu, 0.7), losses.gaussian_nll(mu, y, sigma=0.7)),
        (distributions.normal_density(y, mu, distributions.shared_sigma(mu, y)),
         losses.gaussian_nll(mu, y, sigma="shared")),
        (distributions.laplace_density(y, mu, 0.7), losses.laplace_nll(mu, y, spread=0.7)),
        (distributions.von_mises_density(y, mu, 3.0), losses.von_mises_nll(mu, y, kappa=3.0)),
        (distributions.von_mises_density(mu + y / 30, mu, 500.0), losses.von_mises_nll(mu, mu + y / 30, kappa=500.0)),
        (distributions.poisson_probability(counts, np.exp(mu)), losses.poisson_nll(mu, counts)),
        (distributions.bernoulli_probability(labels, lam), losses.bernoulli_nll(mu, labels)),
        (distributions.mixture_density(y[:, 0], weights, means, np.exp(log_sigma)),
         losses.mixture_nll(mixture, y[:, :1])),
    ):  # fmt: skip
        assert -np.log(density).sum() == pytest.approx(loss[0], rel=1e-12)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: distributions.normal_density(0, 0, 0), "sigma must be above 0, got 0"),
        (lambda: distributions.poisson_probability(0.5, 1), "y must hold counts"),
        (lambda: distributions.bernoulli_probability(2, 0.5), "y must hold labels 0 and 1"),
        (lambda: distributions.mixture_density(0.0, [0.5, 0.6], [0, 1], [1, 1]), "that sum to 1"),
        (lambda: distributions.von_mises_density(np.nan), "y must be finite"),
        (lambda: distributions.shared_sigma(np.zeros((0, 1)), np.zeros((0, 1))), "at least one residual"),
    ],
)
def test_a_wrong_argument_is_named(call, message):
    with pytest.raises(ValueError) as caught:
        call()
    assert message in str(caught.value)
