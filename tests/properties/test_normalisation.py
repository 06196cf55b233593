"""Batch norm, layer norm and dropout of any size: gradients, PyTorch's numbers, what they leave unchanged."""

import numpy as np
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn import functional as F

from tests.gradients import assert_gradients
from udl_core.layers import Activation, BatchNorm, Dense, Dropout, LayerNorm, Residual, Sequential

seeds = st.integers(0, 2**32 - 1)
shapes = st.lists(st.integers(1, 4), min_size=2, max_size=4).map(tuple)  # (I, D) to (I, H, W, C)
DTYPES = st.sampled_from([np.float32, np.float64])


def example(layer, shape, seed):
    """x and φ, with parts that are anything but variances at least 0.1."""
    rng = np.random.default_rng(seed)
    phi = rng.standard_normal(layer.n_params)
    if isinstance(layer, BatchNorm):
        layer.unpack(phi)["variance"][:] = rng.uniform(0.1, 2, layer.D)
    return rng.standard_normal(shape), phi


def train(seed=0):
    return np.random.default_rng(seed)


@given(shapes, seeds)
def test_gradients_match_central_differences(shape, seed):
    D = shape[-1]
    assert_gradients(LayerNorm(D, epsilon=0.1), *example(LayerNorm(D), shape, seed), seed)
    norm = BatchNorm(D, epsilon=0.1)
    x, phi = example(norm, shape, seed)
    assert_gradients(norm, x, phi, seed)  # of scales and offsets; the kept statistics are not learned
    assert_gradients(norm, x, phi, seed, train=0)
    for rng in (None, train()):
        y, pullback = norm.vjp(x, phi, train=rng)
        np.testing.assert_array_equal(pullback(np.ones_like(y))[1][2 * D :], 0)


@given(shapes, seeds)
def test_gradients_of_dropout_match_central_differences_under_its_mask(shape, seed):
    layer = Dropout(0.4)
    x, phi = example(layer, shape, seed)
    assert_gradients(layer, x, phi, seed)
    assert_gradients(layer, x, phi, seed, train=seed)


def by_torch(function, x, phi, dy):
    """y, dx, dγ and dδ of a function of (x, γ, δ), which are the first parts of φ."""
    gamma, delta = phi[: 2 * x.shape[-1]].reshape(2, -1)
    parts = [torch.tensor(part, requires_grad=True) for part in (x, gamma, delta)]
    y = function(*parts)
    dx, dgamma, ddelta = torch.autograd.grad(y, parts, torch.tensor(dy))
    return y.detach().numpy(), dx.numpy(), np.concatenate((dgamma.numpy(), ddelta.numpy()))


def assert_same(net, x, phi, function, seed, **call):
    y, pullback = net.vjp(x, phi, **call)
    dy = np.random.default_rng(seed + 1).standard_normal(y.shape)
    dx, dphi = pullback(dy)
    for ours, theirs in zip((y, dx, dphi[: 2 * x.shape[-1]]), by_torch(function, x, phi, dy), strict=True):
        assert np.linalg.norm(ours - theirs) <= 1e-10 * max(1.0, np.linalg.norm(theirs))


@given(shapes, seeds)
def test_layer_norm_is_pytorchs(shape, seed):
    layer = LayerNorm(shape[-1])
    assert_same(layer, *example(layer, shape, seed), lambda x, g, d: F.layer_norm(x, shape[-1:], g, d), seed)


@given(shapes, seeds, st.booleans())
def test_batch_norm_is_pytorchs_in_training_and_in_use(shape, seed, training):
    layer = BatchNorm(shape[-1])
    x, phi = example(layer, shape, seed)
    kept = layer.unpack(phi)

    def theirs(x, gamma, delta):
        rows = x.reshape(-1, shape[-1])
        if training:  # written out, since F.batch_norm refuses a batch of one vector
            centred = rows - rows.mean(dim=0)
            y = gamma * centred / torch.sqrt((centred**2).mean(dim=0) + layer.epsilon) + delta
            if len(rows) > 1:
                torch.testing.assert_close(y, F.batch_norm(rows, None, None, gamma, delta, training=True))
        else:
            y = F.batch_norm(rows, torch.tensor(kept["mean"]), torch.tensor(kept["variance"]), gamma, delta)
        return y.reshape(x.shape)

    assert_same(layer, x, phi, theirs, seed, train=train() if training else None)


@given(shapes, seeds, st.floats(0.1, 100), st.floats(-100, 100))
def test_layer_norm_feels_neither_the_scale_nor_the_shift_of_a_vector(shape, seed, scale, shift):
    layer = LayerNorm(shape[-1], epsilon=1e-14)
    x, phi = example(layer, shape, seed)
    if shape[-1] > 1:
        x[..., 0] += 1  # no vector so nearly constant that rounding is all there is
    np.testing.assert_allclose(layer(scale * x + shift, phi), layer(x, phi), rtol=1e-6, atol=1e-6)


@given(shapes, seeds, st.floats(0.1, 100), st.floats(-100, 100))
def test_batch_norm_feels_neither_the_scale_nor_the_shift_of_a_batch(shape, seed, scale, shift):
    layer = BatchNorm(shape[-1], epsilon=1e-14)
    x, phi = example(layer, shape, seed)
    x[0] += 1
    np.testing.assert_allclose(
        layer(scale * x + shift, phi, train=train()), layer(x, phi, train=train()), rtol=1e-6, atol=1e-6
    )


@given(shapes, seeds, DTYPES, st.sampled_from([0.0, 0.1, -3.3, 1e6, 1e-30]))
def test_a_vector_of_equal_values_gives_the_offset(shape, seed, dtype, value):
    layer = LayerNorm(shape[-1])
    _, phi = example(layer, shape, seed)
    phi = phi.astype(dtype)
    y, pullback = layer.vjp(np.full(shape, value, dtype=dtype), phi)
    np.testing.assert_array_equal(y, np.broadcast_to(layer.unpack(phi)["delta"], shape))
    assert all(np.isfinite(part).all() for part in pullback(np.ones(shape, dtype=dtype)))


@given(shapes, seeds, DTYPES, st.sampled_from([0.0, 0.1, -3.3, 1e6, 1e-30]))
def test_a_constant_unit_gives_its_offset(shape, seed, dtype, value):
    layer = BatchNorm(shape[-1])
    _, phi = example(layer, shape, seed)
    phi = phi.astype(dtype)
    x = np.full(shape, value, dtype=dtype)
    y, pullback = layer.vjp(x, phi, train=train())
    np.testing.assert_array_equal(y, np.broadcast_to(layer.unpack(phi)["delta"], shape))
    assert all(np.isfinite(part).all() for part in pullback(np.ones(shape, dtype=dtype)))
    frozen = layer.freeze_statistics(x, phi)
    np.testing.assert_allclose(layer(x, frozen), y, rtol=1e-5, atol=1e-5)


@given(shapes, seeds)
def test_a_batch_of_one_vector_gives_the_offset_and_teaches_only_that(shape, seed):
    layer = BatchNorm(shape[-1])
    x, phi = example(layer, (1, shape[-1]), seed)
    y, pullback = layer.vjp(x, phi, train=train())
    np.testing.assert_array_equal(y[0], layer.unpack(phi)["delta"])
    dx, dphi = pullback(np.ones_like(y))
    np.testing.assert_array_equal(dx, 0)
    np.testing.assert_array_equal(dphi, np.repeat([0, 1, 0, 0], layer.D))


@given(shapes, seeds, DTYPES)
def test_frozen_statistics_make_use_what_training_is_on_all_the_data(shape, seed, dtype):
    layer = BatchNorm(shape[-1])
    x, phi = example(layer, shape, seed)
    x, phi = x.astype(dtype), phi.astype(dtype)
    before = phi.copy()
    frozen = layer.freeze_statistics(x, phi)
    np.testing.assert_array_equal(phi, before)
    assert frozen.dtype == dtype
    parts = layer.unpack(frozen)
    axes = tuple(range(len(shape) - 1))
    np.testing.assert_allclose(parts["mean"], x.mean(axis=axes), rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(parts["variance"], x.var(axis=axes), rtol=1e-5, atol=1e-6)
    np.testing.assert_array_equal(frozen[: 2 * layer.D], phi[: 2 * layer.D])
    np.testing.assert_allclose(layer(x, frozen), layer(x, phi, train=train()), rtol=1e-3, atol=1e-3)


@given(st.integers(2, 5), st.integers(1, 3), seeds)
def test_stacked_batch_norms_freeze_one_after_the_other_and_without_dropout(I, D, seed):  # noqa: E741
    """Each one's statistics are those of what the frozen layers below it give, inside residual blocks as well."""

    def stack(p):
        block = Sequential([Dense(D, D), BatchNorm(D), Activation("tanh"), Dropout(p)])
        return Sequential(
            [BatchNorm(D), Dropout(p), Residual(block), Dense(D, D), BatchNorm(D), Residual(BatchNorm(D))]
        )

    rng = np.random.default_rng(seed)
    x = 3 + 2 * rng.standard_normal((I, D))
    net, without = stack(0.5), stack(0.0)
    phi = net.init(rng)
    frozen = net.freeze_statistics(x, phi)
    np.testing.assert_allclose(net(x, frozen), without(x, phi, train=train()), rtol=1e-8, atol=1e-8)
    np.testing.assert_array_equal(net.freeze_statistics(x, frozen), frozen)


@given(shapes, seeds, seeds)
def test_in_use_no_example_sees_another(shape, seed, seed_of_phi):
    layer = BatchNorm(shape[-1])
    x, _ = example(layer, shape, seed)
    _, phi = example(layer, shape, seed_of_phi)
    one_by_one = np.concatenate([layer(x[i : i + 1], phi) for i in range(len(x))])
    np.testing.assert_allclose(layer(x, phi), one_by_one, rtol=1e-12, atol=1e-12)


@given(shapes, seeds, st.floats(0, 0.99))
def test_the_seed_of_dropout_says_its_mask_in_either_dtype(shape, seed, p):
    layer = Dropout(p)
    x = np.random.default_rng(seed).uniform(1, 2, shape)
    y = layer(x, [], train=train(seed))
    np.testing.assert_array_equal(y, layer(x, [], train=train(seed)))
    single = layer(x, np.empty(0, dtype=np.float32), train=train(seed))
    assert single.dtype == np.float32
    np.testing.assert_array_equal(single == 0, y == 0)
    kept = y != 0
    np.testing.assert_allclose(y[kept], x[kept] / (1 - p), rtol=1e-12)


@given(shapes, seeds, st.floats(0, 0.99))
def test_the_gradient_of_dropout_uses_the_mask_of_its_own_call(shape, seed, p):
    layer, rng = Dropout(p), train(seed)
    x, dy = np.random.default_rng(seed).uniform(1, 2, (2, *shape))
    first, pull_first = layer.vjp(x, [], train=rng)
    second, pull_second = layer.vjp(x, [], train=rng)  # a new mask, drawn in between
    for y, pullback in ((first, pull_first), (second, pull_second)):
        dx, _ = pullback(dy)
        np.testing.assert_allclose(dx, dy * y / x, rtol=1e-12)


@given(seeds, st.floats(0.05, 0.9))
def test_over_many_masks_dropout_is_the_identity(seed, p):
    """The mean of I kept or dropped elements has a standard deviation of √(p / (1 − p) / I): allow five."""
    I = 20_000  # noqa: E741
    x = np.tile(np.array([1.0, -2.0, 0.5]), (I, 1))
    y = Dropout(p)(x, [], train=train(seed))
    allowed = 5 * np.abs(x[0]) * np.sqrt(p / (1 - p) / I)
    assert (np.abs(y.mean(axis=0) - x[0]) <= allowed).all()
    np.testing.assert_array_equal(Dropout(p)(x, []), x)


@given(seeds, st.floats(0.05, 0.9))
def test_dropout_is_the_books_up_to_a_factor_that_the_next_weights_take_in(seed, p):
    """Ours keeps h / (1 − p) in training and h in use; section 9.3.3 keeps h in training and (1 − p) Ω in use."""
    rng = np.random.default_rng(seed)
    h, omega = rng.uniform(1, 2, (4, 5)), rng.standard_normal((3, 5))
    ours, book = omega, omega / (1 - p)  # the book's weights where ours have learned `omega`
    dropped = Dropout(p)(h, [], train=train(seed))
    np.testing.assert_allclose(dropped @ ours.T, np.where(dropped != 0, h, 0) @ book.T, rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(Dropout(p)(h, []) @ ours.T, h @ ((1 - p) * book).T, rtol=1e-10, atol=1e-12)
