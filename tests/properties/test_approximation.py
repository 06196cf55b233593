"""Properties of piecewise linear approximation, for any places and any sampled curve."""

from itertools import combinations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from udl_core import Shallow, regions
from udl_core import approximation as ap

seeds = st.integers(0, 10_000)


def a_curve(seed, nodes=13):
    rng = np.random.default_rng(seed)
    return ap.sampled(rng.normal(size=nodes).cumsum()), rng


def some_places(rng, D):
    return np.concatenate(([0.0], np.sort(rng.uniform(0.02, 0.98, D - 1)), [1.0]))


@given(seeds, st.integers(1, 12))
def test_d_units_draw_any_d_pieces(seed, D):
    rng = np.random.default_rng(seed)
    places = np.concatenate(([0.0], np.cumsum(rng.uniform(0.05, 1, D)))) * 3 - 2
    values = rng.normal(size=D + 1)
    net, phi = Shallow(1, D, 1), ap.interpolant(places, values)
    x = np.linspace(places[0], places[-1], 57)
    assert np.allclose(net(x[:, None], phi)[:, 0], np.interp(x, places, values), atol=1e-9)
    exact = regions.joints(net, phi, places[0], places[-1])
    assert np.allclose(exact.joints, places[1:-1])
    beyond = net([[places[0] - 1], [places[0] - 2]], phi)
    assert np.allclose(beyond, values[0])


@given(seeds, st.integers(1, 9))
def test_the_best_values_beat_all_others_in_their_norm(seed, D):
    t, rng = a_curve(seed)
    places = some_places(rng, D)
    l2, sup = (ap.best_values(t, places, norm) for norm in ("l2", "sup"))
    best_l2, best_sup = ap.error(t, places, l2).l2, ap.error(t, places, sup).sup
    for other in [t(places), l2, sup, l2 + 0.01 * rng.normal(size=D + 1), sup + 0.01 * rng.normal(size=D + 1)]:
        found = ap.error(t, places, other)
        assert found.l2 >= best_l2 - 1e-12
        assert found.sup >= best_sup * (1 - 1e-9) - 1e-12


@given(seeds, st.integers(1, 9))
def test_no_curve_with_the_same_joints_has_less_than_half_the_interpolant_s_sup_error(seed, D):
    t, rng = a_curve(seed)
    places = some_places(rng, D)
    interpolant = ap.error(t, places, t(places)).sup
    assert ap.error(t, places, ap.best_values(t, places, "sup")).sup >= interpolant / 2 - 1e-12


@given(seeds, st.integers(2, 6))
def test_the_least_squares_residual_is_orthogonal_to_every_hat(seed, D):
    t, rng = a_curve(seed)
    places = some_places(rng, D)
    values = ap.best_values(t, places)
    least = ap.error(t, places, values).l2 ** 2
    for k in range(D + 1):
        for step in (-0.1, 0.1):
            moved = values.copy()
            moved[k] += step
            hat = ap.error(ap.sampled([0.0, 0.0]), places, np.eye(D + 1)[k]).l2
            assert np.isclose(ap.error(t, places, moved).l2 ** 2, least + (step * hat) ** 2)


@given(seeds, st.sampled_from(["sup", "l2"]))
def test_the_best_places_are_the_best_of_all_choices(seed, norm):
    t, _ = a_curve(seed, nodes=9)
    nodes = np.linspace(0, 1, 9)
    found = ap.best_places(t, 4, norm, candidates=8)
    for D, places in enumerate(found, start=1):
        assert len(places) == D + 1
        every = [
            getattr(ap.error(t, chosen, t(chosen)), norm)
            for inside in combinations(nodes[1:-1], D - 1)
            for chosen in [np.array([0.0, *inside, 1.0])]
        ]
        assert np.isclose(getattr(ap.error(t, places, t(places)), norm), min(every), atol=1e-12)


@given(seeds, st.integers(1, 6), st.sampled_from(["sup", "l2"]))
def test_errors_scale_and_shift_with_the_curves(seed, D, norm):
    t, rng = a_curve(seed)
    places = some_places(rng, D)
    values = rng.normal(size=D + 1)
    doubled = ap.sampled(2 * t(np.linspace(0, 1, 13)) + 3)
    one, two = ap.error(t, places, values), ap.error(doubled, places, 2 * values + 3)
    assert np.isclose(getattr(two, norm), 2 * getattr(one, norm))


@given(seeds)
def test_ridges_explain_at_least_as_much_with_one_direction_more(seed):
    rng = np.random.default_rng(seed)
    x = rng.uniform(-1, 1, (120, 2))
    y = np.sin(2 * x[:, 0] + rng.normal()) * x[:, 1]
    angles = rng.uniform(0, 180, 3)

    def objective(count):
        fit = ap.fit_ridges(x, y, angles[:count])
        return np.sum((fit(x) - y) ** 2) + 1e-6 * len(x) * np.sum(fit.profiles**2)

    assert objective(3) <= objective(2) + 1e-12 <= objective(1) + 2e-12
