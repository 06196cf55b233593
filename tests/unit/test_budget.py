"""Widths that fit a budget of parameters, random networks of them, and their regions."""

import numpy as np
import pytest

from udl_core import Deep, budget, init, regions


@pytest.mark.parametrize("D_i", [1, 2, 5])
@pytest.mark.parametrize("K", [1, 2, 5])
@pytest.mark.parametrize("n_params", [60, 250, 1000])
def test_no_other_width_is_closer_to_the_budget(n_params: int, K: int, D_i: int) -> None:
    widths = budget.architecture(n_params, K, D_i)
    D = widths[1]
    assert widths == (D_i, *K * [D], 1)
    sizes = [Deep([D_i, *K * [width], 1]).n_params for width in range(1, 400)]
    assert 1 + np.argmin(np.abs(np.array(sizes) - n_params)) == D


def test_a_budget_below_the_smallest_network_buys_that_one() -> None:
    assert budget.architecture(1, K=3) == (1, 1, 1, 1, 1)


def test_offsets_and_weights_of_a_layer_are_drawn_alike() -> None:
    net = Deep([50, 400, 300, 1])
    parts = net.unpack(budget.random_phi(net, np.random.default_rng(0), init.given(0.3)))
    for beta, omega in zip(parts["beta"][:-1], parts["omega"][:-1], strict=True):
        assert beta.var() == pytest.approx(0.3, rel=0.3)
        assert omega.var() == pytest.approx(0.3, rel=0.3)
    assert (parts["beta"][-1] == 0).all()
    he = net.unpack(budget.random_phi(net, np.random.default_rng(0)))
    assert he["beta"][1].var() == pytest.approx(2 / 400, rel=0.3)


@pytest.mark.parametrize("widths", [[1, 20, 1], [1, 6, 6, 1], [2, 20, 1], [2, 6, 6, 1]])
def test_counts_lie_between_one_and_the_upper_bound_and_do_not_change(widths: list[int]) -> None:
    counts = budget.random_counts(widths, 10, reach=1)
    assert (counts >= 1).all()
    assert (counts <= regions.upper_bound(widths)).all()
    assert (counts == budget.random_counts(widths, 12, reach=1)[:10]).all()
    assert len(set(counts.tolist())) > 1


def test_a_wide_window_shows_every_joint_of_a_shallow_network() -> None:
    assert np.median(budget.random_counts([1, 30, 1], 20, reach=1e5)) == 31


def test_networks_of_three_inputs_are_not_counted() -> None:
    net = Deep([3, 4, 1])
    with pytest.raises(ValueError, match="one or two inputs, got D_i = 3"):
        budget.count_regions(net, budget.random_phi(net, np.random.default_rng(0)), 1)


@pytest.mark.parametrize(
    ("widths", "expected"),
    [([1, 3, 3, 1], 16), ([1, 2, 2, 1], 6), ([2, 6, 6, 1], 16 * 22), ([2, 3, 1], 7), ([5, 4, 4, 1], None)],
)
def test_the_best_known_count_is_the_larger_bound_that_applies(widths: list[int], expected: int | None) -> None:
    assert budget.best_known(widths) == expected


@pytest.mark.parametrize("widths", [[1, 4, 4, 1], [2, 6, 6, 1], [2, 9, 7, 1]])
def test_a_construction_reaches_the_best_known_count(widths: list[int]) -> None:
    net, phi = regions.folds(widths, zigzags=True)
    if net.D_i == 2:
        assert len(regions.linear_regions(net, phi, ((0, 1), (0, 1)))) == budget.best_known(widths)
    else:
        assert len(regions.joints(net, phi, 0, 1).slopes) == budget.best_known(widths)
