"""The toy data: shapes, seeds, ranges, and that each set teaches what its docstring says."""

import numpy as np
import pytest

from udl_core import Linear, datasets

MAKERS = {
    "line_data": (1, 1),
    "wave_data": (1, 1),
    "two_output_data": (1, 2),
    "two_input_data": (2, 1),
}


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
        (lambda: datasets.line_data(noise=-1), ValueError, "noise must not be negative"),
        (lambda: datasets.polynomial_data(I_test=0), ValueError, "I_test must be at least 1"),
        (lambda: datasets.polynomial_features([1, 2], 2), ValueError, "x must have shape"),
    ],
)
def test_a_wrong_argument_is_named(call, error, message):
    with pytest.raises(error, match=message):
        call()
