"""L[φ] is the network, the loss and the pullback; its short ways give the same, joints on examples and all."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from udl_core import Deep, Linear, Shallow, activations, losses
from udl_core.extras import shallow_gradient
from udl_core.objective import objective

FORMS = (shallow_gradient.by_buffers, shallow_gradient.by_joints)
seeds = st.integers(0, 2**32 - 1)
bends = st.sampled_from([(0.0, 1.0), (0.1, 1.0), (-1.0, 1.0), (2.0, 0.5)])


@st.composite
def examples(draw, dtypes=(np.float64,)):
    """x (I,), y (I,), θ (D, 2) and [φ_0 φ_1 …] (D+1,), with what is rare in real data: equal x, all x far from 0,
    joints on examples, beyond them and between neighbouring numbers, units of slope 0, without weight, dead, repeated.
    """
    I, D, dtype = draw(st.integers(1, 12)), draw(st.integers(1, 6)), draw(st.sampled_from(dtypes))  # noqa: E741
    rng = np.random.default_rng(draw(seeds))
    far = draw(st.sampled_from([0.0, 0.0, 3.0, -1e4]))
    x = far + draw(st.sampled_from([1e-3, 1.0, 100.0])) * rng.standard_normal(I)
    if draw(st.booleans()):
        x = far + rng.integers(-2, 3, I)
    if draw(st.booleans()):
        x = np.nextafter(x, np.inf) if draw(st.booleans()) else x[0] * (1 + np.arange(I) * np.finfo(dtype).eps)
    x = x.astype(dtype)
    slopes = rng.standard_normal(D).astype(dtype)
    joints = rng.choice(x, D) + rng.choice(np.array([0, 0, 1, -50, 50], dtype), D)
    theta = np.stack((-slopes * joints, slopes), axis=1).astype(dtype)
    output = rng.standard_normal(D + 1).astype(dtype)
    for d in range(D):
        what = draw(st.integers(0, 9))
        if what == 0:
            theta[d, 1] = 0
        elif what == 1:
            theta[d] = 0
        elif what == 2:
            output[1 + d] = 0
        elif what == 3:
            theta[d] = theta[0]
        elif what == 4:
            theta[d] *= draw(st.sampled_from([1e-9, 1e9]))
    return x, rng.standard_normal(I).astype(dtype), theta, output


def by_sums(slopes, x, y, theta, output):
    """Value and gradient as sums in extended precision, and the sums of their terms' sizes, which bound rounding."""
    above = theta[:, 0] + theta[:, 1] * x[:, None] > 0  # decided in the dtype of φ, as the network decides it
    x, y, theta, output = (part.astype(np.longdouble) for part in (x, y, theta, output))
    s = np.where(above, np.longdouble(slopes[1]), np.longdouble(slopes[0]))
    omega = output[1:]
    residual = output[0] + (s * (theta[:, 0] + theta[:, 1] * x[:, None])) @ omega - y
    s_size = abs(s) if slopes[0] == 0 else np.full_like(s, abs(slopes[0]) + abs(slopes[1]))
    parts = abs(theta[:, 0]) + abs(theta[:, 1] * x[:, None])
    size = abs(output[0]) + (s_size * parts) @ abs(omega) + abs(y)

    def gradient(delta, s, parts_0, parts_1, omega):
        A, B = (s * delta[:, None]).T @ np.ones_like(x), (s * delta[:, None]).T @ parts_1
        weights = (s * parts_0).T @ delta
        return np.concatenate((np.stack((omega * A, omega * B), axis=1).ravel(), [delta.sum()], weights))

    exact = gradient(2 * residual, s, theta[:, 0] + theta[:, 1] * x[:, None], x, omega)
    bound = gradient(2 * size, s_size, parts, abs(x), abs(omega))
    return residual @ residual, exact, size @ size, bound


@pytest.mark.parametrize("make", FORMS)
@given(example=examples((np.float64, np.float32)), slopes=bends, mean=st.booleans())
def test_either_short_way_is_the_sum_of_its_terms_to_rounding(make, example, slopes, mean):
    x, y, theta, output = example
    scale = 1 / len(x) if mean else 1.0
    value, gradient, value_size, bound = by_sums(slopes, x, y, theta, output)
    form = make(len(theta), slopes, x, y, scale)
    with np.errstate(divide="ignore", invalid="ignore"):  # a unit of slope 0 has no joint
        found, grad = form(np.concatenate((theta.ravel(), output)), True)
    tolerance, tiny = 100 * np.finfo(x.dtype).eps, np.finfo(x.dtype).smallest_normal
    assert grad.dtype == x.dtype
    assert abs(found - scale * value) <= tolerance * scale * value_size + tiny
    # each entry on its own, so that a large one hides nothing; where nothing is summed, nothing may come out
    assert (abs(grad - scale * gradient) <= tolerance * scale * bound + tiny).all()


@pytest.mark.parametrize("seed", range(5))
def test_far_from_0_the_joints_lose_no_digits(seed):
    """All x between 10⁶ and 10⁶ + 1: θ_0 + θ_1 x has lost six digits as it stands; from their middle none are lost."""
    rng = np.random.default_rng(seed)
    D, x = 4, 1e6 + np.arange(16) / 16
    slopes = rng.standard_normal(D)
    theta = np.stack((-slopes * (1e6 + (rng.integers(0, 15, D) + 0.5) / 16), slopes), axis=1)
    output, y = rng.standard_normal(D + 1), rng.standard_normal(16)
    xs, ys, phi_0, *omega = ([Fraction(v) for v in part] for part in (x, y, *output[:, None]))
    h = [[max(Fraction(0), Fraction(a) + Fraction(b) * v) for v in xs] for a, b in theta]
    delta = [2 * (phi_0[0] + sum(w[0] * unit[i] for w, unit in zip(omega, h, strict=True)) - ys[i]) for i in range(16)]
    exact = []
    for (w,), unit in zip(omega, h, strict=True):
        on = [d if u else 0 for d, u in zip(delta, unit, strict=True)]
        exact += [w * sum(on), w * sum(d * v for d, v in zip(on, xs, strict=True))]
    exact += [sum(delta), *(sum(d * u for d, u in zip(delta, unit, strict=True)) for unit in h)]
    _, grad = shallow_gradient.by_joints(D, (0.0, 1.0), x, y, 1.0)(np.concatenate((theta.ravel(), output)), True)
    expected = np.array([float(part) for part in exact])
    assert (abs(grad - expected) <= 1e-12 * abs(expected)).all()


@given(seeds, st.integers(1, 30), st.integers(1, 400), st.sampled_from(["relu", "leaky_relu", "parametric_relu"]))
def test_the_short_ways_agree_with_the_network(seed, D, I, activation):  # noqa: E741
    rng = np.random.default_rng(seed)
    net = Shallow(1, D, 1, activation=activation)
    x, y, phi = rng.standard_normal(I), rng.standard_normal((I, 1)), rng.standard_normal(net.n_params)
    value, grad = by_hand(net, x[:, None], y, phi, losses.least_squares)
    bend = activations.get(activation).pieces.slopes
    for make in FORMS:
        found, fast = make(D, bend, x, y[:, 0], 1.0)(phi, True)
        assert found == pytest.approx(value, rel=1e-10)
        assert np.linalg.norm(fast - grad) <= 1e-10 * np.linalg.norm(grad)


@pytest.mark.parametrize("I", [3, 3000])
@pytest.mark.parametrize("reduction", [None, "sum", "mean"])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_objective_agrees_with_the_network_at_any_size(I, reduction, dtype):  # noqa: E741
    rng = np.random.default_rng(I)
    net = Shallow(1, 20, 1)
    x, y = rng.uniform(-1, 1, (I, 1)), rng.standard_normal((I, 1))
    phi = net.init(rng, dtype)
    L = objective(net, x, y, losses.least_squares, reduction)
    value, grad = by_hand(net, x, y, phi, losses.least_squares, **({"reduction": reduction} if reduction else {}))
    rel = 1e-10 if dtype == np.float64 else 2e-5
    assert L.value(phi) == L(phi)[0] == pytest.approx(value, rel=rel)
    assert L(phi)[1].dtype == dtype
    assert np.linalg.norm(L(phi)[1] - grad) <= rel * np.linalg.norm(grad)


@given(st.sampled_from([Linear(2, 3), Shallow(2, 4, 3), Deep([2, 3, 4, 3], "tanh"), Deep([2, 5, 3])]), seeds)
def test_for_other_networks_it_is_vjp_loss_and_pullback(net, seed):
    rng = np.random.default_rng(seed)
    x, labels, phi = rng.standard_normal((5, 2)), rng.integers(0, 3, 5), net.init(rng)
    for loss, y in ((losses.least_squares, rng.standard_normal((5, 3))), (losses.categorical_nll, labels)):
        value, grad = objective(net, x, y, loss)(phi)
        expected, expected_grad = by_hand(net, x, y, phi, loss)
        assert value == expected
        np.testing.assert_array_equal(grad, expected_grad)


@given(seeds, st.sampled_from([5, 700]))
def test_the_gradient_is_the_slope_of_the_value(seed, I):  # noqa: E741
    rng = np.random.default_rng(seed)
    net = Shallow(1, 15, 1)
    x, y, phi = rng.standard_normal((I, 1)), rng.standard_normal((I, 1)), rng.standard_normal(net.n_params)
    L = objective(net, x, y, losses.least_squares, "mean")
    z = phi[0:30:2] + x * phi[1:30:2]
    direction = rng.standard_normal(phi.size)
    step = 1e-7
    assume(abs(z).min() > 1e-6 * (1 + abs(x).max()) * 5)
    slope = (L.value(phi + step * direction) - L.value(phi - step * direction)) / (2 * step)
    assert slope == pytest.approx(L(phi)[1] @ direction, rel=1e-5, abs=1e-5)


@given(seeds, st.sampled_from([7, 2000]))
def test_calls_leave_no_trace(seed, I):  # noqa: E741
    """Arguments stay, results stay, whatever is called in between: other φ, the other dtype, the value alone."""
    rng = np.random.default_rng(seed)
    net = Shallow(1, 6, 1)
    x, y = rng.standard_normal((I, 1)), rng.standard_normal((I, 1))
    phi, other = net.init(rng), net.init(rng)
    for part in (x, y, phi):
        part.flags.writeable = False
    L = objective(net, x, y, losses.least_squares)
    value, grad = L(phi)
    kept = grad.copy()
    L(other)
    L(other.astype(np.float32))
    L.value(other)
    again, grad_again = L(phi)
    assert again == value
    np.testing.assert_array_equal(grad, kept)
    np.testing.assert_array_equal(grad_again, kept)
    assert grad is not grad_again


def by_hand(net, x, y, phi, loss, **reduction):
    y_pred, pullback = net.vjp(x, phi)
    value, dy = loss(y_pred, y, **reduction)
    return value, pullback(dy)[1]
