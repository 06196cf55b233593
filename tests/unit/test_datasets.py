"""The data sets: shapes, seeds, ranges, and that each set teaches what its docstring says."""

import numpy as np
import pytest

from udl_core import Linear, datasets
from udl_core.gabor import Gabor

MAKERS = {
    "line_data": (1, 1),
    "wave_data": (1, 1),
    "two_output_data": (1, 2),
    "two_input_data": (2, 1),
    "gabor_data": (1, 1),
}
CLASSIFIED = ["moons", "circles", "spirals", "xor", "gaussian_mixture"]


@pytest.mark.parametrize(("name", "widths"), MAKERS.items())
@pytest.mark.parametrize("I", [1, 7])
def test_shapes_and_seeds(name, widths, I):  # noqa: E741
    make = getattr(datasets, name)
    x, y = make(3, I=I)
    assert (x.shape, y.shape) == ((I, widths[0]), (I, widths[1]))
    assert x.dtype == y.dtype == np.float64
    for again in (make(3, I=I), make(np.random.default_rng(3), I=I), make(np.int64(3), I=I)):
        np.testing.assert_array_equal(again[0], x)
        np.testing.assert_array_equal(again[1], y)
    assert not np.array_equal(make(4, I=I)[1], y)


@pytest.mark.parametrize("name", CLASSIFIED)
@pytest.mark.parametrize("I", [1, 2, 101])
def test_classes_are_whole_numbers_and_follow_the_seed(name, I):  # noqa: E741
    make = getattr(datasets, name)
    x, y = make(3, I=I)
    assert (x.shape, x.dtype, y.shape, y.dtype) == ((I, 2), np.float64, (I,), np.int64)
    for again in (make(np.random.default_rng(3), I=I), make(np.int64(3), I=I)):
        np.testing.assert_array_equal(again[0], x)
        np.testing.assert_array_equal(again[1], y)
    assert not np.array_equal(make(4, I=I)[0], x)


@pytest.mark.parametrize("name", [name for name in CLASSIFIED if name != "xor"])
def test_classes_occur_equally_often_and_in_random_order(name):
    (_, y), (_, other) = (getattr(datasets, name)(seed, I=101) for seed in (1, 2))
    assert np.ptp(np.bincount(y)) <= 1
    assert 0.2 < np.mean(y == other) < 0.8


def test_one_generator_gives_new_data_each_time():
    rng = np.random.default_rng(0)
    assert not np.array_equal(datasets.line_data(rng)[1], datasets.line_data(rng)[1])


def test_without_noise_the_line_is_exact():
    x, y = datasets.line_data(0, offset=-1, slope=3, noise=0)
    np.testing.assert_array_equal(y, -1 + 3 * x)
    assert np.all(np.diff(x[:, 0]) > 0)
    assert x.min() >= 0
    assert x.max() <= 2


def test_without_noise_both_polynomial_sets_lie_on_the_cubic():
    for x, y in datasets.polynomial_data(noise=0):
        np.testing.assert_allclose(y, x**3 - x, atol=1e-15)


def test_without_noise_the_gabor_data_lie_on_the_model():
    x, y = datasets.gabor_data(noise=0, phi=(1.0, 8.0))
    assert len(x) == 28
    assert np.abs(x).max() <= 15
    z = 1.0 + 0.06 * 8.0 * x
    np.testing.assert_allclose(y, np.sin(z) * np.exp(-(z**2) / 32), atol=1e-15)


def test_the_gabor_loss_is_least_near_the_parameters_behind_the_data():
    x, y = datasets.gabor_data()
    offset, frequency = np.meshgrid(np.linspace(-10, 10, 81), np.linspace(2.5, 22.5, 81))
    loss = [np.sum((Gabor()(x, phi) - y) ** 2) for phi in np.c_[offset.ravel(), frequency.ravel()]]
    best = np.argmin(loss)
    np.testing.assert_allclose([offset.ravel()[best], frequency.ravel()[best]], [0, 16.6], atol=1)


def test_without_noise_every_point_lies_on_its_curve():
    x, y = datasets.moons(noise=0)
    centre, side = np.array([[0, 0], [1, 0.5]])[y], np.where(y == 0, 1, -1)
    np.testing.assert_allclose(np.linalg.norm(x - centre, axis=1), 1)
    assert np.all(side * (x - centre)[:, 1] >= 0)
    x, y = datasets.circles(noise=0, inner=0.3)
    np.testing.assert_allclose(np.linalg.norm(x, axis=1), np.where(y == 1, 0.3, 1))
    x, y = datasets.xor()
    np.testing.assert_array_equal(y, np.sign(x[:, 0]) != np.sign(x[:, 1]))
    x, y = datasets.gaussian_mixture(K=4, sigma=0)
    np.testing.assert_allclose(x, np.array([[1, 0], [0, 1], [-1, 0], [0, -1]])[y], atol=1e-15)


def test_the_arms_of_a_spiral_are_turned_copies_of_one():
    x, y = datasets.spirals(noise=0, K=3, turns=1.5)
    radius = np.linalg.norm(x, axis=1)
    behind = np.exp(2j * np.pi * (1.5 * radius + y / 3)) * radius
    np.testing.assert_allclose(x[:, 0] + 1j * x[:, 1], behind, atol=1e-12)
    assert radius.max() <= 1


@pytest.mark.parametrize("name", CLASSIFIED)
def test_lines_separate_the_mixture_only(name):
    x, y = getattr(datasets, name)(I=600)
    inputs = np.c_[np.ones(len(x)), x]
    weights, *_ = np.linalg.lstsq(inputs, np.eye(y.max() + 1)[y])
    right = np.mean(np.argmax(inputs @ weights, axis=1) == y)
    assert (right > 0.95) == (name == "gaussian_mixture")


def test_digits_are_the_published_ones_split_by_a_fixed_rule():
    (x, y), (x_test, y_test) = datasets.digits()
    assert (x.shape, y.shape, x_test.shape, y_test.shape) == ((1437, 8, 8, 1), (1437,), (360, 8, 8, 1), (360,))
    assert (x.dtype, y.dtype) == (np.float64, np.int64)
    ink = np.concatenate((x, x_test)) * 16
    np.testing.assert_array_equal(ink, np.round(ink))
    assert (ink.min(), ink.max(), int(ink.sum())) == (0, 16, 561718)
    counts = np.bincount(np.concatenate((y, y_test)))
    assert counts.tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]  # as UCI counts its test set
    assert np.all(np.abs(np.bincount(y_test) - counts / 5) < 1)
    assert not {image.tobytes() for image in x} & {image.tobytes() for image in x_test}


def test_a_change_of_the_digits_is_not_kept():
    datasets.digits()[0][0][:] = 7
    assert datasets.digits()[0][0].max() == 1


def test_higher_degrees_fit_the_training_set_better_and_in_the_end_the_test_set_worse():
    (x, y), (x_test, y_test) = datasets.polynomial_data()

    def errors(degree):
        inputs = datasets.polynomial_features(x, degree)
        coefficients, *_ = np.linalg.lstsq(np.c_[np.ones(len(x)), inputs], y[:, 0])
        net = Linear(degree, 1)
        test = datasets.polynomial_features(x_test, degree)
        return tuple(
            np.mean((net(features, coefficients) - target) ** 2) for features, target in ((inputs, y), (test, y_test))
        )

    train, test = np.array([errors(degree) for degree in range(1, 10)]).T
    assert np.all(np.diff(train) < 1e-12)
    assert train[-1] < 1e-12
    assert test[2] < test[0]
    assert test[2] < test[-1]


def test_polynomial_features_are_powers():
    np.testing.assert_array_equal(datasets.polynomial_features([[2], [3]], 3), [[2, 4, 8], [3, 9, 27]])
    assert datasets.polynomial_features(np.ones((2, 1), np.float32), 3).dtype == np.float32


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: datasets.line_data("seed"), TypeError, "rng must be"),
        (lambda: datasets.line_data(True), TypeError, "rng must be"),
        (lambda: datasets.line_data(-1), ValueError, "seed of at least 0, got -1"),
        (lambda: datasets.line_data(I=0), ValueError, "I must be at least 1"),
        (lambda: datasets.line_data(slope=np.nan), ValueError, "slope must be finite"),
        (lambda: datasets.line_data(noise=-1), ValueError, "noise must not be negative"),
        (lambda: datasets.polynomial_data(I_test=0), ValueError, "I_test must be at least 1"),
        (lambda: datasets.polynomial_features([1, 2], 2), ValueError, "x must have shape"),
        (lambda: datasets.gabor_data(phi=(1, 2, 3)), ValueError, r"phi must have shape \(P,\)"),
        (lambda: datasets.moons(noise=-1), ValueError, "noise must not be negative"),
        (lambda: datasets.circles(inner=0), ValueError, "inner must be above 0"),
        (lambda: datasets.spirals(K=0), ValueError, "K must be at least 1"),
        (lambda: datasets.xor(I=0), ValueError, "I must be at least 1"),
        (lambda: datasets.gaussian_mixture(sigma=np.nan), ValueError, "sigma must be finite"),
        (lambda: datasets.mnist1d(I=0), ValueError, "I must be at least 1"),
        (lambda: datasets.mnist1d(I_test=0), ValueError, "I_test must be at least 1"),
        (lambda: datasets.mnist1d(length=1), ValueError, "length must be at least 2"),
        (lambda: datasets.mnist1d(padding=(60, 36)), ValueError, "padding must be a range"),
        (lambda: datasets.mnist1d(correlated_noise=-1), ValueError, "correlated_noise must not be negative"),
    ],
)
def test_a_wrong_argument_is_named(call, error, message):
    with pytest.raises(error, match=message):
        call()
