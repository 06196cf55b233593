"""Small data sets for the chapters: made from a seed, or shipped with the package. Nothing is downloaded.

What is made takes a numpy Generator or a whole number as `rng`. Inputs x are float64 and have no units, and the first
axis counts the I examples. Targets y are float64 (I, D_o) for regression and int64 classes (I,) for classification.
All raise ValueError for sizes below 1, negative noise or numbers that are not finite, TypeError for another kind of
argument.
"""

from udl_core.datasets._draw import Data, Labelled, Rng
from udl_core.datasets.classification import circles, gaussian_mixture, moons, spirals, xor
from udl_core.datasets.images import digits
from udl_core.datasets.regression import (
    gabor_data,
    line_data,
    polynomial_data,
    polynomial_features,
    two_input_data,
    two_output_data,
    wave_data,
)
from udl_core.datasets.signals import mnist1d
from udl_core.datasets.text import book_text

__all__ = [
    "Data",
    "Labelled",
    "Rng",
    "book_text",
    "circles",
    "digits",
    "gabor_data",
    "gaussian_mixture",
    "line_data",
    "mnist1d",
    "moons",
    "polynomial_data",
    "polynomial_features",
    "spirals",
    "two_input_data",
    "two_output_data",
    "wave_data",
    "xor",
]
