"""What the data sets share: a generator from a seed, noise, spread inputs, balanced classes."""

# ruff: noqa: E741 - I, the number of examples, is the book's symbol

from typing import Any

import numpy as np
import numpy.typing as npt

from udl_core import _validate
from udl_core._validate import Array

Rng = np.random.Generator | int
Data = tuple[Array, Array]
Labels = npt.NDArray[np.int64]
Labelled = tuple[Array, Labels]


def generator(rng: Rng) -> np.random.Generator:
    """A Generator as it is, or a new one from a seed of at least 0."""
    if isinstance(rng, int | np.integer) and not isinstance(rng, bool):
        if rng < 0:
            raise ValueError(f"rng must be a Generator or a seed of at least 0, got {rng}")
        return np.random.default_rng(int(rng))
    return _validate.generator(rng)


def spread(rng: np.random.Generator, I: int, lo: float, hi: float) -> Array:
    """Ascending inputs (I, 1), one drawn uniformly from each of I equal intervals of [lo, hi]."""
    I = _validate.size("I", I)
    return lo + (hi - lo) * (np.arange(I)[:, None] + rng.uniform(size=(I, 1))) / I


def noise(rng: np.random.Generator, shape: tuple[int, ...], sigma: float, name: str = "noise") -> Array:
    """Normal noise of mean 0 and the given standard deviation."""
    return _validate.not_negative(name, sigma) * rng.standard_normal(shape)


def labels(rng: np.random.Generator, I: int, K: int) -> Labels:
    """Classes 0, …, K−1 for I examples, in random order and as equally often as I allows."""
    y: npt.NDArray[Any] = rng.permutation(_validate.size("I", I)) % _validate.size("K", K)
    return y.astype(np.int64)
