"""What D straight pieces can do on an interval, what they cannot, and the laws of their error."""

import numpy as np
import pytest

from udl_core import Deep, Shallow, activations
from udl_core import approximation as ap

DOUBLINGS = [8, 16, 32, 64, 128]


def measured(name, places=ap.equal):
    t = ap.target(name)
    return np.array([ap.error(t, places(D), t(places(D))) for D in DOUBLINGS])


@pytest.mark.parametrize("name", ["sine", "root", "kink", "step"])
def test_equal_spacing_obeys_the_theory_s_exponents(name):
    errors = measured(name)
    for norm, expected in enumerate(ap.target(name).exponents):
        assert ap.exponent(DOUBLINGS, errors[:, norm]) == pytest.approx(expected, abs=0.04)


def test_a_chirp_obeys_it_once_the_joints_are_denser_than_its_swings():
    D = [256, 512, 1024]
    t = ap.target("chirp")
    errors = np.array([ap.error(t, ap.equal(d), t(ap.equal(d))) for d in D])
    assert ap.exponent(D, errors[:, 0]) == pytest.approx(-2, abs=0.03)
    assert ap.exponent(D, errors[:, 1]) == pytest.approx(-2, abs=0.03)


def test_denser_joints_near_zero_bring_the_root_back_to_two():
    fourth = measured("root", lambda D: ap.powers(D, 4))
    assert ap.exponent(DOUBLINGS, fourth[:, 0]) == pytest.approx(-2, abs=0.02)
    assert ap.exponent(DOUBLINGS, measured("root", lambda D: ap.powers(D, 2.5))[:, 1]) == pytest.approx(-2, abs=0.02)


@pytest.mark.parametrize(("power", "p"), [(1 / 2, 4.0), (2 / 5, 2.5)])
def test_the_density_of_the_root_s_curvature_is_a_power(power, p):
    found = ap.by_density(ap.target("root"), 16, power)
    assert np.allclose(found, ap.powers(16, p), rtol=2e-3, atol=1e-9)


def test_constants_of_the_laws():
    """Parabola: h²/8 for the interpolant, half in the sup norm, 1/√120 and 1/√720 of h² in L2, times f″ = 2."""
    t = ap.Target("parabola", "x^2", lambda x: x**2, curvature=lambda x: np.full_like(x, 2.0))
    places, h = ap.equal(10), 0.1
    interpolant = ap.error(t, places, t(places))
    assert interpolant.sup == pytest.approx(2 * h**2 / 8)
    assert interpolant.l2 == pytest.approx(2 * h**2 / 120**0.5)
    assert ap.error(t, places, ap.best_values(t, places, "sup")).sup == pytest.approx(2 * h**2 / 16)
    fine = ap.equal(128)
    assert ap.error(t, fine, ap.best_values(t, fine)).l2 == pytest.approx(2 / 128**2 / 720**0.5, rel=0.02)
    assert np.allclose(ap.by_density(t, 10, 0.5), places, atol=1e-7)


@pytest.mark.parametrize("norm", ["sup", "l2"])
@pytest.mark.parametrize("name", ap.NAMES)
@pytest.mark.parametrize("D", [5, 16])
def test_best_values_at_best_places_are_better_than_the_interpolant_but_not_twice_as_good_in_sup(name, D, norm):
    t = ap.target(name)
    places = ap.best_places(t, D, norm, candidates=100)[-1]
    interpolant = ap.error(t, places, t(places))
    sup = ap.error(t, places, ap.best_values(t, places, "sup")).sup
    assert interpolant.sup / 2 - 1e-9 <= sup <= interpolant.sup * 1.01
    assert ap.error(t, places, ap.best_values(t, places, "l2")).l2 <= interpolant.l2


@pytest.mark.parametrize("D", [1, 2, 7])
def test_no_continuous_curve_comes_nearer_to_a_jump_than_half_of_it(D):
    t = ap.target("step")
    places = ap.equal(D)
    assert ap.error(t, places, ap.best_values(t, places, "sup")).sup == pytest.approx(0.5, abs=1e-9)


def test_both_sides_of_a_jump_count():
    t = ap.target("step")
    assert ap.error(t, [0, 1 / 3, 1], [0, 1, 1]).sup == pytest.approx(1)
    assert t(1 / 3) == 1
    assert t(np.nextafter(1 / 3, 0)) == 0


def test_units_draw_the_interpolant_and_what_lies_beyond():
    places, values = np.array([-1.0, 0.5, 2.0]), np.array([1.0, 4.0, 3.0])
    net = Shallow(1, 2, 1)
    phi = ap.interpolant(places, values, lead=2)
    at = np.array([[-5.0], [-3.0], [-1.0], [0.5], [2.0], [3.5]])
    assert np.allclose(net(at, phi)[:, 0], [-3, -3, 1, 4, 3, 2])


def test_d_units_span_one_dimension_less_than_curves_with_d_joints():
    rng = np.random.default_rng(0)
    for D in (2, 3, 5):
        net = Shallow(1, D, 1)
        phi = rng.normal(size=net.n_params)
        theta = net.unpack(phi)["theta"]
        theta[:, 0] = -theta[:, 1] * np.linspace(0.1, 0.9, D)  # all joints inside
        x = np.linspace(0, 1, 301)[:, None]
        rows = [net.vjp(x[[i]], phi)[1](np.ones((1, 1)))[1] for i in range(len(x))]
        singular = np.linalg.svd(np.array(rows), compute_uv=False)
        assert (singular > 1e-9 * singular[0]).sum() == 2 * D + 1
        theta[0, 0] = abs(theta[0, 1])  # one joint to the left, or the unit never off
        theta[0, 1] = abs(theta[0, 1])
        rows = [net.vjp(x[[i]], phi)[1](np.ones((1, 1)))[1] for i in range(len(x))]
        singular = np.linalg.svd(np.array(rows), compute_uv=False)
        assert (singular > 1e-9 * singular[0]).sum() == 2 * D


def test_a_sampled_curve_is_met_exactly_by_joints_at_its_nodes():
    y = np.array([0.0, 2.0, -1.0, 0.5])
    t = ap.sampled(y, -1, 2)
    nodes = np.array([-1.0, 0.0, 1.0, 2.0])
    for norm in ("l2", "sup"):
        values = ap.best_values(t, nodes, norm)
        assert np.allclose(values, y, atol=1e-12)
    assert max(ap.error(t, nodes, y)) < 1e-14


def test_errors_of_a_sampled_curve_are_exact():
    t = ap.sampled([0.0, 1.0, 0.0])  # a tent of height 1
    found = ap.error(t, [0, 1], [0, 0])
    assert found.sup == 1
    assert found.l2 == pytest.approx(1 / 3**0.5, abs=1e-14)


def test_the_best_places_of_a_kink_hold_it():
    t = ap.Target("kink", "", lambda x: np.abs(x - 0.25), breaks=(0.25,))
    for norm in ("sup", "l2"):
        best = ap.best_places(t, 3, norm, candidates=40)
        assert np.allclose(best[1], [0, 0.25, 1])
        assert max(ap.error(t, best[2], t(best[2]))) < 1e-12


def test_sigmoids_step_up_and_down_again():
    phi = ap.sigmoid_bumps([0.2, 0.7], [0.2, 0.4], [1.0, -2.0], steepness=500)
    x = np.array([[0.0], [0.1], [0.2], [0.4], [0.5], [0.7], [1.0]])
    assert np.allclose(Shallow(1, 4, 1, "sigmoid")(x, phi)[:, 0], [0, 0.5, 1, 0, -1, -2, 0], atol=1e-9)


def test_a_middle_steepness_is_best_and_then_the_error_falls_fourfold():
    t = ap.Target("hill", "", lambda x: np.sin(np.pi * x) ** 2)
    x = np.linspace(0, 1, 401)

    def off(N, steepness):
        centres = (np.arange(N) + 0.5) / N
        phi = ap.sigmoid_bumps(centres, np.full(N, 1 / N), t(centres), steepness * N)
        return np.abs(Shallow(1, 2 * N, 1, "sigmoid")(x[:, None], phi)[:, 0] - t(x)).max()

    assert off(16, 4) < 0.5 * min(off(16, 1), off(16, 40))
    assert off(8, 4) / off(16, 4) > 3
    assert 1.8 < off(8, 60) / off(16, 60) < 2.2


def test_two_layers_end_a_bump_in_the_plane():
    phi = ap.plane_bump(centre=(1.0, -1.0), width=2.0, height=3.0, steepness=40)
    net = Deep([2, 4, 1, 1], "sigmoid")
    assert np.allclose(net([[1, -1], [1.8, -0.2], [1, 0.5], [5, -1], [5, 5]], phi)[:, 0], [3, 3, 0, 0, 0], atol=1e-3)


GRID = np.stack(np.meshgrid(*[-1 + 0.1 * np.arange(21)] * 2, indexing="ij"), axis=-1).reshape(-1, 2)


def unexplained(y, angles, **kwargs):
    return np.sqrt(np.mean((y - ap.fit_ridges(GRID, y, angles, **kwargs)(GRID)) ** 2) / y.var())


def test_a_product_is_no_sum_of_a_curve_in_each_input_but_one_of_two_ridges():
    product = GRID[:, 0] * GRID[:, 1]
    assert unexplained(product, [0, 90]) == pytest.approx(1)
    assert unexplained(product, [45, 135]) < 0.03
    assert unexplained(product, [45, 135], knots=33) < 0.005
    for angle in (0, 20, 45):
        assert unexplained((GRID**2).sum(1), [angle, angle + 90]) < 0.04


def test_ridges_add_up_and_are_what_units_make():
    y = np.exp(-4 * (GRID**2).sum(1))
    fit = ap.fit_ridges(GRID, y, [10.0, 75.0, 120.0])
    assert np.allclose(fit(GRID), sum(fit.single(k, GRID) for k in range(3)))
    along = [np.cos(np.deg2rad(10)), np.sin(np.deg2rad(10))]
    u = GRID @ along
    phi = ap.interpolant(fit.knots, fit.profiles[0])
    assert np.allclose(Shallow(1, 8, 1)(u[:, None], phi)[:, 0], fit.single(0, GRID))
    shifted = GRID + 0.3 * np.array([-along[1], along[0]])
    assert np.allclose(fit.single(0, shifted), fit.single(0, GRID))


def test_angles_that_coincide_do_no_harm():
    y = GRID[:, 0] ** 2
    assert unexplained(y, [0, 0, 0]) == pytest.approx(unexplained(y, [0]), abs=1e-3)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: ap.target("sinus"), "name must be one of sine, chirp, root, kink, step, got 'sinus'"),
        (lambda: ap.sampled([1.0]), "at least two values, got 1"),
        (lambda: ap.sampled([1.0, 2.0], 1, 0), "lo must be below hi, got lo = 1.0 and hi = 0.0"),
        (lambda: ap.interpolant([0, 1, 1], [0, 1, 2]), "places must be two or more and ascend"),
        (lambda: ap.interpolant([0, 1], [0, 1, 2]), r"values must have shape \(D\+1,\) = \(2,\), got \(3,\)"),
        (lambda: ap.interpolant([0, 1], [0, 1], lead=-1), "lead must not be negative"),
        (lambda: ap.error(ap.target("sine"), [0, 2], [0, 0]), "places must go from 0 to 1, got 0 to 2"),
        (lambda: ap.best_values(ap.target("sine"), [0, 1], "L2"), "norm must be one of sup, l2, got 'L2'"),
        (lambda: ap.best_places(ap.target("sine"), 2, "max"), "norm must be one of sup, l2, got 'max'"),
        (lambda: ap.best_places(ap.target("sine"), 5, candidates=4), "D must be at most the 4 cells"),
        (lambda: ap.best_places(ap.target("sine"), 1, candidates=[0.0, 0.5]), "candidates must ascend from 0 to 1"),
        (lambda: ap.by_density(ap.target("kink"), 4, 0.5), "smooth with a known curvature, got 'kink'"),
        (lambda: ap.exponent([2], [1.0]), "at least two D"),
        (lambda: ap.exponent([2, 4], [1.0, 0.0]), "errors above 0"),
        (lambda: ap.equal(0), "D must be at least 1"),
        (lambda: ap.sigmoid_bumps([0.5], [0.0], [1.0], 3), "each width must be above 0"),
        (lambda: ap.sigmoid_bumps([0.5], [0.1], [1.0], 0), "steepness must be above 0"),
        (lambda: ap.plane_bump(width=0), "width must be above 0"),
        (lambda: ap.fit_ridges([[2.0, 0.0]], [1.0], [0]), "x must lie within 1.41421 of the origin"),
        (lambda: ap.fit_ridges(GRID, GRID[:, 0], []), "at least one input and one angle"),
        (lambda: ap.fit_ridges(GRID, GRID[:, 0], [0], knots=1), "knots must be at least 2"),
    ],
)
def test_bad_arguments_are_told_what_is_wrong(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_named_targets_curve_as_they_say():
    for name in ("sine", "chirp", "root"):
        t = ap.target(name)
        x, eps = np.array([0.13, 0.41, 0.77]), 1e-4
        second = (t(x + eps) - 2 * t(x) + t(x - eps)) / eps**2
        assert np.allclose(t.curvature(x), np.abs(second), rtol=1e-3)


def test_the_sigmoid_is_the_library_s():
    phi = ap.sigmoid_bumps([0.5], [0.5], [1.0], 8)
    a = activations.get("sigmoid").f
    x = np.linspace(0, 1, 5)
    expected = a(8 * (x - 0.25)) - a(8 * (x - 0.75))
    assert np.allclose(Shallow(1, 2, 1, "sigmoid")(x[:, None], phi)[:, 0], expected)
