"""Two inputs and a class: points x (I, 2), float64, without units, and classes y (I,), int64.

Classes occur as equally often as I allows, in random order, except in `xor`. `noise` is the standard deviation of the
normal noise added to both inputs.
"""

# ruff: noqa: E741 - I, the number of examples, is the book's symbol

import numpy as np

from udl_core import _validate
from udl_core._validate import Array
from udl_core.datasets._draw import Labelled, Rng, generator, labels
from udl_core.datasets._draw import noise as drawn_noise


def moons(rng: Rng = 1, I: int = 200, noise: float = 0.1) -> Labelled:
    """Two half circles of radius 1 that reach into each other: no line separates them, a slightly bent curve does.

    Class 0 is the upper half around (0, 0), class 1 the lower half around (1, 0.5).

    >>> x, y = moons()
    >>> x.shape, y.shape, int(y.sum())
    ((200, 2), (200,), 100)
    """
    rng = generator(rng)
    y = labels(rng, I, 2)
    x = _on_circle(np.pi * rng.uniform(size=I))
    x[y == 1] = [1.0, 0.5] - x[y == 1]
    return x + drawn_noise(rng, x.shape, noise), y


def circles(rng: Rng = 1, I: int = 200, noise: float = 0.05, inner: float = 0.5) -> Labelled:
    """Two rings: class 0 of radius 1, class 1 of radius `inner`. Only a closed curve separates them."""
    rng = generator(rng)
    y = labels(rng, I, 2)
    radius = np.where(y == 1, _validate.positive("inner", inner), 1.0)
    x = radius[:, None] * _on_circle(2 * np.pi * rng.uniform(size=I))
    return x + drawn_noise(rng, x.shape, noise), y


def spirals(rng: Rng = 1, I: int = 200, noise: float = 0.02, K: int = 2, turns: float = 1.0) -> Labelled:
    """K arms, one a class, that wind `turns` times around the origin and out to radius 1.

    Each arm is the one before it turned by 2π / K. The further they wind, the more units a network needs.
    """
    rng = generator(rng)
    y = labels(rng, I, K)
    radius = np.sqrt(rng.uniform(0.01, 1.0, size=I))  # the root: as dense outside as near the centre
    angle = 2 * np.pi * (_validate.real("turns", turns) * radius + y / K)
    x = radius[:, None] * _on_circle(angle)
    return x + drawn_noise(rng, x.shape, noise), y


def xor(rng: Rng = 1, I: int = 200, noise: float = 0.0) -> Labelled:
    """Points of the square [−1, 1]²; class 1 where the two inputs have different signs, else class 0.

    The exclusive or of two signs (Goodfellow, section 6.1): no single line separates it, two units do. Noise moves
    points after they have their class.
    """
    rng = generator(rng)
    x = rng.uniform(-1.0, 1.0, (_validate.size("I", I), 2))
    y = (x[:, 0] * x[:, 1] < 0).astype(np.int64)
    return x + drawn_noise(rng, x.shape, noise), y


def gaussian_mixture(rng: Rng = 1, I: int = 200, K: int = 3, sigma: float = 0.4) -> Labelled:
    """K round normal clouds, one a class, of standard deviation `sigma` around points of the unit circle.

    Class k is centred at the angle 2πk / K. The best possible decision is the nearest centre, and its boundaries are
    lines: softmax regression can reach it, and no network can beat it.
    """
    rng = generator(rng)
    y = labels(rng, I, K)
    x = _on_circle(2 * np.pi * y / K)
    return x + drawn_noise(rng, x.shape, _validate.not_negative("sigma", sigma)), y


def _on_circle(angle: Array) -> Array:
    """Points (I, 2) of the unit circle."""
    return np.stack((np.cos(angle), np.sin(angle)), axis=1)
