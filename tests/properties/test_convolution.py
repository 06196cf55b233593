"""What must hold for convolution, pooling and upsampling of any size: values and gradients, shifts, transposes."""

import numpy as np
import pytest
import torch
from hypothesis import assume, given
from hypothesis import strategies as st
from torch.nn import functional as F

from tests.gradients import assert_close, differences
from udl_core.layers import (
    Activation,
    AvgPool1d,
    AvgPool2d,
    Conv1d,
    Conv2d,
    ConvTranspose1d,
    ConvTranspose2d,
    MaxPool1d,
    MaxPool2d,
    Sequential,
    Upsample,
    _patches,
)

seeds = st.integers(0, 2**32 - 1)
few = st.integers(1, 3)


@pytest.fixture(autouse=True, params=["whole", "blocks"])
def cache(request, monkeypatch):
    """Everything at once, and in blocks as small as can be: small images would otherwise never be cut."""
    if request.param == "blocks":
        monkeypatch.setattr(_patches, "CACHE", 300)


@st.composite
def convolutions(draw):
    """A convolution or a transposed one, and the size of an image or a signal that fits it."""
    two = draw(st.booleans())
    number = lambda strategy: (draw(strategy), draw(strategy)) if two else draw(strategy)  # noqa: E731
    K, stride, dilation = (number(few) for _ in range(3))
    kinds = (Conv2d, ConvTranspose2d) if two else (Conv1d, ConvTranspose1d)
    kind, sizes = draw(st.sampled_from(kinds)), (draw(few), draw(few), K, stride, number(st.integers(0, 2)), dilation)
    more = {"offsets": draw(st.booleans())}
    if kind in (ConvTranspose1d, ConvTranspose2d) and draw(st.booleans()):
        more["output_padding"] = tuple(draw(st.integers(0, s - 1)) for s in stride) if two else stride - 1
    layer = kind(*sizes, **more)
    return layer, draw(sizes_for(layer, two))


@st.composite
def poolings(draw):
    two = draw(st.booleans())
    number = lambda: (draw(few), draw(few)) if two else draw(few)  # noqa: E731
    kinds = (MaxPool2d, AvgPool2d) if two else (MaxPool1d, AvgPool1d)
    layer = draw(st.sampled_from(kinds))(number(), draw(st.none()) if draw(st.booleans()) else number())
    return layer, draw(sizes_for(layer, two))


@st.composite
def upsamplings(draw):
    two = draw(st.booleans())
    method = draw(st.sampled_from(("nearest", "bilinear" if two else "linear")))
    return Upsample(draw(few), method), tuple(draw(few) for _ in range(2 + two))


@st.composite
def sizes_for(draw, layer, two):
    """(H, W, C) or (T, C), from the smallest that fits to 4 more."""
    extra = tuple(draw(st.integers(0, 4)) for _ in range(1 + two))
    C = layer.x_axes.get("C_i") or draw(few)
    smallest = (1,) * len(extra)
    for _ in range(10):
        try:
            layer.out_shape((*smallest, C))
            break
        except ValueError:
            smallest = tuple(n + 1 for n in smallest)
    return (*(n + m for n, m in zip(smallest, extra, strict=True)), C)


LAYERS = st.one_of(convolutions(), convolutions(), poolings(), upsamplings())


def example(layer, shape, seed, dtype=np.float64):
    """x (I, *shape), φ (P,) and dy of y's shape, drawn from a seed; I from 1 to 3."""
    rng = np.random.default_rng(seed)
    I = rng.integers(1, 4)  # noqa: E741
    return (
        rng.standard_normal((I, *shape)).astype(dtype),
        rng.standard_normal(layer.n_params).astype(dtype),
        rng.standard_normal((I, *layer.out_shape(shape))).astype(dtype),
    )


def by_torch(layer, x, phi, dy):
    """y, dx and dφ by PyTorch, whose axes are (I, C, H, W)."""
    x, phi = (torch.tensor(part, requires_grad=True) for part in (x, phi))
    d = x.ndim - 2
    first = x.movedim(-1, 1)
    if isinstance(layer, Upsample):
        settings = {} if layer.method == "nearest" else {"align_corners": False}
        y = F.interpolate(first, scale_factor=layer.scale, mode=layer.method, **settings)
    elif "C_o" in vars(layer):
        start = layer.C_o if layer.offsets else 0
        beta, omega = phi[:start] if start else None, phi[start:].reshape(tuple(layer.parts["omega"].values()))
        transposed = isinstance(layer, ConvTranspose1d | ConvTranspose2d)
        function = getattr(F, f"conv{'_transpose' if transposed else ''}{d}d")
        settings = {"stride": layer.stride, "padding": layer.padding, "dilation": layer.dilation}
        if transposed:
            settings["output_padding"] = layer.output_padding
        y = function(first, omega.movedim(-1, 1), beta, **settings)
    else:
        function = getattr(F, f"{'max' if isinstance(layer, MaxPool1d | MaxPool2d) else 'avg'}_pool{d}d")
        y = function(first, layer.K, layer.stride)
    y = y.movedim(1, -1)
    dx, dphi = torch.autograd.grad((y * torch.tensor(dy)).sum() + 0 * phi.sum(), (x, phi))
    return y.detach().numpy(), dx.numpy(), dphi.numpy()


@given(LAYERS, seeds, st.booleans())
def test_output_and_gradients_are_pytorchs(drawn, seed, ties):
    layer, shape = drawn
    x, phi, dy = example(layer, shape, seed)
    if ties:
        x = np.round(x)
    y, pullback = layer.vjp(x, phi)
    for ours, theirs in zip((y, *pullback(dy)), by_torch(layer, x, phi, dy), strict=True):
        assert ours.shape == theirs.shape
        np.testing.assert_allclose(ours, theirs, rtol=1e-10, atol=1e-10)


@given(LAYERS, seeds)
def test_gradients_match_central_differences(drawn, seed):
    layer, shape = drawn
    x, phi, dy = example(layer, shape, seed)
    if isinstance(layer, MaxPool1d | MaxPool2d):
        values = np.sort(x, axis=None)
        assume(np.diff(values).min(initial=1.0) > 1e-3)
    dx, dphi = layer.vjp(x, phi)[1](dy)
    for exact, approximate in (
        (dphi, differences(lambda p: np.sum(dy * layer(x, p)), phi)),
        (dx, differences(lambda v: np.sum(dy * layer(v, phi)), x)),
    ):
        assert_close(exact, approximate)


@given(LAYERS, seeds, st.sampled_from([np.float32, np.float64]))
def test_phis_dtype_rules_and_no_argument_changes(drawn, seed, dtype):
    layer, shape = drawn
    x, phi, dy = example(layer, shape, seed, dtype)
    before = [part.copy() for part in (x, phi, dy)]
    for part in (x, phi, dy):
        part.flags.writeable = False
    y, pullback = layer.vjp(x, phi)
    first, second, without = pullback(dy), pullback(dy), pullback(dy, need_dx=False)
    assert {part.dtype for part in (y, layer(x, phi), *first)} == {np.dtype(dtype)}
    assert (y.shape, first[0].shape, first[1].shape) == (dy.shape, x.shape, phi.shape)
    for one, two in zip(first, second, strict=True):
        np.testing.assert_array_equal(one, two)
    assert without[0] is None
    np.testing.assert_array_equal(without[1], first[1])
    for part, copy in zip((x, phi, dy), before, strict=True):
        np.testing.assert_array_equal(part, copy)


@given(LAYERS, seeds)
def test_examples_do_not_see_each_other(drawn, seed):
    layer, shape = drawn
    x, phi, _ = example(layer, shape, seed)
    one_by_one = np.concatenate([layer(one[None], phi) for one in x])
    np.testing.assert_allclose(layer(x, phi), one_by_one, rtol=1e-12, atol=1e-12)


@given(LAYERS, seeds)
def test_the_order_in_memory_does_not_matter(drawn, seed):
    layer, shape = drawn
    x, phi, dy = example(layer, shape, seed)
    y, pullback = layer.vjp(x, phi)
    again, pullback_again = layer.vjp(np.asfortranarray(x), phi)
    for one, two in zip((y, *pullback(dy)), (again, *pullback_again(np.asfortranarray(dy))), strict=True):
        np.testing.assert_allclose(one, two, rtol=1e-12, atol=1e-12)


@given(LAYERS, seeds)
def test_no_examples_give_no_outputs(drawn, seed):
    layer, shape = drawn
    _, phi, _ = example(layer, shape, seed)
    y, pullback = layer.vjp(np.empty((0, *shape)), phi)
    dx, dphi = pullback(y)
    assert (y.shape, dx.shape) == ((0, *layer.out_shape(shape)), (0, *shape))
    np.testing.assert_array_equal(dphi, np.zeros(layer.n_params))


@given(convolutions(), seeds)
def test_a_transposed_convolution_is_the_transpose(drawn, seed):
    """⟨conv x, y⟩ = ⟨x, convT y⟩, without offsets, for the x that the windows cover."""
    layer, shape = drawn
    kinds = {Conv1d: ConvTranspose1d, Conv2d: ConvTranspose2d}
    assume(type(layer) in kinds)
    transposed = kinds[type(layer)](layer.C_o, layer.C_i, layer.K, layer.stride, layer.padding, layer.dilation)
    try:
        covered = transposed.out_shape(layer.out_shape(shape))
    except ValueError:
        assume(False)
    assume(layer.out_shape(covered) == layer.out_shape(shape))
    x, phi, y = example(layer, covered, seed)
    weights = phi[layer.C_o if layer.offsets else 0 :]
    phi[: len(phi) - len(weights)] = 0
    phi_transposed = np.concatenate((np.zeros(layer.C_i), weights))
    left, right = np.sum(layer(x, phi) * y), np.sum(x * transposed(y, phi_transposed))
    np.testing.assert_allclose(left, right, rtol=1e-10, atol=1e-10)


@given(LAYERS, seeds, st.integers(0, 2), st.integers(0, 2))
def test_a_shifted_image_gives_a_shifted_output(drawn, seed, down, right):
    """Equivariance to translation (Prince, section 10.1), wherever the layer sees no margin."""
    layer, shape = drawn
    assume(len(shape) == 3)
    rng = np.random.default_rng(seed)
    step = getattr(layer, "stride", (1, 1))
    grown = (1, 1)
    if isinstance(layer, ConvTranspose2d):
        grown, step = step, (1, 1)
    elif isinstance(layer, Upsample):
        grown = (layer.scale, layer.scale)
    # margins of zeros on all sides, wide enough for the kernel, the shift and the interpolation
    margin = 12
    x = np.zeros((2, shape[0] + 2 * margin, shape[1] + 2 * margin, shape[2]))
    x[:, margin:-margin, margin:-margin] = np.abs(rng.standard_normal((2, *shape)))
    phi = rng.standard_normal(layer.n_params)
    if "C_o" in vars(layer):
        phi[: layer.C_o] = 0
    y = layer(x, phi)
    moved = layer(np.roll(x, (down * step[0], right * step[1]), axis=(1, 2)), phi)
    np.testing.assert_allclose(moved, np.roll(y, (down * grown[0], right * grown[1]), axis=(1, 2)), atol=1e-12)


@given(poolings(), seeds)
def test_max_pooling_keeps_out_of_the_way_of_monotone_functions(drawn, seed):
    layer, shape = drawn
    assume(isinstance(layer, MaxPool1d | MaxPool2d))
    x, phi, _ = example(layer, shape, seed)
    np.testing.assert_array_equal(layer(np.exp(x), phi), np.exp(layer(x, phi)))


@given(poolings(), seeds, st.booleans())
def test_relu_and_max_pooling_may_stand_in_either_order(drawn, seed, ties):
    """The builder pools first, which leaves less for ReLU: values and derivatives are those of the book's order."""
    layer, shape = drawn
    assume(isinstance(layer, MaxPool1d | MaxPool2d))
    x, phi, dy = example(layer, shape, seed)
    if ties:
        x = np.round(x)
    (y, pullback), (books, books_pullback) = (
        Sequential(layers).vjp(x, phi) for layers in ([layer, Activation("relu")], [Activation("relu"), layer])
    )
    np.testing.assert_array_equal(y, books)
    np.testing.assert_array_equal(pullback(dy)[0], books_pullback(dy)[0])


@given(convolutions(), seeds)
def test_initial_weights_follow_the_fans(drawn, seed):
    layer, _ = drawn
    fan, _ = layer.fans["omega"]
    rng = np.random.default_rng(seed)
    phi = layer.init(rng)
    size = np.prod(list(layer.parts["omega"].values()))
    assert not phi[:-size].any()
    expected = np.sqrt(2 / fan) * np.random.default_rng(seed).standard_normal(size)
    np.testing.assert_allclose(phi[-size:], expected)
