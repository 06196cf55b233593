"""Published bounds on the number of regions: no network passes the upper ones, constructions reach the lower ones."""

import itertools
from math import comb, prod

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from udl_core import Deep, Shallow, budget, regions
from udl_core.regions import compose

UNIT = ((0, 1), (0, 1))


def count(net, phi, box=UNIT):
    return len(regions.joints(net, phi, *box[0]).slopes) if net.D_i == 1 else len(regions.linear_regions(net, phi, box))


def drawn(widths, seed, activation="relu"):
    """Random offsets and weights, so large a box that most of the regions lie inside."""
    net, rng = Deep(widths, activation), np.random.default_rng(seed)
    beta = [rng.normal(size=D) for D in widths[1:]]
    return net, net.pack(beta=beta, omega=[rng.normal(size=s) for s in zip(widths[1:], widths, strict=False)])


@given(
    st.sampled_from([1, 2]),
    st.lists(st.integers(1, 6), min_size=1, max_size=4),
    st.sampled_from(["relu", "leaky_relu", "absolute"]),
    st.integers(0, 999),
)
def test_no_network_passes_the_upper_bound(D_i, hidden, activation, seed):
    widths = [D_i, *hidden, 1]
    net, phi = drawn(widths, seed, activation)
    assert count(net, phi, ((-50, 50), (-50, 50))) <= regions.upper_bound(widths, activation)


@given(st.integers(1, 4), st.lists(st.integers(1, 6), min_size=1, max_size=4))
def test_the_upper_bound_is_serras_sum_term_by_term(D_i, hidden):
    total = 0
    for off in itertools.product(*(range(D + 1) for D in hidden)):
        left = [D_i, *(D - j for D, j in zip(hidden, off, strict=True))]
        if all(j <= min(left[: k + 1]) for k, j in enumerate(off)):
            total += prod(comb(D, j) for D, j in zip(hidden, off, strict=True))
    assert regions.upper_bound([D_i, *hidden, 1]) == total


@given(st.integers(1, 5), st.integers(1, 30))
def test_with_one_hidden_layer_every_upper_bound_is_zaslavskys(D_i, D):
    for activation in ("relu", "leaky_relu", "absolute"):
        assert regions.upper_bound([D_i, D, 1], activation) == regions.max_regions(D_i, D)


@given(st.integers(1, 4).flatmap(lambda D_i: st.lists(st.tuples(*[st.integers(-2, 2)] * (D_i + 1)), max_size=6)))
def test_general_position_attains_the_most_regions_and_nothing_else_does(hyperplanes):
    """Any k ≤ D_i meet in D_i - k dimensions and any D_i + 1 have no common point, also where D ≤ D_i."""
    hyperplanes = np.array([h for h in hyperplanes if any(h[1:])], dtype=float)  # rows of offset and normal
    assume(len(hyperplanes))
    D, D_i = len(hyperplanes), hyperplanes.shape[1] - 1
    general = all(rank(hyperplanes[list(s), 1:]) == len(s) for s in itertools.combinations(range(D), min(D, D_i)))
    general &= all(rank(hyperplanes[list(s)]) == len(s) for s in itertools.combinations(range(D), D_i + 1))
    count, most = regions_of_hyperplanes(hyperplanes), regions.max_regions(D_i, D)
    assert count == most if general else count < most


@given(st.integers(1, 4), st.integers(1, 6), st.integers(0, 999))
def test_hyperplanes_drawn_at_random_make_the_most_regions(D_i, D, seed):
    hyperplanes = np.random.default_rng(seed).normal(size=(D, D_i + 1))
    assert regions_of_hyperplanes(hyperplanes) == regions.max_regions(D_i, D)


def regions_of_hyperplanes(hyperplanes):
    """One or minus one for each set of hyperplanes that have a common point (Zaslavsky's theorem, in any position)."""
    sets = itertools.chain.from_iterable(itertools.combinations(hyperplanes, k) for k in range(len(hyperplanes) + 1))
    found = 0
    for s in sets:
        rows = np.array(s).reshape(-1, hyperplanes.shape[1])
        if rank(rows) == rank(rows[:, 1:]):
            found += (-1) ** (len(s) - rank(rows))
    return found


def rank(rows):
    return int(np.linalg.matrix_rank(rows)) if len(rows) else 0


@given(st.lists(st.integers(2, 9), max_size=4), st.integers(1, 9), st.data())
def test_with_one_input_the_upper_bound_is_a_product_unless_a_layer_before_the_last_has_one_unit(hidden, D_K, data):
    assert regions.upper_bound([1, *hidden, D_K, 1]) == prod(D + 1 for D in [*hidden, D_K])
    narrow = data.draw(st.integers(0, len(hidden)))
    wider = [*hidden[:narrow], 1, *hidden[narrow:], D_K]
    assert regions.upper_bound([1, *wider, 1]) < prod(D + 1 for D in wider)


@given(st.integers(1, 8), st.integers(0, 999))
def test_no_layer_beats_the_one_that_serras_bound_counts(D, seed):
    """Its patterns have as few units off as their number allows, and a region is worth the more the fewer are off."""
    net, phi = drawn([2, D, 1], seed)
    off = np.sum(~regions.linear_regions(net, phi, ((-50, 50), (-50, 50))).patterns.astype(bool), axis=1)
    assert all(np.sum(off == j) <= comb(D, j) for j in range(D + 1)) and len(off) <= regions.max_regions(2, D)
    worth = np.sort(np.random.default_rng(seed).uniform(size=D + 1))[::-1]
    assert worth[off].sum() <= sum(comb(D, j) * worth[j] for j in range(min(2, D) + 1)) + 1e-9


@given(st.lists(st.integers(3, 6), max_size=2), st.integers(1, 6))
def test_with_one_input_and_three_units_a_layer_before_the_last_the_upper_bound_is_reached(hidden, D_K):
    net, at = Shallow(1, D_K, 1), (np.arange(D_K) + 0.5) / D_K
    phi = net.pack(theta=np.column_stack([-at, np.ones(D_K)]), phi=[[0, *np.ones(D_K)]])
    for D in hidden:
        net, phi = compose(*regions.zigzag(1, D), net, phi)
    assert count(net, phi) == regions.upper_bound([1, *hidden[::-1], D_K, 1])


@given(st.integers(1, 5), st.integers(0, 9999))
def test_with_one_input_and_two_units_in_the_first_of_two_layers_it_is_not(D, seed):
    """A unit of the second layer crosses zero in two of the three pieces at most."""
    net, phi = drawn([1, 2, D, 1], seed)
    assert count(net, phi, ((-1e4, 1e4),)) <= 3 + 2 * D < regions.upper_bound([1, 2, D, 1])


@given(st.integers(1, 3), st.lists(st.integers(9, 20), min_size=1, max_size=3))
def test_the_bounds_keep_their_order(D_i, hidden):
    widths = [D_i, *hidden, 1]
    lower, more, upper = (f(widths) for f in (regions.lower_bound, regions.lower_bound_zigzag, regions.upper_bound))
    assert lower <= more <= upper <= regions.upper_bound(widths, "leaky_relu") <= 2 ** sum(hidden)


@pytest.mark.parametrize("K", range(1, 11))
def test_sawtooth_runs_up_and_down_two_to_the_k_times(K):
    net, phi = regions.sawtooth(K)
    exact = regions.joints(net, phi, 0, 1)
    np.testing.assert_allclose(exact.joints, np.arange(1, 2**K) / 2**K, atol=1e-12)
    np.testing.assert_allclose(exact.values.ravel(), np.arange(2**K + 1) % 2, atol=1e-9)
    np.testing.assert_allclose(np.abs(exact.slopes), 2**K, rtol=1e-12)


@pytest.mark.parametrize(("K", "D"), [(1, 1), (3, 1), (1, 5), (2, 4), (4, 3)])
def test_wider_sawtooths_run_d_to_the_k_times(K, D):
    net, phi = regions.sawtooth(K, D)
    np.testing.assert_allclose(regions.joints(net, phi, 0, 1).values.ravel(), np.arange(D**K + 1) % 2, atol=1e-9)


@pytest.mark.parametrize(("K", "D"), [(1, 3), (2, 3), (5, 3), (2, 4), (3, 5), (2, 10)])
def test_zigzag_reaches_what_no_network_of_its_size_exceeds(K, D):
    """[3]·2 reaches 16."""
    net, phi = regions.zigzag(K, D)
    exact = regions.joints(net, phi, 0, 1)
    assert (
        len(exact.slopes) == (D + 1) ** K == regions.upper_bound(net.widths) == regions.lower_bound_zigzag(net.widths)
    )
    np.testing.assert_allclose(exact.values.ravel(), np.arange((D + 1) ** K + 1) % 2, atol=1e-8)


@pytest.mark.parametrize("widths", [[1, 3, 3, 1], [1, 4, 5, 6, 1], [2, 4, 4, 1], [2, 5, 4, 3, 1], [2, 6, 6, 4, 2]])
def test_folds_reach_the_lower_bound(widths):
    assert count(*regions.folds(widths)) == regions.lower_bound(widths)


@pytest.mark.parametrize("widths", [[1, 3, 3, 1], [1, 4, 5, 6, 1], [2, 6, 7, 1], [2, 7, 6, 6, 1]])
def test_folds_with_zigzags_reach_the_greater_lower_bound(widths):
    assert count(*regions.folds(widths, zigzags=True)) == regions.lower_bound_zigzag(widths)


def test_random_networks_have_about_the_typical_count_however_deep():
    """Within a factor of 3, where the upper bound grows by a factor of thousands."""
    for hidden in ([24], [12, 12], [8, 8, 8], [6, 6, 6, 6]):
        widths = [2, *hidden, 1]
        counts = [count(*drawn(widths, seed), ((-50, 50), (-50, 50))) for seed in range(10)]
        assert 1 / 3 < np.mean(counts) / regions.typical(2, 24) < 3
    assert regions.typical(5, 3) == 8
    assert regions.typical(400, 10_000) == float("inf")


def test_with_two_inputs_narrow_layers_make_fewer_regions():
    """The numbers in the docstring of `typical`."""
    counts = [budget.random_counts([2, *K * [24 // K], 1], 200, reach=1) for K in (1, 2, 4, 6)]
    means = np.array([count.mean() for count in counts])
    off = [count.std() / np.sqrt(len(count)) for count in counts]  # of a mean: more digits would be made up
    assert np.round(means, -1).tolist() == [110, 100, 60, 30]
    assert 1 < max(off) < 5
    assert "about 110, 100, 60 and 30 regions" in regions.typical.__doc__


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: regions.upper_bound([2, 1]), ValueError, "widths must list D_i, D_1, …, D_o"),
        (lambda: regions.upper_bound("abc"), ValueError, "widths must list"),
        (lambda: regions.upper_bound([2, 0, 1]), ValueError, r"widths\[1\] must be at least 1"),
        (lambda: regions.upper_bound([2, 3, 1], "hard_tanh"), ValueError, "activation must be relu, .*'hard_tanh'"),
        (lambda: regions.lower_bound([2, 1, 1]), ValueError, "at least 2 units in every hidden layer"),
        (lambda: regions.lower_bound_zigzag([2, 5, 1]), ValueError, "at least 6 units in every hidden layer"),
        (lambda: regions.folds([2, 1, 1]), ValueError, "at least 2 units in every hidden layer"),
        (lambda: regions.zigzag(2, 2), ValueError, "D must be at least 3, got 2"),
        (lambda: regions.sawtooth(0), ValueError, "K must be at least 1"),
        (lambda: regions.typical(0, 3), ValueError, "D_i must be at least 1"),
    ],
)
def test_bounds_refuse(call, error, message):
    with pytest.raises(error, match=message):
        call()
