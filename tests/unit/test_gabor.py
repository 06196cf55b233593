"""The Gabor model: its gradient, its symmetry, its start."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from udl_core.gabor import Gabor

NET = Gabor()
seeds = st.integers(0, 2**32 - 1)


def drawn(seed):
    rng = np.random.default_rng(seed)
    x = rng.uniform(-15, 15, (rng.integers(1, 7), 1))
    return x, NET.init(rng), rng.standard_normal(x.shape)


@given(seeds)
def test_gradients_match_central_differences(seed):
    x, phi, dy = drawn(seed)
    dx, dphi = NET.vjp(x, phi)[1](dy)
    step = 1e-5
    by_phi = [np.sum(dy * (NET(x, phi + e) - NET(x, phi - e))) / (2 * step) for e in step * np.eye(2)]
    by_x = dy * (NET(x + step, phi) - NET(x - step, phi)) / (2 * step)
    for exact, approximate in ((dphi, by_phi), (dx, by_x)):
        assert np.linalg.norm(exact - approximate) <= 1e-6 * max(1.0, np.linalg.norm(exact))


@given(seeds)
def test_turning_offset_and_input_around_turns_the_output_around(seed):
    x, phi, _ = drawn(seed)
    np.testing.assert_allclose(NET(-x, phi * [-1, 1]), -NET(x, phi), atol=1e-15)


@given(seeds, st.sampled_from([np.float32, np.float64]))
def test_phis_dtype_rules(seed, dtype):
    x, phi, dy = drawn(seed)
    y, pullback = NET.vjp(x, phi.astype(dtype))
    assert {part.dtype for part in (y, *pullback(dy), NET.init(np.random.default_rng(seed), dtype))} == {
        np.dtype(dtype)
    }
    assert pullback(dy, need_dx=False)[0] is None


def test_a_start_lies_in_the_books_box():
    starts = np.array([NET.init(np.random.default_rng(seed)) for seed in range(200)])
    assert np.all(starts.min(axis=0) >= [-10, 2.5])
    assert np.all(starts.max(axis=0) <= [10, 22.5])
    assert np.all(np.ptp(starts, axis=0) > 15)


def test_parts_and_shapes():
    assert NET.n_params == 2
    np.testing.assert_array_equal(NET.pack(phi=[1, 2]), [1, 2])
    assert NET.out_shape((1,)) == (1,)
    with pytest.raises(ValueError, match="x must have shape"):
        NET([[1.0, 2.0]], [0.0, 1.0])
