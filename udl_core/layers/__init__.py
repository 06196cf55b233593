"""Layers: each a pure function with its derivative below it, to be composed with `Sequential` and `Residual`.

Data axes: (I, D) for vectors, (I, T, C) for signals and sequences of tokens, (I, H, W, C) for images.
"""

from udl_core.layers.attention import SelfAttention
from udl_core.layers.compose import Residual, Sequential
from udl_core.layers.convolution import Conv1d, Conv2d, ConvTranspose1d, ConvTranspose2d
from udl_core.layers.dense import Activation, Dense, Flatten
from udl_core.layers.dropout import Dropout
from udl_core.layers.embedding import Embedding, PositionEncoding
from udl_core.layers.normalisation import BatchNorm, LayerNorm
from udl_core.layers.pooling import AvgPool1d, AvgPool2d, MaxPool1d, MaxPool2d
from udl_core.layers.resampling import Upsample

__all__ = [
    "Activation",
    "AvgPool1d",
    "AvgPool2d",
    "BatchNorm",
    "Conv1d",
    "Conv2d",
    "ConvTranspose1d",
    "ConvTranspose2d",
    "Dense",
    "Dropout",
    "Embedding",
    "Flatten",
    "LayerNorm",
    "MaxPool1d",
    "MaxPool2d",
    "PositionEncoding",
    "Residual",
    "SelfAttention",
    "Sequential",
    "Upsample",
]
