"""Layers: each a pure function with its derivative below it, to be composed with `Sequential` and `Residual`.

Data axes: (I, D) for vectors, (I, T, C) for signals and sequences of tokens, (I, H, W, C) for images.
"""

from udl_core import _memory  # noqa: F401 - for what its import does
from udl_core.layers.attention import SelfAttention
from udl_core.layers.compose import Residual, Sequential
from udl_core.layers.dense import Activation, Dense, Flatten
from udl_core.layers.dropout import Dropout
from udl_core.layers.embedding import Embedding, PositionEncoding
from udl_core.layers.normalisation import BatchNorm, LayerNorm

__all__ = [
    "Activation",
    "BatchNorm",
    "Dense",
    "Dropout",
    "Embedding",
    "Flatten",
    "LayerNorm",
    "PositionEncoding",
    "Residual",
    "SelfAttention",
    "Sequential",
]
