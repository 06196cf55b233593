"""Convolution, pooling and upsampling: small examples by hand, what a wrong argument is told, the chapter's network."""

import dataclasses
import pickle

import numpy as np
import pytest

from udl_core.builders import convolutional_network
from udl_core.layers import (
    Activation,
    AvgPool2d,
    Conv1d,
    Conv2d,
    ConvTranspose1d,
    ConvTranspose2d,
    MaxPool1d,
    MaxPool2d,
    Sequential,
    Upsample,
)


def test_a_convolution_slides_its_kernel_without_flipping_it():
    layer = Conv1d(1, 1, 3)
    y = layer(np.array([[[1.0], [2], [3], [4]]]), layer.pack(beta=[1000], omega=[[[1], [10], [100]]]))
    np.testing.assert_array_equal(y, [[[1321], [1432]]])


def test_dilation_skips_and_stride_jumps():
    layer = Conv1d(1, 1, 2, stride=2, dilation=3)
    y = layer(np.arange(8.0)[None, :, None], layer.pack(beta=[0], omega=[[[1], [10]]]))
    np.testing.assert_array_equal(y[0, :, 0], [30, 52, 74])


def test_channels_are_summed_and_examples_are_not():
    layer = Conv2d(2, 1, 1)
    x = np.array([[[[1.0, 2.0]]], [[[3.0, 4.0]]]])
    np.testing.assert_array_equal(layer(x, layer.pack(beta=[0], omega=[[[[1, 10]]]]))[:, 0, 0, 0], [21, 43])


def test_same_keeps_the_size():
    assert Conv2d(1, 1, (3, 5), padding="same", dilation=(2, 1)) == Conv2d(1, 1, (3, 5), padding=2, dilation=(2, 1))
    assert Conv1d(1, 4, 5, padding="same").out_shape((9, 1)) == (9, 4)
    assert Conv2d(1, 1, 3, padding="valid") == Conv2d(1, 1, 3)
    for T in range(1, 12):
        for stride in (1, 2, 3, 4):
            assert Conv1d(1, 1, 5, stride, padding="same").out_shape((T, 1)) == (-(-T // stride), 1)


def test_output_padding_reaches_every_size_that_the_convolution_can_have_come_from():
    for T in range(5, 20):
        conv = Conv1d(1, 1, 4, stride=3, padding=1)
        (shorter, _) = conv.out_shape((T, 1))
        sizes = [ConvTranspose1d(1, 1, 4, 3, 1, output_padding=more).out_shape((shorter, 1))[0] for more in range(3)]
        assert T in sizes


def test_the_first_of_equals_gets_the_derivative():
    pool = MaxPool2d(2)
    dx, _ = pool.vjp(np.array([[[[1.0], [7]], [[7], [7]]]]), [])[1]([[[[5.0]]]])
    np.testing.assert_array_equal(dx[0, :, :, 0], [[0, 5], [0, 0]])


def test_overlapping_windows_add_their_derivatives():
    pool = MaxPool1d(2, stride=1)
    dx, _ = pool.vjp(np.array([[[1.0], [7], [3]]]), [])[1]([[[1.0], [10]]])
    np.testing.assert_array_equal(dx[0, :, 0], [0, 11, 0])


def test_what_no_window_meets_gets_no_derivative():
    for pool in (MaxPool1d(1, stride=2), MaxPool2d(2), AvgPool2d(2)):
        shape = (5, 1) if isinstance(pool, MaxPool1d) else (5, 5, 1)
        x = np.random.default_rng(0).standard_normal((1, *shape))
        y, pullback = pool.vjp(x, [])
        dx, _ = pullback(np.ones_like(y))
        assert dx.sum() == pytest.approx(y.size)
        unmet = np.s_[:, 1::2] if isinstance(pool, MaxPool1d) else np.s_[:, 4:]
        assert not dx[unmet].any()


def test_upsampling_a_constant_is_constant():
    for method in ("nearest", "bilinear"):
        np.testing.assert_allclose(Upsample(3, method)(np.full((1, 2, 4, 1), 2.5), []), 2.5, rtol=1e-15)


def test_layers_are_immutable_values():
    layer = Conv2d(1, 2, 3)
    assert layer == Conv2d(1, 2, (3, 3), stride=(1, 1), padding=[0, 0])
    assert hash(layer) == hash(Conv2d(1, 2, 3))
    assert pickle.loads(pickle.dumps(layer)) == layer
    assert MaxPool2d(2) == MaxPool2d(2, stride=2) != MaxPool2d(2, stride=1)
    with pytest.raises(dataclasses.FrozenInstanceError):
        layer.C_o = 4


def test_a_transposed_convolution_starts_with_the_variance_that_meets_in_one_output():
    """With stride = K every output sums C_i products, however large the kernel; with an odd one, 2 C_i at most."""
    assert ConvTranspose2d(8, 4, 2, stride=2).fans == {"omega": (8, 16)}
    assert ConvTranspose1d(8, 4, 3, stride=2).fans == {"omega": (16, 12)}
    assert ConvTranspose2d(8, 4, 5, stride=(2, 3)).fans == {"omega": (40, 100)}
    assert Conv2d(8, 4, 2, stride=2).fans == {"omega": (32, 16)}


def test_the_chapters_network_is_the_list_a_reader_would_draw():
    net = convolutional_network(8, 8, 1, channels=(2,), classes=3)
    layers = net.layers
    assert layers[:3] == (Conv2d(1, 2, 3, padding=1), MaxPool2d(2), Activation("relu"))
    assert net.out_shape((8, 8, 1)) == (3,)
    assert net.n_params == (1 + 9) * 2 + (1 + 32) * 3


def test_a_network_with_convolutions_learns_to_tell_vertical_lines_from_horizontal():
    rng = np.random.default_rng(0)
    x = 0.1 * rng.standard_normal((40, 8, 8, 1))
    for i, at in enumerate(rng.integers(0, 8, 40)):
        if i % 2:
            x[i, :, at] += 1
        else:
            x[i, at] += 1
    target = np.where(np.arange(40) % 2, 1.0, -1.0)[:, None]
    net = convolutional_network(8, 8, 1, channels=(4,), classes=1)
    phi = net.init(rng)
    for _ in range(150):
        y, pullback = net.vjp(x, phi)
        phi -= 0.1 * pullback((y - target) / 20, need_dx=False)[1]
    assert (np.sign(net(x, phi)) == target).all()


X = np.zeros((2, 4, 5, 3))
SIGNAL = np.zeros((2, 4, 3))


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: Conv2d(0, 1, 3), ValueError, "C_i must be at least 1, got 0"),
        (lambda: Conv2d(1, 1, 0), ValueError, "K must be a whole number or a pair of them, (height, width), of at"),
        (lambda: Conv2d(1, 1, (3, 3, 3)), ValueError, "at least 1, got (3, 3, 3)"),
        (lambda: Conv2d(1, 1, 3.0), TypeError, "K must be a whole number or a pair of them, (height, width), got 3.0"),
        (lambda: Conv2d(1, 1, True), ValueError, "got True"),
        (lambda: Conv2d(1, 1, 3, padding=-1), ValueError, "padding must be a whole number or a pair of them, (height"),
        (lambda: Conv2d(1, 1, 3, padding="full"), TypeError, "padding must be a whole number or a pair"),
        (lambda: Conv2d(1, 1, 3, dilation=(0, 1)), ValueError, "dilation must be"),
        (lambda: Conv1d(1, 1, (3, 3)), TypeError, "K must be a whole number, got (3, 3)"),
        (lambda: Conv1d(1, 1, 3, stride=0), ValueError, "stride must be a whole number, of at least 1, got 0"),
        (lambda: Conv1d(1, 1, 2, padding="same"), ValueError, 'padding="same" needs kernels whose span'),
        (lambda: Conv2d(1, 1, (3, 2), padding="same"), ValueError, "got K (3, 2) and dilation (1, 1)"),
        (lambda: ConvTranspose1d(1, 1, 3, 2, output_padding=2), ValueError, "output_padding must be below the stride"),
        (lambda: Conv1d(1, 1, 3, offsets=1), TypeError, "offsets must be True or False, got 1"),
        (lambda: Conv2d(3, 1, (3, 6))(X, np.zeros(55)), ValueError, "a window of 3 × 6 does not fit into 4 × 5"),
        (lambda: Conv2d(3, 1, 3, padding=1, dilation=4).out_shape((4, 5, 3)), ValueError,
         "a window of 9 × 9 does not fit into 6 × 7"),
        (lambda: Conv2d(2, 1, 1)(X, np.zeros(3)), ValueError, "x must have shape (I, H, W, C_i) = (I, H, W, 2), got"),
        (lambda: Conv2d(3, 1, 1)(SIGNAL, np.zeros(4)), ValueError, "x must have shape (I, H, W, C_i) = (I, H, W, 3)"),
        (lambda: Conv1d(3, 1, 5).out_shape((4, 3)), ValueError, "a window of 5 does not fit into 4"),
        (lambda: Conv1d(3, 1, 1)(X, np.zeros(4)), ValueError, "x must have shape (I, T, C_i) = (I, T, 3), got"),
        (lambda: Conv1d(3, 1, 1)(SIGNAL, np.zeros(5)), ValueError, "phi must have shape (P,) = (4,), got (5,)"),
        (lambda: Conv1d(3, 1, 1)(SIGNAL + np.nan, np.zeros(4)), ValueError, "x must be finite"),
        (lambda: Conv1d(3, 1, 1).pack(beta=[0], omega=np.zeros((1, 3, 1))), ValueError,
         "omega must have shape (C_o, K, C_i) = (1, 1, 3), got (1, 3, 1)"),
        (lambda: ConvTranspose1d(3, 1, 2, padding=3).out_shape((4, 3)), ValueError,
         "a padding of 3 on every side leaves nothing of 5"),
        (lambda: ConvTranspose2d(3, 1, 1, padding=(2, 0)).out_shape((4, 5, 3)), ValueError,
         "a padding of 2 × 0 on every side leaves nothing of 4 × 5"),
        (lambda: MaxPool2d(5).out_shape((4, 5, 3)), ValueError, "a window of 5 × 5 does not fit into 4 × 5"),
        (lambda: MaxPool2d(2)(SIGNAL, []), ValueError, "x must have shape (I, H, W, C), got (2, 4, 3)"),
        (lambda: MaxPool1d(2, stride=(1, 1)), TypeError, "stride must be a whole number, got (1, 1)"),
        (lambda: AvgPool2d(-1), ValueError, "K must be a whole number or a pair of them"),
        (lambda: Upsample(0), ValueError, "scale must be at least 1, got 0"),
        (lambda: Upsample(2, "cubic"), ValueError, "method must be one of nearest, linear, bilinear, got 'cubic'"),
        (lambda: Upsample(2, "bilinear")(SIGNAL, []), ValueError,
         "x must have shape (I, H, W, C) for bilinear upsampling, got (I, 4, 3)"),
        (lambda: Upsample(2).out_shape((4,)), ValueError, "x must have shape (I, T, C) or (I, H, W, C) for nearest"),
        (lambda: Sequential([MaxPool2d(2), MaxPool2d(3)]).out_shape((4, 4, 1)), ValueError, "layer 1, MaxPool2d("),
        (lambda: convolutional_network(3, 8, 1), ValueError, "a window of 2 × 2 does not fit into 1 × 4"),
        (lambda: convolutional_network(8, 8, 1, channels=(4, 0)), ValueError, "channels[1] must be at least 1, got 0"),
        (lambda: convolutional_network(8, 8, 1, channels=16), TypeError, "channels must list a number for each conv"),
        (lambda: convolutional_network(8, 8, 1, classes=0), ValueError, "classes must be at least 1, got 0"),
    ],
)  # fmt: skip
def test_a_wrong_argument_is_named_with_what_was_expected(call, error, message):
    with pytest.raises(error) as caught:
        call()
    assert message in str(caught.value)
