"""What must hold for every optimiser: purity, dtype, equal treatment of parameters, and downhill at first."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from udl_core import optim

rates = st.floats(1e-4, 1.0)
shares = st.floats(0.0, 0.999)
OPTIMISERS = st.one_of(
    st.builds(optim.GradientDescent, rates),
    st.builds(optim.Momentum, rates, shares, st.booleans()),
    st.builds(optim.Adam, rates, shares, shares, st.floats(1e-10, 1e-3)),
    st.builds(optim.AdamW, rates, shares, shares, st.just(1e-8), st.floats(0.0, 0.5)),
    st.builds(lambda lr, steps: optim.Adam(optim.warm_up(steps, optim.cosine(lr, steps))), rates, st.integers(1, 5)),
)
sizes = st.integers(1, 6)
seeds = st.integers(0, 2**32 - 1)


def numbers(P, seed, dtype=np.float64, steps=4):
    """φ (P,) and one gradient (P,) a step."""
    rng = np.random.default_rng(seed)
    return rng.standard_normal(P).astype(dtype), rng.standard_normal((steps, P)).astype(dtype)


def run(optimiser, phi, grads):
    state, points = optimiser.init(phi), [phi]
    for grad in grads:
        phi, state = optimiser.step(phi, grad, state)
        points.append(phi)
    return points, state


def arrays(state):
    return [part for part in (state if isinstance(state, tuple) else (state,)) if isinstance(part, np.ndarray)]


@given(OPTIMISERS, sizes, seeds, st.sampled_from([np.float32, np.float64]))
def test_nothing_is_changed_and_nothing_promotes(optimiser, P, seed, dtype):
    phi, grads = numbers(P, seed, dtype)
    state = optimiser.init(phi)
    for grad in grads:
        before = [part.copy() for part in (phi, grad, *arrays(state))]
        new, new_state = optimiser.step(phi, grad, state)
        again, _ = optimiser.step(phi, grad, state)
        np.testing.assert_array_equal(new, again)
        for part, old in zip((phi, grad, *arrays(state)), before, strict=True):
            np.testing.assert_array_equal(part, old)
        assert new.dtype == dtype
        assert all(part.dtype == dtype for part in arrays(new_state))
        assert not np.shares_memory(new, phi)
        phi, state = new, new_state


@given(OPTIMISERS, sizes, seeds)
def test_parameters_do_not_see_each_other(optimiser, P, seed):
    phi, grads = numbers(P, seed)
    whole, _ = run(optimiser, phi, grads)
    alone = [run(optimiser, phi[p : p + 1], grads[:, p : p + 1])[0][-1] for p in range(P)]
    np.testing.assert_array_equal(whole[-1], np.concatenate(alone))


@given(OPTIMISERS, sizes, seeds)
def test_the_first_step_is_against_the_gradient_but_for_decay(optimiser, P, seed):
    phi, grads = numbers(P, seed)
    start = phi if not isinstance(optimiser, optim.AdamW) else np.zeros(P)
    points, _ = run(optimiser, start, grads[:1])
    assert (np.sign(points[1] - start) == -np.sign(grads[0])).all()


@given(OPTIMISERS, sizes, seeds)
def test_float32_follows_float64(optimiser, P, seed):
    phi, grads = numbers(P, seed, np.float32)
    single, double = run(optimiser, phi, grads)[0], run(optimiser, phi.astype(np.float64), grads)[0]
    np.testing.assert_allclose(single[-1], double[-1], rtol=1e-4, atol=1e-4)


@given(st.floats(1e-4, 1.0), shares, shares, sizes, seeds, st.floats(-6, 6))
def test_adam_does_not_feel_the_scale_of_the_loss(lr, beta, gamma, P, seed, exponent):
    phi, grads = numbers(P, seed)
    adam = optim.Adam(lr, beta, gamma, epsilon=1e-300)
    scaled = run(adam, phi, 10.0**exponent * grads)[0][-1]
    np.testing.assert_allclose(scaled, run(adam, phi, grads)[0][-1], rtol=1e-9, atol=1e-9)


@given(sizes, seeds, st.floats(1e-3, 1e3))
def test_clipping_never_lengthens_and_never_turns(P, seed, max_norm):
    grad = numbers(P, seed)[0]
    clipped = optim.clip_norm(grad, max_norm)
    norms = np.linalg.norm(grad), np.linalg.norm(clipped)
    assert norms[1] <= max_norm * (1 + 1e-12)
    np.testing.assert_allclose(clipped * norms[0], grad * norms[1], rtol=1e-12, atol=1e-12)
    if norms[0] < max_norm:
        np.testing.assert_array_equal(clipped, grad)
