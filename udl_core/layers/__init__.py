"""Layers: each a pure function with its derivative below it, to be composed with `Sequential` and `Residual`.

Data axes: (I, D) for vectors, (I, T, C) for signals and sequences of tokens, (I, H, W, C) for images.
"""

from udl_core.layers.compose import Residual, Sequential
from udl_core.layers.dense import Activation, Dense, Flatten

__all__ = [
    "Activation",
    "Dense",
    "Flatten",
    "Residual",
    "Sequential",
]
