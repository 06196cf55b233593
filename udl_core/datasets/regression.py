"""Data for regression: inputs x (I, D_i) and targets y (I, D_o), in float64, without units."""

# ruff: noqa: E741 - I, the number of examples, is the book's symbol

import numpy as np
import numpy.typing as npt

from udl_core import _validate
from udl_core._validate import Array
from udl_core.datasets._draw import Data, Rng, generator, spread
from udl_core.datasets._draw import noise as drawn_noise
from udl_core.gabor import Gabor


def line_data(rng: Rng = 1, I: int = 12, offset: float = 0.8, slope: float = 0.5, noise: float = 0.2) -> Data:
    """I points near the line y = offset + slope · x, x over [0, 2]: chapter 1's regression data.

    One x falls in each of I equal intervals, so the points spread out; y carries normal noise of the given standard
    deviation.

    >>> x, y = line_data()
    >>> x.shape, y.shape
    ((12, 1), (12, 1))
    """
    rng = generator(rng)
    x = spread(rng, I, 0.0, 2.0)
    line = _validate.real("offset", offset) + _validate.real("slope", slope) * x
    return x, line + drawn_noise(rng, x.shape, noise)


def polynomial_data(rng: Rng = 1, I: int = 10, I_test: int = 10, noise: float = 0.15) -> tuple[Data, Data]:
    """Training and test data, each (x, y), around the cubic y = x³ − x over [−1.25, 1.25].

    A line underfits it, a cubic fits it, and degree I − 1 passes through every training point. Both sets are drawn
    alike: spread inputs, normal noise of the given standard deviation.
    """
    rng = generator(rng)

    def draw(count: int) -> Data:
        x = spread(rng, count, -1.25, 1.25)
        return x, x**3 - x + drawn_noise(rng, x.shape, noise)

    return draw(_validate.size("I", I)), draw(_validate.size("I_test", I_test))


def wave_data(rng: Rng = 1, I: int = 30, noise: float = 0.06) -> Data:
    """One input, one output: a wave that falls off, y = exp[−x/2] sin[4x] + noise, x over [0, 2].

    Three joints can follow its hump, its valley and its last rise: data for the ten-parameter network.
    """
    rng = generator(rng)
    x = spread(rng, I, 0.0, 2.0)
    return x, np.exp(-x / 2) * np.sin(4 * x) + drawn_noise(rng, x.shape, noise)


def two_output_data(rng: Rng = 1, I: int = 30, noise: float = 0.05) -> Data:
    """One input over [0, 2] and two outputs that bend at the same places x = 0.5, 1 and 1.5, plus noise; y (I, 2)."""
    rng = generator(rng)
    x = spread(rng, I, 0.0, 2.0)
    corners = [0.0, 0.5, 1.0, 1.5, 2.0]
    first = np.interp(x, corners, [0.2, 1.1, 0.5, 0.9, -0.3])
    second = np.interp(x, corners, [-0.6, -0.8, 0.4, -0.2, 0.1])
    y = np.hstack((first, second))
    return x, y + drawn_noise(rng, y.shape, noise)


def two_input_data(rng: Rng = 1, I: int = 200, noise: float = 0.05) -> Data:
    """Two inputs over the square [−1, 1]², one output: a round hill y = exp[−3 (x₁² + x₂²)] + noise."""
    rng = generator(rng)
    x = rng.uniform(-1.0, 1.0, (_validate.size("I", I), 2))
    y = np.exp(-3 * np.sum(x**2, axis=1, keepdims=True))
    return x, y + drawn_noise(rng, y.shape, noise)


def gabor_data(rng: Rng = 1, I: int = 28, noise: float = 0.1, phi: npt.ArrayLike = (0.0, 16.6)) -> Data:
    """I points of the Gabor model with parameters φ (2,) plus noise, x over [−15, 15]: see `udl_core.gabor.Gabor`.

    Fitting the same model to them gives the loss with many minima on which chapter 6 of Prince walks (section 6.1.2).
    """
    rng = generator(rng)
    x = spread(rng, I, -15.0, 15.0)
    return x, Gabor()(x, np.asarray(phi, np.float64)) + drawn_noise(rng, x.shape, noise)


def polynomial_features(x: npt.ArrayLike, degree: int) -> Array:
    """[x, x², …, x^degree]: x (I, 1) to (I, degree), the inputs on which Linear(degree, 1) is a polynomial of x."""
    x = _validate.array("x", x, {"I": None, "D_i": 1})
    powers: Array = np.repeat(x, _validate.size("degree", degree), axis=1)
    return np.multiply.accumulate(powers, axis=1)
