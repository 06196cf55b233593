"""MNIST-1D against its recipe: what each step does to a signal, and how hard the whole is to learn."""

import numpy as np
import pytest

from udl_core import Deep, losses, optim
from udl_core.datasets import mnist1d
from udl_core.datasets.signals import templates

QUIET = dict(scale=0, correlated_noise=0, white_noise=0, shear=0)


def test_shapes_balance_seed_and_scale():
    (x, y), (x_test, y_test) = mnist1d()
    assert (x.shape, y.shape, x_test.shape, y_test.shape) == ((4000, 40), (4000,), (1000, 40), (1000,))
    assert (x.dtype, y.dtype) == (np.float64, np.int64)
    assert np.bincount(y).tolist() == [400] * 10
    assert np.bincount(y_test).tolist() == [100] * 10
    everything = np.concatenate((x, x_test))
    np.testing.assert_allclose([everything.mean(), everything.std()], [0, 1], atol=1e-12)
    np.testing.assert_array_equal(mnist1d(42)[1][0], x_test)
    assert not np.array_equal(mnist1d(43)[1][0], x_test)


@pytest.mark.parametrize(("I", "I_test"), [(1, 1), (13, 27)])
def test_any_size_and_length(I, I_test):  # noqa: E741
    (x, y), (x_test, y_test) = mnist1d(0, I, I_test, length=17)
    assert (x.shape, x_test.shape) == ((I, 17), (I_test, 17))
    for classes in (y, y_test):
        assert np.ptp(np.bincount(classes, minlength=10)) <= 1


def test_an_outline_starts_and_ends_at_nothing_and_varies_by_a_sixth():
    t = templates()
    assert t.shape == (10, 12)
    np.testing.assert_allclose(t[:, [0, -1]], 0, atol=1e-15)
    np.testing.assert_allclose(t.std(axis=1), 1 / 6)


def test_left_alone_a_signal_is_its_outline_and_then_nothing():
    (x, y), _ = mnist1d(0, 10, 1, padding=(60, 60), translation=1, length=72, **QUIET)
    for signal, digit in zip(x, y, strict=True):
        level = signal[-1]
        np.testing.assert_allclose(signal[11:], level, atol=1e-12)
        shape, outline = signal[:12] - level, templates()[digit]
        np.testing.assert_allclose(shape * (outline @ outline), outline * (shape @ outline), atol=1e-12)


def test_less_padding_stretches_the_outline():
    (short, _), _ = mnist1d(0, 10, 1, padding=(60, 60), translation=1, length=72, **QUIET)
    (long, _), _ = mnist1d(0, 10, 1, padding=(1, 60), translation=1, length=72, **QUIET)
    width = [np.mean(np.abs(x - x[:, -1:]) > 1e-9, axis=1) for x in (short, long)]
    assert np.all(width[1] > width[0])


def test_rolling_moves_a_signal_and_loses_nothing():
    still, moved = (mnist1d(5, 200, 1, padding=(60, 60), translation=k, length=72, **QUIET)[0][0] for k in (1, 48))
    np.testing.assert_allclose(np.sort(moved), np.sort(still), atol=1e-9)
    places = np.unique(np.argmax(moved, axis=1) - np.argmax(still, axis=1))
    assert set(places) <= {*range(48), *range(-72, -12)}
    assert len(places) > 30


def test_noise_is_smooth_where_the_outline_is_not():
    """Under a bell of standard deviation 2 samples k apart have the correlation exp[−k² / 16]."""
    settings = dict(scale=0, white_noise=0, shear=0, translation=1, padding=(60, 60), length=72)
    (x, _), _ = mnist1d(1, 4000, 1, **settings)
    np.testing.assert_allclose(x[:, 12].std(), x[:, 36].std(), rtol=0.05)  # right from the end of the outline
    noise = x[:, 24:60]  # away from the outline and the mirrored end
    noise = noise - noise.mean()
    correlation = [np.mean(noise[:, lag:] * noise[:, : 36 - lag]) / np.mean(noise**2) for lag in (1, 6)]
    np.testing.assert_allclose(correlation, np.exp([-1 / 16, -36 / 16]), atol=0.02)


def test_it_separates_models_as_the_paper_says():
    """The paper reads 32 % of the test signals with a linear classifier, 68 % with two hidden layers of 100 units.

    With 4,000 test signals an accuracy is uncertain by 0.7 %, and the paper's own, with 1,000, by 1.5 %. The rest of
    the tolerance is training: over five seeds it ended between 31 and 32 %, and between 65 and 69 %. A wrong step
    of the recipe costs more: without rolling, even the linear classifier reads 99 %, without smooth noise 65 %.
    """
    (x, y), (x_test, y_test) = mnist1d(0, 4000, 4000)
    x, x_test = x.astype(np.float32), x_test.astype(np.float32)

    def accuracy(widths, steps):
        rng = np.random.default_rng(0)
        net, adam = Deep(widths), optim.Adam(lr=1e-2)
        phi = net.init(rng, np.float32)
        state = adam.init(phi)
        for _ in range(steps):
            batch = rng.integers(0, len(x), 100)
            y_pred, pullback = net.vjp(x[batch], phi)
            _, dy = losses.categorical_nll(y_pred, y[batch], reduction="mean")
            phi, state = adam.step(phi, pullback(dy, need_dx=False)[1], state)
        return np.mean(np.argmax(net(x_test, phi), axis=1) == y_test)

    assert 0.27 < accuracy([40, 10], 1000) < 0.37
    assert 0.62 < accuracy([40, 100, 100, 10], 6000) < 0.74
